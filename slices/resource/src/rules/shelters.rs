//! For how long a shelter may be lived in, by the square metres that each head has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long people stay, and what that asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Stay {
    /// `urgent`, `temporary`, `short`, `middle` or `long`.
    pub id: String,
    /// Chinese word.
    pub zh: String,
    /// English word.
    pub en: String,
    /// Days, at most.
    pub days: u32,
    /// Square metres a head, at least.
    pub m2_a_head: f64,
}

/// The standard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelterStandard {
    /// `confirmed` or `unconfirmed`.
    pub confidence: String,
    /// Where it is written.
    pub clause: String,
    /// By length of stay, the shortest first.
    #[serde(rename(deserialize = "stay"))]
    pub stays: Vec<Stay>,
}

/// One length of stay, and whether a shelter is large enough for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StayAnswer {
    /// The stay.
    #[serde(flatten)]
    pub stay: Stay,
    /// Whether there is room enough.
    pub passes: bool,
    /// How many people there is room for.
    pub room_for: u64,
}

impl ShelterStandard {
    /// The standard that ships with the program.
    pub fn shipped() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../../../rules/resource-shelters.toml"))
    }

    /// What an area and a number of heads pass. Whole numbers, so that the bound itself passes.
    pub fn answers(&self, area_m2: u64, heads: u64) -> Vec<StayAnswer> {
        let answer = |stay: &Stay| {
            let room_for = room(area_m2, stay.m2_a_head);
            StayAnswer {
                passes: heads > 0 && heads <= room_for,
                room_for,
                stay: stay.clone(),
            }
        };
        self.stays.iter().map(answer).collect()
    }
}

/// How many heads an area holds; the standard is counted in hundredths of a square metre.
fn room(area_m2: u64, m2_a_head: f64) -> u64 {
    let text = format!("{:.0}", m2_a_head * 100.0);
    let hundredths = text.parse::<u64>().unwrap_or(0);
    area_m2.saturating_mul(100).checked_div(hundredths).unwrap_or(0)
}
