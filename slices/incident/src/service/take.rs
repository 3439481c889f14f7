//! 接报: a report comes in, and further calls about it.

use std::collections::BTreeMap;

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, Timestamp};
use anlan_ledger::{Sealed, Work};
use serde::Deserialize;
use utoipa::ToSchema;

use super::law::Event;
use super::{Incidents, record};
use crate::error::IncidentError;
use crate::facts::{CallAdded, CasualtyStated, Owed, Point, Received, TimeStated};
use crate::model::{Incident, UnitRef};
use crate::rules::{self, Clock};
use crate::store;

/// What one caller, message or sensor said.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Called {
    /// `phone`, `web`, `api`, `message` or `sensor`.
    #[serde(default)]
    pub channel: Option<String>,
    /// What was said.
    #[serde(default)]
    pub text: String,
    /// Name of the caller.
    pub caller_name: Option<String>,
    /// Number of the caller.
    pub caller_phone: Option<String>,
    /// Times as stated; the receipt is now unless stated.
    #[serde(default)]
    pub times: Vec<TimeStated>,
    /// Figures as stated.
    #[serde(default)]
    pub casualties: Vec<CasualtyStated>,
    /// Digests of photos that were sent before.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// A report as it is taken.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Taken {
    /// What was said.
    #[serde(flatten)]
    pub call: Called,
    /// Code of the event class.
    pub event_class: String,
    /// Title; made from place and class when absent.
    pub title: Option<String>,
    /// Division code.
    pub division: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map, CGCS2000.
    pub point: Option<Point>,
    /// Incidents that were looked at and are others.
    #[serde(default)]
    pub not_same_as: Vec<String>,
}

impl Called {
    fn check(&self, checks: &mut Checks, now: Timestamp) {
        if let Some(channel) = &self.channel {
            rules::check_choice(checks, "channel", channel, &rules::CHANNELS);
        }
        checks.text("text", &self.text, 0, 5_000);
        checks.optional_text("caller_name", self.caller_name.as_deref(), 60);
        checks.optional_text("caller_phone", self.caller_phone.as_deref(), 30);
        rules::check_times(checks, &self.times, now);
        rules::check_casualties(checks, &self.casualties);
    }

    /// The times, with the receipt among them.
    fn times(&self, unit: &UnitRef, now: Timestamp) -> Vec<TimeStated> {
        let mut times = self.times.clone();
        if stated(&times, "received").is_none() {
            times.push(TimeStated {
                kind: "received".to_owned(),
                at: now,
                precision: "minute".to_owned(),
                source: unit.name.clone(),
                confidence: "confirmed".to_owned(),
            });
        }
        times
    }

    fn channel(&self) -> String {
        self.channel.clone().unwrap_or_else(|| "phone".to_owned())
    }
}

impl Incidents {
    /// 接报: takes a report for the caller's unit.
    pub fn take(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        taken: &Taken,
    ) -> Result<Incident, IncidentError> {
        let division_name = self.check_taken(work, taken)?;
        caller.require("incident.take", Object::in_area(&taken.division))?;
        let unit = self.unit_of(work.tx, caller)?;
        let times = taken.call.times(&unit, work.now);
        let owes = self.owed(work, &unit, taken, &times)?;
        let attachments = self.photos(work.tx, caller, &taken.call.attachments)?;
        let id = work.ids().next().to_string();
        let (caller_name, caller_phone) = sealed(work, &id, &taken.call)?;
        let fact = Received {
            code: next_code(work, &taken.division)?,
            channel: taken.call.channel(),
            event_class: taken.event_class.clone(),
            title: self.title(taken, &division_name),
            text: taken.call.text.trim().to_owned(),
            division: taken.division.clone(),
            division_name,
            address: taken.address.clone(),
            point: taken.point,
            caller_name,
            caller_phone,
            times,
            casualties: taken.call.casualties.clone(),
            attachments,
            not_same_as: taken.not_same_as.clone(),
            split_from: None,
            taken_by: unit,
            owes,
        };
        record(work, &id, &taken.division, fact)
    }

