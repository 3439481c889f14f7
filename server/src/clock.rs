//! What the node tells when somebody puts the machine's clock forward or back: entries of the kinds `node.*`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use anlan_foundation::{Difference, SharedClock, Timestamp};
use anlan_jobs::Job;
use anlan_ledger::{Headline, Recorded, View};
use anlan_store::{Migration, StoreError, Table, Tx};
use serde::{Deserialize, Serialize};

/// The machine's clock was put forward.
const AHEAD: &str = "node.clock_ahead.v1";
/// The machine's clock was put back.
const BEHIND: &str = "node.clock_behind.v1";
/// The machine's clock agrees with the node's again.
const AGREES: &str = "node.clock_agrees.v1";
/// Stream of these entries.
const STREAM: &str = "node/clock";
/// How often the clocks are compared, in minutes.
const LOOK_MINUTES: u32 = 1;
/// A difference is told again when it has grown or shrunk by more than this, in microseconds.
const TOLD_AGAIN_MICROS: i64 = 10_000_000;

/// How the machine's clock stands to the node's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClockParted {
    /// What the machine says.
    pub machine: Timestamp,
    /// What the node goes by.
    pub node: Timestamp,
}

/// Compares the clocks once a minute and records when they part, and when they agree again.
pub(crate) fn job(clock: SharedClock, division: String) -> Job {
    let told = Mutex::new(0);
    Job::every("node.clock", LOOK_MINUTES, move |work, _| {
        let difference = clock.difference();
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = difference.map_or(0, Difference::ahead_micros);
        if (ahead - *told).abs() <= TOLD_AGAIN_MICROS {
            return Ok(());
        }
        let kind = match ahead {
            0 => AGREES,
            1.. => AHEAD,
            _ => BEHIND,
        };
        let parted = ClockParted {
            machine: difference.map_or(work.now, |differ| differ.machine),
            node: work.now,
        };
        work.record(STREAM, kind, &division, &parted)?;
        *told = ahead;
        Ok(())
    })
}

/// Puts these entries into words; they change no table.
pub(crate) struct NodeView;

impl View for NodeView {
    fn prefix(&self) -> &'static str {
        "node."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[]
    }

    fn tables(&self) -> &'static [Table] {
        &[]
    }

    fn apply(&self, _tx: &mut Tx<'_>, _recorded: &Recorded) -> Result<(), StoreError> {
        Ok(())
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let mut params = BTreeMap::new();
        if let Ok(fact) = recorded.fact::<ClockParted>() {
            let minutes = fact.machine.micros_since(fact.node).abs() / 60_000_000;
            params.insert("minutes".to_owned(), minutes.to_string());
        }
        Headline {
            code: recorded.entry.kind.trim_end_matches(".v1").to_owned(),
            params,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use anlan_jobs::Runner;
    use anlan_ledger::{EntryFilter, View};
    use anlan_testkit::TestNode;

    use super::{NodeView, job};

    #[test]
    fn a_clock_put_forward_and_back_is_told_once_each_and_so_is_its_return() {
        let views: Vec<Arc<dyn View>> = vec![Arc::new(NodeView)];
        let node = TestNode::new(views);
        let ledger = node.another_steady_server();
        let job = job(Arc::clone(ledger.clock()), "1501".to_owned());
        let runner = Runner::come_up(&ledger, vec![job]).unwrap();
        for jump in [0, 24 * 60, 0, -48 * 60, 0, 24 * 60, 0] {
            let now = anlan_foundation::Clock::now(node.clock.as_ref());
            node.clock.set(now.plus_minutes(jump));
            node.clock.advance_minutes(1);
            runner.round_blocking().unwrap();
        }
        let filter = EntryFilter {
            area_before: "\u{10FFFF}".to_owned(),
            limit: 100,
            ..EntryFilter::default()
        };
        let entries = ledger
            .db()
            .read_blocking(move |tx| anlan_ledger::entries(tx, &filter))
            .unwrap();
        let told: Vec<(String, String)> = entries
            .iter()
            .map(|recorded| {
                let headline = NodeView.headline(recorded);
                (headline.code, headline.params["minutes"].clone())
            })
            .collect();
        let told: Vec<(&str, &str)> = told
            .iter()
            .map(|(code, minutes)| (code.as_str(), minutes.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("node.clock_ahead", "1440"),
                ("node.clock_behind", "1440"),
                ("node.clock_agrees", "0"),
            ]
        );
    }
}
