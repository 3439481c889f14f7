//! Instants, in microseconds, shown in Beijing time.

use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: whole microseconds since 1970-01-01T00:00:00Z.
///
/// On the wire it is RFC 3339 with the offset +08:00, fraction only when there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// China keeps one civil time, eight hours ahead of UTC.
const CHINA: Offset = jiff::tz::offset(8);
const MICROS_PER_SECOND: i64 = 1_000_000;
/// Instants are accepted between the years 1900 and 2200, in microseconds.
const EARLIEST: i64 = -2_208_988_800 * MICROS_PER_SECOND;
const LATEST: i64 = 7_258_118_400 * MICROS_PER_SECOND;

/// Says why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an instant of RFC 3339 such as 2026-11-24T03:12:05+08:00 between 1900 and 2200")]
pub struct TimestampParseError(String);

impl Timestamp {
    /// Makes an instant from microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Makes an instant from whole seconds since the Unix epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * MICROS_PER_SECOND)
    }

    /// Microseconds since the Unix epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the Unix epoch, rounded down.
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The instant `minutes` later (earlier when negative); saturates.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(
            self.0
                .saturating_add(minutes.saturating_mul(60 * MICROS_PER_SECOND)),
        )
    }

    /// The instant `seconds` later (earlier when negative); saturates.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// The instant `micros` later (earlier when negative); saturates.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to `self`; negative when `self` is the earlier one.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The civil date in China, as `(year, month, day)`.
    pub fn china_date(self) -> (i16, i8, i8) {
        let civil = self.civil();
        (civil.year(), civil.month(), civil.day())
    }

    fn civil(self) -> jiff::civil::DateTime {
        let instant = jiff::Timestamp::from_microsecond(self.0.clamp(EARLIEST, LATEST))
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        CHINA.to_datetime(instant)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.rem_euclid(MICROS_PER_SECOND);
        write!(f, "{}", self.civil().strftime("%Y-%m-%dT%H:%M:%S"))?;
        if micros != 0 {
            let fraction = format!("{micros:06}");
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("+08:00")
    }
}

impl FromStr for Timestamp {
    type Err = TimestampParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || TimestampParseError(text.chars().take(40).collect());
        let instant: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        let micros = instant.as_microsecond();
        if (EARLIEST..=LATEST).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(wrong())
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::DateTime,
            )))
            .description(Some("RFC 3339 instant, e.g. 2026-11-24T03:12:05+08:00"))
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_beijing_time_and_read_back() {
        let instant = Timestamp::from_micros(1_795_547_525_000_000);
        let text = instant.to_string();
        assert!(text.ends_with("+08:00"), "{text}");
        assert_eq!(text.parse::<Timestamp>().unwrap(), instant);
    }

    #[test]
    fn a_fraction_is_written_only_when_there_is_one() {
        assert_eq!(Timestamp::from_micros(0).to_string(), "1970-01-01T08:00:00+08:00");
        assert_eq!(
            Timestamp::from_micros(1_500_000).to_string(),
            "1970-01-01T08:00:01.5+08:00"
        );
        assert_eq!(
            Timestamp::from_micros(-1).to_string(),
            "1970-01-01T07:59:59.999999+08:00"
        );
    }

    #[test]
    fn other_offsets_are_understood_and_nonsense_is_refused() {
        assert_eq!("1970-01-01T00:00:00Z".parse(), Ok(Timestamp::from_micros(0)));
        assert!("1970-01-01".parse::<Timestamp>().is_err());
        assert!("9999-01-01T00:00:00Z".parse::<Timestamp>().is_err());
    }
}