    /// Another call about an incident that is known already: its own words, times and figures beside the first.
    pub fn add_call(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        heard: &Called,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        heard.check(&mut checks, work.now);
        checks.text("text", &heard.text, 1, 5_000);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.take")?;
        checks = Checks::new();
        checks.require(
            incident.calls.len() < 200,
            "text",
            "at most 200 calls on one incident",
        );
        checks.finish()?;
        let taken_by = self.unit_of(work.tx, caller)?;
        let attachments = self.more_photos(work.tx, caller, &incident, &heard.attachments)?;
        let (caller_name, caller_phone) = sealed(work, id, heard)?;
        let fact = CallAdded {
            channel: heard.channel(),
            text: heard.text.trim().to_owned(),
            caller_name,
            caller_phone,
            times: heard.times(&taken_by, work.now),
            casualties: heard.casualties.clone(),
            attachments,
            taken_by,
        };
        let incident = record(work, id, &incident.division, fact)?;
        self.grow(work, incident)
    }

    fn check_taken(&self, work: &mut Work<'_, '_>, taken: &Taken) -> Result<String, IncidentError> {
        let mut checks = Checks::new();
        taken.call.check(&mut checks, work.now);
        checks.optional_text("title", taken.title.as_deref(), 120);
        checks.optional_text("address", taken.address.as_deref(), 200);
        checks.require(
            taken.not_same_as.len() <= 20,
            "not_same_as",
            "at most 20 incidents",
        );
        if let Some(point) = taken.point {
            let inside = (-180.0..=180.0).contains(&point.lon) && (-90.0..=90.0).contains(&point.lat);
            checks.require(inside, "point", "longitude -180 to 180, latitude -90 to 90");
        }
        let mut classes = self.directory.event_classes().iter();
        if !classes.any(|class| class.code == taken.event_class) {
            checks.fault(
                "event_class",
                "not_a_choice",
                "a code of GET /api/v1/event-classes",
            );
        }
        let name = self.directory.division_name(work.tx, &taken.division)?;
        if name.is_none() {
            checks.fault("division", "unknown", "a division code of GET /api/v1/divisions");
        }
        checks.finish()?;
        Ok(name.unwrap_or_default())
    }

    fn title(&self, taken: &Taken, division_name: &str) -> String {
        let given = taken.title.as_deref().map(str::trim);
        if let Some(title) = given.filter(|title| !title.is_empty()) {
            return title.to_owned();
        }
        let mut classes = self.directory.event_classes().iter();
        let class = classes.find(|class| class.code == taken.event_class);
        format!("{division_name}{}", class.map_or("", |class| class.name.as_str()))
    }

    fn owed(
        &self,
        work: &mut Work<'_, '_>,
        unit: &UnitRef,
        taken: &Taken,
        times: &[TimeStated],
    ) -> Result<Vec<Owed>, IncidentError> {
        let received = stated(times, "received").unwrap_or(work.now);
        let mut figures = BTreeMap::new();
        for stated in &taken.call.casualties {
            let Some(value) = stated.value else { continue };
            let gravest: &mut u32 = figures.entry(stated.kind.clone()).or_default();
            *gravest = value.max(*gravest);
        }
        let event = Event {
            division: taken.division.clone(),
            class: taken.event_class.clone(),
            at: Some(stated(times, "occurred").unwrap_or(received)),
            occurred: stated(times, "occurred"),
            received: Some(received),
            figures,
        };
        let clock = Clock {
            times,
            received,
            stages: self.directory.stages(),
        };
        self.owed_by(work.tx, unit, &event, &clock)
    }
}

fn stated(times: &[TimeStated], kind: &str) -> Option<Timestamp> {
    times.iter().find(|time| time.kind == kind).map(|time| time.at)
}

/// The caller's name and number under the incident's key.
fn sealed(
    work: &mut Work<'_, '_>,
    id: &str,
    called: &Called,
) -> Result<(Option<Sealed>, Option<Sealed>), IncidentError> {
    let subject = format!("incident/{id}");
    let mut seal = |value: &Option<String>| {
        let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty());
        value.map(|value| work.seal(&subject, value)).transpose()
    };
    Ok((seal(&called.caller_name)?, seal(&called.caller_phone)?))
}

/// The next number of a county's day: `150125-20261124-001`.
pub(super) fn next_code(work: &mut Work<'_, '_>, division: &str) -> Result<String, IncidentError> {
    let county: String = division.chars().take(6).collect();
    let (year, month, day) = work.now.china_date();
    let prefix = format!("{county:0<6}-{year:04}{month:02}{day:02}-");
    let number = store::count_codes(work.tx, &prefix)? + 1;
    Ok(format!("{prefix}{number:03}"))
}
