//! What travels: incidents as they are shown, reports as they are typed.

mod detail;
mod typed;

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use detail::masked;
pub use detail::{
    AssertionShown, CallShown, IncidentDetail, MaskedCaller, NoteShown, PhotoShown, ReceiptShown,
    ReportShown, TimeShown, Viewer, detail,
};
pub use typed::{NewCall, NewIncident, TypedCaller, TypedTime, TypedTimes};

use crate::facts::{Point, RuleRef};
use crate::model::{Incident, NoticeOf, Obligation, Status, UnitRef};
use crate::rules;
use crate::service::EventClass;

/// A unit by id and name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Named {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

impl From<&UnitRef> for Named {
    fn from(unit: &UnitRef) -> Self {
        Self {
            id: unit.id.clone(),
            name: unit.name.clone(),
        }
    }
}

/// One figure with every source that states it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// The value, when the sources agree.
    pub value: Option<u32>,
    /// Whether the sources disagree.
    pub conflict: bool,
    /// Each current statement.
    pub values: Vec<Stated>,
}

/// A figure by a source.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Stated {
    /// The value; `null` when the source does not know.
    pub value: Option<u32>,
    /// Who says so.
    pub source: String,
}

/// Something owed, with its clock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Owed {
    /// Number within the incident.
    pub id: String,
    /// What: `first_report`, `preliminary_check`, `follow_up`, `change_report`, `final_report`.
    pub kind: String,
    /// Who owes.
    pub from_unit: Named,
    /// Whom.
    pub to_unit: Named,
    /// Start of the clock.
    pub started_at: Timestamp,
    /// End of the clock.
    pub due_at: Timestamp,
    /// When it was met.
    pub met_at: Option<Timestamp>,
    /// `open`, `met`, `late` or `overdue`.
    pub state: String,
    /// Whether the node was down when it ended.
    pub late_because_down: bool,
    /// Why it is owed.
    pub rule: RuleRef,
    /// What it asks for in particular; may be empty.
    pub about: String,
    /// Notices that were given.
    pub notices: Vec<NoticeOf>,
}

/// An obligation as it stands at an instant.
pub fn owed(obligation: &Obligation, now: Timestamp) -> Owed {
    let state = match obligation.met_at {
        Some(met) if met > obligation.due_at => "late",
        Some(_) => "met",
        None if obligation.is_overdue(now) => "overdue",
        None => "open",
    };
    Owed {
        id: obligation.number.to_string(),
        kind: obligation.kind.clone(),
        from_unit: (&obligation.from_unit).into(),
        to_unit: (&obligation.to_unit).into(),
        started_at: obligation.started_at,
        due_at: obligation.due_at,
        met_at: obligation.met_at,
        state: state.to_owned(),
        late_because_down: obligation.late_because_down,
        rule: obligation.rule.clone(),
        about: obligation.about.clone(),
        notices: obligation.notices.clone(),
    }
}

/// An incident in a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IncidentRow {
    /// Id.
    pub id: String,
    /// Number for people.
    pub code: String,
    /// Title.
    pub title: String,
    /// Event class.
    pub event_class: String,
    /// Its Chinese name.
    pub event_class_name: String,
    /// Grade; `unknown` until somebody has graded it.
    pub grade: String,
    /// How far it has come.
    pub status: Status,
    /// Division.
    pub division: String,
    /// Its full name.
    pub division_name: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map.
    pub point: Option<Point>,
    /// 发生.
    pub occurred_at: Option<Timestamp>,
    /// 获悉.
    pub learned_at: Option<Timestamp>,
    /// 接报.
    pub received_at: Option<Timestamp>,
    /// 录入.
    pub recorded_at: Option<Timestamp>,
    /// Who took it.
    pub taken_by: UnitRef,
    /// Figures that somebody stated; absent is not 0.
    pub casualties: BTreeMap<String, Figure>,
    /// What is still owed.
    pub obligations: Vec<Owed>,
    /// The nearest deadline.
    pub nearest_due_at: Option<Timestamp>,
    /// Whether anything owed is over time.
    pub overdue: bool,
    /// The highest unit that has it.
    pub holder: UnitRef,
    /// How many calls, messages and sensors told of it.
    pub calls_count: usize,
    /// How many photos it has.
    pub photos_count: usize,
    /// Number of facts, for `expected_version`.
    pub version: u64,
    /// Ledger position of the newest fact.
    pub position: u64,
}

/// The incident as a row, at an instant.
pub fn row(incident: &Incident, classes: &[EventClass], now: Timestamp) -> IncidentRow {
    let class = classes.iter().find(|class| class.code == incident.event_class);
    IncidentRow {
        id: incident.id.clone(),
        code: incident.code.clone(),
        title: incident.title.clone(),
        event_class: incident.event_class.clone(),
        event_class_name: class.map_or_else(String::new, |class| class.name.clone()),
        grade: incident.grade().to_owned(),
        status: incident.status,
        division: incident.division.clone(),
        division_name: incident.division_name.clone(),
        address: incident.address.clone(),
        point: incident.point,
        occurred_at: incident.time("occurred"),
        learned_at: incident.time("learned"),
        received_at: incident.received_at(),
        recorded_at: incident.recorded_at,
        taken_by: incident.taken_by.clone(),
        casualties: figures(incident),
        obligations: incident.pending().map(|o| owed(o, now)).collect(),
        nearest_due_at: incident.next_due(),
        overdue: incident.pending().any(|o| o.is_overdue(now)),
        holder: incident.holder.clone(),
        calls_count: incident.calls.len(),
        photos_count: incident.attachments.len(),
        version: incident.version,
        position: incident.position,
    }
}

fn figures(incident: &Incident) -> BTreeMap<String, Figure> {
    let shown = |figure: rules::Figure<'_>| {
        let values = figure.statements.iter().map(|a| Stated {
            value: a.stated.value,
            source: a.stated.source.clone(),
        });
        let shown = Figure {
            value: figure.value,
            conflict: figure.conflict,
            values: values.collect(),
        };
        (figure.kind.to_owned(), shown)
    };
    rules::figures(incident).into_iter().map(shown).collect()
}
