//! The demo city's incidents, played through the same use cases that people go through.

mod desk;

use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_finding::Findings;
use anlan_foundation::{SimClock, Timestamp};
use anlan_incident::facts::{CasualtyStated, Happened, Point, TimeStated};
use anlan_incident::model::Incident;
use anlan_incident::service::{
    Acknowledging, Called, Closing, Event, FollowUp, Grading, Learning, ReportUp, Taken, Verifying,
};
use anlan_incident::{IncidentError, Incidents};
use anlan_ledger::{Ledger, Work};
use anlan_organisation::store as organisation;
use anyhow::Context as _;
use serde::Deserialize;

use crate::app;

const COURSES: &str = include_str!("../../../demo/hohhot/courses.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Courses {
    incident: Vec<Course>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Course {
    key: String,
    #[serde(rename = "state")]
    _state: String,
    received_minutes_ago: i64,
    /// A time of day: the last one that is not after the minutes ago.
    received_clock: Option<String>,
    channel: String,
    event_class: String,
    division: String,
    title: String,
    text: String,
    address: Option<String>,
    point: Option<CoursePoint>,
    taken_by: String,
    caller: Option<CourseCaller>,
    times: CourseTimes,
    #[serde(default)]
    casualties: Vec<CourseFigure>,
    #[serde(default)]
    steps: Vec<Step>,
    /// What was done at the findings desk afterwards.
    #[serde(default)]
    desk: Vec<desk::DeskStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoursePoint {
    lon: f64,
    lat: f64,
    #[serde(rename = "datum")]
    _datum: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseCaller {
    name: String,
    phone: String,
    #[serde(rename = "unit")]
    _unit: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseTimes {
    occurred: Option<CourseTime>,
    learned: Option<CourseTime>,
    received: Option<CourseTime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseTime {
    minutes_before: i64,
    precision: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseFigure {
    kind: String,
    value: Option<u32>,
    source: String,
    #[serde(default)]
    supersedes: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    minutes_after: i64,
    actor: String,
    act: String,
    #[serde(rename = "to")]
    _to: Option<String>,
    #[serde(default)]
    text: String,
    verdict: Option<String>,
    outcome: Option<String>,
    #[serde(default)]
    casualties: Vec<CourseFigure>,
    learned: Option<CourseLearned>,
}

/// How a unit came to know, as another one records it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseLearned {
    unit: String,
    manner: String,
    minutes_before: i64,
    precision: String,
    source: String,
}

/// Plays every course through the same use cases that people go through, at the times it tells.
pub(crate) fn play(
    ledger: &Ledger,
    findings: &Findings,
    clock: &SimClock,
    now: Timestamp,
) -> anyhow::Result<()> {
    let incidents = &findings.incidents;
    let courses: Courses = toml::from_str(COURSES)?;
    let roles = app::roles()?;
    for course in courses.incident {
        let start = start_of(&course, now)?;
        clock.set(start);
        let at = |what: &str| format!("incident {} of the demo city, {what}", course.key);
        let taker = actor(ledger, &roles, &course.taken_by).with_context(|| at("taking"))?;
        let (this, report) = (incidents.clone(), taken(&course, start));
        let incident = ledger
            .command_blocking(anlan_web::actor_of(&taker), move |work| {
                this.take(work, &taker, &report)
            })
            .with_context(|| at("taking"))?;
        for (number, next) in course.steps.into_iter().enumerate() {
            clock.set(start.plus_minutes(next.minutes_after));
            let at = || format!("incident {} of the demo city, step {}", course.key, number + 1);
            let caller = actor(ledger, &roles, &next.actor).with_context(at)?;
            let (this, id) = (incidents.clone(), incident.id.clone());
            ledger
                .command_blocking(anlan_web::actor_of(&caller), move |work| {
                    step(&this, work, &caller, &id, &Stepping { step: &next, start })
                })
                .with_context(at)?;
        }
        desk::play(findings, &roles, clock, (&incident.id, start, course.desk))
            .with_context(|| at("at the desk"))?;
    }
    clock.set(now);
    Ok(())
}

/// When a course begins.
fn start_of(course: &Course, now: Timestamp) -> anyhow::Result<Timestamp> {
    let latest = now.plus_minutes(-course.received_minutes_ago);
    let Some(clock) = &course.received_clock else {
        return Ok(latest);
    };
    let (year, month, day) = latest.china_date();
    let at: Timestamp = format!("{year:04}-{month:02}-{day:02}T{clock}:00+08:00")
        .parse()
        .with_context(|| format!("incident {} of the demo city: {clock} is no time", course.key))?;
    Ok(if at > latest {
        at.plus_minutes(-24 * 60)
    } else {
        at
    })
}

/// Who acts: an account by its name, or a unit by its id, for which its first person acts.
fn actor(ledger: &Ledger, roles: &Arc<Roles>, name: &str) -> anyhow::Result<Caller> {
    let wanted = name.to_owned();
    let (account, unit, person) = ledger.db().read_blocking(move |tx| {
        let account = organisation::account_by_name(tx, &wanted)?.map(|stored| stored.account);
        let unit = organisation::load_unit(tx, &wanted)?;
        let person = organisation::load_person(tx, &format!("{wanted}-p0"))?;
        Ok::<_, anlan_store::StoreError>((account, unit, person))
    })?;
    if let Some(account) = account {
        return Ok(Caller {
            account: account.id,
            name: account.display_name,
            person: account.person,
            unit: account.unit,
            post: account.post,
            grants: account.grants,
            roles: Arc::clone(roles),
        });
    }
    let unit = unit.with_context(|| format!("there is no account and no unit {name}"))?;
    let person = person.map(|stored| stored.texts);
    Ok(Caller {
        account: format!("demo-{name}"),
        name: person
            .as_ref()
            .map_or_else(|| unit.name.clone(), |[_, name, ..]| name.clone()),
        person: person.map(|[id, ..]| id),
        unit: Some(unit.id),
        post: None,
        grants: vec![Grant::new("duty_officer", &unit.division)],
        roles: Arc::clone(roles),
    })
}

fn taken(course: &Course, start: Timestamp) -> Taken {
    let all = [
        ("occurred", &course.times.occurred),
        ("learned", &course.times.learned),
        ("received", &course.times.received),
    ];
    let time = |(kind, time): (&str, &Option<CourseTime>)| {
        let time = time.as_ref()?;
        Some(TimeStated {
            kind: kind.to_owned(),
            at: start.plus_minutes(-time.minutes_before),
            precision: time.precision.clone(),
            source: time.source.clone(),
            confidence: if kind == "received" {
                "confirmed"
            } else {
                "reported"
            }
            .to_owned(),
        })
    };
    Taken {
        event_class: course.event_class.clone(),
        title: Some(course.title.clone()),
        division: course.division.clone(),
        address: course.address.clone(),
        point: course.point.as_ref().map(|point| Point {
            lon: point.lon,
            lat: point.lat,
        }),
        not_same_as: Vec::new(),
        call: Called {
            channel: Some(course.channel.clone()),
            text: course.text.clone(),
            caller_name: course.caller.as_ref().map(|caller| caller.name.clone()),
            caller_phone: course.caller.as_ref().map(|caller| caller.phone.clone()),
            times: all.into_iter().filter_map(time).collect(),
            casualties: course
                .casualties
                .iter()
                .map(|figure| stated(figure, &[]))
                .collect(),
            attachments: Vec::new(),
        },
    }
}

/// A figure; one that supersedes replaces every statement of its kind that stands.
fn stated(figure: &CourseFigure, standing: &[u32]) -> CasualtyStated {
    CasualtyStated {
        kind: figure.kind.clone(),
        value: figure.value,
        source: figure.source.clone(),
        supersedes: if figure.supersedes {
            standing.to_vec()
        } else {
            Vec::new()
        },
    }
}

/// A step, and when its course began.
#[derive(Clone, Copy)]
struct Stepping<'s> {
    step: &'s Step,
    start: Timestamp,
}

fn step(
    incidents: &Incidents,
    work: &mut Work<'_, '_>,
    caller: &Caller,
    id: &str,
    stepping: &Stepping<'_>,
) -> Result<Incident, IncidentError> {
    let step = stepping.step;
    let text = step.text.clone();
    match step.act.as_str() {
        "acknowledge" => {
            let receipt = Acknowledging {
                report: waiting(incidents, work, caller, id)?,
                ..Acknowledging::default()
            };
            incidents.acknowledge(work, caller, id, &receipt)
        }
        "verify" => {
            let found = Verifying {
                verdict: step.verdict.clone().unwrap_or_default(),
                note: text,
                happened: None,
            };
            incidents.verify(work, caller, id, &found)
        }
        "follow_up" => {
            let news = FollowUp {
                text,
                ..FollowUp::default()
            };
            incidents.follow_up(work, caller, id, &news)
        }
        "casualties" => {
            let mut incident = incidents.visible(work.tx, caller, id, "incident.read")?;
            for figure in &step.casualties {
                let standing = incident.current(&figure.kind);
                let numbers: Vec<u32> = standing.iter().map(|assertion| assertion.number).collect();
                incident = incidents.state_casualty(work, caller, id, stated(figure, &numbers))?;
            }
            Ok(incident)
        }
        "close" => {
            let closing = Closing {
                outcome: step.outcome.clone().unwrap_or_default(),
                text,
                happened: None,
            };
            if closing.outcome == "handled" {
                grade_by_law(incidents, work, caller, id)?;
            }
            incidents.close(work, caller, id, &closing)
        }
        "learned" => learned(incidents, work, caller, id, stepping),
        _ => {
            let report = ReportUp {
                text,
                ..ReportUp::default()
            };
            incidents.report_up(work, caller, id, &report)
        }
    }
}

/// Evidence of when a unit came to know, as another one records it.
fn learned(
    incidents: &Incidents,
    work: &mut Work<'_, '_>,
    caller: &Caller,
    id: &str,
    stepping: &Stepping<'_>,
) -> Result<Incident, IncidentError> {
    let Some(learned) = &stepping.step.learned else {
        return incidents.visible(work.tx, caller, id, "incident.read");
    };
    let learning = Learning {
        unit: learned.unit.clone(),
        manner: learned.manner.clone(),
        time: Happened {
            at: stepping.start.plus_minutes(-learned.minutes_before),
            precision: learned.precision.clone(),
            source: learned.source.clone(),
            confidence: "confirmed".to_owned(),
        },
        evidence: stepping.step.text.clone(),
    };
    incidents.state_learned(work, caller, id, &learning)
}

/// Before a file is closed its officer gives the grade that a rule in force gives, where one does.
fn grade_by_law(
    incidents: &Incidents,
    work: &mut Work<'_, '_>,
    caller: &Caller,
    id: &str,
) -> Result<(), IncidentError> {
    let incident = incidents.visible(work.tx, caller, id, "incident.verify")?;
    let rules = incidents.directory.grades(&Event::of(&incident));
    let found = rules
        .into_iter()
        .find_map(|rule| Some((rule.grade.filter(|_| rule.decides)?, rule.clause, rule.rule)));
    if let Some((grade, clause, rule)) = found {
        let grading = Grading {
            grade,
            reason: clause,
            rule: Some(rule),
        };
        incidents.grade(work, caller, id, &grading)?;
    }
    Ok(())
}

/// The newest report that waits for the caller's unit.
fn waiting(
    incidents: &Incidents,
    work: &mut Work<'_, '_>,
    caller: &Caller,
    id: &str,
) -> Result<u32, IncidentError> {
    let incident = incidents.visible(work.tx, caller, id, "incident.acknowledge")?;
    let own = caller.unit.as_deref().unwrap_or_default();
    let mut newest = incident.reports.iter().rev();
    let found = newest.find(|report| report.waiting().any(|unit| unit.id == own));
    Ok(found.map_or(0, |report| report.number))
}
