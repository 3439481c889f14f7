//! What makes a finding, as data.

use serde::Deserialize;

use crate::model::{EvidenceKind, Seconds};

/// Seconds of a minute.
pub(crate) const MINUTE: Seconds = 60;

/// Bounds beyond which a deviation is a finding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// By how much clocks differ.
    pub clock_tolerance_seconds: Seconds,
    /// How long after its limit a missing report is a finding.
    pub omitted_grace_minutes: Seconds,
    /// How much evidence of an unreported event must weigh together.
    pub omitted_weight: u32,
    /// How long before its report a unit must have held a greater figure.
    pub figure_lag_minutes: Seconds,
    /// Within what time a raised figure counts as corrected.
    pub correction_minutes: Seconds,
    /// What one piece of evidence weighs.
    pub weights: Weights,
}

/// What one piece of evidence weighs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is a kind of evidence")]
pub struct Weights {
    pub call: u32,
    pub sensor: u32,
    pub message: u32,
    pub resident: u32,
    pub enquiry: u32,
    pub hospital: u32,
}

/// Says why bounds were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundsError(pub String);

impl std::fmt::Display for BoundsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BoundsError {}

impl Bounds {
    /// Reads bounds; a refusal says where and what was expected.
    pub fn parse(text: &str) -> Result<Self, BoundsError> {
        toml::from_str(text).map_err(|error| BoundsError(error.to_string()))
    }

    pub(crate) fn weight(&self, kind: EvidenceKind) -> u32 {
        match kind {
            EvidenceKind::Call => self.weights.call,
            EvidenceKind::Sensor => self.weights.sensor,
            EvidenceKind::Message => self.weights.message,
            EvidenceKind::Resident => self.weights.resident,
            EvidenceKind::Enquiry => self.weights.enquiry,
            EvidenceKind::Hospital => self.weights.hospital,
        }
    }
}
