//! Who prevents and who rescues, by class of event: data in `rules/event-duties.toml`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The departments that answer for one side of a class of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Departments {
    /// The department that answers.
    pub lead: String,
    /// Those that help.
    #[serde(default)]
    pub with: Vec<String>,
}

/// One row: who prevents, who rescues, on what it rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventDuty {
    /// Prefixes of event classes.
    pub classes: Vec<String>,
    /// 防: who prevents.
    pub prevent: Departments,
    /// 救: who rescues.
    pub rescue: Departments,
    /// Beginning of the id of the command body that joins both.
    #[serde(default)]
    pub body: Option<String>,
    /// The clause.
    pub basis: String,
    /// `confirmed` or `unconfirmed`.
    pub confidence: String,
}

/// All rows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDuties {
    #[serde(default)]
    duty: Vec<EventDuty>,
}

impl EventDuties {
    /// Reads the rows from TOML.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The row whose prefix of the class is the longest.
    pub fn of(&self, event_class: &str) -> Option<&EventDuty> {
        let fit = |duty: &&EventDuty| {
            duty.classes
                .iter()
                .filter(|prefix| event_class.starts_with(prefix.as_str()))
                .map(String::len)
                .max()
        };
        self.duty
            .iter()
            .filter(|duty| fit(duty).is_some())
            .max_by_key(fit)
    }

    /// All rows, as they stand.
    pub fn all(&self) -> &[EventDuty] {
        &self.duty
    }
}
