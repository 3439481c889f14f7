//! 核实, 续报, 定级, 办结, and single statements.

use anlan_access::Caller;
use anlan_foundation::Checks;
use anlan_ledger::Work;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Incidents, ReportUp, record};
use crate::error::IncidentError;
use crate::facts::{
    CasualtyStated, Closed, FollowedUp, Graded, Happened, LearnedStated, Serial, TimeStated, Verified,
};
use crate::model::Incident;
use crate::rules;

/// 核实 as it is stated.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Verifying {
    /// `true`, `partly`, `false` or `unverified`.
    pub verdict: String,
    /// In words.
    #[serde(default)]
    pub note: String,
    /// When, if that was before now.
    pub happened: Option<Happened>,
}

/// What has changed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct FollowUp {
    /// In words.
    pub text: String,
    /// New figures.
    #[serde(default)]
    pub casualties: Vec<CasualtyStated>,
    /// Digests of photos that were sent before.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// When it was so, if that was before now.
    pub happened: Option<Happened>,
}

/// 定级 as it is stated.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Grading {
    /// `extraordinary`, `major`, `large`, `ordinary` or `none`.
    pub grade: String,
    /// Why.
    pub reason: String,
    /// Id of the rule it rests on.
    pub rule: Option<String>,
}

/// 办结 as it is stated.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct Closing {
    /// `handled` or `dismissed`.
    pub outcome: String,
    /// In words.
    pub text: String,
    /// When it ended, if that was before now.
    pub happened: Option<Happened>,
}

/// How a unit first came to know.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Learning {
    /// Id of the unit.
    pub unit: String,
    /// `call`, `sensor`, `message`, `resident`, `report`, `enquiry` or `own`.
    pub manner: String,
    /// When, with source and confidence.
    pub time: Happened,
    /// The evidence in words.
    pub evidence: String,
}

impl Incidents {
    /// 核实: states what a check of the facts found.
    pub fn verify(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        found: &Verifying,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "verdict", &found.verdict, &rules::VERDICTS);
        checks.text("note", &found.note, 0, 5_000);
        self.check_time(&mut checks, work, found.happened.as_ref());
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.verify")?;
        let fact = Verified {
            verdict: found.verdict.clone(),
            note: found.note.trim().to_owned(),
            unit: self.unit_of(work.tx, caller)?,
            happened: found.happened.clone(),
        };
        record(work, id, &incident.division, fact)
    }

    /// States what has changed; 续报 to everybody who has the unit's first report. After the end it is a 补报, recorded as such.
    pub fn follow_up(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        news: &FollowUp,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        checks.text("text", &news.text, 1, 5_000);
        rules::check_casualties(&mut checks, &news.casualties);
        self.check_time(&mut checks, work, news.happened.as_ref());
        checks.finish()?;
        let incident = self.heard(work.tx, caller, id, "incident.follow_up")?;
        let unit = self.unit_of(work.tx, caller)?;
        let attachments = self.more_photos(work.tx, caller, &incident, &news.attachments)?;
        let fact = FollowedUp {
            text: news.text.trim().to_owned(),
            casualties: news.casualties.clone(),
            attachments,
            unit: unit.clone(),
            happened: news.happened.clone(),
            supplement: !incident.is_open(),
        };
        let incident = record(work, id, &incident.division, fact)?;
        if incident.reports_of(&unit.id).next().is_none() {
            return self.grow(work, incident);
        }
        let report = ReportUp {
            text: news.text.clone(),
            serial: Serial::FollowUp,
            happened: news.happened.clone(),
            paper: None,
        };
        let incident = self.send(work, &incident, unit, &report)?;
        self.grow(work, incident)
    }

    /// States one figure by one source.
    pub fn state_casualty(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        stated: CasualtyStated,
    ) -> Result<Incident, IncidentError> {
        let incident = self.open(work.tx, caller, id, "incident.follow_up")?;
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "kind", &stated.kind, &rules::CASUALTY_KINDS);
        checks.text("source", &stated.source, 1, 60);
        let plausible = stated.value.is_none_or(|value| value <= 10_000_000);
        checks.require(plausible, "value", "0 to 10000000");
        for (index, number) in stated.supersedes.iter().enumerate() {
            let mut current = incident.current(&stated.kind).into_iter();
            if !current.any(|assertion| assertion.number == *number) {
                checks.fault(
                    format!("supersedes.{index}"),
                    "unknown",
                    "number of a statement of this figure that stands",
                );
            }
        }
        checks.finish()?;
        let incident = record(work, id, &incident.division, stated)?;
        self.grow(work, incident)
    }

    /// States one of the incident's times.
    pub fn state_time(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        stated: TimeStated,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_times(&mut checks, std::slice::from_ref(&stated), work.now);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.follow_up")?;
        record(work, id, &incident.division, stated)
    }

    /// 获悉: states how and when a unit first came to know, with the evidence.
    pub fn state_learned(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        learned: &Learning,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "manner", &learned.manner, &rules::MANNERS);
        checks.text("evidence", &learned.evidence, 1, 1_000);
        rules::check_happened(&mut checks, "time", &learned.time, work.now);
        checks.finish()?;
        let incident = self.visible(work.tx, caller, id, "incident.follow_up")?;
        let fact = LearnedStated {
            unit: self.named_unit(work.tx, "unit", &learned.unit)?,
            manner: learned.manner.clone(),
            time: learned.time.clone(),
            evidence: learned.evidence.trim().to_owned(),
        };
        record(work, id, &incident.division, fact)
    }

    /// 定级: says of what grade the event is, and why.
    pub fn grade(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        grading: &Grading,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "grade", &grading.grade, &rules::GRADES);
        checks.text("reason", &grading.reason, 1, 1_000);
        checks.optional_text("rule", grading.rule.as_deref(), 100);
        checks.finish()?;
        let incident = self.open(work.tx, caller, id, "incident.verify")?;
        let fact = Graded {
            grade: grading.grade.clone(),
            reason: grading.reason.trim().to_owned(),
            rule: grading.rule.clone(),
            unit: self.unit_of(work.tx, caller)?,
        };
        record(work, id, &incident.division, fact)
    }

    /// 办结: ends the work; 终报 to everybody who has the unit's first report.
    pub fn close(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        closing: &Closing,
    ) -> Result<Incident, IncidentError> {
        let mut checks = Checks::new();
        rules::check_choice(&mut checks, "outcome", &closing.outcome, &rules::OUTCOMES);
        checks.text("text", &closing.text, 1, 5_000);
        self.check_time(&mut checks, work, closing.happened.as_ref());
        checks.finish()?;
        let mut incident = self.open(work.tx, caller, id, "incident.close")?;
        let unit = self.unit_of(work.tx, caller)?;
        if incident.reports_of(&unit.id).next().is_some() {
            let report = ReportUp {
                text: closing.text.clone(),
                serial: Serial::Final,
                happened: closing.happened.clone(),
                paper: None,
            };
            incident = self.send(work, &incident, unit, &report)?;
        }
        let fact = Closed {
            outcome: closing.outcome.clone(),
            text: closing.text.trim().to_owned(),
            happened: closing.happened.clone(),
        };
        record(work, id, &incident.division, fact)
    }

    #[expect(clippy::unused_self, reason = "reads as a step of the use cases above")]
    fn check_time(&self, checks: &mut Checks, work: &Work<'_, '_>, time: Option<&Happened>) {
        if let Some(time) = time {
            rules::check_happened(checks, "happened", time, work.now);
        }
    }
}
