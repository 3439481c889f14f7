//! Incidents as they go over the wire.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{CasualtyStated, Point, RuleRef, TimeStated};
use crate::model::{Incident, Obligation, Status, UnitRef};
use crate::rules;
use crate::service::{EventClass, Taken};

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
    /// Always `first_report` for now.
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
}

fn owed(obligation: &Obligation, now: Timestamp) -> Owed {
    let state = match obligation.met_at {
        Some(met) if met > obligation.due_at => "late",
        Some(_) => "met",
        None if obligation.is_overdue(now) => "overdue",
        None => "open",
    };
    Owed {
        id: obligation.number.to_string(),
        kind: "first_report".to_owned(),
        from_unit: (&obligation.from_unit).into(),
        to_unit: (&obligation.to_unit).into(),
        started_at: obligation.started_at,
        due_at: obligation.due_at,
        met_at: obligation.met_at,
        state: state.to_owned(),
        late_because_down: obligation.late_because_down,
        rule: obligation.rule.clone(),
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
        grade: "unknown".to_owned(),
        status: incident.status,
        division: incident.division.clone(),
        division_name: incident.division_name.clone(),
        address: incident.address.clone(),
        point: incident.point,
        occurred_at: incident.time("occurred"),
        learned_at: incident.time("learned"),
        received_at: incident.time("received"),
        recorded_at: incident.recorded_at,
        taken_by: incident.taken_by.clone(),
        casualties: figures(incident),
        obligations: incident.pending().map(|o| owed(o, now)).collect(),
        nearest_due_at: incident.next_due(),
        overdue: incident.pending().any(|o| o.is_overdue(now)),
        holder: incident.holder.clone(),
        version: incident.version,
        position: incident.position,
    }
}

fn figures(incident: &Incident) -> BTreeMap<String, Figure> {
    let mut figures = BTreeMap::new();
    for kind in rules::CASUALTY_KINDS {
        let values: Vec<Stated> = incident
            .current(kind)
            .iter()
            .map(|a| Stated {
                value: a.stated.value,
                source: a.stated.source.clone(),
            })
            .collect();
        let Some(first) = values.first().map(|stated| stated.value) else {
            continue;
        };
        let conflict = values.iter().any(|stated| stated.value != first);
        figures.insert(
            kind.to_owned(),
            Figure {
                value: first.filter(|_| !conflict),
                conflict,
                values,
            },
        );
    }
    figures
}

/// A caller with everything hidden that identifies.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MaskedCaller {
    /// Surname and stars.
    pub name_masked: Option<String>,
    /// Number with its middle hidden.
    pub phone_masked: Option<String>,
    /// Always true: reading more needs a reason.
    pub sealed: bool,
}

/// The moment a view is of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AsOf {
    /// Ledger position.
    pub position: u64,
}

/// A time as somebody stated it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TimeShown {
    /// What was stated.
    #[serde(flatten)]
    pub stated: TimeStated,
    /// Who recorded it.
    pub by: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Whether it is the first statement of its kind, by which the clocks go.
    pub current: bool,
}

/// A figure as somebody stated it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssertionShown {
    /// Number within the incident.
    pub id: String,
    /// What is counted.
    pub kind: String,
    /// How many; `null` says that the source does not know.
    pub value: Option<u32>,
    /// Who says so.
    pub source: String,
    /// Who recorded it.
    pub unit_name: String,
    /// When.
    pub at: Timestamp,
    /// The statement that replaced it.
    pub superseded_by: Option<String>,
}

/// A report from one unit to another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReportShown {
    /// Number within the incident.
    pub id: String,
    /// `first` or `follow_up`.
    pub serial: String,
    /// Number within the incident, from 1.
    pub number: u32,
    /// Who reported.
    pub from_unit: Named,
    /// To whom.
    pub to_unit: Named,
    /// When.
    pub sent_at: Timestamp,
    /// By whom.
    pub sent_by: String,
    /// Words added to the facts.
    pub text: String,
    /// When it was acknowledged.
    pub acknowledged_at: Option<Timestamp>,
    /// By whom.
    pub acknowledged_by: Option<String>,
    /// Whether it came after its deadline.
    pub late: bool,
}

/// What was written later: verification, follow-ups, the end.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoteShown {
    /// Number within the incident.
    pub id: String,
    /// `verified`, `followed_up` or `closed`.
    pub kind: String,
    /// Verdict or outcome.
    pub verdict: Option<String>,
    /// In words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The same, as the unit.
    pub unit_name: String,
}

/// An incident with everything known of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IncidentDetail {
    /// What lists show too.
    #[serde(flatten)]
    pub row: IncidentRow,
    /// What was said.
    pub text: String,
    /// How it was reported.
    pub channel: String,
    /// Who reported it.
    pub caller: Option<MaskedCaller>,
    /// Every time that was stated.
    pub times: Vec<TimeShown>,
    /// Every figure that was stated.
    pub assertions: Vec<AssertionShown>,
    /// Reports upward.
    pub reports: Vec<ReportShown>,
    /// Verification, follow-ups, the end.
    pub followups: Vec<NoteShown>,
    /// What is and was owed.
    pub all_obligations: Vec<Owed>,
    /// What may be done next.
    pub allowed: Vec<String>,
    /// Set when this is how things stood at an earlier moment.
    pub as_of: Option<AsOf>,
}

