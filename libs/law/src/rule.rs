//! Compiled rules.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::condition::Condition;
use crate::level::{Grade, ResponseLevel, WarningLevel};
use crate::pack::{Confidence, Form, Phase, Power, StartEvent, UpdateKind};
use crate::party::Party;

/// Says what a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Grades an event.
    Grade,
    /// Sets the level of a response.
    Response,
    /// Sets the level of a warning.
    Warning,
    /// Says who reports to whom, and how soon.
    Reporting,
    /// Says what follows a first report, and when.
    Update,
    /// Says who may order, ask or tell whom.
    Authority,
    /// Says what a paper must contain.
    Content,
    /// Says who prevents and who rescues.
    Duty,
    /// Sets fines.
    Fine,
}

/// What every rule says of itself; the "why" of every answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleHead {
    /// Stable id.
    pub id: String,
    /// What it is about.
    pub kind: RuleKind,
    /// Where it stands, for example `国务院令第493号 第三条`.
    pub clause: String,
    /// What it says, in the words of its source.
    pub text: String,
    /// Division code it holds in; empty holds everywhere.
    pub jurisdiction: String,
    /// First day.
    pub valid_from: Day,
    /// Last day.
    pub valid_to: Option<Day>,
    /// How far it is trusted.
    pub confidence: Confidence,
    /// Prefixes of the event classes it is for; empty is all.
    pub event_classes: Vec<String>,
    /// Prefixes of the event classes it is not for.
    pub not_classes: Vec<String>,
    /// Of the rules with one topic, the most specific one decides.
    pub topic: String,
    /// A remark on its source or its reading.
    pub note: Option<String>,
    /// Id of its pack.
    pub pack: String,
    /// File of its pack.
    pub file: String,
    /// Line in that file.
    pub line: usize,
}

impl RuleHead {
    /// Tells whether it may decide.
    pub fn decides(&self) -> bool {
        self.confidence == Confidence::Confirmed
    }

    /// Tells whether it holds in a place on a day.
    pub fn holds(&self, division: &str, day: Day) -> bool {
        division.starts_with(&self.jurisdiction)
            && day >= self.valid_from
            && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Tells whether it is for a class of events.
    pub fn is_for(&self, event_class: &str) -> bool {
        let named = |prefixes: &[String]| {
            prefixes
                .iter()
                .any(|prefix| event_class.starts_with(prefix.as_str()))
        };
        (self.event_classes.is_empty() || named(&self.event_classes)) && !named(&self.not_classes)
    }

    /// Gives the length of the longest class prefix that names a class.
    pub(crate) fn class_specificity(&self, event_class: &str) -> usize {
        let naming = self
            .event_classes
            .iter()
            .filter(|prefix| event_class.starts_with(prefix.as_str()));
        naming.map(String::len).max().unwrap_or_default()
    }
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) head: Arc<RuleHead>,
    pub(crate) body: RuleBody,
}

impl Rule {
    /// Names the measures that its conditions read.
    pub(crate) fn measures(&self) -> Vec<&str> {
        fn of<L>(steps: &[Step<L>]) -> Vec<&Condition> {
            steps.iter().flat_map(|step| &step.any).collect()
        }
        let conditions = match &self.body {
            RuleBody::Grade { steps, .. } => of(steps),
            RuleBody::Response(steps) => of(steps),
            RuleBody::Warning(steps) => of(steps),
            RuleBody::Reporting(reporting) => reporting.any.iter().collect(),
            RuleBody::Update(updating) => updating.any.iter().collect(),
            _ => Vec::new(),
        };
        conditions.into_iter().flat_map(Condition::measures).collect()
    }
}

/// One level of a scale and what leads to it.
#[derive(Debug, Clone)]
pub(crate) struct Step<L> {
    pub(crate) level: L,
    pub(crate) name: String,
    pub(crate) any: Vec<Condition>,
    pub(crate) otherwise: bool,
}

/// What only one kind of rule says.
#[derive(Debug, Clone)]
pub(crate) enum RuleBody {
    Grade { steps: Vec<Step<Grade>>, ungraded: bool },
    Response(Vec<Step<ResponseLevel>>),
    Warning(Vec<Step<WarningLevel>>),
    Reporting(Reporting),
    Update(Updating),
    Authority(Authorising),
    Content { purpose: String, items: Arc<[String]> },
    Duty(Duties),
    Fine { offence: String, rows: Vec<FineRow> },
}

/// Says who reports to whom, and how soon.
#[derive(Debug, Clone)]
pub(crate) struct Reporting {
    pub(crate) from: Vec<Party>,
    pub(crate) to: Vec<Party>,
    pub(crate) form: Form,
    /// None is at once, or promptly.
    pub(crate) limit_minutes: Option<u32>,
    pub(crate) immediately: bool,
    pub(crate) start_event: StartEvent,
    pub(crate) any: Vec<Condition>,
    pub(crate) grade_of: Option<String>,
    pub(crate) content: Option<String>,
}

/// Says what follows a first report, and when.
#[derive(Debug, Clone)]
pub(crate) struct Updating {
    pub(crate) kind: UpdateKind,
    pub(crate) start_event: StartEvent,
    pub(crate) span: Span,
    pub(crate) extension_days: Option<u32>,
    pub(crate) any: Vec<Condition>,
    pub(crate) by: Option<Party>,
}

/// A time the law sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Again and again after so many minutes.
    EveryMinutes(u32),
    /// Again and again after so many days.
    EveryDays(u32),
    /// Within so many minutes.
    WithinMinutes(u32),
    /// By the end of a day so many days later.
    WithinDays(u32),
    /// By the end of a working day so many working days later.
    WithinWorkingDays(u32),
}

/// Says who may move whom.
#[derive(Debug, Clone)]
pub(crate) struct Authorising {
    pub(crate) actors: Vec<String>,
    pub(crate) targets: Vec<String>,
    pub(crate) phases: Vec<Phase>,
    /// None forbids ordering.
    pub(crate) may: Option<Power>,
}

/// Says who prevents and who rescues.
#[derive(Debug, Clone)]
pub(crate) struct Duties {
    pub(crate) prevent: Vec<String>,
    pub(crate) rescue: Vec<String>,
    pub(crate) link: Option<String>,
}

/// A range of fines for a grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FineRow {
    /// Grade of the accident.
    pub grade: Grade,
    /// Least fine, in yuan.
    pub from_yuan: u64,
    /// Greatest fine, in yuan; the law excludes it.
    pub to_yuan: u64,
}
