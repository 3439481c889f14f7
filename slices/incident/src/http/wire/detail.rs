//! One incident with everything known of it.

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{IncidentRow, Named, Owed, owed, row};
use crate::facts::{Attachment, Change, Happened, IncidentRef, ReportedFigure, Serial, TimeStated};
use crate::http::moment::AsOf;
use crate::model::{DecisionOf, Enquiry, GradeOf, Incident, Knowledge, Note, Receipt, Report};
use crate::rules;
use crate::service::{EventClass, GradeSuggested, UpdateDue};

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

/// A call, message or sensor that told of the incident.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallShown {
    /// Number within the incident, from 1.
    pub number: u32,
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: String,
    /// What was said.
    pub text: String,
    /// Who called.
    pub caller: Option<MaskedCaller>,
    /// Who took it.
    pub taken_by: Named,
    /// When it was received.
    pub received_at: Timestamp,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Id of the incident it came from, where incidents were merged.
    pub origin: Option<String>,
    /// Id of the incident it belongs to, where incidents were split.
    pub moved_to: Option<String>,
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
    /// The statement that replaced it, or that a person found to prevail.
    pub superseded_by: Option<String>,
    /// Id of the incident it came from, where incidents were merged.
    pub origin: Option<String>,
    /// Id of the incident it belongs to, where incidents were split.
    pub moved_to: Option<String>,
}

/// The acknowledgement of a report by one of its receivers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReceiptShown {
    /// The receiver.
    pub unit: Named,
    /// When; absent while it waits.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<String>,
    /// Who said so, where the sender recorded it.
    pub told_by: Option<String>,
}

/// A report from one unit to others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReportShown {
    /// Number within the incident.
    pub id: String,
    /// `first`, `follow_up` or `final`.
    pub serial: Serial,
    /// Number among the reports of its kind by the unit: 续报一 is 1.
    pub ordinal: u32,
    /// Number within the incident, from 1.
    pub number: u32,
    /// Who reported.
    pub from_unit: Named,
    /// To whom first.
    pub to_unit: Named,
    /// To everybody, with each one's receipt.
    pub receipts: Vec<ReceiptShown>,
    /// When.
    pub sent_at: Timestamp,
    /// When it was told, if that was before it was recorded.
    pub happened: Option<Happened>,
    /// By whom.
    pub sent_by: String,
    /// Words added to the facts.
    pub text: String,
    /// The figures as they went out.
    pub figures: Vec<ReportedFigure>,
    /// What differs from the unit's report before.
    pub changes: Vec<Change>,
    /// When the last receiver acknowledged it; absent while one waits.
    pub acknowledged_at: Option<Timestamp>,
    /// By whom.
    pub acknowledged_by: Option<String>,
    /// Whether it came after its deadline.
    pub late: bool,
    /// Id of the paper it went out with.
    pub paper: Option<String>,
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
    /// When it was so, if that was before it was recorded.
    pub happened: Option<Happened>,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Which unit.
    pub unit_name: String,
}

/// A photo.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PhotoShown {
    /// The photo.
    #[serde(flatten)]
    pub photo: Attachment,
    /// Whether its file is on this node.
    pub present: bool,
    /// When it was added.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// An incident with everything known of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IncidentDetail {
    /// What lists show too.
    #[serde(flatten)]
    pub row: IncidentRow,
    /// What was said first.
    pub text: String,
    /// How it was reported first.
    pub channel: String,
    /// Who reported it first.
    pub caller: Option<MaskedCaller>,
    /// Every call, message or sensor.
    pub calls: Vec<CallShown>,
    /// How each unit came to know.
    pub knowledge: Vec<Knowledge>,
    /// Every time that was stated.
    pub times: Vec<TimeShown>,
    /// Every figure that was stated.
    pub assertions: Vec<AssertionShown>,
    /// Decisions between figures.
    pub decisions: Vec<DecisionOf>,
    /// Every grade that was given; the last one stands.
    pub grades: Vec<GradeOf>,
    /// Every grade that rules give the event.
    pub suggested_grades: Vec<GradeSuggested>,
    /// What follows the first report by law.
    pub updates: Vec<UpdateDue>,
    /// The incident that goes on instead of this one.
    pub merged_into: Option<IncidentRef>,
    /// Incidents that were the same as this one.
    pub absorbed: Vec<IncidentRef>,
    /// The incident that this one was split off from.
    pub split_from: Option<IncidentRef>,
    /// Incidents that were split off from this one.
    pub split_into: Vec<IncidentRef>,
    /// Photos.
    pub attachments: Vec<PhotoShown>,
    /// Reports upward.
    pub reports: Vec<ReportShown>,
    /// Questions from one unit to another.
    pub enquiries: Vec<Enquiry>,
    /// Verification, follow-ups, the end.
    pub followups: Vec<NoteShown>,
    /// What is and was owed.
    pub all_obligations: Vec<Owed>,
    /// Incidents that whoever took it looked at and called others.
    pub not_same_as: Vec<String>,
    /// What may be done next.
    pub allowed: Vec<String>,
    /// Set when this is how things stood at an earlier moment.
    pub as_of: Option<AsOf>,
}

