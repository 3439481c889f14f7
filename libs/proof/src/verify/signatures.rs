//! The chain of checkpoints: one valid signature vouches for every checkpoint before it.
//!
//! Signatures are dear and checkpoints as many as commits, so a signature is checked only where something disagrees,
//! at every 1,024th checkpoint and at the last one. When such a check fails, the first invalid signature is found by
//! bisection: once a checkpoint is forged, every later one that links to it has to be forged too.

use super::report::{FindingKind, Findings};
use crate::{Checkpoint, Digest, Suite, VerifyingKey};

/// How many checkpoints may pass, and are kept, between two checked signatures.
const TRAIL: usize = 1_024;

const FORGED: &str = "this checkpoint does not bear the node's signature; nothing vouches for these entries";
const UNSIGNED: &str = "the signature of the checkpoint over these entries does not hold";
const MISSING: &str = "a checkpoint before this one is missing";
const REPEATED: &str = "the checkpoint is written twice or out of order";

#[derive(Debug)]
pub(super) struct Signatures {
    suite: Suite,
    key: VerifyingKey,
    /// What the next checkpoint must name as its predecessor; `None` if nothing can be demanded.
    expected: Option<Digest>,
    latest: Option<Checkpoint>,
    /// The checkpoints since the last one known to be authentic.
    trail: Vec<Checkpoint>,
    trusted_size: u64,
    trusted_origin: Option<String>,
    /// The last checked signature was invalid and has been reported.
    forged: bool,
    /// A break of the chain has been explained already.
    excused: bool,
}

impl Signatures {
    /// Starts a chain; `from_start` says whether the first checkpoint must be the node's first.
    pub(super) fn new(suite: Suite, key: VerifyingKey, settled: u64) -> Self {
        Self {
            suite,
            key,
            expected: (settled == 0).then_some(Digest::ZERO),
            latest: None,
            trail: Vec::new(),
            trusted_size: settled,
            trusted_origin: None,
            forged: false,
            excused: false,
        }
    }

    /// Returns how many entries are vouched for; exact after [`Self::finish`].
    pub(super) fn trusted_size(&self) -> u64 {
        self.trusted_size
    }

    /// Returns the node that the latest authentic checkpoint names.
    pub(super) fn origin(&self) -> Option<&str> {
        self.trusted_origin.as_deref()
    }

    /// Returns the size the latest accepted checkpoint states.
    pub(super) fn latest_size(&self) -> u64 {
        self.latest.as_ref().map_or(0, |c| c.size)
    }

    /// Lets the next break of the chain pass, since its cause is reported already.
    pub(super) fn excuse(&mut self) {
        self.excused = true;
    }

    /// Checks that `checkpoint` continues the chain; gives false if it must not be relied on.
    pub(super) fn may_follow(&mut self, checkpoint: &Checkpoint, findings: &mut Findings) -> bool {
        let out_of_order = self
            .latest
            .as_ref()
            .is_some_and(|l| checkpoint.size < l.size || checkpoint == l);
        let linked = self
            .expected
            .is_none_or(|expected| expected == checkpoint.previous);
        if linked && !out_of_order {
            return true;
        }
        if checkpoint.verify(&self.key).is_err() {
            self.reject(checkpoint, findings);
            return false;
        }
        if out_of_order {
            findings.add(
                FindingKind::Checkpoint,
                checkpoint.size,
                checkpoint.size,
                REPEATED,
            );
            return false;
        }
        let earlier_was_forged = !self.check_trail(findings) || self.forged;
        if !earlier_was_forged && !self.excused {
            let from = checkpoint.size.min(self.latest_size() + 1);
            findings.add(FindingKind::Checkpoint, from, checkpoint.size, MISSING);
        }
        true
    }

    /// Checks the signature of a checkpoint that disagrees with the entries; reports it if it is invalid.
    pub(super) fn is_signed(&mut self, checkpoint: &Checkpoint, findings: &mut Findings) -> bool {
        let signed = checkpoint.verify(&self.key).is_ok();
        if !signed {
            self.reject(checkpoint, findings);
        }
        signed
    }

    /// Takes `checkpoint` into the chain.
    pub(super) fn accept(&mut self, checkpoint: Checkpoint, findings: &mut Findings) {
        self.expected = Some(checkpoint.link_digest(self.suite));
        self.excused = false;
        self.trail.push(checkpoint.clone());
        self.latest = Some(checkpoint);
        if self.trail.len() >= TRAIL {
            self.check_trail(findings);
        }
    }

    /// Checks the last signature.
    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.check_trail(findings);
    }

    fn reject(&mut self, checkpoint: &Checkpoint, findings: &mut Findings) {
        let from = checkpoint.size.min(self.latest_size() + 1);
        findings.add(FindingKind::Checkpoint, from, checkpoint.size, UNSIGNED);
        self.excused = true;
    }

    /// Checks the end of the trail and, if that fails, finds where it went wrong; gives whether all is well.
    fn check_trail(&mut self, findings: &mut Findings) -> bool {
        let trail = std::mem::take(&mut self.trail);
        let Some(last) = trail.last() else {
            return true;
        };
        if last.verify(&self.key).is_ok() {
            self.forged = false;
            self.trust(last);
            return true;
        }
        if !self.forged {
            self.report_first_forged(&trail, findings);
            self.forged = true;
        }
        false
    }

    fn report_first_forged(&mut self, trail: &[Checkpoint], findings: &mut Findings) {
        let valid = trail.partition_point(|c| c.verify(&self.key).is_ok());
        let (good, bad) = trail.split_at(valid);
        if let Some(last_good) = good.last() {
            self.trust(last_good);
        }
        if let Some(first_bad) = bad.first() {
            let from = first_bad.size.min(self.trusted_size + 1);
            findings.add(FindingKind::Checkpoint, from, first_bad.size, FORGED);
        }
    }

    fn trust(&mut self, checkpoint: &Checkpoint) {
        self.trusted_size = checkpoint.size;
        self.trusted_origin = Some(checkpoint.origin.clone());
    }
}
