//! Levels of administration.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names a level of administration; the larger area is the lesser value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Province, autonomous region: 省, 自治区.
    Province,
    /// Prefecture-level city: 地级市, 盟.
    City,
    /// County, banner, district: 县, 旗, 区.
    County,
    /// Township, town, street: 乡, 镇, 街道.
    Township,
    /// Village or community: 村, 社区.
    Village,
    /// Grid of a village or community: 网格.
    Grid,
    /// Household: 户.
    Household,
}

impl Level {
    /// All levels, the largest area first.
    pub const ALL: [Self; 7] = [
        Self::Province,
        Self::City,
        Self::County,
        Self::Township,
        Self::Village,
        Self::Grid,
        Self::Household,
    ];

    /// Gives the number of digits of a code of this level.
    pub const fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::City => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Village => 12,
            Self::Grid => 14,
            Self::Household => 18,
        }
    }

    /// Finds the level whose codes have this many digits.
    pub fn of_digits(digits: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.digits() == digits)
    }

    /// Gives the level above; a province has none.
    pub fn above(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|level| *level < self)
    }

    /// Gives the word of the interface, such as `county`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
            Self::Grid => "grid",
            Self::Household => "household",
        }
    }

    /// Gives the Chinese name.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Province => "省(自治区)",
            Self::City => "市",
            Self::County => "旗县区",
            Self::Township => "乡镇(街道)",
            Self::Village => "村(社区)",
            Self::Grid => "网格",
            Self::Household => "户",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_found_by_its_number_of_digits() {
        for level in Level::ALL {
            assert_eq!(Level::of_digits(level.digits()), Some(level));
        }
        assert_eq!(Level::of_digits(8), None);
    }

    #[test]
    fn a_county_lies_below_a_city_and_a_province_below_nothing() {
        assert_eq!(Level::County.above(), Some(Level::City));
        assert_eq!(Level::Province.above(), None);
    }
}
