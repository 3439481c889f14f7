//! What is known of a feed before it is read.

use crate::{Digest, Frontier, Suite};

use super::ground::Ground;

/// Says what the feed is expected to be.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// Number of the first entry; more than 1 for a part of a feed.
    pub expected_first_seq: u64,
    /// Number of the last entry, if it is known from elsewhere.
    pub expected_last_seq: Option<u64>,
    /// Id of the node, if it is known from elsewhere.
    pub origin: Option<String>,
    /// Hash of the entry before the first, for a part of a feed.
    pub previous_hash: Option<Digest>,
    /// [`Frontier::parts`] before the first entry, for a part of a feed; without it Merkle roots are not compared.
    pub frontier: Option<Vec<Digest>>,
    /// How far a clock may be set back at once and be taken for a clock error, in microseconds.
    ///
    /// By default 48 hours: a clock that was a day ahead and then is a day behind.
    pub clock_allowance_micros: i64,
    /// Planted fault: look at each entry's own hash and at nothing else.
    #[cfg(test)]
    pub(crate) skips_the_chain: bool,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            expected_first_seq: 1,
            expected_last_seq: None,
            origin: None,
            previous_hash: None,
            frontier: None,
            clock_allowance_micros: 48 * 3_600 * 1_000_000,
            #[cfg(test)]
            skips_the_chain: false,
        }
    }
}

impl VerifyOptions {
    /// Lays the ground that the first entry has to meet.
    pub(super) fn ground(&self, suite: Suite) -> Ground {
        let settled = self.expected_first_seq.saturating_sub(1);
        let whole = settled == 0;
        let stored = || Frontier::from_parts(suite, settled, self.frontier.clone()?).ok();
        Ground {
            suite,
            settled,
            authentic: if whole {
                Some(Digest::ZERO)
            } else {
                self.previous_hash
            },
            shown: Vec::new(),
            anchored: settled,
            frontier: if whole {
                Some(Frontier::new(suite))
            } else {
                stored()
            },
        }
    }
}
