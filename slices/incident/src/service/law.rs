//! What incidents ask the organisation and the law.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Incident, UnitRef};
use crate::rules;

/// A limit from the law.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limit {
    /// Id of the rule.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The limit.
    pub minutes: u32,
    /// What starts the clock: `occurred`, `learned` or `received`.
    pub start_event: String,
    /// 立即: the law says "at once"; the limit is the latest.
    pub immediately: bool,
}

/// A class of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventClass {
    /// Code, five digits.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// `natural`, `accident`, `health` or `social`.
    pub class: String,
    /// Pinyin initials.
    pub initials: String,
    /// Number key at the intake, if it has one.
    pub key: Option<String>,
}

/// What the law needs to know of an event. A figure that nobody stated is absent, which is not zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event {
    /// Division code.
    pub division: String,
    /// Class, five digits.
    pub class: String,
    /// When it happened or, where nobody knows, when it was received: the law of that day holds.
    pub at: Option<Timestamp>,
    /// When it happened, where known.
    pub occurred: Option<Timestamp>,
    /// When it was received.
    pub received: Option<Timestamp>,
    /// Figures by what they count; where sources disagree, the gravest.
    pub figures: BTreeMap<String, u32>,
}

impl Event {
    /// An incident as the law sees it.
    pub fn of(incident: &Incident) -> Self {
        let gravest = |figure: rules::Figure<'_>| {
            let stated = figure.statements.iter().filter_map(|a| a.stated.value).max();
            stated.map(|value| (figure.kind.to_owned(), value))
        };
        Self {
            division: incident.division.clone(),
            class: incident.event_class.clone(),
            at: incident.time("occurred").or(incident.received_at()),
            occurred: incident.time("occurred"),
            received: incident.received_at(),
            figures: rules::figures(incident).into_iter().filter_map(gravest).collect(),
        }
    }
}

/// A report that the law asks of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// `first_report` or `preliminary_check`.
    pub kind: String,
    /// To whom.
    pub to: UnitRef,
    /// How soon, and why.
    pub limit: Limit,
}

/// A notice that is given ahead of every deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Name, for example `t15`.
    pub id: String,
    /// How long before the deadline, in minutes.
    pub minutes_before: u32,
    /// Who is told: `officer`, `deputy`, `leader`, `above`.
    pub to: Vec<String>,
}

/// A grade that a rule gives an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GradeSuggested {
    /// `extraordinary`, `major`, `large`, `ordinary` or `none`; absent where the event stays below the scale.
    pub grade: Option<String>,
    /// The rule's own name for it.
    pub name: String,
    /// Id of the rule.
    pub rule: String,
    /// The clause.
    pub clause: String,
    /// Whether the rule decides; an unconfirmed one only suggests.
    pub decides: bool,
    /// Whether people who are missing made the difference.
    pub provisional: bool,
    /// Measures that are not known and could raise the grade.
    pub unknown: Vec<String>,
}

/// What follows a first report by law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UpdateDue {
    /// `supplement` 补报, `follow_up` 续报, `zero_report` 零报告, `settlement` 核报, `investigation` 调查, `reply` 批复 or
    /// `release` 信息发布.
    pub kind: String,
    /// The time in words, as the rule sets it.
    pub span: String,
    /// When it ends, or is next due; absent when its start is not known.
    pub due_at: Option<Timestamp>,
    /// Id of the rule.
    pub rule: String,
    /// The clause.
    pub clause: String,
    /// Whether the rule decides.
    pub decides: bool,
}

/// Somebody on duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDuty {
    /// Id of the person.
    pub person: String,
    /// Name.
    pub name: String,
}

/// What incidents need to know of the organisation and the law; the server provides it.
pub trait Directory: Send + Sync {
    /// A unit.
    fn unit(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError>;
    /// The unit that a unit's reports go to.
    fn superior(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Option<UnitRef>, StoreError>;
    /// Full name of a division; `None` when the code is unknown.
    fn division_name(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError>;
    /// All classes of events.
    fn event_classes(&self) -> &[EventClass];
    /// The limit for a first report from a division about a class of events at a time.
    fn first_report_limit(&self, division: &str, event_class: &str, at: Timestamp) -> Option<Limit>;

    /// What the law asks of a unit that knows of an event. Without more law: a first report to the superior.
    fn duties(&self, tx: &mut Tx<'_>, unit: &UnitRef, event: &Event) -> Result<Vec<Duty>, StoreError> {
        let Some(at) = event.at else { return Ok(Vec::new()) };
        let limit = self.first_report_limit(&event.division, &event.class, at);
        let superior = self.superior(tx, &unit.id)?;
        Ok(superior
            .zip(limit)
            .map(|(to, limit)| Duty {
                kind: "first_report".to_owned(),
                to,
                limit,
            })
            .into_iter()
            .collect())
    }

    /// The notices that are given ahead of every deadline, the earliest first.
    fn stages(&self) -> &[Stage] {
        &[]
    }

    /// Who is on duty for a unit in a role (`leader`, `main`, `deputy`) at an instant.
    fn on_duty(
        &self,
        _tx: &mut Tx<'_>,
        _unit: &str,
        _role: &str,
        _at: Timestamp,
    ) -> Result<Option<OnDuty>, StoreError> {
        Ok(None)
    }

    /// Every grade that rules give an event.
    fn grades(&self, _event: &Event) -> Vec<GradeSuggested> {
        Vec::new()
    }

    /// What follows the first report of an event by law.
    fn updates(&self, _event: &Event) -> Vec<UpdateDue> {
        Vec::new()
    }

    /// The units of a level (`county`, `township` or `village`) that report, within an area.
    fn reporting_units(
        &self,
        _tx: &mut Tx<'_>,
        _area: &str,
        _level: &str,
    ) -> Result<Vec<UnitRef>, StoreError> {
        Ok(Vec::new())
    }

    /// What reads the text of a call, when there is such a thing.
    fn understanding(&self) -> Option<&dyn crate::http::extract::Understanding> {
        None
    }

    /// By when every county's daily report is due, in minutes after midnight, where a rule says so.
    fn daily_report_minute(&self) -> Option<u32> {
        None
    }
}
