//! What a rule says beyond its text, for people who read it.

use serde::Serialize;

use crate::book::RuleBook;
use crate::condition::Condition;
use crate::level::Level;
use crate::obligations::duration;
use crate::pack::{Form, Phase, Power, StartEvent, UpdateKind};
use crate::party::Party;
use crate::rule::{FineRow, RuleBody, Step};

/// A level and what leads to it, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelDetail {
    /// Name of the level.
    pub level: String,
    /// The rule's own name for it.
    pub name: String,
    /// Conditions in Chinese words, any of which suffices; none when it is what remains.
    pub any: Vec<String>,
}

/// What a rule says beyond its text. Parts that its kind does not have are empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RuleDetail {
    /// Levels, the gravest first.
    pub levels: Vec<LevelDetail>,
    /// Whether such events have no grade.
    pub ungraded: bool,
    /// Who reports.
    pub from: Vec<String>,
    /// Who is told, all at the same time.
    pub to: Vec<String>,
    /// Form of the report.
    pub form: Option<Form>,
    /// Limit or rhythm in Chinese words; 立即 is at once, 及时 is promptly.
    pub limit: Option<String>,
    /// What starts the clock.
    pub start_event: Option<StartEvent>,
    /// Conditions in Chinese words, any of which suffices.
    pub conditions: Vec<String>,
    /// What an update is about.
    pub update: Option<UpdateKind>,
    /// Who may act.
    pub actors: Vec<String>,
    /// On whom.
    pub targets: Vec<String>,
    /// In which phases.
    pub phases: Vec<Phase>,
    /// How strongly; none where the rule forbids to order.
    pub may: Option<Power>,
    /// What a paper must contain.
    pub items: Vec<String>,
    /// Who prevents.
    pub prevent: Vec<String>,
    /// Who rescues.
    pub rescue: Vec<String>,
    /// How the two are linked.
    pub link: Option<String>,
    /// Fines.
    pub fines: Vec<FineRow>,
}

impl RuleBook {
    /// Says what a rule says beyond its text; names are those of a place.
    pub fn detail(&self, id: &str, division: &str) -> Option<RuleDetail> {
        let rule = self.rule(id)?;
        let content = |id: &Option<String>| id.as_deref().and_then(|id| self.detail(id, division));
        Some(match &rule.body {
            RuleBody::Grade { steps, ungraded } => RuleDetail {
                levels: levels(steps),
                ungraded: *ungraded,
                ..RuleDetail::default()
            },
            RuleBody::Response(steps) => scale(steps),
            RuleBody::Warning(steps) => scale(steps),
            RuleBody::Reporting(reporting) => RuleDetail {
                from: self.party_names(&reporting.from, division),
                to: self.party_names(&reporting.to, division),
                form: Some(reporting.form),
                limit: Some(match (reporting.limit_minutes, reporting.immediately) {
                    (Some(limit), _) => format!("{}内", duration(limit)),
                    (None, true) => "立即".to_owned(),
                    (None, false) => "及时".to_owned(),
                }),
                start_event: Some(reporting.start_event),
                conditions: words(&reporting.any),
                items: content(&reporting.content).unwrap_or_default().items,
                ..RuleDetail::default()
            },
            RuleBody::Update(updating) => RuleDetail {
                from: self.party_names(updating.by.as_slice(), division),
                limit: Some(updating.span.words()),
                start_event: Some(updating.start_event),
                conditions: words(&updating.any),
                update: Some(updating.kind),
                ..RuleDetail::default()
            },
            RuleBody::Authority(rule) => RuleDetail {
                actors: self.body_names(&rule.actors),
                targets: self.body_names(&rule.targets),
                phases: rule.phases.clone(),
                may: rule.may,
                ..RuleDetail::default()
            },
            RuleBody::Content { items, .. } => RuleDetail {
                items: items.to_vec(),
                ..RuleDetail::default()
            },
            RuleBody::Duty(duties) => RuleDetail {
                prevent: self.body_names(&duties.prevent),
                rescue: self.body_names(&duties.rescue),
                link: duties.link.clone(),
                ..RuleDetail::default()
            },
            RuleBody::Fine { rows, .. } => RuleDetail {
                fines: rows.clone(),
                ..RuleDetail::default()
            },
        })
    }

    /// Gives the Chinese names of kinds of bodies.
    pub fn body_names(&self, ids: &[String]) -> Vec<String> {
        let name = |id: &String| {
            self.bodies
                .get(id)
                .map_or_else(|| id.clone(), |body| body.name.clone())
        };
        ids.iter().map(name).collect()
    }

    fn party_names(&self, parties: &[Party], division: &str) -> Vec<String> {
        parties
            .iter()
            .map(|party| self.party_name(party, division))
            .collect()
    }
}

fn words(conditions: &[Condition]) -> Vec<String> {
    conditions
        .iter()
        .map(|condition| condition.readable.clone())
        .collect()
}

fn scale<L: Level>(steps: &[Step<L>]) -> RuleDetail {
    RuleDetail {
        levels: levels(steps),
        ..RuleDetail::default()
    }
}

fn levels<L: Level>(steps: &[Step<L>]) -> Vec<LevelDetail> {
    let detail = |step: &Step<L>| LevelDetail {
        level: step.level.name().to_owned(),
        name: step.name.clone(),
        any: words(&step.any),
    };
    steps.iter().map(detail).collect()
}
