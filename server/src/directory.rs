//! What incidents need to know of the organisation and the law.

use std::sync::Arc;

use anlan_foundation::Timestamp;
use anlan_incident::{
    Directory, Duty, Event, EventClass, GradeSuggested, Limit, OnDuty, Stage, UnitRef, UpdateDue,
};
use anlan_law::{Case, Facts, Grade, Moment, Obligation, Party, RuleBook, Times, UnitLevel, UpdateKind};
use anlan_organisation::model::Unit;
use anlan_organisation::store as organisation;
use anlan_store::{StoreError, Tx};
use serde::Deserialize;

use crate::extract::Reader;
use crate::law::Law;

/// A city has some thousands of divisions; no more than this are read.
const MOST_DIVISIONS: u64 = 20_000;

/// Notices ahead of deadlines, as data.
const NOTICES: &str = include_str!("../../rules/notices.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notices {
    #[serde(rename = "confidence")]
    _confidence: String,
    daily_report_minute: Option<u32>,
    stage: Vec<NoticeStage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeStage {
    id: String,
    minutes_before: u32,
    to: Vec<String>,
}

/// Organisation and law, joined.
pub(crate) struct CityDirectory {
    rules: Arc<RuleBook>,
    classes: Vec<EventClass>,
    stages: Vec<Stage>,
    daily_report_minute: Option<u32>,
    reader: Reader,
}

impl CityDirectory {
    /// Joins the organisation with the law.
    pub(crate) fn load(law: &Law) -> anyhow::Result<Self> {
        let notices: Notices = toml::from_str(NOTICES)?;
        let stage = |stage: NoticeStage| Stage {
            id: stage.id,
            minutes_before: stage.minutes_before,
            to: stage.to,
        };
        let class = |class: anlan_law::EventClass| EventClass {
            code: class.code,
            name: class.name,
            class: class.class,
            initials: class.initials,
            key: class.key,
        };
        Ok(Self {
            rules: Arc::clone(&law.book),
            classes: law.classes.iter().cloned().map(class).collect(),
            stages: notices.stage.into_iter().map(stage).collect(),
            daily_report_minute: notices.daily_report_minute,
            reader: Reader::new(law),
        })
    }

    /// The body that a unit is in the language of the law; none for units that the law asks nothing of here.
    fn party(unit: &Unit) -> Option<Party> {
        let level = match unit.division.len() {
            4 => UnitLevel::City,
            6 => UnitLevel::County,
            9 => UnitLevel::Township,
            _ => return None,
        };
        let body = match unit.kind.as_str() {
            "duty_office" => "emergency",
            "township_office" => "township",
            "department" | "brigade" => "line_department",
            _ => return None,
        };
        Some(Party::new(level, body))
    }

    /// The unit that a body is, seen from a division.
    fn resolve(tx: &mut Tx<'_>, party: &Party, division: &str) -> Result<Option<UnitRef>, StoreError> {
        let length = match party.level {
            UnitLevel::Province | UnitLevel::City => 4,
            UnitLevel::County => 6,
            UnitLevel::Township => 9,
            _ => return Ok(None),
        };
        let Some(code) = division.get(..length) else {
            return Ok(None);
        };
        let is_duty_office = |unit: &Unit| unit.name.contains("总值班室");
        let fits = |unit: &Unit| match (party.level, party.body.as_str()) {
            (UnitLevel::Province, body) => {
                unit.kind == "province" && unit.department.as_deref() == Some(body)
            }
            (_, "emergency") => unit.kind == "duty_office" && unit.department.as_deref() == Some("emergency"),
            (_, "duty_office") => is_duty_office(unit),
            (_, "government") => unit.kind == "government" && !is_duty_office(unit),
            (_, body) => unit.kind == "department" && unit.department.as_deref() == Some(body),
        };
        let units = organisation::units_of(tx, code)?;
        Ok(units
            .into_iter()
            .find(|unit| !unit.closed && fits(unit))
            .map(unit_ref))
    }

    fn with_case<T>(&self, event: &Event, ask: impl FnOnce(&RuleBook, &Case<'_>, &Times) -> T) -> Option<T> {
        let moment = |at: Timestamp| Moment(at.as_micros());
        let known = ["deaths", "missing", "seriously_injured", "evacuated"];
        let mut facts = Facts::default();
        for (measure, value) in &event.figures {
            if known.contains(&measure.as_str()) {
                facts.set(measure, f64::from(*value));
            }
        }
        let case = Case {
            division: &event.division,
            event_class: &event.class,
            facts: &facts,
            day: moment(event.at?).day(),
        };
        let times = Times {
            occurred: event.occurred.map(moment),
            learned: None,
            received: event.received.map(moment),
        };
        Some(ask(&self.rules, &case, &times))
    }

    /// The limit of an obligation. "At once" gets the place's own limit as the latest.
    fn limit(obligation: &Obligation, latest: Option<&Limit>) -> Option<Limit> {
        let minutes = match obligation.limit_minutes {
            Some(minutes) => minutes,
            None if obligation.immediately => latest?.minutes,
            None => return None,
        };
        Some(Limit {
            id: obligation.rule.id.clone(),
            clause: obligation.rule.clause.clone(),
            minutes,
            start_event: start_event(obligation),
            immediately: obligation.immediately,
        })
    }
}

/// The node's divisions, as the reader of texts wants them.
pub(crate) fn divisions(tx: &mut Tx<'_>) -> Result<Vec<anlan_divisions::Division>, StoreError> {
    let found = organisation::divisions(tx, None, None, "", MOST_DIVISIONS)?;
    let known = |division: anlan_organisation::model::Division| {
        let code: anlan_divisions::DivisionCode = division.code.parse().ok()?;
        Some(anlan_divisions::Division {
            level: code.level(),
            parent: code.parent(),
            name: division.name,
            full_name: division.full_name,
            initials: division.initials,
            lon: division.lon,
            lat: division.lat,
            code,
        })
    };
    Ok(found.into_iter().filter_map(known).collect())
}

fn start_event(obligation: &Obligation) -> String {
    match obligation.start_event {
        anlan_law::StartEvent::Occurred => "occurred",
        anlan_law::StartEvent::Learned => "learned",
        anlan_law::StartEvent::Received => "received",
    }
    .to_owned()
}

fn unit_ref(unit: Unit) -> UnitRef {
    UnitRef {
        id: unit.id,
        name: unit.name,
        division: unit.division,
    }
}

fn first_report(to: UnitRef, limit: Limit) -> Duty {
    Duty {
        kind: "first_report".to_owned(),
        to,
        limit,
    }
}

impl Directory for CityDirectory {
    fn unit(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(organisation::load_unit(tx, id)?.map(unit_ref))
    }

    fn superior(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Option<UnitRef>, StoreError> {
        match organisation::load_unit(tx, unit)?.and_then(|unit| unit.superior) {
            Some(superior) => self.unit(tx, &superior),
            None => Ok(None),
        }
    }

    fn division_name(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        Ok(organisation::load_division(tx, code)?.map(|division| division.full_name))
    }

    fn event_classes(&self) -> &[EventClass] {
        &self.classes
    }

    fn first_report_limit(&self, division: &str, event_class: &str, at: Timestamp) -> Option<Limit> {
        let (year, month, day) = at.china_date();
        let rule = self
            .rules
            .reporting(division, event_class, &format!("{year:04}-{month:02}-{day:02}"))?;
        Some(Limit {
            id: rule.id.clone(),
            clause: rule.clause.clone(),
            minutes: rule.limit_minutes,
            start_event: rule.start_event.clone(),
            immediately: false,
        })
    }

    fn duties(&self, tx: &mut Tx<'_>, unit: &UnitRef, event: &Event) -> Result<Vec<Duty>, StoreError> {
        let Some(at) = event.at else { return Ok(Vec::new()) };
        let Some(known) = organisation::load_unit(tx, &unit.id)? else {
            return Ok(Vec::new());
        };
        let ladder = self.first_report_limit(&event.division, &event.class, at);
        let superior = self.superior(tx, &unit.id)?;
        let mut duties: Vec<Duty> = superior
            .clone()
            .zip(ladder.clone())
            .map(|pair| first_report(pair.0, pair.1))
            .into_iter()
            .collect();
        let Some(party) = Self::party(&known) else {
            return Ok(duties);
        };
        let asked = self.with_case(event, |book, case, times| {
            book.obligations(case, Some(&party), times)
        });
        for obligation in asked.unwrap_or_default().iter().filter(|o| o.decides) {
            let Some(limit) = Self::limit(obligation, ladder.as_ref()) else {
                continue;
            };
            let Some(to) = Self::resolve(tx, &obligation.to, &unit.division)? else {
                continue;
            };
            // A rule that names the top of the ladder means each rung: the superior is told, and tells on.
            let climbs = superior
                .as_ref()
                .is_some_and(|up| up.division.len() > to.division.len());
            if climbs || to.id == unit.id {
                continue;
            }
            if limit.immediately && duties.iter().all(|duty| duty.kind != "preliminary_check") {
                duties.push(Duty {
                    kind: "preliminary_check".to_owned(),
                    to: unit.clone(),
                    limit: limit.clone(),
                });
            }
            duties.push(first_report(to, limit));
        }
        Ok(duties)
    }

    fn stages(&self) -> &[Stage] {
        &self.stages
    }

    fn on_duty(
        &self,
        tx: &mut Tx<'_>,
        unit: &str,
        role: &str,
        at: Timestamp,
    ) -> Result<Option<OnDuty>, StoreError> {
        let duty = organisation::duty_of_unit(tx, unit, at)?;
        let found = duty.into_iter().find(|(duty, _)| duty.duty_role == role);
        Ok(found.map(|(duty, _)| OnDuty {
            person: duty.person_id,
            name: duty.person_name,
        }))
    }

    fn grades(&self, event: &Event) -> Vec<GradeSuggested> {
        let answers = self.with_case(event, |book, case, _| book.grades(case));
        let shown = |answer: anlan_law::LevelAnswer<Grade>| GradeSuggested {
            grade: if answer.ungraded {
                Some("none".to_owned())
            } else {
                answer.level.map(|level| grade_id(level).to_owned())
            },
            name: answer.name,
            rule: answer.rule.id.clone(),
            clause: answer.rule.clause.clone(),
            decides: answer.decides,
            provisional: answer.provisional,
            unknown: answer.unknown,
        };
        answers.unwrap_or_default().into_iter().map(shown).collect()
    }

    fn updates(&self, event: &Event) -> Vec<UpdateDue> {
        let updates = self.with_case(event, anlan_law::RuleBook::updates);
        let shown = |update: anlan_law::Update| UpdateDue {
            kind: update_id(update.kind).to_owned(),
            span: update.span.words(),
            due_at: update.due_at.map(|moment| Timestamp::from_micros(moment.0)),
            rule: update.rule.id.clone(),
            clause: update.rule.clause.clone(),
            decides: update.decides,
        };
        updates.unwrap_or_default().into_iter().map(shown).collect()
    }

    fn reporting_units(&self, tx: &mut Tx<'_>, area: &str, level: &str) -> Result<Vec<UnitRef>, StoreError> {
        let (kind, length) = match level {
            "county" => ("duty_office", 6),
            "township" => ("township_office", 9),
            _ => ("village_committee", 12),
        };
        let units = organisation::units(tx, area, "", Some(kind), 5_000)?;
        Ok(units
            .into_iter()
            .filter(|unit| unit.division.len() == length)
            .map(unit_ref)
            .collect())
    }

    fn understanding(&self) -> Option<&dyn anlan_incident::http::extract::Understanding> {
        Some(&self.reader)
    }

    fn daily_report_minute(&self) -> Option<u32> {
        self.daily_report_minute
    }
}

fn grade_id(grade: Grade) -> &'static str {
    match grade {
        Grade::Extraordinary => "extraordinary",
        Grade::Major => "major",
        Grade::Large => "large",
        Grade::Ordinary => "ordinary",
    }
}

fn update_id(kind: UpdateKind) -> &'static str {
    match kind {
        UpdateKind::Supplement => "supplement",
        UpdateKind::FollowUp => "follow_up",
        UpdateKind::ZeroReport => "zero_report",
        UpdateKind::Settlement => "settlement",
        UpdateKind::Investigation => "investigation",
        UpdateKind::Reply => "reply",
        UpdateKind::Filing => "filing",
        UpdateKind::Release => "release",
    }
}
