//! Experts: ranked for an incident, asked, answering, appraised.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::Work;
use anlan_store::Tx;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Resources, missing, standing};
use crate::error::ResourceError;
use crate::facts::{self, AdviceAnswered, AdviceAppraised, AdviceAsked};
use crate::model::{Advice, AdviceState, Readiness};
use crate::rules::ranking::{self, Ranked, Wanted};
use crate::store;

/// A question to an expert.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Asking {
    /// Record of the expert.
    pub expert: String,
    /// 2 to 2000 characters.
    pub question: String,
    /// Companies and persons concerned, against which interests are held.
    #[serde(default)]
    pub parties: Vec<String>,
}

/// What the expert said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = AdviceAnswer)]
pub struct Answering {
    /// The advice, or why there is none; 2 to 5000 characters.
    pub answer: String,
    /// Whether the expert declined.
    #[serde(default)]
    pub declined: bool,
}

/// 用后评价.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Appraising {
    /// 1 to 5.
    pub score: u64,
    /// In words, up to 500 characters.
    #[serde(default)]
    pub words: String,
}

impl Resources {
    /// Ranks the experts that the caller may see for an incident.
    pub fn rank_experts(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        incident: &str,
        parties: &[String],
    ) -> Result<Vec<Ranked>, ResourceError> {
        let incident = self.incidents.visible(tx, caller, incident, "incident.read")?;
        let wanted = Wanted {
            event_class: incident.event_class.clone(),
            at: incident.point.as_ref().map(|point| (point.lon, point.lat)),
            parties: named(parties),
        };
        let mut experts = Vec::new();
        for scope in super::scopes(caller, "resource.read", "") {
            experts.extend(store::experts(tx, &scope)?);
        }
        Ok(ranking::rank(&self.rules.registers, &wanted, &experts))
    }

    /// 征询: asks an expert; what was asked, and why this expert, is recorded on the incident.
    pub fn ask(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        incident: &str,
        asking: &Asking,
    ) -> Result<Advice, ResourceError> {
        let mut checks = Checks::new();
        checks.text("question", &asking.question, 2, 2_000);
        checks.require(asking.parties.len() <= 20, "parties", "at most 20");
        checks.finish()?;
        let matter = self
            .incidents
            .visible(work.tx, caller, incident, "incident.read")?;
        caller.require("resource.advise", Object::in_area(&matter.division))?;
        let expert = standing(work.tx, caller, &asking.expert, "resource.read")?;
        if expert.entry.kind != "expert" {
            return Err(InvalidInput::one("expert", "unknown", "an expert of the register").into());
        }
        if let Some(interest) = ranking::conflict(&expert, &named(&asking.parties)) {
            return Err(ResourceError::Conflict(interest.to_owned()));
        }
        if expert.entry.readiness != Readiness::Standby {
            return Err(ResourceError::WrongState(expert.entry.readiness.word(), "asked"));
        }
        let ranked = self.rank_experts(work.tx, caller, incident, &asking.parties)?;
        let reasons = ranked
            .into_iter()
            .find(|ranked| ranked.id == expert.id)
            .map(|ranked| ranked.reasons)
            .unwrap_or_default();
        let words = |reason: ranking::Reason| {
            format!(
                "{} {} {:.2} {}",
                reason.factor, reason.case, reason.value, reason.words
            )
        };
        let fact = AdviceAsked {
            incident: incident.to_owned(),
            expert: expert.id.clone(),
            expert_name: expert.entry.name.clone(),
            question: asking.question.trim().to_owned(),
            unit: self.incidents.unit_of(work.tx, caller)?,
            reasons: reasons.into_iter().map(words).collect(),
        };
        let id = work.ids().next().to_string();
        work.record(&stream(&id), facts::ADVICE_ASKED, &matter.division, &fact)?;
        load(work, &id)
    }

    /// What the expert said is recorded on the incident.
    pub fn answer(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        answering: &Answering,
    ) -> Result<Advice, ResourceError> {
        let mut checks = Checks::new();
        checks.text("answer", &answering.answer, 2, 5_000);
        checks.finish()?;
        let advice = open(work, caller, id)?;
        if advice.state != AdviceState::Asked {
            return Err(ResourceError::WrongState("answered", "answered again"));
        }
        let fact = AdviceAnswered {
            incident: advice.incident.clone(),
            expert_name: advice.expert_name.clone(),
            answer: answering.answer.trim().to_owned(),
            declined: answering.declined,
        };
        work.record(&stream(id), facts::ADVICE_ANSWERED, &advice.area, &fact)?;
        load(work, id)
    }

    /// 用后评价: how good the advice was; it counts at the next ranking.
    pub fn appraise(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        appraising: &Appraising,
    ) -> Result<Advice, ResourceError> {
        let mut checks = Checks::new();
        checks.require((1..=5).contains(&appraising.score), "score", "1 to 5");
        checks.text("words", &appraising.words, 0, 500);
        checks.finish()?;
        let advice = open(work, caller, id)?;
        if advice.state != AdviceState::Given {
            return Err(ResourceError::WrongState(
                "not answered, or appraised",
                "appraised",
            ));
        }
        let fact = AdviceAppraised {
            incident: advice.incident.clone(),
            expert_name: advice.expert_name.clone(),
            score: appraising.score,
            words: appraising.words.trim().to_owned(),
        };
        work.record(&stream(id), facts::ADVICE_APPRAISED, &advice.area, &fact)?;
        load(work, id)
    }
}

/// Parties without empty names.
fn named(parties: &[String]) -> Vec<String> {
    let trimmed = parties.iter().map(|party| party.trim().to_owned());
    trimmed.filter(|party| !party.is_empty()).collect()
}

fn stream(id: &str) -> String {
    format!("advice/{id}")
}

fn open(work: &mut Work<'_, '_>, caller: &Caller, id: &str) -> Result<Advice, ResourceError> {
    let advice = load(work, id)?;
    let place = Object::in_area(&advice.area);
    if !caller.may("resource.read", place) {
        return Err(missing("advice", id));
    }
    caller.require("resource.advise", place)?;
    Ok(advice)
}

fn load(work: &mut Work<'_, '_>, id: &str) -> Result<Advice, ResourceError> {
    store::load_advice(work.tx, id)?.ok_or_else(|| missing("advice", id))
}
