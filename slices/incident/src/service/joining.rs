//! Deciding between figures, merging and splitting incidents: by a named person, for a reason.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::Work;
use serde::Deserialize;
use utoipa::ToSchema;

use super::take::next_code;
use super::{Incidents, check_words, record};
use crate::error::IncidentError;
use crate::facts::{
    Absorbed, CallAdded, CasualtyStated, FigureDecided, IncidentRef, MergedInto, Received, SplitOff,
    TimeStated,
};
use crate::model::{Call, Incident};
use crate::rules::{self, Clock};
use crate::store;

/// Which of several figures stands.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Deciding {
    /// What is counted.
    pub kind: String,
    /// Number of the statement that stands.
    pub chosen: u32,
    /// Why.
    pub reason: String,
}

/// What belongs to another incident.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Splitting {
    /// Title of the new incident.
    pub title: String,
    /// Its event class; the same when absent.
    pub event_class: Option<String>,
    /// Its division; the same when absent.
    pub division: Option<String>,
    /// Numbers of the calls that belong there, at least one.
    pub calls: Vec<u32>,
    /// Numbers of the figures that belong there.
    #[serde(default)]
    pub assertions: Vec<u32>,
    /// Why.
    pub reason: String,
}

fn reference(incident: &Incident) -> IncidentRef {
    IncidentRef {
        id: incident.id.clone(),
        code: incident.code.clone(),
    }
}

