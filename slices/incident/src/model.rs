//! What an incident is, and the one fold by which facts change it.

mod fold;
mod joining;
mod parts;

use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::{IncidentRef, Point};
pub use parts::{
    Assertion, AttachmentOf, Call, DecisionOf, Enquiry, GradeOf, Knowledge, Note, NoticeOf, Obligation,
    Receipt, Recorded, Report, Status, TimeOf, UnitRef,
};

/// An incident: the sum of its facts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Id.
    pub id: String,
    /// Number for people.
    pub code: String,
    /// How far it has come.
    pub status: Status,
    /// Event class.
    pub event_class: String,
    /// Title.
    pub title: String,
    /// What was said first.
    pub text: String,
    /// Division.
    pub division: String,
    /// Its full name.
    pub division_name: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map.
    pub point: Option<Point>,
    /// Every call, message or sensor that told of it; the first one made it known.
    pub calls: Vec<Call>,
    /// How each unit came to know, by every piece of evidence.
    pub knowledge: Vec<Knowledge>,
    /// Every time that was stated, oldest statement first.
    pub times: Vec<TimeOf>,
    /// Every figure that was stated.
    pub assertions: Vec<Assertion>,
    /// Decisions between figures.
    pub decisions: Vec<DecisionOf>,
    /// Every grade that was given; the last one stands.
    pub grades: Vec<GradeOf>,
    /// Photos.
    pub attachments: Vec<AttachmentOf>,
    /// Reports upward.
    pub reports: Vec<Report>,
    /// Questions from one unit to another.
    pub enquiries: Vec<Enquiry>,
    /// What is and was owed.
    pub obligations: Vec<Obligation>,
    /// Verification, follow-ups, the end.
    pub notes: Vec<Note>,
    /// Incidents that whoever took it looked at and called others.
    pub not_same_as: Vec<String>,
    /// The incident that goes on instead of this one.
    pub merged_into: Option<IncidentRef>,
    /// Incidents that were the same as this one.
    pub absorbed: Vec<IncidentRef>,
    /// The incident that this one was split off from.
    pub split_from: Option<IncidentRef>,
    /// Incidents that were split off from this one.
    pub split_into: Vec<IncidentRef>,
    /// Who took it.
    pub taken_by: UnitRef,
    /// The highest unit that has it.
    pub holder: UnitRef,
    /// Recording time of the first fact.
    pub recorded_at: Option<Timestamp>,
    /// Recording time of the newest fact.
    pub changed_at: Option<Timestamp>,
    /// Position of the newest fact.
    pub position: u64,
    /// Number of facts.
    pub version: u64,
}

impl Incident {
    /// Starts an incident that has no facts yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// Whether work on it goes on.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, Status::Closed | Status::Dismissed | Status::Merged)
    }

    /// How it first came in.
    pub fn channel(&self) -> &str {
        self.calls.first().map_or("", |call| call.channel.as_str())
    }

    /// The grade that stands; `unknown` until somebody has graded it.
    pub fn grade(&self) -> &str {
        self.grades
            .last()
            .map_or("unknown", |given| given.given.grade.as_str())
    }

    /// The first statement of a time.
    pub fn time(&self, kind: &str) -> Option<Timestamp> {
        self.times
            .iter()
            .find(|time| time.stated.kind == kind)
            .map(|time| time.stated.at)
    }

    /// When it was received: as first stated, else when it was first recorded.
    pub fn received_at(&self) -> Option<Timestamp> {
        self.time("received").or(self.recorded_at)
    }

    /// The deadline that comes first among what is still owed; none once the incident is over.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.pending().map(|owed| owed.due_at).min()
    }

    /// The first notice that is not yet given: ahead of a deadline, or of its passing.
    pub fn next_alarm(&self) -> Option<Timestamp> {
        let next = |owed: &Obligation| {
            let ahead = owed.alarms.first().map(|alarm| alarm.at);
            ahead.or((!owed.passed).then_some(owed.due_at))
        };
        self.pending().filter_map(next).min()
    }

    /// What is still owed.
    pub fn pending(&self) -> impl Iterator<Item = &Obligation> {
        let open = self.is_open();
        self.obligations
            .iter()
            .filter(move |owed| open && owed.met_at.is_none())
    }

    /// Statements of one figure that nothing has replaced.
    pub fn current(&self, kind: &str) -> Vec<&Assertion> {
        self.assertions
            .iter()
            .filter(|a| a.stated.kind == kind && a.superseded_by.is_none() && a.moved_to.is_none())
            .collect()
    }

    /// The reports that a unit has made, oldest first.
    pub fn reports_of<'i>(&'i self, unit: &'i str) -> impl Iterator<Item = &'i Report> {
        self.reports
            .iter()
            .filter(move |report| report.from_unit.id == unit)
    }

    /// The earliest evidence that a unit knew.
    pub fn first_knowledge(&self, unit: &str) -> Option<&Knowledge> {
        self.knowledge
            .iter()
            .filter(|known| known.unit.id == unit)
            .min_by_key(|known| known.time.at)
    }

    /// What words are searched in, in lower case. Only grows, so that nothing that was findable is lost.
    pub fn search_text(&self) -> String {
        let own = [
            self.code.as_str(),
            &self.title,
            &self.division_name,
            self.address.as_deref().unwrap_or_default(),
            &self.taken_by.name,
            &self.text,
        ];
        let calls = self.calls.iter().skip(1).map(|call| call.text.as_str());
        let notes = self.notes.iter().map(|note| note.text.as_str());
        let reports = self.reports.iter().map(|report| report.text.as_str());
        let words: Vec<&str> = own.into_iter().chain(calls).chain(notes).chain(reports).collect();
        words.join(" ").to_lowercase()
    }
}