/// The incident in full, at an instant.
pub fn detail(
    incident: &Incident,
    caller: Option<MaskedCaller>,
    classes: &[EventClass],
    now: Timestamp,
) -> IncidentDetail {
    IncidentDetail {
        row: row(incident, classes, now),
        text: incident.text.clone(),
        channel: incident.channel.clone(),
        caller,
        times: times(incident),
        assertions: assertions(incident),
        reports: reports(incident),
        followups: notes(incident),
        all_obligations: incident.obligations.iter().map(|o| owed(o, now)).collect(),
        allowed: rules::allowed_acts(incident)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        as_of: None,
    }
}

fn times(incident: &Incident) -> Vec<TimeShown> {
    let show = |time: &crate::model::TimeOf| TimeShown {
        current: incident.time(&time.stated.kind) == Some(time.stated.at),
        stated: time.stated.clone(),
        by: time.by.clone(),
        recorded_at: time.recorded_at,
    };
    incident.times.iter().map(show).collect()
}

fn assertions(incident: &Incident) -> Vec<AssertionShown> {
    let show = |assertion: &crate::model::Assertion| AssertionShown {
        id: assertion.number.to_string(),
        kind: assertion.stated.kind.clone(),
        value: assertion.stated.value,
        source: assertion.stated.source.clone(),
        unit_name: assertion.by.clone(),
        at: assertion.at,
        superseded_by: assertion.superseded_by.map(|number| number.to_string()),
    };
    incident.assertions.iter().map(show).collect()
}

fn reports(incident: &Incident) -> Vec<ReportShown> {
    let show = |report: &crate::model::Report| ReportShown {
        id: report.number.to_string(),
        serial: if report.number == 1 { "first" } else { "follow_up" }.to_owned(),
        number: report.number,
        from_unit: (&report.from_unit).into(),
        to_unit: (&report.to_unit).into(),
        sent_at: report.sent_at,
        sent_by: report.sent_by.clone(),
        text: report.text.clone(),
        acknowledged_at: report.acknowledged_at,
        acknowledged_by: report.acknowledged_by.clone(),
        late: report.late,
    };
    incident.reports.iter().map(show).collect()
}

fn notes(incident: &Incident) -> Vec<NoteShown> {
    let show = |(index, note): (usize, &crate::model::Note)| NoteShown {
        id: (index + 1).to_string(),
        kind: note.kind.clone(),
        verdict: note.verdict.clone(),
        text: note.text.clone(),
        at: note.at,
        by: note.by.clone(),
        unit_name: note.by.clone(),
    };
    incident.notes.iter().enumerate().map(show).collect()
}

/// A time as it is typed at the intake.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TypedTime {
    /// The instant.
    pub at: Timestamp,
    /// `minute` (default), `hour`, `day` or `about`.
    pub precision: Option<String>,
    /// Who says so.
    pub source: String,
}

/// The times of an incident as they are typed at the intake.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct TypedTimes {
    /// 发生.
    pub occurred: Option<TypedTime>,
    /// 获悉.
    pub learned: Option<TypedTime>,
    /// 接报; now when absent.
    pub received: Option<TypedTime>,
}

/// Who calls.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct TypedCaller {
    /// Name; sealed.
    pub name: Option<String>,
    /// Number; sealed.
    pub phone: Option<String>,
}

/// A report as it is typed at the intake.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewIncident {
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: Option<String>,
    /// Code of the event class.
    pub event_class: String,
    /// Title; made from place and class when absent.
    pub title: Option<String>,
    /// What was said.
    #[serde(default)]
    pub text: String,
    /// Division code.
    pub division: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map, CGCS2000.
    pub point: Option<Point>,
    /// Who calls.
    #[serde(default)]
    pub caller: TypedCaller,
    /// Times as stated.
    #[serde(default)]
    pub times: TypedTimes,
    /// Figures as stated.
    #[serde(default)]
    pub casualties: Vec<CasualtyStated>,
}

impl From<NewIncident> for Taken {
    fn from(new: NewIncident) -> Self {
        let typed = [
            ("occurred", new.times.occurred),
            ("learned", new.times.learned),
            ("received", new.times.received),
        ];
        let times = typed.into_iter().filter_map(|(kind, time)| {
            let time = time?;
            let precision = time.precision.unwrap_or_else(|| "minute".to_owned());
            Some(TimeStated {
                kind: kind.to_owned(),
                at: time.at,
                precision,
                source: time.source,
            })
        });
        Self {
            channel: new.channel,
            event_class: new.event_class,
            title: new.title,
            text: new.text,
            division: new.division,
            address: new.address,
            point: new.point,
            caller_name: new.caller.name.filter(|name| !name.trim().is_empty()),
            caller_phone: new.caller.phone.filter(|phone| !phone.trim().is_empty()),
            times: times.collect(),
            casualties: new.casualties,
        }
    }
}
