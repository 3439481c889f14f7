//! The two clocks of an entry, checked against those of the entries before it.

use crate::Entry;

/// What the clocks of an entry say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ClockVerdict {
    /// Nothing unusual.
    Fine,
    /// The node's own clock was set back, openly: the logical clock went on.
    SteppedBack {
        /// By how many microseconds.
        micros: i64,
    },
    /// No honest node writes this.
    Impossible(&'static str),
}

const LOGICAL_STANDS: &str = "the logical clock does not go on";
const LOGICAL_LAGS: &str = "the recorded time is ahead of the logical clock";
const FAR_BACK: &str = "the recorded time lies further back than any clock error allows";

/// Remembers the latest entry that is beyond doubt.
#[derive(Debug, Default)]
pub(super) struct ClockWatch {
    latest: Option<(i64, u64)>,
}

impl ClockWatch {
    /// Compares `entry` with the latest one; `allowance_micros` is how far an honest clock may be set back at once.
    pub(super) fn look(&self, entry: &Entry, allowance_micros: i64) -> ClockVerdict {
        // A hybrid logical clock is never behind the physical clock it was read with.
        let logical_ms = i64::try_from(entry.hlc_ms()).unwrap_or(i64::MAX);
        if logical_ms < entry.recorded_at.div_euclid(1_000) {
            return ClockVerdict::Impossible(LOGICAL_LAGS);
        }
        let Some((recorded_at, hlc)) = self.latest else {
            return ClockVerdict::Fine;
        };
        if entry.hlc <= hlc {
            return ClockVerdict::Impossible(LOGICAL_STANDS);
        }
        let micros = recorded_at.saturating_sub(entry.recorded_at);
        match micros {
            _ if micros > allowance_micros => ClockVerdict::Impossible(FAR_BACK),
            1.. => ClockVerdict::SteppedBack { micros },
            _ => ClockVerdict::Fine,
        }
    }

    /// Says whether an entry that is known to be altered bears a time earlier than its place.
    pub(super) fn is_back_dated(&self, entry: &Entry) -> bool {
        self.look(entry, 0) != ClockVerdict::Fine
    }

    /// Takes `entry` as the latest one beyond doubt.
    pub(super) fn advance(&mut self, entry: &Entry) {
        self.latest = Some((entry.recorded_at, entry.hlc));
    }
}
