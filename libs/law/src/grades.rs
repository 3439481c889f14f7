//! Grades of events, levels of responses and warnings: three questions, never one.

use std::sync::Arc;

use serde::Serialize;

use crate::book::{Holding, Reading, RuleBook, Why};
use crate::condition::{Condition, Outcome};
use crate::facts::{Case, Facts};
use crate::level::{Grade, Level, ResponseLevel, WarningLevel};
use crate::rule::{Rule, RuleBody, RuleHead, RuleKind, Step};

/// The measure of people who cannot be found.
const MISSING: &str = "missing";

/// What one rule says of an event, with its why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelAnswer<L> {
    /// The rule.
    pub rule: Arc<RuleHead>,
    /// The level; none when the event stays below the scale, or has none.
    pub level: Option<L>,
    /// The rule's own name for it, for example 特大型.
    pub name: String,
    /// Whether the rule decides; an unconfirmed one only suggests.
    pub decides: bool,
    /// Whether this rule says that such events have no grade.
    pub ungraded: bool,
    /// Whether people who are missing made the difference.
    pub provisional: bool,
    /// The level without people who are missing.
    pub without_missing: Option<L>,
    /// Measures that are not known and could raise the level.
    pub unknown: Vec<String>,
    /// Why.
    pub why: Why,
}

impl RuleBook {
    /// Gives every grade of an event under every rule that holds, in the order of the packs.
    pub fn grades(&self, case: &Case<'_>) -> Vec<LevelAnswer<Grade>> {
        self.holding(RuleKind::Grade, case.division, Some(case.event_class), case.day)
            .iter()
            .filter_map(|holding| match &holding.rule.body {
                RuleBody::Grade { ungraded: true, .. } => Some(ungraded(holding)),
                RuleBody::Grade { steps, .. } => Some(level(holding, steps, case.facts)),
                _ => None,
            })
            .collect()
    }

    /// Gives the gravest grade that a confirmed rule gives the event.
    pub fn event_grade(&self, case: &Case<'_>) -> Option<LevelAnswer<Grade>> {
        let grades = self.grades(case).into_iter();
        grades
            .filter(|answer| answer.decides && answer.level.is_some())
            .max_by_key(|answer| answer.level)
    }

    /// Gives the level of response that rules of disaster relief set.
    pub fn responses(&self, case: &Case<'_>) -> Vec<LevelAnswer<ResponseLevel>> {
        self.holding(
            RuleKind::Response,
            case.division,
            Some(case.event_class),
            case.day,
        )
        .iter()
        .filter_map(|holding| match &holding.rule.body {
            RuleBody::Response(steps) => Some(level(holding, steps, case.facts)),
            _ => None,
        })
        .collect()
    }

    /// Gives the level of warning that rules set.
    pub fn warnings(&self, case: &Case<'_>) -> Vec<LevelAnswer<WarningLevel>> {
        self.holding(RuleKind::Warning, case.division, Some(case.event_class), case.day)
            .iter()
            .filter_map(|holding| match &holding.rule.body {
                RuleBody::Warning(steps) => Some(level(holding, steps, case.facts)),
                _ => None,
            })
            .collect()
    }
}

fn ungraded(holding: &Holding<'_>) -> LevelAnswer<Grade> {
    let nothing = Facts::default();
    let reading = reading(&nothing, None);
    LevelAnswer {
        rule: Arc::clone(&holding.rule.head),
        level: None,
        name: String::new(),
        decides: holding.rule.head.decides(),
        ungraded: true,
        provisional: false,
        without_missing: None,
        unknown: Vec::new(),
        why: Why::new(&[], &reading, &holding.displaced),
    }
}

fn level<L: Level>(holding: &Holding<'_>, steps: &[Step<L>], facts: &Facts) -> LevelAnswer<L> {
    let all = reading(facts, None);
    let found = reached(steps, &all);
    let level = found.as_ref().map(|(step, _)| step.level);
    let without = reached(steps, &reading(facts, Some(MISSING))).map(|(step, _)| step.level);
    let (name, conditions) = match &found {
        Some((step, conditions)) => (step.name.clone(), conditions.as_slice()),
        None => (String::new(), [].as_slice()),
    };
    LevelAnswer {
        rule: Arc::clone(&holding.rule.head),
        level,
        name,
        decides: holding.rule.head.decides(),
        ungraded: false,
        provisional: without != level,
        without_missing: without,
        unknown: unknown(steps, level, &all),
        why: Why::new(conditions, &all, &holding.displaced),
    }
}

impl Rule {
    /// The grade by this rule.
    pub(crate) fn grade(&self, facts: &Facts) -> Option<Grade> {
        match &self.body {
            RuleBody::Grade { steps, .. } => Some(reached(steps, &reading(facts, None))?.0.level),
            _ => None,
        }
    }
}

fn reading<'f>(facts: &'f Facts, hidden: Option<&'static str>) -> Reading<'f> {
    Reading {
        facts,
        grade: None,
        hidden,
    }
}

/// Gives the gravest level whose conditions hold, and those that hold.
fn reached<'s, L: Level>(
    steps: &'s [Step<L>],
    reading: &Reading<'_>,
) -> Option<(&'s Step<L>, Vec<&'s Condition>)> {
    steps.iter().find_map(|step| {
        let holding = reading.holding(&step.any);
        (step.otherwise || !holding.is_empty()).then_some((step, holding))
    })
}

/// Names the measures that are not known and could lead to a graver level.
fn unknown<L: Level>(steps: &[Step<L>], level: Option<L>, reading: &Reading<'_>) -> Vec<String> {
    let known = |measure: &str| reading.get(measure);
    let mut names: Vec<String> = Vec::new();
    let graver = steps
        .iter()
        .filter(|step| level.is_none_or(|level| step.level > level));
    for condition in graver.flat_map(|step| &step.any) {
        if condition.check(&known) != Outcome::Unknown {
            continue;
        }
        for measure in condition.measures().filter(|measure| known(measure).is_none()) {
            if !names.iter().any(|name| name == measure) {
                names.push(measure.to_owned());
            }
        }
    }
    names
}
