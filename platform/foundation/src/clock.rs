//! Clocks: where `now` comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::{Difference, Timestamp};

/// Tells the time. The only source of `now` in the house.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Microseconds since some beginning; nobody can put this clock forward or back.
    fn steady_micros(&self) -> i64;

    /// How this clock and the machine's differ, when it does not follow that.
    fn difference(&self) -> Option<Difference> {
        None
    }
}

/// A clock that many parts hold.
pub type SharedClock = Arc<dyn Clock>;

/// The clock of the machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that reads the machine's clock"
        )]
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }

    /// Goes on while the machine sleeps.
    fn steady_micros(&self) -> i64 {
        let since_start = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        since_start.tv_sec * 1_000_000 + since_start.tv_nsec / 1_000
    }
}

/// A clock that only moves when it is told to: for tests, drills at another speed and demo data.
#[derive(Debug)]
pub struct SimClock {
    now: AtomicI64,
    steady: AtomicI64,
}

impl SimClock {
    /// Starts a simulated clock at `start`.
    pub const fn new(start: Timestamp) -> Self {
        Self {
            now: AtomicI64::new(start.as_micros()),
            steady: AtomicI64::new(0),
        }
    }

    /// Sets the clock, backwards too; no time passes, as when somebody sets the clock of a machine.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Moves the clock on by `seconds`; back when negative, as when somebody puts the clock of a machine back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        self.steady
            .fetch_add(seconds.max(0) * 1_000_000, Ordering::SeqCst);
    }

    /// Moves the clock on by `minutes` (back when negative).
    pub fn advance_minutes(&self, minutes: i64) {
        self.advance_seconds(minutes * 60);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }

    fn steady_micros(&self) -> i64 {
        self.steady.load(Ordering::SeqCst)
    }
}
