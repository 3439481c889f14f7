//! Areas of authority: a division with all that lies in it, or everything.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::code::{CodeError, DivisionCode};

/// Holds the prefix that all codes of an area share; the empty one is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Area(Option<DivisionCode>);

impl Area {
    /// The area that covers every division.
    pub const EVERYTHING: Self = Self(None);

    /// Gives the prefix; empty for everything.
    pub fn as_str(&self) -> &str {
        self.0.as_ref().map_or("", DivisionCode::as_str)
    }

    /// Gives the division this area is; none for everything.
    pub const fn division(&self) -> Option<&DivisionCode> {
        self.0.as_ref()
    }

    /// Tells whether a division lies in this area.
    pub fn covers(&self, code: &DivisionCode) -> bool {
        self.0.as_ref().is_none_or(|division| division.contains(code))
    }

    /// Tells whether another area lies wholly in this one.
    pub fn covers_area(&self, other: &Self) -> bool {
        other.as_str().starts_with(self.as_str())
    }

    /// Gives the least text above every code of this area, for queries of the form `code >= area AND code < bound`.
    ///
    /// There is none for everything, nor above a prefix of nines. The bound is made of digits only, so it holds in any
    /// collation of a database.
    pub fn upper_bound(&self) -> Option<String> {
        let kept = self.as_str().trim_end_matches('9');
        let last = kept.chars().next_back()?.to_digit(10)?;
        let next = char::from_digit(last + 1, 10)?;
        let mut bound = kept.to_owned();
        bound.pop();
        bound.push(next);
        Some(bound)
    }
}

impl From<DivisionCode> for Area {
    fn from(code: DivisionCode) -> Self {
        Self(Some(code))
    }
}

impl FromStr for Area {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Ok(Self::EVERYTHING);
        }
        text.parse().map(|code| Self(Some(code)))
    }
}

impl TryFrom<String> for Area {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<Area> for String {
    fn from(area: Area) -> Self {
        area.0.map(Self::from).unwrap_or_default()
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::code::tests::any_code;

    #[test]
    fn the_bound_is_the_next_prefix() {
        for (area, bound) in [
            ("", None),
            ("1501", Some("1502")),
            ("150109", Some("15011")),
            ("1599", Some("16")),
            ("99", None),
        ] {
            assert_eq!(area.parse::<Area>().unwrap().upper_bound().as_deref(), bound);
        }
    }

    #[test]
    fn a_county_officer_sees_the_county_and_nothing_beside_it() {
        let wuchuan: Area = "150125".parse().unwrap();
        assert!(wuchuan.covers(&"150125100200".parse().unwrap()));
        assert!(!wuchuan.covers(&"150124100200".parse().unwrap()));
        assert!(!wuchuan.covers(&"1501".parse().unwrap()));
        assert!(!wuchuan.covers_area(&Area::EVERYTHING));
    }

    #[test]
    fn a_broken_area_is_refused() {
        assert!("150".parse::<Area>().is_err());
        assert!(serde_json::from_str::<Area>("\"15o1\"").is_err());
    }

    proptest! {
        #[test]
        fn the_range_holds_exactly_what_the_area_covers(area in any_code(), code in any_code()) {
            let area = Area::from(area);
            let in_range = code.as_str() >= area.as_str()
                && area.upper_bound().is_none_or(|bound| code.as_str() < bound.as_str());
            prop_assert_eq!(in_range, area.covers(&code));
        }

        #[test]
        fn an_area_covers_what_its_part_covers(outer in any_code(), inner in any_code(), code in any_code()) {
            let (outer, inner) = (Area::from(outer), Area::from(inner));
            if outer.covers_area(&inner) && inner.covers(&code) {
                prop_assert!(outer.covers(&code));
            }
            prop_assert!(Area::EVERYTHING.covers(&code) && Area::EVERYTHING.covers_area(&outer));
        }

        #[test]
        fn everything_inside_a_division_is_in_its_range(code in any_code()) {
            for ancestor in std::iter::successors(code.parent(), DivisionCode::parent) {
                let area = Area::from(ancestor);
                prop_assert!(area.covers(&code));
                prop_assert!(code.as_str() > area.as_str());
                prop_assert!(area.upper_bound().is_none_or(|bound| code.as_str() < bound.as_str()));
            }
        }
    }
}