/// What depends on who looks, and from when.
#[derive(Debug, Default)]
pub struct Viewer {
    /// The callers, hidden, in the order of the calls.
    pub callers: Vec<Option<MaskedCaller>>,
    /// Digests of photos whose files are not on this node.
    pub missing: Vec<String>,
    /// Grades that rules give the event.
    pub grades: Vec<GradeSuggested>,
    /// What follows by law.
    pub updates: Vec<UpdateDue>,
    /// What the viewer may do.
    pub allowed: Vec<&'static str>,
    /// The earlier moment that is looked at.
    pub as_of: Option<AsOf>,
}

/// The incident in full, at an instant.
pub fn detail(incident: &Incident, viewer: Viewer, classes: &[EventClass], now: Timestamp) -> IncidentDetail {
    IncidentDetail {
        row: row(incident, classes, now),
        text: incident.text.clone(),
        channel: incident.channel().to_owned(),
        caller: viewer.callers.first().cloned().flatten(),
        calls: calls(incident, &viewer.callers),
        knowledge: incident.knowledge.clone(),
        times: times(incident),
        assertions: assertions(incident),
        decisions: incident.decisions.clone(),
        grades: incident.grades.clone(),
        suggested_grades: viewer.grades,
        updates: viewer.updates,
        merged_into: incident.merged_into.clone(),
        absorbed: incident.absorbed.clone(),
        split_from: incident.split_from.clone(),
        split_into: incident.split_into.clone(),
        attachments: photos(incident, &viewer.missing),
        reports: incident.reports.iter().map(report).collect(),
        enquiries: incident.enquiries.clone(),
        followups: incident.notes.iter().zip(1..).map(note).collect(),
        all_obligations: incident.obligations.iter().map(|o| owed(o, now)).collect(),
        not_same_as: incident.not_same_as.clone(),
        allowed: viewer.allowed.into_iter().map(str::to_owned).collect(),
        as_of: viewer.as_of,
    }
}

fn calls(incident: &Incident, callers: &[Option<MaskedCaller>]) -> Vec<CallShown> {
    let show = |(index, call): (usize, &crate::model::Call)| CallShown {
        number: call.number,
        channel: call.channel.clone(),
        text: call.text.clone(),
        caller: callers.get(index).cloned().flatten(),
        taken_by: (&call.taken_by).into(),
        received_at: call.received_at,
        at: call.at,
        by: call.by.clone(),
        origin: call.origin.clone(),
        moved_to: call.moved_to.clone(),
    };
    incident.calls.iter().enumerate().map(show).collect()
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
        origin: assertion.origin.clone(),
        moved_to: assertion.moved_to.clone(),
    };
    incident.assertions.iter().map(show).collect()
}

fn photos(incident: &Incident, missing: &[String]) -> Vec<PhotoShown> {
    let show = |held: &crate::model::AttachmentOf| PhotoShown {
        present: !missing.contains(&held.attachment.digest),
        photo: held.attachment.clone(),
        at: held.at,
        by: held.by.clone(),
    };
    incident.attachments.iter().map(show).collect()
}

fn report(report: &Report) -> ReportShown {
    let given = |unit: &crate::model::UnitRef| report.receipts.iter().find(|r| r.unit.id == unit.id);
    let receipts = report.to_units.iter().map(|unit| {
        let receipt: Option<&Receipt> = given(unit);
        ReceiptShown {
            unit: unit.into(),
            at: receipt.map(|receipt| receipt.at),
            by: receipt.map(|receipt| receipt.by.clone()),
            told_by: receipt.and_then(|receipt| receipt.told_by.clone()),
        }
    });
    let last = report
        .receipts
        .last()
        .filter(|_| report.waiting().next().is_none());
    let nobody = || Named {
        id: String::new(),
        name: String::new(),
    };
    ReportShown {
        id: report.number.to_string(),
        serial: report.serial,
        ordinal: report.ordinal,
        number: report.number,
        from_unit: (&report.from_unit).into(),
        to_unit: report.to_units.first().map_or_else(nobody, Named::from),
        receipts: receipts.collect(),
        sent_at: report.sent_at,
        happened: report.happened.clone(),
        sent_by: report.sent_by.clone(),
        text: report.text.clone(),
        figures: report.figures.clone(),
        changes: report.changes.clone(),
        acknowledged_at: last.map(|receipt| receipt.at),
        acknowledged_by: last.map(|receipt| receipt.by.clone()),
        late: report.late,
        paper: report.paper.clone(),
    }
}

fn note((note, number): (&Note, u32)) -> NoteShown {
    NoteShown {
        id: number.to_string(),
        kind: note.kind.clone(),
        verdict: note.verdict.clone(),
        text: note.text.clone(),
        happened: note.happened.clone(),
        at: note.at,
        by: note.by.clone(),
        unit_name: if note.unit.name.is_empty() {
            note.by.clone()
        } else {
            note.unit.name.clone()
        },
    }
}

/// Hides what identifies a caller.
pub(crate) fn masked(name: Option<&str>, phone: Option<&str>) -> MaskedCaller {
    MaskedCaller {
        name_masked: name.and_then(|name| name.chars().next().map(|surname| format!("{surname}**"))),
        phone_masked: phone.map(rules::mask_phone),
        sealed: true,
    }
}
