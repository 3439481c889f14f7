//! Who reports and who is reported to: a body at a level, for example `county.emergency`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The level of administration a body belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitLevel {
    /// An enterprise, school, hospital or other unit where it happened.
    Unit,
    /// Village or community.
    Village,
    /// Township, town or street.
    Township,
    /// County, banner or district.
    County,
    /// City or league.
    City,
    /// Province or autonomous region.
    Province,
    /// The state.
    National,
}

impl UnitLevel {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Unit, "unit", "单位"),
        (Self::Village, "village", "村级"),
        (Self::Township, "township", "乡级"),
        (Self::County, "county", "县级"),
        (Self::City, "city", "市级"),
        (Self::Province, "province", "省级"),
        (Self::National, "national", "国家"),
    ];

    /// Gives the Chinese name.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Gives the name that packs use.
    pub fn id(self) -> &'static str {
        self.entry().0
    }

    fn entry(self) -> (&'static str, &'static str) {
        Self::ALL
            .iter()
            .find(|(level, ..)| *level == self)
            .map_or(("", ""), |(_, id, name)| (id, name))
    }
}

/// A body at a level. Written `county.emergency` in packs and on the wire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Party {
    /// Its level.
    pub level: UnitLevel,
    /// The kind of body, as packs define it, for example `emergency`.
    pub body: String,
}

impl Party {
    /// Names a body at a level.
    pub fn new(level: UnitLevel, body: impl Into<String>) -> Self {
        let body = body.into();
        Self { level, body }
    }
}

impl FromStr for Party {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || {
            format!(
                "`{text}` is not a party; expected a level (unit, village, township, county, city, province or \
                 national), a point and a body, such as county.emergency"
            )
        };
        let (level, body) = text.split_once('.').ok_or_else(refuse)?;
        let (level, ..) = UnitLevel::ALL
            .iter()
            .find(|(_, id, _)| *id == level)
            .ok_or_else(refuse)?;
        if body.is_empty() {
            return Err(refuse());
        }
        Ok(Self::new(*level, body))
    }
}

impl TryFrom<String> for Party {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Party> for String {
    fn from(party: Party) -> Self {
        party.to_string()
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.level.id(), self.body)
    }
}

/// A kind of body that rules may name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Name in rules.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// A place for which there are rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Division code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// What a party is called in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyName {
    /// The party.
    pub party: Party,
    /// Division code; empty is everywhere.
    pub jurisdiction: String,
    /// What it is called there.
    pub name: String,
}