impl Incidents {
    /// Decides which of several figures stands; the others stay readable.
    pub fn decide_figure(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        deciding: &Deciding,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "kind", &deciding.kind, &rules::CASUALTY_KINDS);
        checks.text("reason", &deciding.reason, 2, 1_000);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.verify")?;
        let standing = incident.current(&deciding.kind);
        if !standing
            .iter()
            .any(|assertion| assertion.number == deciding.chosen)
        {
            let expected = "number of a statement of this figure that stands";
            return Err(InvalidInput::one("chosen", "unknown", expected).into());
        }
        let numbers = standing.iter().map(|assertion| assertion.number);
        let over: Vec<u32> = numbers.filter(|number| *number != deciding.chosen).collect();
        if over.is_empty() {
            return Err(
                InvalidInput::one("kind", "unknown", "a figure that sources state differently").into(),
            );
        }
        let fact = FigureDecided {
            kind: deciding.kind.clone(),
            chosen: deciding.chosen,
            over,
            reason: deciding.reason.trim().to_owned(),
            unit: self.unit_of(work.tx, caller)?,
        };
        let incident = record(work, id, &incident.division, fact)?;
        self.grow(work, incident)
    }

    /// 并案: ends an incident that is the same as another; everything stated in it stands in the other too.
    pub fn merge(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        (into, reason): (&str, &str),
    ) -> Result<Incident, IncidentError> {
        check_words("reason", reason, 2)?;
        if id == into {
            return Err(InvalidInput::one("into", "not_a_choice", "another incident").into());
        }
        let ending = self.open(work.tx, caller, id, "incident.close")?;
        let lasting = self.open(work.tx, caller, into, "incident.close")?;
        let unit = self.unit_of(work.tx, caller)?;
        let reason = reason.trim().to_owned();
        let absorbed = Absorbed {
            from: reference(&ending),
            reason: reason.clone(),
            unit: unit.clone(),
            calls: ending.calls.clone(),
            knowledge: ending.knowledge.clone(),
            times: ending.times.clone(),
            assertions: ending.assertions.clone(),
            attachments: ending.attachments.clone(),
            owes: ending.unmet_in(&lasting),
        };
        let merged = MergedInto {
            into: reference(&lasting),
            reason,
            unit,
        };
        record(work, id, &ending.division, merged)?;
        let lasting = record(work, into, &lasting.division, absorbed)?;
        self.grow(work, lasting)
    }

    /// 分案: makes an incident of its own from some of the calls and figures of another.
    pub fn split(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        splitting: &Splitting,
    ) -> Result<Incident, IncidentError> {
        let source = self.open(work.tx, caller, id, "incident.close")?;
        let (calls, division_name) = self.check_split(work, &source, splitting)?;
        let division = splitting
            .division
            .clone()
            .unwrap_or_else(|| source.division.clone());
        caller.require("incident.take", Object::in_area(&division))?;
        let new = work.ids().next().to_string();
        let code = next_code(work, &division)?;
        let received = self.split_received(work, &source, splitting, &calls)?;
        let fact = Received {
            code: code.clone(),
            division: division.clone(),
            division_name,
            ..received
        };
        record(work, &new, &division, fact)?;
        for call in calls.iter().skip(1) {
            record(work, &new, &division, call_again(call))?;
        }
        let split = SplitOff {
            into: IncidentRef {
                id: new.clone(),
                code,
            },
            calls: splitting.calls.clone(),
            assertions: splitting.assertions.clone(),
            reason: splitting.reason.trim().to_owned(),
            unit: self.unit_of(work.tx, caller)?,
        };
        record(work, id, &source.division, split)?;
        let made = store::load(work.tx, &new)?.ok_or(IncidentError::NotFound(new))?;
        self.grow(work, made)
    }

    fn check_split(
        &self,
        work: &mut Work<'_, '_>,
        source: &Incident,
        splitting: &Splitting,
    ) -> Result<(Vec<Call>, String), IncidentError> {
        let mut checks = Checks::new();
        checks.text("title", &splitting.title, 1, 120);
        checks.text("reason", &splitting.reason, 2, 1_000);
        let class = splitting.event_class.as_deref().unwrap_or(&source.event_class);
        let mut classes = self.directory.event_classes().iter();
        if !classes.any(|known| known.code == class) {
            checks.fault(
                "event_class",
                "not_a_choice",
                "a code of GET /api/v1/event-classes",
            );
        }
        let division = splitting.division.as_deref().unwrap_or(&source.division);
        let name = self.directory.division_name(work.tx, division)?;
        if name.is_none() {
            checks.fault("division", "unknown", "a division code of GET /api/v1/divisions");
        }
        let here = |call: &&Call| splitting.calls.contains(&call.number) && call.moved_to.is_none();
        let calls: Vec<Call> = source.calls.iter().filter(here).cloned().collect();
        let some = !calls.is_empty() && calls.len() == splitting.calls.len();
        checks.require(some, "calls", "numbers of calls of this incident, at least one");
        let stays = source
            .calls
            .iter()
            .any(|call| call.moved_to.is_none() && !calls.contains(call));
        checks.require(stays, "calls", "not all calls: one must stay");
        for (index, number) in splitting.assertions.iter().enumerate() {
            let mut known = source.assertions.iter();
            if !known.any(|a| a.number == *number && a.moved_to.is_none()) {
                checks.fault(
                    format!("assertions.{index}"),
                    "unknown",
                    "number of a figure of this incident",
                );
            }
        }
        checks.finish()?;
        Ok((calls, name.unwrap_or_default()))
    }

    fn split_received(
        &self,
        work: &mut Work<'_, '_>,
        source: &Incident,
        splitting: &Splitting,
        calls: &[Call],
    ) -> Result<Received, IncidentError> {
        let first = calls.first().ok_or(IncidentError::NoSuchReport(0))?;
        let times = vec![received_time(first)];
        let event_class = splitting
            .event_class
            .clone()
            .unwrap_or_else(|| source.event_class.clone());
        let moved = source
            .assertions
            .iter()
            .filter(|a| splitting.assertions.contains(&a.number));
        let casualties: Vec<CasualtyStated> = moved
            .map(|assertion| CasualtyStated {
                supersedes: Vec::new(),
                ..assertion.stated.clone()
            })
            .collect();
        let event = super::law::Event {
            division: splitting
                .division
                .clone()
                .unwrap_or_else(|| source.division.clone()),
            class: event_class.clone(),
            at: Some(first.received_at),
            occurred: None,
            received: Some(first.received_at),
            figures: casualties
                .iter()
                .filter_map(|c| Some((c.kind.clone(), c.value?)))
                .collect(),
        };
        let clock = Clock {
            times: &times,
            received: first.received_at,
            stages: self.directory.stages(),
        };
        let owes = self.owed_by(work.tx, &first.taken_by, &event, &clock)?;
        Ok(Received {
            code: String::new(),
            channel: first.channel.clone(),
            event_class,
            title: splitting.title.trim().to_owned(),
            text: first.text.clone(),
            division: String::new(),
            division_name: String::new(),
            address: source.address.clone(),
            point: None,
            caller_name: first.caller_name.clone(),
            caller_phone: first.caller_phone.clone(),
            times,
            casualties,
            attachments: Vec::new(),
            not_same_as: vec![source.id.clone()],
            split_from: Some(reference(source)),
            taken_by: first.taken_by.clone(),
            owes,
        })
    }
}

fn received_time(call: &Call) -> TimeStated {
    TimeStated {
        kind: "received".to_owned(),
        at: call.received_at,
        precision: "minute".to_owned(),
        source: call.taken_by.name.clone(),
        confidence: "confirmed".to_owned(),
    }
}

/// A call as it was, for the incident it belongs to.
fn call_again(call: &Call) -> CallAdded {
    CallAdded {
        channel: call.channel.clone(),
        text: call.text.clone(),
        caller_name: call.caller_name.clone(),
        caller_phone: call.caller_phone.clone(),
        times: vec![received_time(call)],
        casualties: Vec::new(),
        attachments: Vec::new(),
        taken_by: call.taken_by.clone(),
    }
}
