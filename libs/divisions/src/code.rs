//! Codes of divisions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::level::Level;

/// Holds a well-formed division code; a division contains another when its code is a prefix of the other's.
///
/// Digits only: province 2, city 4, county 6, township 9, village 12, grid 14, household 18. No part is all zeros, for
/// that is how the statistical tables pad a code: see [`DivisionCode::from_statistical`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode(String);

/// Says why a text is not a division code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Something else than the digits 0 to 9.
    #[error("`{0}` is not a division code: expected only the digits 0 to 9")]
    NotDigits(String),
    /// No level has codes of this length.
    #[error(
        "`{code}` has {digits} digits: expected 2 (province), 4 (city), 6 (county), 9 (township), 12 (village), \
         14 (grid) or 18 (household)"
    )]
    Length {
        /// The text as given.
        code: String,
        /// Its number of digits.
        digits: usize,
    },
    /// A part is all zeros.
    #[error(
        "`{code}` has only zeros for its {level}: expected the code without padding, such as 1501 for 150100"
    )]
    Padding {
        /// The text as given.
        code: String,
        /// The level whose digits are zeros.
        level: Level,
    },
}

impl DivisionCode {
    /// Reads a code as statistical tables write it, padded with zeros: `150100` is the city `1501`, and
    /// `150125100000` the township `150125100`.
    pub fn from_statistical(text: &str) -> Result<Self, CodeError> {
        let mut code = text;
        while let Some(level) = Level::of_digits(code.len())
            && let Some(above) = level.above()
            && matches!(
                level,
                Level::City | Level::County | Level::Township | Level::Village
            )
            && let Some((rest, part)) = code.split_at_checked(above.digits())
            && part.bytes().all(|byte| byte == b'0')
        {
            code = rest;
        }
        code.parse()
    }

    /// Gives the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the level.
    pub fn level(&self) -> Level {
        // `from_str` accepts no other lengths.
        Level::of_digits(self.0.len()).unwrap_or(Level::Household)
    }

    /// Gives the division this one lies in; a province lies in none.
    pub fn parent(&self) -> Option<Self> {
        self.ancestor(self.level().above()?)
    }

    /// Gives the division of a level that this one lies in, itself included.
    pub fn ancestor(&self, level: Level) -> Option<Self> {
        self.0.get(..level.digits()).map(|digits| Self(digits.to_owned()))
    }

    /// Tells whether the other division lies in this one; each lies in itself.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl FromStr for DivisionCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let code = || text.to_owned();
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CodeError::NotDigits(code()));
        }
        let digits = text.len();
        let lowest = Level::of_digits(digits).ok_or_else(|| CodeError::Length { code: code(), digits })?;
        for level in Level::ALL.into_iter().filter(|level| *level <= lowest) {
            let start = level.above().map_or(0, Level::digits);
            let part = text.get(start..level.digits()).unwrap_or_default();
            if part.bytes().all(|byte| byte == b'0') {
                return Err(CodeError::Padding { code: code(), level });
            }
        }
        Ok(Self(code()))
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> Self {
        code.0
    }
}

impl AsRef<str> for DivisionCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

// Order and hash are those of the text, so maps keyed by code can be asked by text.
impl std::borrow::Borrow<str> for DivisionCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any well-formed code.
    pub(crate) fn any_code() -> impl Strategy<Value = DivisionCode> {
        (prop::sample::select(Level::ALL.to_vec()), "[1-9]{18}").prop_map(|(level, digits)| {
            let digits: String = digits.chars().take(level.digits()).collect();
            digits.parse().unwrap()
        })
    }

    #[test]
    fn a_code_knows_its_level_and_parent() {
        for (code, level, parent) in [
            ("15", Level::Province, None),
            ("1501", Level::City, Some("15")),
            ("150125", Level::County, Some("1501")),
            ("150125100", Level::Township, Some("150125")),
            ("150125100200", Level::Village, Some("150125100")),
            ("15012510020001", Level::Grid, Some("150125100200")),
            ("150125100200010007", Level::Household, Some("15012510020001")),
        ] {
            let code: DivisionCode = code.parse().unwrap();
            assert_eq!(code.level(), level);
            assert_eq!(code.parent(), parent.map(|parent| parent.parse().unwrap()));
        }
    }

    #[test]
    fn a_refusal_says_what_was_expected() {
        for (text, expected) in [
            ("", "has 0 digits: expected 2 (province), 4 (city)"),
            ("15012", "has 5 digits"),
            ("1501x5", "only the digits 0 to 9"),
            ("15０1", "only the digits 0 to 9"),
            ("150100", "only zeros for its county"),
            ("150125000", "only zeros for its township"),
        ] {
            let refused = text.parse::<DivisionCode>().unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        }
    }

    #[test]
    fn statistical_padding_falls_away() {
        for (padded, code) in [
            ("150100", "1501"),
            ("150000", "15"),
            ("150125", "150125"),
            ("150125000000", "150125"),
            ("150125100000", "150125100"),
            ("150125100200", "150125100200"),
        ] {
            assert_eq!(DivisionCode::from_statistical(padded).unwrap().as_str(), code);
        }
        assert!(DivisionCode::from_statistical("000000").is_err());
        assert!(DivisionCode::from_statistical("一五").is_err());
    }

    proptest! {
        #[test]
        fn a_parent_contains_its_child_and_never_the_other_way(code in any_code()) {
            prop_assert!(code.contains(&code));
            if let Some(parent) = code.parent() {
                prop_assert!(parent.contains(&code));
                prop_assert!(!code.contains(&parent));
                prop_assert_eq!(Some(parent.level()), code.level().above());
            }
        }

        #[test]
        fn containment_passes_through(code in any_code(), other in any_code()) {
            if let Some(parent) = code.parent() && code.contains(&other) {
                prop_assert!(parent.contains(&other));
            }
        }

        #[test]
        fn a_code_survives_text_and_json(code in any_code()) {
            prop_assert_eq!(code.as_str().parse::<DivisionCode>().unwrap(), code.clone());
            let json = serde_json::to_string(&code).unwrap();
            prop_assert_eq!(serde_json::from_str::<DivisionCode>(&json).unwrap(), code);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            if let Ok(code) = text.parse::<DivisionCode>() {
                prop_assert_eq!(code.as_str(), text.as_str());
            }
            prop_assert!(DivisionCode::from_statistical(&text).is_err() || !text.is_empty());
        }
    }
}
