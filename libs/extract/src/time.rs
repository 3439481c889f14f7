//! When it happened: all times of a text, the one of the occurrence chosen among them, and what it leaves out filled in.

mod choose;
mod scan;

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Serialize, Serializer};

pub(crate) use choose::occurred;
pub(crate) use scan::scan;

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Precision {
    /// 8月以来.
    #[serde(rename = "month")]
    Month,
    /// 8月1日.
    #[serde(rename = "day")]
    Day,
    /// 8月1日上午.
    #[serde(rename = "part of day")]
    PartOfDay,
    /// 8月1日9时许.
    #[serde(rename = "hour")]
    Hour,
    /// 8月1日9时12分.
    #[serde(rename = "minute")]
    Minute,
}

impl Precision {
    /// The word of the output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Day => "day",
            Self::PartOfDay => "part of day",
            Self::Hour => "hour",
            Self::Minute => "minute",
        }
    }
}

/// A moment, as far as it is known; China's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year.
    pub year: Option<i16>,
    /// Month.
    pub month: Option<i8>,
    /// Day.
    pub day: Option<i8>,
    /// Hour.
    pub hour: Option<i8>,
    /// Minute.
    pub minute: Option<i8>,
    /// How exactly it was said.
    pub precision: Precision,
}

impl Moment {
    /// The day, when nothing of it is missing.
    pub fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// The instant on a clock of China, when nothing of it is missing.
    pub fn date_time(&self) -> Option<DateTime> {
        Some(
            self.date()?
                .at(self.hour.unwrap_or(0), self.minute.unwrap_or(0), 0, 0),
        )
    }
}

/// Writes `2024-01-27T18:13`, with `?` for what is not known.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("????")?,
        }
        match self.month {
            Some(month) => write!(f, "-{month:02}")?,
            None => f.write_str("-??")?,
        }
        match (self.day, self.precision) {
            (_, Precision::Month) => {}
            (Some(day), _) => write!(f, "-{day:02}")?,
            (None, _) => f.write_str("-??")?,
        }
        match self.hour {
            Some(hour) => write!(f, "T{hour:02}:{:02}", self.minute.unwrap_or(0)),
            None => Ok(()),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
