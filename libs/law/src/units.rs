//! Conversions of units: the only numbers of this crate. What the law sets stands in packs.

/// Microseconds of a minute.
pub(crate) const MICROS_PER_MINUTE: i64 = 60_000_000;

/// Microseconds by which civil time in China (+08:00, all year, everywhere) is ahead of UTC.
pub(crate) const CHINA_OFFSET_MICROS: i64 = 8 * 60 * MICROS_PER_MINUTE;

/// Microseconds of a day.
pub(crate) const MICROS_PER_DAY: i64 = 24 * 60 * MICROS_PER_MINUTE;

/// Minutes of an hour.
pub(crate) const MINUTES_PER_HOUR: u32 = 60;

/// What 万 multiplies by.
pub(crate) const WAN: f64 = 10_000.0;

/// What 亿 multiplies by.
pub(crate) const YI: f64 = 100_000_000.0;

/// Digits of an event class.
pub(crate) const CLASS_DIGITS: usize = 5;

/// Minutes of a year: no reporting limit is longer.
pub(crate) const MINUTES_PER_YEAR: u32 = 365 * 24 * MINUTES_PER_HOUR;

/// Minutes of a day.
pub(crate) const MINUTES_PER_DAY: u32 = 24 * MINUTES_PER_HOUR;
