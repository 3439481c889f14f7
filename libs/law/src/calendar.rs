//! Days, moments and working days.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::units::{CHINA_OFFSET_MICROS, MICROS_PER_DAY, MICROS_PER_MINUTE};

/// A civil day in China, written `2024-11-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// Gives the next day.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// Gives the day some days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        (0..days).fold(self, |day, _| day.tomorrow())
    }

    /// Gives the year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// Gives the moment at which the day ends in China.
    pub fn end(self) -> Moment {
        let epoch = Date::constant(1970, 1, 1);
        let days = (self.0.tomorrow().unwrap_or(self.0) - epoch).get_days();
        Moment(i64::from(days) * MICROS_PER_DAY - CHINA_OFFSET_MICROS)
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is not a day such as 2024-11-01");
        let date: Date = text.parse().map_err(|_| refuse())?;
        // Nothing but the plain form: packs are read by people and compared by machines.
        if date.to_string() == text {
            Ok(Self(date))
        } else {
            Err(refuse())
        }
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An instant, in microseconds since 1970 UTC: what `Timestamp` of the platform holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// Gives the moment some minutes later.
    #[must_use]
    pub fn plus_minutes(self, minutes: u32) -> Self {
        Self(self.0.saturating_add(i64::from(minutes) * MICROS_PER_MINUTE))
    }

    /// Gives the civil day in China.
    pub fn day(self) -> Day {
        let days = self
            .0
            .saturating_add(CHINA_OFFSET_MICROS)
            .div_euclid(MICROS_PER_DAY);
        let span = jiff::Span::new().try_days(days).unwrap_or_default();
        Day(Date::constant(1970, 1, 1).saturating_add(span))
    }
}

/// Public holidays and the weekend days worked instead of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Holidays {
    pub(crate) off: BTreeSet<Day>,
    pub(crate) worked: BTreeSet<Day>,
}

impl Holidays {
    /// Tells whether offices work on a day.
    pub(crate) fn is_working(&self, day: Day) -> bool {
        self.worked.contains(&day) || !(self.off.contains(&day) || day.is_weekend())
    }

    /// Tells whether the table knows the holidays of a day's year; else only weekends count.
    pub(crate) fn knows(&self, day: Day) -> bool {
        self.off.iter().any(|off| off.year() == day.year())
    }

    /// Gives the n-th working day after a day.
    pub(crate) fn after(&self, day: Day, count: u32) -> Day {
        (0..count).fold(day, |day, _| {
            let mut next = day.tomorrow();
            while !self.is_working(next) && next != next.tomorrow() {
                next = next.tomorrow();
            }
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        // 2024-10-31T16:00:00Z is the midnight at which the law of 2024 came into force.
        let midnight = Moment(1_730_390_400_000_000);
        assert_eq!(midnight.day(), day("2024-11-01"));
        assert_eq!(Moment(midnight.0 - 1).day(), day("2024-10-31"));
        assert_eq!(day("2024-10-31").end(), midnight);
    }

    #[test]
    fn a_working_day_is_not_a_day() {
        let holidays = Holidays {
            off: [day("2026-10-01")].into(),
            worked: [day("2026-10-10")].into(),
        };
        assert_eq!(holidays.after(day("2026-09-30"), 1), day("2026-10-02"));
        assert_eq!(holidays.after(day("2026-10-02"), 1), day("2026-10-05"));
        assert_eq!(holidays.after(day("2026-10-09"), 1), day("2026-10-10"));
        assert!(holidays.knows(day("2026-01-01")) && !holidays.knows(day("2031-01-01")));
    }

    #[test]
    fn a_day_that_is_none_is_refused() {
        for wrong in [
            "2024-13-01",
            "2024-02-30",
            "2024-1-1",
            "20241101",
            "",
            "2024-11-01T00:00",
        ] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}
