//! Verification of one node's feed: finds and names whatever was changed, dropped, inserted, reordered or back-dated.
//!
//! Entries are held from one checkpoint to the next (a *stretch*) and judged when the checkpoint arrives. Only the last
//! checkpoint's signature has to be checked as long as everything agrees; where something disagrees, the signature of
//! the checkpoint at hand decides who is to be believed. After a finding the verifier goes on from the signed hash, so
//! that one tampering is one finding and the next one is found as well.
//!
//! Memory: at most [`MAX_STRETCH`] entries and 1,024 checkpoints are held, plus what came out of its place.

mod clock;
mod ground;
mod judge;
mod options;
mod report;
mod settle;
mod signatures;
mod slots;
mod walk;

use std::collections::{BTreeMap, VecDeque};

pub use options::VerifyOptions;
pub use report::{Finding, FindingKind, Note, Report};

use crate::{Checkpoint, Digest, Entry, Suite, VerifyingKey, hash_batch};
use clock::ClockWatch;
use ground::{Anchor, Arrival, Ground};
use report::Findings;
use signatures::Signatures;
use slots::arrange;
use walk::Gap;

/// How many entries without a checkpoint are held before they are judged without one.
pub const MAX_STRETCH: usize = 8_192;

const COPY: &str = "a second entry bears this number";
const OUT_OF_PLACE: &str = "the entry is not at its place";
const NOT_DUE: &str = "an entry with this number was never recorded";
const ROOT: &str = "the signed Merkle root is not that of the entries";
const OTHER_NODE: &str = "the file names another node than the signed checkpoints";

/// Reads a feed entry by entry and checkpoint by checkpoint, and reports at the end.
#[derive(Debug)]
pub struct Verifier {
    options: VerifyOptions,
    ground: Ground,
    signatures: Signatures,
    clock: ClockWatch,
    findings: Findings,
    pending: Vec<Arrival>,
    early: BTreeMap<u64, Arrival>,
    /// Gaps by their first number.
    missing: BTreeMap<u64, Gap>,
    /// Lines of the current stretch that could not be read.
    unreadable: VecDeque<String>,
    entries: u64,
    checkpoints: u64,
    seen: Option<(u64, u64)>,
    stated_end: Option<(u64, u64)>,
    is_cut_off: bool,
}

impl Verifier {
    /// Starts at the beginning that `options` describe.
    pub fn new(suite: Suite, key: VerifyingKey, options: VerifyOptions) -> Self {
        let ground = options.ground(suite);
        Self {
            signatures: Signatures::new(suite, key, ground.settled),
            ground,
            options,
            clock: ClockWatch::default(),
            findings: Findings::default(),
            pending: Vec::new(),
            early: BTreeMap::new(),
            missing: BTreeMap::new(),
            unreadable: VecDeque::new(),
            entries: 0,
            checkpoints: 0,
            seen: None,
            stated_end: None,
            is_cut_off: false,
        }
    }

    /// Takes the next entry.
    pub fn entry(&mut self, entry: &Entry) {
        let computed = entry.compute_hash(self.ground.suite);
        self.hashed(entry.clone(), computed);
    }

    /// Takes the next entries, hashing them on all cores.
    pub fn entries(&mut self, entries: Vec<Entry>) {
        let hashes = hash_batch(&entries, self.ground.suite);
        for (entry, computed) in entries.into_iter().zip(hashes) {
            self.hashed(entry, computed);
        }
    }

    /// Takes the next entry, whose [`Entry::compute_hash`] the caller has computed.
    pub fn hashed(&mut self, entry: Entry, computed: Digest) {
        self.entries += 1;
        #[cfg(test)]
        if self.options.skips_the_chain {
            if entry.hash != computed {
                self.findings
                    .add(FindingKind::Changed, entry.seq, entry.seq, "planted fault");
            }
            return;
        }
        self.pending.push(Arrival { entry, computed });
        if self.pending.len() > MAX_STRETCH {
            // The last one stays, so that what follows is judged together with what it links to.
            let last = self.pending.pop();
            self.close(&Anchor::default());
            self.pending.extend(last);
        }
    }

