//! The rules in force, and which of them hold for a place, a day and a class of events.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::{Day, Holidays};
use crate::condition::{Condition, GRADE, Outcome};
use crate::facts::{Case, Facts, Measure, MeasureKind};
use crate::level::Grade;
use crate::load::ByKind;
use crate::pack::{Confidence, PackAbout};
use crate::party::{Body, Party, PartyName, Place};
use crate::rule::{Rule, RuleHead, RuleKind};

/// The limit of a unit's first report to its superior.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingRule {
    /// Stable id.
    pub id: String,
    /// Where it stands.
    pub clause: String,
    /// What it says.
    pub text: String,
    /// The limit.
    pub limit_minutes: u32,
    /// What starts the clock: `occurred`, `learned` or `received`.
    pub start_event: String,
}

/// All rules in force, compiled.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    pub(crate) rules: Vec<Rule>,
    pub(crate) ids: BTreeMap<String, usize>,
    pub(crate) kinds: ByKind,
    pub(crate) measures: BTreeMap<String, Measure>,
    pub(crate) measure_order: Vec<String>,
    pub(crate) bodies: BTreeMap<String, Body>,
    pub(crate) names: Vec<PartyName>,
    pub(crate) places: Vec<Place>,
    pub(crate) packs: Vec<PackAbout>,
    pub(crate) holidays: Holidays,
    pub(crate) holiday_sources: Vec<(String, Confidence)>,
    pub(crate) ladder: BTreeMap<String, ReportingRule>,
}

/// A rule that holds, and those it displaces.
pub(crate) struct Holding<'b> {
    pub(crate) rule: &'b Rule,
    pub(crate) displaced: Vec<Arc<RuleHead>>,
}

/// A fact that no rule can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactProblem {
    /// Name of the measure.
    pub measure: String,
    /// What was expected.
    pub expected: String,
}

impl RuleBook {
    pub(crate) fn index(&mut self) {
        for (at, rule) in self.rules.iter().enumerate() {
            self.kinds.entry(rule.head.kind).or_default().push(at);
        }
    }

    /// Lists the heads of all rules, in the order of their packs.
    pub fn heads(&self) -> impl Iterator<Item = &Arc<RuleHead>> {
        self.rules.iter().map(|rule| &rule.head)
    }

    /// Finds a rule by its id.
    pub fn head(&self, id: &str) -> Option<&Arc<RuleHead>> {
        self.rule(id).map(|rule| &rule.head)
    }

    pub(crate) fn rule(&self, id: &str) -> Option<&Rule> {
        self.ids.get(id).and_then(|at| self.rules.get(*at))
    }

    /// Lists the packs.
    pub fn packs(&self) -> &[PackAbout] {
        &self.packs
    }

    /// Lists the measures that rules may read, in the order in which packs define them.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measure_order.iter().filter_map(|id| self.measures.get(id))
    }

    /// Lists the places for which there are rules.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Names the measures that rules read which hold for a place, a day and a class of events.
    pub fn measures_for(&self, division: &str, event_class: &str, day: Day) -> Vec<&Measure> {
        let kinds = [
            RuleKind::Grade,
            RuleKind::Response,
            RuleKind::Warning,
            RuleKind::Reporting,
            RuleKind::Update,
        ];
        let mut read = std::collections::BTreeSet::new();
        for kind in kinds {
            for found in self.holding(kind, division, Some(event_class), day) {
                read.extend(found.rule.measures());
            }
        }
        self.measures()
            .filter(|measure| read.contains(measure.id.as_str()))
            .collect()
    }

    /// Lists the kinds of bodies.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.bodies.values()
    }

    /// Gives what a party is called in a place, else its level and its kind.
    pub fn party_name(&self, party: &Party, division: &str) -> String {
        let named = self
            .names
            .iter()
            .filter(|name| name.party == *party && division.starts_with(&name.jurisdiction))
            .max_by_key(|name| name.jurisdiction.len());
        if let Some(named) = named {
            return named.name.clone();
        }
        let body = self
            .bodies
            .get(&party.body)
            .map_or(party.body.as_str(), |body| body.name.as_str());
        format!("{}{body}", party.level.name())
    }

    /// Checks facts that came from outside; what is well formed can be evaluated.
    pub fn check_facts(&self, facts: &Facts) -> Vec<FactProblem> {
        let expected = |measure: &str, value: f64| match self.measures.get(measure).map(|known| known.kind) {
            None => Some("a measure that a pack defines"),
            Some(_) if !value.is_finite() || value < 0.0 => Some("a number from 0"),
            Some(MeasureKind::Count) if value.fract() != 0.0 => Some("a whole number"),
            Some(MeasureKind::Flag) if value > 1.0 => Some("0 for no or 1 for yes"),
            Some(_) => None,
        };
        let problems = facts
            .iter()
            .filter_map(|(measure, value)| expected(measure, value).map(|expected| (measure, expected)));
        problems
            .map(|(measure, expected)| FactProblem {
                measure: measure.to_owned(),
                expected: expected.to_owned(),
            })
            .collect()
    }

    /// The rules of a kind that hold in a place on a day, for a class of events when one is given.
    ///
    /// Of confirmed rules with one topic, the one with the most specific place decides, then the most specific class,
    /// then the youngest, then that of the later pack; the others are displaced. Unconfirmed rules displace nothing.
    pub(crate) fn holding(
        &self,
        kind: RuleKind,
        division: &str,
        event_class: Option<&str>,
        day: Day,
    ) -> Vec<Holding<'_>> {
        let candidates = self.kinds.get(&kind).into_iter().flatten();
        let mut found: Vec<(usize, &Rule)> = candidates
            .filter_map(|at| Some((*at, self.rules.get(*at)?)))
            .filter(|(_, rule)| rule.head.holds(division, day))
            .filter(|(_, rule)| event_class.is_none_or(|class| rule.head.is_for(class)))
            .collect();
        let class = event_class.unwrap_or_default();
        found.sort_by(|(left_at, left), (right_at, right)| {
            let rank = |at: usize, head: &RuleHead| {
                let specific = (head.jurisdiction.len(), head.class_specificity(class));
                (Reverse(head.decides()), Reverse((specific, head.valid_from, at)))
            };
            (left.head.topic.as_str(), rank(*left_at, &left.head))
                .cmp(&(right.head.topic.as_str(), rank(*right_at, &right.head)))
        });
        let mut holding: Vec<(usize, Holding<'_>)> = Vec::new();
        for (at, rule) in found {
            match holding.last_mut() {
                Some((_, first))
                    if first.rule.head.topic == rule.head.topic
                        && first.rule.head.decides()
                        && rule.head.decides() =>
                {
                    first.displaced.push(Arc::clone(&rule.head));
                }
                _ => holding.push((
                    at,
                    Holding {
                        rule,
                        displaced: Vec::new(),
                    },
                )),
            }
        }
        holding.sort_by_key(|(at, _)| *at);
        holding.into_iter().map(|(_, holding)| holding).collect()
    }

    /// The rule that decides how soon a unit in a division must make its first report to its superior about a class of
    /// events on a day (`YYYY-MM-DD`).
    pub fn reporting(&self, division: &str, event_class: &str, day: &str) -> Option<&ReportingRule> {
        let day: Day = day.parse().ok()?;
        let ladder = |rule: &Rule| self.ladder.get(&rule.head.id).filter(|_| rule.head.decides());
        self.holding(RuleKind::Reporting, division, Some(event_class), day)
            .into_iter()
            .filter_map(|holding| Some((holding.rule.head.jurisdiction.len(), ladder(holding.rule)?)))
            .max_by_key(|(specific, _)| *specific)
            .map(|(_, rule)| rule)
    }
}

