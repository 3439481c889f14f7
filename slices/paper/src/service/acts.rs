//! What people do with a paper once it is drawn.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput};
use anlan_incident::IncidentError;
use anlan_incident::facts::Serial;
use anlan_incident::service::{Acknowledging, ReportUp};
use anlan_ledger::Work;
use anlan_proof::canonical;

use super::{Papers, record};
use crate::carry::{self, Carried};
use crate::error::PaperError;
use crate::facts::{
    Content, Discarded, Edited, Fact, Issued, Received, Returned, Signed, Submitted, TakenIn,
};
use crate::model::{Paper, State};
use crate::rules::{self, Edit};
use crate::store;

/// How the signer was proved to be present, and the text that was shown.
#[derive(Debug, Clone)]
pub struct Presence {
    /// `pin` or `password`.
    pub method: String,
    /// Digest of the text that the signer was shown; absent skips the comparison.
    pub seen_digest: Option<String>,
}

impl Papers {
    /// Digest of a text that can be signed.
    pub fn content_digest(&self, content: &Content) -> Result<String, PaperError> {
        let text =
            canonical::to_string(content).map_err(|error| PaperError::NotGenuine(error.to_string()))?;
        Ok(self.ledger.suite().digest(text.as_bytes()).to_hex())
    }

    /// 修改: changes the text of a draft.
    pub fn edit(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        edit: &Edit,
    ) -> Result<Paper, PaperError> {
        rules::check_edit(edit)?;
        let paper = self.own(work.tx, caller, id, "paper.draft")?;
        rules::require_open(&paper)?;
        let content = rules::apply_edit(&paper.content, edit);
        if content == paper.content {
            return Ok(paper);
        }
        record(work, id, &paper.area, &Fact::Edited(Box::new(Edited { content })))
    }

    /// 送签: the paper goes to the leader on duty.
    pub fn submit(&self, work: &mut Work<'_, '_>, caller: &Caller, id: &str) -> Result<Paper, PaperError> {
        let paper = self.own(work.tx, caller, id, "paper.draft")?;
        if paper.state != State::Draft {
            return Err(PaperError::WrongState(paper.state.word(), "submitted"));
        }
        let findings = self.finding_codes(work, &paper)?;
        record(work, id, &paper.area, &Fact::Submitted(Submitted { findings }))
    }

