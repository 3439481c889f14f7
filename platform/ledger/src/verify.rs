//! Verifying the node's own feed where it lies: leniently read, strictly judged.

use std::collections::VecDeque;

use anlan_foundation::Timestamp;
use anlan_proof::{Checkpoint, Entry, Finding, FindingKind, Report, Verifier, VerifyOptions, hash_batch};
use anlan_store::{StoreError, Tx};

use crate::ledger::Core;
use crate::{Ledger, LedgerError, store};

/// Rows are read in pages of this many.
const PAGE: u64 = 10_000;

/// A number this far ahead of its neighbours is a tampered one, and no checkpoint is looked for at it.
const PLAUSIBLE_STEP: u64 = 20_000;

/// Verifies the node's own feed as it stands in the store, in one snapshot: running or not.
///
/// A row that cannot be read is a finding like any other, not an end of the work.
pub fn verify_store(ledger: &Ledger) -> Result<Report, LedgerError> {
    let core = ledger.core();
    ledger.db().read_blocking(move |tx| Ok(verify(&core, tx)?))
}

fn verify(core: &Core, tx: &mut Tx<'_>) -> Result<Report, StoreError> {
    let head = store::load_head(tx, &core.origin)?;
    let options = VerifyOptions {
        expected_last_seq: head.map(|head| head.seq),
        origin: Some(core.origin.clone()),
        ..VerifyOptions::default()
    };
    let verifier = Verifier::new(core.suite, core.key.verifying_key(), options);
    let mut feed = Feed {
        verifier,
        waiting: VecDeque::new(),
        reached: 0,
    };
    let (mut after, mut checkpointed) = (i64::MIN, i64::MIN);
    loop {
        let rows = store::raw_entries(tx, after, PAGE)?;
        let checkpoints = store::raw_checkpoints(tx, &core.origin, checkpointed, PAGE)?;
        let Some((last, _)) = rows.last() else {
            feed.rest(checkpoints.into_iter().map(|(_, read)| read));
            return Ok(nothing_unsigned(feed.verifier.finish()));
        };
        after = *last;
        checkpointed = checkpoints.last().map_or(checkpointed, |(size, _)| *size);
        feed.waiting.extend(checkpoints);
        feed.page(core, rows);
    }
}

/// In the store every entry is committed together with a checkpoint that covers it; one without was put there later.
fn nothing_unsigned(mut report: Report) -> Report {
    if report.uncovered > 0 {
        let first = report.last_seq.saturating_sub(report.uncovered) + 1;
        report.findings.push(Finding {
            origin: report.origin.clone(),
            seq: first,
            to_seq: (report.last_seq > first).then_some(report.last_seq),
            kind: FindingKind::Inserted,
            detail: "no checkpoint of the node vouches for it".to_owned(),
        });
    }
    report
}

struct Feed {
    verifier: Verifier,
    waiting: VecDeque<store::Raw<Checkpoint>>,
    reached: u64,
}

impl Feed {
    fn page(&mut self, core: &Core, rows: Vec<store::Raw<Entry>>) {
        let mut entries = Vec::new();
        for (position, read) in rows {
            match read {
                Ok(entry) if entry.origin == core.origin => entries.push(entry),
                Ok(_) => {}
                Err(detail) => {
                    self.take(core, std::mem::take(&mut entries));
                    self.verifier
                        .unreadable_entry(format!("row {position} of the store: {detail}"));
                }
            }
        }
        self.take(core, entries);
    }

    fn take(&mut self, core: &Core, entries: Vec<Entry>) {
        let hashes = hash_batch(&entries, core.suite);
        for (entry, computed) in entries.into_iter().zip(hashes) {
            let seq = entry.seq;
            self.verifier.hashed(entry, computed);
            if (self.reached..self.reached.saturating_add(PLAUSIBLE_STEP)).contains(&seq) {
                self.reached = seq;
            }
            let reached = i64::try_from(self.reached).unwrap_or(i64::MAX);
            while let Some((_, due)) = self.waiting.pop_front_if(|(size, _)| *size <= reached) {
                self.checkpoint(due);
            }
        }
    }

    fn checkpoint(&mut self, read: Result<Checkpoint, String>) {
        match read {
            Ok(checkpoint) => self.verifier.checkpoint(checkpoint),
            Err(detail) => self.verifier.unreadable_checkpoint(detail),
        }
    }

    fn rest(&mut self, more: impl Iterator<Item = Result<Checkpoint, String>>) {
        let waiting: Vec<_> = self.waiting.drain(..).map(|(_, read)| read).collect();
        waiting
            .into_iter()
            .chain(more)
            .for_each(|read| self.checkpoint(read));
    }
}

impl Ledger {
    /// When what a finding names happened: the times of the last entry before it and the first after it.
    pub fn time_of(
        &self,
        tx: &mut Tx<'_>,
        finding: &Finding,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), StoreError> {
        let last = finding.to_seq.unwrap_or(finding.seq);
        store::times_around(tx, self.origin(), finding.seq, last)
    }
}
