//! How fast one drives on which class of road, as data.

use std::collections::BTreeMap;

/// The table that ships with the program.
const SHIPPED: &str = include_str!("../profile.toml");

/// Speeds by class of road, in km/h.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile(BTreeMap<String, f64>);

/// Says why a table of speeds was refused.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML of the form `class = speed`.
    #[error("the table of speeds cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A speed nobody drives.
    #[error("the speed of `{0}` must be above 0 and at most 200 km/h")]
    Speed(String),
}

impl Profile {
    /// Reads a table of speeds: `motorway = 100`, a class a line.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let table: BTreeMap<String, f64> = toml::from_str(text)?;
        for (class, speed) in &table {
            if !(*speed > 0.0 && *speed <= 200.0) {
                return Err(ProfileError::Speed(class.clone()));
            }
        }
        Ok(Self(table))
    }

    /// The table that ships with the program.
    pub fn shipped() -> Result<Self, ProfileError> {
        Self::parse(SHIPPED)
    }

    /// Speed on a class of road, in km/h; `None` when one does not drive there.
    pub fn speed(&self, class: &str) -> Option<f64> {
        self.0.get(class).copied()
    }
}
