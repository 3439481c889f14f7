//! Realms: the real thing, or one drill.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether facts are real or belong to one drill. A drill has a store of its own, so this is never a mere flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Realm {
    /// 实战: real facts.
    Live,
    /// 演练: facts of the drill with this id.
    Drill(Uuid),
}

/// Says why a text is not a realm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a realm: expected `live` or `drill:` with a UUID")]
pub struct RealmParseError(String);

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live => f.write_str("live"),
            Self::Drill(id) => write!(f, "drill:{id}"),
        }
    }
}

impl FromStr for Realm {
    type Err = RealmParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "live" {
            return Ok(Self::Live);
        }
        text.strip_prefix("drill:")
            .and_then(|id| id.parse().ok())
            .map(Self::Drill)
            .ok_or_else(|| RealmParseError(text.chars().take(60).collect()))
    }
}

impl From<Realm> for String {
    fn from(realm: Realm) -> Self {
        realm.to_string()
    }
}

impl TryFrom<String> for Realm {
    type Error = RealmParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
