//! Who may order, ask or tell whom; who prevents and who rescues; what papers contain; fines.

use std::sync::Arc;

use serde::Serialize;

use crate::book::RuleBook;
use crate::calendar::Day;
use crate::level::Grade;
use crate::pack::{Phase, Power};
use crate::rule::{Authorising, FineRow, RuleBody, RuleHead, RuleKind};

/// May this body move that one?
#[derive(Debug, Clone)]
pub struct AuthorityQuestion<'q> {
    /// Kind of the body that wants to act, for example `command_body`.
    pub actor: &'q str,
    /// Kind of the body that is to act for it, for example `fire_rescue`.
    pub target: &'q str,
    /// Phase.
    pub phase: Phase,
    /// Class of the event, five digits.
    pub event_class: &'q str,
    /// Division where it happened.
    pub division: &'q str,
    /// The day it happened.
    pub day: Day,
}

/// What one body may do towards another, with the clauses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuthorityAnswer {
    /// The strongest power; none when no confirmed rule gives any.
    pub power: Option<Power>,
    /// The rule that gives it.
    pub granted_by: Option<Arc<RuleHead>>,
    /// The rule that forbids to order.
    pub refused_by: Option<Arc<RuleHead>>,
    /// Lesser powers, each with its rule.
    pub also: Vec<(Power, Arc<RuleHead>)>,
    /// What unconfirmed rules suggest.
    pub suggested: Vec<(Power, Arc<RuleHead>)>,
}

/// Who prevents and who rescues, for a class of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DutyAnswer {
    /// The rule.
    pub rule: Arc<RuleHead>,
    /// Whether the rule decides.
    pub decides: bool,
    /// Kinds of bodies that prevent.
    pub prevent: Vec<String>,
    /// Kinds of bodies that rescue.
    pub rescue: Vec<String>,
    /// How the two are linked.
    pub link: Option<String>,
}

/// What a paper must contain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContentAnswer {
    /// The rule.
    pub rule: Arc<RuleHead>,
    /// Whether the rule decides.
    pub decides: bool,
    /// The items.
    pub items: Vec<String>,
}

/// The range of fines for an offence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FineAnswer {
    /// The rule.
    pub rule: Arc<RuleHead>,
    /// Whether the rule decides.
    pub decides: bool,
    /// The range.
    pub row: FineRow,
    /// Ids of the rules it displaces.
    pub displaced: Vec<String>,
}

impl RuleBook {
    /// Tells what one body may do towards another. What no rule grants is not granted.
    pub fn authority(&self, question: &AuthorityQuestion<'_>) -> AuthorityAnswer {
        let class = Some(question.event_class);
        let holding = self.holding(RuleKind::Authority, question.division, class, question.day);
        let mut granted = Vec::new();
        let mut suggested = Vec::new();
        let mut refused_by = None;
        for found in &holding {
            let RuleBody::Authority(rule) = &found.rule.body else {
                continue;
            };
            if !rule.is_about(question) {
                continue;
            }
            let head = Arc::clone(&found.rule.head);
            match rule.may {
                Some(power) if head.decides() => granted.push((power, head)),
                Some(power) => suggested.push((power, head)),
                None if head.decides() => refused_by = refused_by.or(Some(head)),
                None => {}
            }
        }
        if refused_by.is_some() {
            granted.retain(|(power, _)| *power != Power::Order);
        }
        // The strongest first; of equals that which the packs name first.
        granted.sort_by_key(|(power, _)| std::cmp::Reverse(*power));
        let mut granted = granted.into_iter();
        let first = granted.next();
        AuthorityAnswer {
            power: first.as_ref().map(|(power, _)| *power),
            granted_by: first.map(|(_, head)| head),
            refused_by,
            also: granted.collect(),
            suggested,
        }
    }

    /// Tells who prevents and who rescues.
    pub fn duties(&self, division: &str, event_class: &str, day: Day) -> Vec<DutyAnswer> {
        let holding = self.holding(RuleKind::Duty, division, Some(event_class), day);
        let answers = holding.iter().filter_map(|found| match &found.rule.body {
            RuleBody::Duty(duties) => Some(DutyAnswer {
                rule: Arc::clone(&found.rule.head),
                decides: found.rule.head.decides(),
                prevent: duties.prevent.clone(),
                rescue: duties.rescue.clone(),
                link: duties.link.clone(),
            }),
            _ => None,
        });
        answers.collect()
    }

    /// Tells what a paper must contain, for example `warning` or `response_start`.
    pub fn contents(&self, purpose: &str, division: &str, event_class: &str, day: Day) -> Vec<ContentAnswer> {
        let holding = self.holding(RuleKind::Content, division, Some(event_class), day);
        let answers = holding.iter().filter_map(|found| match &found.rule.body {
            RuleBody::Content {
                purpose: about,
                items,
            } if about == purpose => Some(ContentAnswer {
                rule: Arc::clone(&found.rule.head),
                decides: found.rule.head.decides(),
                items: items.to_vec(),
            }),
            _ => None,
        });
        answers.collect()
    }

    /// Tells the fines for an offence in an accident of a grade, for example `accident.unit`.
    pub fn fines(&self, offence: &str, grade: Grade, division: &str, day: Day) -> Vec<FineAnswer> {
        let holding = self.holding(RuleKind::Fine, division, None, day);
        let answers = holding.iter().filter_map(|found| match &found.rule.body {
            RuleBody::Fine { offence: about, rows } if about == offence => Some(FineAnswer {
                rule: Arc::clone(&found.rule.head),
                decides: found.rule.head.decides(),
                row: rows.iter().find(|row| row.grade == grade)?.clone(),
                displaced: found.displaced.iter().map(|head| head.id.clone()).collect(),
            }),
            _ => None,
        });
        answers.collect()
    }
}

impl Authorising {
    fn is_about(&self, question: &AuthorityQuestion<'_>) -> bool {
        let names = |bodies: &[String], wanted: &str| bodies.iter().any(|body| body == wanted);
        names(&self.actors, question.actor)
            && names(&self.targets, question.target)
            && self.phases.contains(&question.phase)
    }
}
