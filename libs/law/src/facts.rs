//! What is known of an event, in measures that packs define.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Known measures of an event. What is not known is absent, which is not zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, f64>);

impl Facts {
    /// Adds a measure, for example `deaths`; a flag holds as `1`.
    #[must_use]
    pub fn with(mut self, measure: &str, value: impl Into<f64>) -> Self {
        self.0.insert(measure.to_owned(), value.into());
        self
    }

    /// Sets a measure.
    pub fn set(&mut self, measure: &str, value: f64) {
        self.0.insert(measure.to_owned(), value);
    }

    /// Gives a measure when it is known.
    pub fn get(&self, measure: &str) -> Option<f64> {
        self.0.get(measure).copied()
    }

    /// Lists what is known, by the names of the measures.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(measure, value)| (measure.as_str(), *value))
    }
}

/// Says what kind of number a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// A whole number from zero.
    Count,
    /// Any number from zero.
    Amount,
    /// Yes or no.
    Flag,
}

/// A measure that conditions may name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Name in conditions.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Unit, Chinese; empty for flags.
    #[serde(default)]
    pub unit: String,
    /// Kind of number.
    pub kind: MeasureKind,
    /// The smallest difference that matters.
    pub step: f64,
    /// Group in forms, for example `casualties`.
    pub group: String,
}

/// The event a question is about.
#[derive(Debug, Clone)]
pub struct Case<'c> {
    /// Code of the division where it happened.
    pub division: &'c str,
    /// Code of its class, five digits.
    pub event_class: &'c str,
    /// What is known of it.
    pub facts: &'c Facts,
    /// The day it happened: the law of that day holds.
    pub day: crate::Day,
}
