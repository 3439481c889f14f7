//! A division as it stands in a table.

use serde::{Deserialize, Serialize};

use crate::code::DivisionCode;
use crate::level::Level;
use crate::search::{Rank, matches};

/// Describes a division of administration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Division {
    /// Code; containment is prefix.
    pub code: DivisionCode,
    /// Name as the table has it.
    pub name: String,
    /// Level, which follows from the code.
    pub level: Level,
    /// The division it lies in; none for the topmost of the table.
    pub parent: Option<DivisionCode>,
    /// Names from the topmost division of the table down.
    pub full_name: String,
    /// Pinyin initials of the [`short_name`].
    pub initials: String,
    /// Longitude of a point in it, in degrees.
    pub lon: Option<f64>,
    /// Latitude of a point in it, in degrees.
    pub lat: Option<f64>,
}

impl Division {
    /// Tells how well this division answers what somebody types: code, name or initials.
    pub fn matches(&self, query: &str) -> Option<Rank> {
        if self.code.as_str() == query.trim() {
            return Some(Rank::Code);
        }
        matches(query, &self.name, &self.initials)
    }
}

/// Gives a village's or community's name as people say it, without 村民委员会, 居委会 and the like.
pub fn short_name(name: &str) -> &str {
    const ENDINGS: [&str; 7] = [
        "社区居民委员会",
        "社区居委会",
        "村民委员会",
        "居民委员会",
        "村委会",
        "居委会",
        "社区",
    ];
    ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|short| !short.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_what_people_say() {
        for (name, short) in [
            ("公主府社区居委会", "公主府"),
            ("三合泉村委会", "三合泉"),
            ("讨号板村民委员会", "讨号板"),
            ("敕勒川社区", "敕勒川"),
            ("可可以力更镇", "可可以力更镇"),
            ("居委会", "居委会"),
        ] {
            assert_eq!(short_name(name), short);
        }
    }
}