/// Says why an answer is what it is.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Why {
    /// The conditions that led to it, as the pack has them.
    pub conditions: Vec<String>,
    /// The same in words, Chinese.
    pub readable: Vec<String>,
    /// The facts they read.
    pub inputs: BTreeMap<String, f64>,
    /// Ids of the rules that a more specific one displaced.
    pub displaced: Vec<String>,
}

impl Why {
    /// Puts the why together.
    pub(crate) fn new(conditions: &[&Condition], reading: &Reading<'_>, displaced: &[Arc<RuleHead>]) -> Self {
        let mut inputs = BTreeMap::new();
        for measure in conditions.iter().flat_map(|condition| condition.measures()) {
            if let Some(value) = reading.get(measure) {
                inputs.insert(measure.to_owned(), value);
            }
        }
        Self {
            conditions: conditions
                .iter()
                .map(|condition| condition.source.clone())
                .collect(),
            readable: conditions
                .iter()
                .map(|condition| condition.readable.clone())
                .collect(),
            inputs,
            displaced: displaced.iter().map(|head| head.id.clone()).collect(),
        }
    }
}

/// Reads facts, and the grade beside them.
pub(crate) struct Reading<'f> {
    pub(crate) facts: &'f Facts,
    pub(crate) grade: Option<Grade>,
    /// A measure that counts as not known.
    pub(crate) hidden: Option<&'static str>,
}

impl Reading<'_> {
    pub(crate) fn get(&self, measure: &str) -> Option<f64> {
        if measure == GRADE {
            return self.grade.map(|grade| f64::from(grade.rank()));
        }
        self.facts.get(measure).filter(|_| self.hidden != Some(measure))
    }

    /// Gives the conditions that hold; none are asked for when there are none to hold.
    pub(crate) fn holding<'c>(&self, any: &'c [Condition]) -> Vec<&'c Condition> {
        let holds = |condition: &&Condition| condition.check(&|measure| self.get(measure)) == Outcome::Yes;
        any.iter().filter(holds).collect()
    }
}

impl RuleBook {
    /// Says a condition in Chinese words.
    pub(crate) fn readable(&self, condition: &Condition) -> String {
        condition.words(&|measure| match self.measures.get(measure) {
            Some(known) => (known.name.clone(), known.unit.clone()),
            None => ("事件等级".to_owned(), String::new()),
        })
    }

    /// The gravest grade that confirmed rules give a case.
    pub(crate) fn worst(&self, case: &Case<'_>) -> Option<Grade> {
        let holding = self.holding(RuleKind::Grade, case.division, Some(case.event_class), case.day);
        let decided = holding.iter().filter(|holding| holding.rule.head.decides());
        decided.filter_map(|holding| holding.rule.grade(case.facts)).max()
    }
}
