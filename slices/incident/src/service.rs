//! Use cases: load, decide, record.

use std::sync::Arc;

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::{Ledger, Work};
use anlan_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::IncidentError;
use crate::facts::{
    Acknowledged, CallerRevealed, CasualtyStated, Closed, Fact, FollowedUp, Owed, Point, Received,
    ReportedUp, TimeStated, Verified,
};
pub use crate::model::UnitRef;
use crate::model::{Incident, Status};
use crate::{rules, store};

/// A limit from the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Id of the rule.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The limit.
    pub minutes: u32,
    /// What starts the clock: `occurred`, `learned` or `received`.
    pub start_event: String,
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
}

/// The use cases of incidents.
#[derive(Clone)]
pub struct Incidents {
    /// The ledger they record in.
    pub ledger: Ledger,
    /// Organisation and law.
    pub directory: Arc<dyn Directory>,
}

/// A report as it is taken.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Taken {
    /// `phone`, `web`, `api`, `message` or `sensor`.
    #[serde(default)]
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
}

/// Records a fact of an incident and gives the incident as it then stands.
pub(crate) fn record(
    work: &mut Work<'_, '_>,
    id: &str,
    area: &str,
    fact: &Fact,
) -> Result<Incident, IncidentError> {
    work.record(&format!("incident/{id}"), fact.kind(), area, fact)?;
    store::load(work.tx, id)?.ok_or_else(|| IncidentError::NotFound(id.to_owned()))
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
        let received_at = stated(&taken.times, "received").unwrap_or(work.now);
        let mut times = taken.times.clone();
        if stated(&times, "received").is_none() {
            let source = unit.name.clone();
            times.push(TimeStated {
                kind: "received".to_owned(),
                at: work.now,
                precision: "minute".to_owned(),
                source,
            });
        }
        let owes = self.owed(work.tx, &unit, taken, &times, received_at)?;
        let id = work.ids().next().to_string();
        let subject = format!("incident/{id}");
        let fact = Received {
            code: next_code(work, &taken.division)?,
            channel: taken.channel.clone().unwrap_or_else(|| "phone".to_owned()),
            event_class: taken.event_class.clone(),
            title: self.title(taken, &division_name),
            text: taken.text.trim().to_owned(),
            division: taken.division.clone(),
            division_name,
            address: taken.address.clone(),
            point: taken.point,
            caller_name: taken
                .caller_name
                .as_deref()
                .map(|name| work.seal(&subject, name))
                .transpose()?,
            caller_phone: taken
                .caller_phone
                .as_deref()
                .map(|phone| work.seal(&subject, phone))
                .transpose()?,
            times,
            casualties: taken.casualties.clone(),
            taken_by: unit,
            owes,
        };
        record(work, &id, &taken.division, &Fact::Received(Box::new(fact)))
    }

    fn check_taken(&self, work: &mut Work<'_, '_>, taken: &Taken) -> Result<String, IncidentError> {
        let mut checks = Checks::new();
        if let Some(channel) = &taken.channel {
            rules::check_choice(&mut checks, "channel", channel, &rules::CHANNELS);
        }
        checks.optional_text("title", taken.title.as_deref(), 120);
        checks.text("text", &taken.text, 0, 5_000);
        checks.optional_text("address", taken.address.as_deref(), 200);
        checks.optional_text("caller_name", taken.caller_name.as_deref(), 60);
        checks.optional_text("caller_phone", taken.caller_phone.as_deref(), 30);
        if let Some(point) = taken.point {
            let inside = (-180.0..=180.0).contains(&point.lon) && (-90.0..=90.0).contains(&point.lat);
            checks.require(inside, "point", "longitude -180 to 180, latitude -90 to 90");
        }
        rules::check_times(&mut checks, &taken.times, work.now);
        rules::check_casualties(&mut checks, &taken.casualties);
        if !self
            .directory
            .event_classes()
            .iter()
            .any(|class| class.code == taken.event_class)
        {
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
        if let Some(title) = taken
            .title
            .as_deref()
            .map(str::trim)
            .filter(|title| !title.is_empty())
        {
            return title.to_owned();
        }
        let class = self
            .directory
            .event_classes()
            .iter()
            .find(|class| class.code == taken.event_class);
        format!("{division_name}{}", class.map_or("", |class| class.name.as_str()))
    }

    fn owed(
        &self,
        tx: &mut Tx<'_>,
        unit: &UnitRef,
        taken: &Taken,
        times: &[TimeStated],
        received: Timestamp,
    ) -> Result<Option<Owed>, IncidentError> {
        let Some(superior) = self.directory.superior(tx, &unit.id)? else {
            return Ok(None);
        };
        let limit = self
            .directory
            .first_report_limit(&taken.division, &taken.event_class, received);
        Ok(limit.map(|limit| rules::decide_owed(&limit, times, received, unit, &superior)))
    }

    /// 上报: the caller's unit reports to its superior, which then owes its own superior in turn.
    pub fn report_up(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        text: &str,
    ) -> Result<Incident, IncidentError> {
        check_words("text", text, 0)?;
        let incident = self.open(work.tx, caller, id, "incident.report")?;
        let from_unit = self.unit_of(work.tx, caller)?;
        let to_unit = self
            .directory
            .superior(work.tx, &from_unit.id)?
            .ok_or_else(|| IncidentError::NoSuperior(from_unit.name.clone()))?;
        let next = self.directory.superior(work.tx, &to_unit.id)?;
        let limit = self
            .directory
            .first_report_limit(&incident.division, &incident.event_class, work.now);
        // The receiver's clock starts when it receives, whatever starts the first unit's clock.
        let owes = next
            .zip(limit)
            .map(|(next, limit)| rules::decide_owed(&limit, &[], work.now, &to_unit, &next));
        let fact = Fact::ReportedUp(Box::new(ReportedUp {
            from_unit,
            to_unit,
            text: text.trim().to_owned(),
            owes,
        }));
        record(work, id, &incident.division, &fact)
    }

    /// 签收: acknowledges a report.
    pub fn acknowledge(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        report: u32,
    ) -> Result<Incident, IncidentError> {
        let incident = self.open(work.tx, caller, id, "incident.acknowledge")?;
        let open = incident
            .reports
            .iter()
            .any(|r| r.number == report && r.acknowledged_at.is_none());
        if !open {
            return Err(IncidentError::NoSuchReport(report));
        }
        let unit = self.unit_of(work.tx, caller)?;
        record(
            work,
            id,
            &incident.division,
            &Fact::Acknowledged(Acknowledged { report, unit }),
        )
    }

    /// 核实: states what a check of the facts found.
    pub fn verify(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        verdict: &str,
        note: &str,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "verdict", verdict, &rules::VERDICTS);
        checks.text("note", note, 0, 5_000);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.verify")?;
        let unit = self.unit_of(work.tx, caller)?;
        let fact = Verified {
            verdict: verdict.to_owned(),
            note: note.trim().to_owned(),
            unit,
        };
        record(work, id, &incident.division, &Fact::Verified(fact))
    }

    /// 续报: reports what has changed.
    pub fn follow_up(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        text: &str,
        casualties: Vec<CasualtyStated>,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        checks.text("text", text, 1, 5_000);
        rules::check_casualties(&mut checks, &casualties);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.follow_up")?;
        let unit = self.unit_of(work.tx, caller)?;
        let fact = FollowedUp {
            text: text.trim().to_owned(),
            casualties,
            unit,
        };
        record(work, id, &incident.division, &Fact::FollowedUp(fact))
    }

    /// 办结: ends the work.
    pub fn close(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        outcome: &str,
        text: &str,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "outcome", outcome, &rules::OUTCOMES);
        checks.text("text", text, 1, 5_000);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.close")?;
        let fact = Closed {
            outcome: outcome.to_owned(),
            text: text.trim().to_owned(),
        };
        record(work, id, &incident.division, &Fact::Closed(fact))
    }

    /// Reads the caller's name and number whole, for a reason that becomes an entry.
    pub fn reveal_caller(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<(Option<String>, Option<String>), IncidentError> {
        check_words("reason", reason, 2)?;
        let incident = self.visible(work.tx, caller, id, "incident.reveal")?;
        let mut open = |sealed: &Option<anlan_ledger::Sealed>| match sealed {
            Some(sealed) => self.ledger.sealer().open(work.tx, sealed),
            None => Ok(None),
        };
        let both = (open(&incident.caller_name)?, open(&incident.caller_phone)?);
        record(
            work,
            id,
            &incident.division,
            &Fact::CallerRevealed(CallerRevealed {
                reason: reason.to_owned(),
            }),
        )?;
        Ok(both)
    }

    /// The unit that the caller acts for.
    pub fn unit_of(&self, tx: &mut Tx<'_>, caller: &Caller) -> Result<UnitRef, IncidentError> {
        let id = caller.unit.as_deref().ok_or(IncidentError::NoUnit)?;
        self.directory.unit(tx, id)?.ok_or(IncidentError::NoUnit)
    }

    /// An incident that the caller may see for `operation`; otherwise it does not exist for the caller.
    #[expect(
        clippy::unused_self,
        reason = "reads as a use case of incidents beside its sisters"
    )]
    pub fn visible(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Incident, IncidentError> {
        let missing = || IncidentError::NotFound(id.to_owned());
        let incident = store::load(tx, id)?.ok_or_else(missing)?;
        let place = Object::in_area(&incident.division);
        if !caller.may("incident.read", place) {
            return Err(missing());
        }
        caller.require(operation, place)?;
        Ok(incident)
    }

    fn open(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
        operation: &str,
    ) -> Result<Incident, IncidentError> {
        let incident = self.visible(tx, caller, id, operation)?;
        match incident.status {
            Status::Closed | Status::Dismissed => Err(IncidentError::Closed(incident.code)),
            _ => Ok(incident),
        }
    }
}

fn stated(times: &[TimeStated], kind: &str) -> Option<Timestamp> {
    times.iter().find(|time| time.kind == kind).map(|time| time.at)
}

fn check_words(field: &str, text: &str, min: usize) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text(field, text, min, 5_000);
    checks.finish()
}

/// The next number of a county's day: `150125-20261124-001`.
fn next_code(work: &mut Work<'_, '_>, division: &str) -> Result<String, IncidentError> {
    let county: String = division.chars().take(6).collect();
    let (year, month, day) = work.now.china_date();
    let prefix = format!("{county:0<6}-{year:04}{month:02}{day:02}-");
    let number = store::count_codes(work.tx, &prefix)? + 1;
    Ok(format!("{prefix}{number:03}"))
}
