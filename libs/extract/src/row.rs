//! The flat line that `anlan extract` writes: numbers or nothing.

use serde::Serialize;

use crate::span::Found;
use crate::{Grade, Reading};

/// A reading as one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Name of the type.
    pub event_type: Option<String>,
    /// Place in words.
    pub place: Option<String>,
    /// `2024-01-27T18:13`, with `?` for what is not known.
    pub occurred_at: Option<String>,
    /// `minute`, `hour`, `part of day`, `day` or `month`.
    pub occurred_precision: Option<&'static str>,
    /// 死亡.
    pub deaths: Option<u32>,
    /// 受伤.
    pub injured: Option<u32>,
    /// 重伤.
    pub seriously_injured: Option<u32>,
    /// 失踪.
    pub missing: Option<u32>,
    /// 被困.
    pub trapped: Option<u32>,
    /// 疏散.
    pub evacuated: Option<u32>,
    /// 特别重大, 重大, 较大 or 一般.
    pub grade: Option<&'static str>,
}

impl Row {
    /// Makes a line of a reading; the stated grade stands before the one the law computes.
    pub fn new(reading: &Reading, computed: Option<Grade>) -> Self {
        let count = |found: &Option<Found<u32>>| found.as_ref().map(|found| found.value);
        let people = &reading.casualties;
        let stated = reading.stated_grade.as_ref().map(|found| found.value);
        Self {
            event_type: reading.event_type.as_ref().map(|found| found.value.name.clone()),
            place: reading.place.as_ref().map(|found| found.value.clone()),
            occurred_at: reading.occurred.as_ref().map(|found| found.value.to_string()),
            occurred_precision: reading
                .occurred
                .as_ref()
                .map(|found| found.value.precision.as_str()),
            deaths: count(&people.deaths),
            injured: count(&people.injured),
            seriously_injured: count(&people.seriously_injured),
            missing: count(&people.missing),
            trapped: count(&people.trapped),
            evacuated: count(&people.evacuated),
            grade: stated.or(computed).map(Grade::as_str),
        }
    }
}
