//! The demo city's incidents, played through the same use cases that people go through.

use std::collections::BTreeMap;
use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_foundation::{SimClock, Timestamp};
use anlan_incident::facts::{CasualtyStated, Point, TimeStated};
use anlan_incident::service::{Acknowledging, Called, Closing, FollowUp, ReportUp, Taken, Verifying};
use anlan_incident::{IncidentError, Incidents};
use anlan_ledger::{Ledger, Work};
use serde::Deserialize;

use super::{POINTS, duty_unit};
use crate::app;

const INCIDENTS: &str = include_str!("../../../demo/hohhot/incidents.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stories {
    incident: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    minutes_ago: i64,
    class: String,
    division: String,
    title: String,
    text: String,
    address: Option<String>,
    #[serde(default)]
    casualties: Vec<(String, u32, String)>,
    steps: Vec<(i64, String, String)>,
}

/// Plays every story through the same use cases that people go through, at the times it tells.
pub(crate) fn play(
    ledger: &Ledger,
    incidents: &Incidents,
    clock: &SimClock,
    now: Timestamp,
) -> anyhow::Result<()> {
    let stories: Stories = toml::from_str(INCIDENTS)?;
    let roles = app::roles()?;
    let points: BTreeMap<String, (f64, f64)> = serde_json::from_str(POINTS)?;
    for story in stories.incident {
        let start = now.plus_minutes(-story.minutes_ago);
        clock.set(start);
        let report = taken(&story, &points, start);
        let taker = officer(&roles, &story.division);
        let (this, caller) = (incidents.clone(), taker.clone());
        let mut incident = ledger.command_blocking(anlan_web::actor_of(&taker), move |work| {
            this.take(work, &caller, &report)
        })?;
        for (minutes, act, text) in story.steps {
            clock.set(start.plus_minutes(minutes));
            let holder = officer(&roles, &incident.holder.division);
            let (this, id) = (incidents.clone(), incident.id.clone());
            let actor = anlan_web::actor_of(&holder);
            incident =
                ledger.command_blocking(actor, move |work| step(&this, work, &holder, &id, (&act, &text)))?;
        }
    }
    Ok(())
}

fn taken(story: &Story, points: &BTreeMap<String, (f64, f64)>, start: Timestamp) -> Taken {
    let time = |kind: &str, minutes: i64, precision: &str| TimeStated {
        kind: kind.to_owned(),
        at: start.plus_minutes(minutes),
        precision: precision.to_owned(),
        source: "来电人".to_owned(),
        confidence: "reported".to_owned(),
    };
    Taken {
        event_class: story.class.clone(),
        title: Some(story.title.clone()),
        division: story.division.clone(),
        address: story.address.clone(),
        point: points
            .get(&story.division)
            .map(|(lon, lat)| Point { lon: *lon, lat: *lat }),
        not_same_as: Vec::new(),
        call: Called {
            channel: Some("phone".to_owned()),
            text: story.text.clone(),
            caller_name: Some("某群众".to_owned()),
            caller_phone: Some("10000001234".to_owned()),
            times: vec![time("occurred", -14, "about"), time("learned", -3, "minute")],
            casualties: story
                .casualties
                .iter()
                .map(|(kind, value, source)| CasualtyStated {
                    kind: kind.clone(),
                    value: Some(*value),
                    source: source.clone(),
                    supersedes: Vec::new(),
                })
                .collect(),
            attachments: Vec::new(),
        },
    }
}

fn officer(roles: &Arc<Roles>, division: &str) -> Caller {
    Caller {
        account: format!("demo-{division}"),
        name: "值班员".to_owned(),
        person: Some(format!("{}-p0", duty_unit(division))),
        unit: Some(duty_unit(division)),
        post: None,
        grants: vec![Grant::new("duty_officer", division)],
        roles: Arc::clone(roles),
    }
}

fn step(
    incidents: &Incidents,
    work: &mut Work<'_, '_>,
    caller: &Caller,
    id: &str,
    (act, text): (&str, &str),
) -> Result<anlan_incident::model::Incident, IncidentError> {
    let (name, choice) = act.split_once(':').unwrap_or((act, ""));
    match name {
        "acknowledge" => {
            let incident = incidents.visible(work.tx, caller, id, "incident.acknowledge")?;
            let mut waiting = incident.reports.iter().rev();
            let waiting = waiting.find(|report| report.waiting().next().is_some());
            let receipt = Acknowledging {
                report: waiting.map_or(0, |report| report.number),
                ..Acknowledging::default()
            };
            incidents.acknowledge(work, caller, id, &receipt)
        }
        "verify" => {
            let found = Verifying {
                verdict: choice.to_owned(),
                note: text.to_owned(),
                happened: None,
            };
            incidents.verify(work, caller, id, &found)
        }
        "follow_up" => {
            let news = FollowUp {
                text: text.to_owned(),
                ..FollowUp::default()
            };
            incidents.follow_up(work, caller, id, &news)
        }
        "close" => {
            let closing = Closing {
                outcome: choice.to_owned(),
                text: text.to_owned(),
                happened: None,
            };
            incidents.close(work, caller, id, &closing)
        }
        _ => {
            let report = ReportUp {
                text: text.to_owned(),
                ..ReportUp::default()
            };
            incidents.report_up(work, caller, id, &report)
        }
    }
}
