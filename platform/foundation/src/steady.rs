//! A clock that does not jump when the machine's is put forward or back while the node runs.

use std::sync::{Mutex, PoisonError};

use crate::{Clock, SharedClock, Timestamp};

/// A step of the machine's clock up to this is followed at once, in microseconds: time servers correct that much.
const FOLLOWED_MICROS: i64 = 10_000_000;

/// How the machine's clock and the node's differ after the machine's was put forward or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// What the machine says.
    pub machine: Timestamp,
    /// What the node goes by.
    pub node: Timestamp,
}

impl Difference {
    /// By how much the machine's clock is ahead of the node's, in microseconds; negative when it is behind.
    pub fn ahead_micros(self) -> i64 {
        self.machine.micros_since(self.node)
    }
}

#[derive(Debug, Clone, Copy)]
struct Anchor {
    wall: Timestamp,
    steady: i64,
}

/// The machine's clock, held against the one that nobody can set.
///
/// When they part by more than a correction of a time server, the time goes on evenly from where it was, so that what
/// is due in thirty minutes is due in thirty minutes. It is the machine's again when the two agree again, and after a
/// restart.
pub struct SteadyClock {
    machine: SharedClock,
    anchor: Mutex<Anchor>,
}

impl SteadyClock {
    /// Starts by what the machine says now.
    pub fn new(machine: SharedClock) -> Self {
        let anchor = Anchor {
            wall: machine.now(),
            steady: machine.steady_micros(),
        };
        Self {
            machine,
            anchor: Mutex::new(anchor),
        }
    }

    /// What this clock says, and what the machine's does.
    fn look(&self) -> (Timestamp, Timestamp) {
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let (wall, steady) = (self.machine.now(), self.machine.steady_micros());
        let expected = anchor.wall.plus_micros(steady - anchor.steady);
        if wall.micros_since(expected).abs() <= FOLLOWED_MICROS {
            *anchor = Anchor { wall, steady };
            return (wall, wall);
        }
        (expected, wall)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        self.look().0
    }

    fn steady_micros(&self) -> i64 {
        self.machine.steady_micros()
    }

    fn difference(&self) -> Option<Difference> {
        let (node, machine) = self.look();
        (node != machine).then_some(Difference { machine, node })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::SteadyClock;
    use crate::{Clock as _, SharedClock, SimClock, SystemClock, Timestamp};

    const START: Timestamp = Timestamp::from_seconds(1_795_461_120);
    const DAY: i64 = 24 * 60;

    fn clocks() -> (Arc<SimClock>, SteadyClock) {
        let machine = Arc::new(SimClock::new(START));
        let shared: SharedClock = Arc::<SimClock>::clone(&machine);
        (machine, SteadyClock::new(shared))
    }

    #[test]
    fn a_day_forward_or_back_changes_nothing_and_is_told() {
        for jump in [DAY, -DAY] {
            let (machine, node) = clocks();
            machine.advance_minutes(10);
            machine.set(machine.now().plus_minutes(jump));
            assert_eq!(node.now(), START.plus_minutes(10));
            machine.advance_minutes(20);
            assert_eq!(node.now(), START.plus_minutes(30));
            let told = node.difference().unwrap();
            assert_eq!(told.ahead_micros(), jump * 60_000_000);
            machine.set(machine.now().plus_minutes(-jump));
            assert_eq!(node.difference(), None, "the clocks agree again");
            assert_eq!(node.now(), START.plus_minutes(30));
        }
    }

    #[test]
    fn the_corrections_of_a_time_server_are_followed() {
        let (machine, node) = clocks();
        for step in [9, -9, 1, -1] {
            machine.set(machine.now().plus_seconds(step));
            assert_eq!(node.now(), machine.now());
            assert_eq!(node.difference(), None);
        }
    }

    #[test]
    fn the_machines_two_clocks_go_together() {
        let node = SteadyClock::new(Arc::new(SystemClock));
        assert_eq!(node.difference(), None);
        assert!(SystemClock.steady_micros() > 0);
    }
}
