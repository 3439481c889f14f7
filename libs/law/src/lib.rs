//! Law as data: grades, limits, addressees and powers come from packs in `rules/`, never from constants.
//!
//! A [`RuleBook`] is loaded once, at start; a pack that is broken is refused with its file, its line and what was
//! expected. Then it answers, purely:
//!
//! - [`RuleBook::grades`]: every grade of an event under every rule that holds; [`RuleBook::event_grade`] the gravest.
//! - [`RuleBook::responses`] and [`RuleBook::warnings`]: the two other scales, which are types of their own.
//! - [`RuleBook::obligations`]: who must report to whom, by when; [`RuleBook::updates`]: what follows.
//! - [`RuleBook::authority`]: who may order, ask or tell whom; [`RuleBook::duties`]: who prevents and who rescues.
//! - [`RuleBook::contents`], [`RuleBook::fines`]: what papers contain, what offences cost.
//! - [`RuleBook::reporting`]: the one limit of a unit's first report to its superior.
//!
//! Every answer carries its rule with the clause, and the conditions and facts that led to it. A rule holds in a
//! place (a division and all below it) and from a day to a day: the law of the day of the event is asked. Of the
//! confirmed rules with one topic the most specific decides. An unconfirmed rule suggests; `decides` is false then,
//! and nobody may be held to it.

mod authority;
mod book;
mod browse;
mod calendar;
mod classes;
mod condition;
mod facts;
mod grades;
mod level;
mod load;
mod obligations;
mod pack;
mod party;
mod rule;
mod sample;
mod units;

pub use authority::{AuthorityAnswer, AuthorityQuestion, ContentAnswer, DutyAnswer, FineAnswer};
pub use book::{FactProblem, ReportingRule, RuleBook, Why};
pub use browse::{LevelDetail, RuleDetail};
pub use calendar::{Day, Moment};
pub use classes::{EventClass, event_classes, event_classes_csv};
pub use facts::{Case, Facts, Measure, MeasureKind};
pub use grades::LevelAnswer;
pub use level::{Grade, Level, ResponseLevel, WarningLevel};
pub use load::{Pack, RuleError};
pub use obligations::{Obligation, Times, Update};
pub use pack::{Confidence, Form, PackAbout, Phase, Power, StartEvent, UpdateKind};
pub use party::{Body, Party, PartyName, Place, UnitLevel};
pub use rule::{FineRow, RuleHead, RuleKind, Span};
pub use sample::{SampleIncident, sample_incidents};
