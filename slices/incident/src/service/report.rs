//! 上报, 签收, 询问: what goes from unit to unit.

use anlan_access::Caller;
use anlan_foundation::Checks;
use anlan_ledger::Work;
use anlan_store::Tx;
use serde::Deserialize;
use utoipa::ToSchema;

use super::law::Event;
use super::{Incidents, check_words, record};
use crate::error::IncidentError;
use crate::facts::{Acknowledged, Enquired, Happened, ReportedUp, Serial, TimeStated};
use crate::model::{Incident, UnitRef};
use crate::rules::{self, Clock};

/// A report upward as it is made. The facts go along by themselves.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ReportUp {
    /// Words added to the facts.
    #[serde(default)]
    pub text: String,
    /// `first` 初报, `follow_up` 续报 or `final` 终报; a unit's first report is 初报 whatever is asked for.
    #[serde(default)]
    pub serial: Serial,
    /// When it was told, if that was before now, for example by telephone.
    pub happened: Option<Happened>,
    /// Id of the paper it goes out with.
    pub paper: Option<String>,
}

/// A receipt as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Acknowledging {
    /// Number of the report within the incident.
    pub report: u32,
    /// The receiver, when the sender records what it said; otherwise the caller's own unit.
    pub unit: Option<String>,
    /// Who said so for the receiver, when the sender records it.
    pub told_by: Option<String>,
    /// When, if that was before now.
    pub happened: Option<Happened>,
}

impl Incidents {
    /// 上报: the caller's unit reports to everybody it must, in one act; they then owe their own superiors in turn.
    pub fn report_up(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        report: &ReportUp,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        checks.text("text", &report.text, 0, 5_000);
        checks.optional_text("paper", report.paper.as_deref(), 64);
        if let Some(time) = &report.happened {
            rules::check_happened(&mut checks, "happened", time, work.now);
        }
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.report")?;
        let from_unit = self.unit_of(work.tx, caller)?;
        self.send(work, &incident, from_unit, report)
    }

    /// Sends a report that was checked before.
    pub(super) fn send(
        &self,
        work: &mut Work<'_, '_>,
        incident: &Incident,
        from_unit: UnitRef,
        report: &ReportUp,
    ) -> Result<Incident, IncidentError> {
        let event = Event::of(incident);
        let to_units = self.receivers(work.tx, &from_unit, &event)?;
        if to_units.is_empty() {
            return Err(IncidentError::NoSuperior(from_unit.name));
        }
        let (serial, ordinal) = rules::next_serial(incident, &from_unit.id, report.serial);
        let figures = rules::reported_figures(incident);
        let changes = rules::changes(incident, &from_unit.id, &figures);
        let times: Vec<TimeStated> = incident.times.iter().map(|time| time.stated.clone()).collect();
        let occurred: Vec<TimeStated> = times.into_iter().filter(|time| time.kind == "occurred").collect();
        // The receiver's clock starts when it receives, unless its rule counts from the event itself.
        let clock = Clock {
            times: &occurred,
            received: work.now,
            stages: self.directory.stages(),
        };
        let mut owes = Vec::new();
        for receiver in &to_units {
            let asked = self.owed_by(work.tx, receiver, &event, &clock)?;
            owes.extend(rules::not_yet_owed(incident, asked));
        }
        let fact = ReportedUp {
            from_unit,
            to_units,
            serial,
            ordinal,
            text: report.text.trim().to_owned(),
            figures,
            changes,
            owes,
            happened: report.happened.clone(),
            paper: report.paper.clone(),
        };
        record(work, &incident.id, &incident.division, fact)
    }

    /// 签收: acknowledges a report, as its receiver, or as its sender who was told so by name.
    pub fn acknowledge(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        receipt: &Acknowledging,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        checks.optional_text("told_by", receipt.told_by.as_deref(), 60);
        if let Some(time) = &receipt.happened {
            rules::check_happened(&mut checks, "happened", time, work.now);
        }
        checks.finish()?;
        let incident = self.heard(work.tx, caller, id, "incident.acknowledge")?;
        let own = self.unit_of(work.tx, caller)?;
        let (unit, told_by) = receiver(&incident, &own, receipt)?;
        let fact = Acknowledged {
            report: receipt.report,
            unit,
            told_by,
            happened: receipt.happened.clone(),
        };
        record(work, id, &incident.division, fact)
    }

    /// 询问: asks a unit about the incident, which is evidence that the unit knew of it from then on.
    pub fn enquire(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        (to, text): (&str, &str),
        happened: Option<Happened>,
    ) -> Result<Incident, IncidentError> {
        check_words("text", text, 1)?;
        if let Some(time) = &happened {
            let mut checks = Checks::new();
            rules::check_happened(&mut checks, "happened", time, work.now);
            checks.finish()?;
        }
        let incident = self.open(work.tx, caller, id, "incident.follow_up")?;
        let fact = Enquired {
            from_unit: self.unit_of(work.tx, caller)?,
            to_unit: self.named_unit(work.tx, "to", to)?,
            text: text.trim().to_owned(),
            happened,
        };
        record(work, id, &incident.division, fact)
    }

    /// Whether a unit has anybody to report an incident to.
    pub fn reports_to_anybody(
        &self,
        tx: &mut Tx<'_>,
        unit: &str,
        incident: &Incident,
    ) -> Result<bool, IncidentError> {
        let Some(unit) = self.directory.unit(tx, unit)? else {
            return Ok(false);
        };
        Ok(!self.receivers(tx, &unit, &Event::of(incident))?.is_empty())
    }
}

/// Who acknowledges: the caller's unit where the report went to it, or the one the sender was told by.
fn receiver(
    incident: &Incident,
    own: &UnitRef,
    receipt: &Acknowledging,
) -> Result<(UnitRef, Option<String>), IncidentError> {
    let missing = || IncidentError::NoSuchReport(receipt.report);
    let mut reports = incident.reports.iter();
    let report = reports
        .find(|report| report.number == receipt.report)
        .ok_or_else(missing)?;
    if report.to_units.iter().any(|unit| unit.id == own.id) {
        let waiting = report.waiting().any(|unit| unit.id == own.id);
        return waiting.then(|| (own.clone(), None)).ok_or_else(missing);
    }
    let told_by = receipt
        .told_by
        .as_deref()
        .map(str::trim)
        .filter(|by| !by.is_empty());
    let (Some(told_by), true) = (told_by, report.from_unit.id == own.id) else {
        return Err(if report.waiting().next().is_none() {
            missing()
        } else {
            IncidentError::NotAddressee(receipt.report)
        });
    };
    let wanted = receipt.unit.as_deref();
    let unit = report
        .waiting()
        .find(|unit| wanted.is_none_or(|wanted| unit.id == wanted))
        .ok_or_else(missing)?;
    Ok((unit.clone(), Some(told_by.to_owned())))
}