    /// 退回: the leader sends it back with a reason.
    pub fn send_back(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<Paper, PaperError> {
        check_words("reason", reason, 2)?;
        let paper = self.own(work.tx, caller, id, "paper.sign")?;
        if paper.state != State::Submitted {
            return Err(PaperError::WrongState(paper.state.word(), "sent back"));
        }
        let reason = reason.trim().to_owned();
        record(work, id, &paper.area, &Fact::Returned(Returned { reason }))
    }

    /// 作废: drops a draft.
    pub fn discard(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<Paper, PaperError> {
        check_words("reason", reason, 2)?;
        let paper = self.own(work.tx, caller, id, "paper.draft")?;
        rules::require_open(&paper)?;
        let reason = reason.trim().to_owned();
        record(work, id, &paper.area, &Fact::Discarded(Discarded { reason }))
    }

    /// 签发: the leader on duty signs, and the paper is issued with the same command.
    ///
    /// Whoever calls this has proved the PIN before; here only whether the caller may sign is decided.
    pub fn sign(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        presence: &Presence,
    ) -> Result<Paper, PaperError> {
        let paper = self.own(work.tx, caller, id, "paper.sign")?;
        rules::require_open(&paper)?;
        let content_digest = self.content_digest(&paper.content)?;
        if presence
            .seen_digest
            .as_ref()
            .is_some_and(|seen| *seen != content_digest)
        {
            return Err(PaperError::Changed);
        }
        let findings = self.finding_codes(work, &paper)?;
        let signed = Signed {
            content_digest,
            method: presence.method.clone(),
            findings,
        };
        record(work, id, &paper.area, &Fact::Signed(signed))?;
        self.issue(work, caller, id)
    }

    /// 印发: gives the number, freezes the document and, for a report, reports upward to every addressee at once.
    fn issue(&self, work: &mut Work<'_, '_>, caller: &Caller, id: &str) -> Result<Paper, PaperError> {
        let paper = self.own(work.tx, caller, id, "paper.sign")?;
        if paper.state != State::Signed {
            return Err(PaperError::WrongState(paper.state.word(), "issued"));
        }
        let (year, ..) = work.now.china_date();
        let number = store::last_number(work.tx, &paper.unit.id, &paper.head.series, i32::from(year))? + 1;
        let document = rules::compose(&paper, year, Some(number), work.now);
        let digest = carry::digest(self.ledger.suite(), &document)?;
        let words = format!("{}《{}》", document.number, document.title);
        let issued = Issued {
            year: i32::from(year),
            number,
            document,
            digest,
            sent_to: paper.to.clone(),
        };
        let issued = record(work, id, &paper.area, &Fact::Issued(Box::new(issued)))?;
        self.report_up(work, caller, &issued, &words)?;
        Ok(issued)
    }

    /// The report upward that issuing a 初报, 续报 or 终报 is.
    fn report_up(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        paper: &Paper,
        words: &str,
    ) -> Result<(), PaperError> {
        let (true, Some(incident)) = (paper.reports_up, paper.incident.as_deref()) else {
            return Ok(());
        };
        let report = ReportUp {
            text: words.to_owned(),
            serial: match paper.kind.as_str() {
                "first" => Serial::First,
                "final" => Serial::Final,
                _ => Serial::FollowUp,
            },
            happened: None,
            paper: Some(paper.id.clone()),
        };
        match self.incidents.report_up(work, caller, incident, &report) {
            // A final report may follow the end; a unit at the top has nobody to report to. The paper stands all the same.
            Err(IncidentError::Closed(_) | IncidentError::NoSuperior(_)) => Ok(()),
            outcome => Ok(outcome.map(|_| ())?),
        }
    }

    /// 签收: an addressee has the paper; the report that it is counts as acknowledged.
    pub fn receive(&self, work: &mut Work<'_, '_>, caller: &Caller, id: &str) -> Result<Paper, PaperError> {
        let paper = self.visible(work.tx, caller, id, "paper.receive")?;
        let unit = self.unit_of(work.tx, caller)?;
        if !paper.to.iter().any(|to| to.id == unit.id) {
            return Err(PaperError::NotAddressee);
        }
        if paper.receipt_of(&unit.id).is_some() {
            return Ok(paper);
        }
        let digest = paper
            .digest
            .clone()
            .ok_or(PaperError::WrongState(paper.state.word(), "received"))?;
        let fact = Received {
            unit: unit.clone(),
            route: "online".to_owned(),
            digest,
        };
        let paper = record(work, id, &paper.area, &Fact::Received(fact))?;
        self.acknowledge(work, caller, &paper)?;
        Ok(paper)
    }

    fn acknowledge(&self, work: &mut Work<'_, '_>, caller: &Caller, paper: &Paper) -> Result<(), PaperError> {
        let (true, Some(id)) = (paper.reports_up, paper.incident.as_deref()) else {
            return Ok(());
        };
        let place = Object::in_area(&paper.area);
        if !caller.may("incident.acknowledge", place) {
            return Ok(());
        }
        let Ok(incident) = self
            .incidents
            .visible(work.tx, caller, id, "incident.acknowledge")
        else {
            return Ok(());
        };
        let unit = caller.unit.as_deref();
        let waiting: Vec<u32> = incident
            .reports
            .iter()
            .filter(|report| report.from_unit.id == paper.unit.id)
            .filter(|report| report.waiting().any(|waiting| Some(waiting.id.as_str()) == unit))
            .map(|report| report.number)
            .collect();
        for report in waiting {
            let receipt = Acknowledging {
                report,
                ..Acknowledging::default()
            };
            match self.incidents.acknowledge(work, caller, id, &receipt) {
                Err(IncidentError::Closed(_)) => {}
                outcome => drop(outcome?),
            }
        }
        Ok(())
    }

    /// The paper as it can be carried by hand.
    pub fn carried(&self, paper: &Paper) -> Result<Carried, PaperError> {
        let not_yet = || PaperError::WrongState(paper.state.word(), "carried");
        let (document, digest) = (paper.document.clone(), paper.digest.clone());
        let issued = paper.issued.clone().ok_or_else(not_yet)?;
        let mut carried = Carried {
            format: carry::FORMAT.to_owned(),
            paper: paper.id.clone(),
            incident: paper.incident.clone(),
            incident_code: paper.incident_code.clone(),
            kind: paper.kind.clone(),
            kind_name: paper.kind_name.clone(),
            serial: paper.serial,
            unit: paper.unit.clone(),
            area: paper.area.clone(),
            to: paper.to.clone(),
            issued_at: issued.at,
            issued_by: issued.by,
            origin: self.ledger.origin().to_owned(),
            document: document.ok_or_else(not_yet)?,
            suite: self.ledger.suite().name().to_owned(),
            key: self.ledger.public_key(),
            digest: digest.ok_or_else(not_yet)?,
            signature: String::new(),
        };
        carried.signature = self.ledger.sign(carried.message()?.as_bytes());
        Ok(carried)
    }

    /// 接收入库: takes in what was carried. A paper that is here already, by whatever route, is not doubled.
    ///
    /// `fingerprint` is what the sender said by telephone, needed where the sender's key is not this node's own.
    pub fn take_in(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        carried: Carried,
        fingerprint: Option<&str>,
    ) -> Result<Paper, PaperError> {
        carried.check()?;
        caller.require("paper.take_in", Object::in_area(&carried.area))?;
        let known_key = carried.key == self.ledger.public_key();
        let told = fingerprint.map(|told| told.trim().to_lowercase());
        if !known_key && told.as_deref() != Some(&carried.fingerprint()) {
            return Err(PaperError::UnknownKey(carried.fingerprint()));
        }
        let unit = self.unit_of(work.tx, caller)?;
        let here = match store::load(work.tx, &carried.paper)? {
            Some(here) => Some(here),
            None => store::by_digest(work.tx, &carried.digest)?,
        };
        match here {
            Some(here) if here.digest.as_deref() != Some(&carried.digest) => Err(PaperError::NotGenuine(
                "another paper with this id is here".to_owned(),
            )),
            Some(here) if here.receipt_of(&unit.id).is_some() => Ok(here),
            Some(here) => {
                let fact = Received {
                    unit,
                    route: "carried".to_owned(),
                    digest: carried.digest,
                };
                let here = record(work, &here.id, &here.area, &Fact::Received(fact))?;
                self.acknowledge(work, caller, &here)?;
                Ok(here)
            }
            None => {
                let (id, area) = (carried.paper.clone(), carried.area.clone());
                let digest = carried.digest.clone();
                let fact = TakenIn {
                    carried,
                    digest,
                    known_key,
                    unit,
                };
                record(work, &id, &area, &Fact::TakenIn(Box::new(fact)))
            }
        }
    }

    fn finding_codes(&self, work: &mut Work<'_, '_>, paper: &Paper) -> Result<Vec<String>, PaperError> {
        let findings = self.findings(work.tx, paper)?;
        let mut codes: Vec<String> = findings.into_iter().map(|finding| finding.code).collect();
        codes.dedup();
        Ok(codes)
    }
}

fn check_words(field: &str, words: &str, least: usize) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text(field, words, least, 500);
    checks.finish()
}