    /// Takes the next checkpoint, which belongs right after entry number [`Checkpoint::size`].
    pub fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.checkpoints += 1;
        #[cfg(test)]
        if self.options.skips_the_chain {
            return;
        }
        if !self.signatures.may_follow(&checkpoint, &mut self.findings) {
            return;
        }
        let (size, head, root) = (
            Some(checkpoint.size),
            Some(checkpoint.head),
            Some(checkpoint.root),
        );
        let anchor = Anchor { size, head, root };
        if !self.runs_on(&anchor) {
            if !self.signatures.is_signed(&checkpoint, &mut self.findings) {
                return;
            }
            if checkpoint.size >= self.ground.settled {
                self.sort_out(&anchor);
            } else {
                self.findings.add(
                    FindingKind::Checkpoint,
                    checkpoint.size,
                    checkpoint.size,
                    OUT_OF_PLACE,
                );
            }
        }
        self.ground.anchored = self.ground.anchored.max(checkpoint.size);
        self.signatures.accept(checkpoint, &mut self.findings);
    }

    /// Takes note of a line that could not be read; `detail` names the line.
    pub fn unreadable_entry(&mut self, detail: String) {
        self.unreadable.push_back(detail);
    }

    /// Takes note of a line that was a checkpoint and could not be read.
    pub fn unreadable_checkpoint(&mut self, detail: String) {
        let seq = self.pending.last().map_or(self.ground.settled, |a| a.entry.seq);
        self.findings.add(FindingKind::Malformed, seq, seq, detail);
        self.signatures.excuse();
    }

    /// Takes note of what the last line of an export says was written before it.
    pub(crate) fn end_line(&mut self, entries: u64, checkpoints: u64) {
        self.stated_end = Some((entries, checkpoints));
    }

    /// Takes note that an export has no last line.
    pub(crate) fn no_end_line(&mut self) {
        self.is_cut_off = true;
    }

    /// Judges what is left and sums up.
    pub fn finish(mut self) -> Report {
        if !self.pending.is_empty() {
            self.close(&Anchor::default());
        }
        for detail in std::mem::take(&mut self.unreadable) {
            let seq = self.ground.settled + 1;
            self.findings.add(FindingKind::Malformed, seq, seq, detail);
        }
        for seq in std::mem::take(&mut self.early).into_keys() {
            self.findings.add(FindingKind::Inserted, seq, seq, NOT_DUE);
        }
        self.signatures.finish(&mut self.findings);
        self.report_missing();
        let (first_seq, last_seq) = self.seen.unwrap_or((0, 0));
        let signed_by = self.signatures.origin().map(str::to_owned);
        let mut origin = self.options.origin.unwrap_or_default();
        if let Some(signed_by) = signed_by.filter(|name| *name != origin) {
            if !origin.is_empty() {
                self.findings
                    .add(FindingKind::Changed, first_seq, last_seq, OTHER_NODE);
            }
            origin = signed_by;
        }
        let (findings, findings_omitted, notes) = self.findings.close(&origin);
        Report {
            origin,
            suite: self.ground.suite,
            entries: self.entries,
            checkpoints: self.checkpoints,
            first_seq,
            last_seq,
            head: self.ground.authentic.unwrap_or(Digest::ZERO),
            uncovered: last_seq.saturating_sub(self.signatures.trusted_size()),
            findings,
            findings_omitted,
            notes,
        }
    }

    fn close(&mut self, anchor: &Anchor) {
        if !self.runs_on(anchor) {
            self.sort_out(anchor);
        }
    }

    /// Settles the pending entries if they continue the chain without a fault and agree with `anchor`.
    ///
    /// Where the chain was computed anew after an earlier alteration, the entries are checked with the true links.
    fn runs_on(&mut self, anchor: &Anchor) -> bool {
        if !self.unreadable.is_empty() {
            return false;
        }
        let Some(ahead) = self.ground.run(&self.pending) else {
            return false;
        };
        let first = self.ground.settled + 1;
        let is_renumbered = self.pending.first().is_some_and(|a| a.entry.seq != first);
        let is_vouched = anchor.head.is_some() && ahead.authentic == anchor.head;
        let fits = anchor.size.is_none_or(|size| size == ahead.settled)
            && (is_vouched || anchor.head.is_none() || ahead.authentic.is_none())
            && (is_vouched || !is_renumbered)
            && anchor
                .root
                .is_none_or(|root| ahead.frontier.as_ref().is_none_or(|f| f.root() == root));
        if !fits {
            return false;
        }
        if is_renumbered {
            self.findings
                .add(FindingKind::Changed, first, ahead.settled, walk::NUMBER);
        }
        for seq in slots::take_through(&mut self.early, ahead.settled).into_keys() {
            self.findings.add(FindingKind::Inserted, seq, seq, COPY);
        }
        for (seq, arrival) in (first..).zip(std::mem::take(&mut self.pending)) {
            self.settle_entry(seq, &arrival.entry);
        }
        let authentic = ahead.authentic.or(anchor.head);
        self.ground = Ground { authentic, ..ahead };
        true
    }

    /// Judges the pending entries one by one, and settles them.
    fn sort_out(&mut self, anchor: &Anchor) {
        let pending = std::mem::take(&mut self.pending);
        // What comes next may link to the entry that stood last, wherever that one belongs.
        let shown = pending
            .last()
            .map_or_else(|| self.ground.known_hashes(), |a| a.hashes().to_vec());
        let arranged = arrange(&self.ground, anchor, pending, &mut self.early);
        let judgement = judge::judge(&self.ground, &arranged, anchor);
        for stray in &arranged.stray {
            self.findings
                .add(FindingKind::Inserted, stray.entry.seq, stray.entry.seq, NOT_DUE);
        }
        for late in &arranged.late {
            self.report_late(late);
        }
        self.report_gaps(&judgement.gaps);
        self.report_order(&arranged, &judgement);
        self.report_faults(&arranged, &judgement);
        if judgement.root_disagrees {
            self.findings
                .add(FindingKind::Checkpoint, arranged.size, arranged.size, ROOT);
        }
        if arranged.size > self.ground.settled {
            self.ground.shown = shown;
            let last = arranged.slots.last().zip(judgement.chosen.last());
            let last = last
                .filter(|(slot, _)| slot.seq == arranged.size)
                .and_then(|(s, c)| s.candidates.get(*c));
            self.ground
                .shown
                .extend(last.iter().flat_map(|c| c.arrival.hashes()));
        }
        self.ground.settled = self.ground.settled.max(arranged.size);
        self.ground.authentic = judgement.last;
        self.ground.frontier = judgement.frontier;
    }
}

#[cfg(test)]
pub(crate) mod tests;
