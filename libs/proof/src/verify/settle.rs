//! Puts on record what was judged.

use super::clock::ClockVerdict;
use super::ground::Arrival;
use super::judge::Judgement;
use super::report::FindingKind;
use super::slots::Arranged;
use super::walk::Gap;
use super::{COPY, OUT_OF_PLACE, Verifier};
use crate::Entry;

const DROPPED: &str = "the entry is missing";
const CUT_OFF: &str = "the end of the feed is missing";
const NO_END: &str = "the last line of the export is missing";
const MISCOUNTED: &str = "the last line of the export counts other entries or checkpoints than it holds";

impl Verifier {
    /// Takes an entry at its place: minds its clocks and counts it.
    pub(super) fn settle_entry(&mut self, seq: u64, entry: &Entry) {
        match self.clock.look(entry, self.options.clock_allowance_micros) {
            ClockVerdict::Fine => {}
            ClockVerdict::SteppedBack { micros } => {
                self.findings.note(
                    seq,
                    format!("the node's clock was set back by {} s", micros / 1_000_000),
                );
            }
            ClockVerdict::Impossible(detail) => self.findings.add(FindingKind::BackDated, seq, seq, detail),
        }
        self.clock.advance(entry);
        self.count(seq);
    }

    pub(super) fn count(&mut self, seq: u64) {
        let (first, last) = self.seen.unwrap_or((seq, seq));
        self.seen = Some((first.min(seq), last.max(seq)));
    }

    /// Reports an entry whose place was settled before: found again, or never recorded.
    pub(super) fn report_late(&mut self, late: &Arrival) {
        let seq = late.entry.seq;
        let Some(gap) = self
            .missing
            .range(..=seq)
            .next_back()
            .map(|(_, gap)| *gap)
            .filter(|g| g.to >= seq)
        else {
            self.findings.add(FindingKind::Inserted, seq, seq, COPY);
            return;
        };
        self.missing.remove(&gap.from);
        if gap.from < seq {
            self.missing.insert(
                gap.from,
                Gap {
                    to: seq - 1,
                    last_hash: None,
                    ..gap
                },
            );
        }
        if seq < gap.to {
            self.missing.insert(seq + 1, Gap { from: seq + 1, ..gap });
        }
        let true_hash = gap.last_hash.filter(|_| gap.to == seq).unwrap_or(late.computed);
        self.findings.add(FindingKind::Reordered, seq, seq, OUT_OF_PLACE);
        if true_hash != late.computed || late.entry.hash != late.computed {
            self.findings
                .add(FindingKind::Changed, seq, seq, "altered as well as moved");
        }
        self.count(seq);
    }

    /// Puts gaps on record, explaining them by unreadable lines first.
    pub(super) fn report_gaps(&mut self, gaps: &[Gap]) {
        for gap in gaps {
            let mut gap = *gap;
            while gap.from <= gap.to
                && let Some(detail) = self.unreadable.pop_front()
            {
                self.findings
                    .add(FindingKind::Malformed, gap.from, gap.from, detail);
                gap.from += 1;
            }
            if gap.from <= gap.to {
                self.missing.insert(gap.from, gap);
            }
        }
        for detail in std::mem::take(&mut self.unreadable) {
            let seq = self.ground.settled + 1;
            self.findings.add(FindingKind::Malformed, seq, seq, detail);
        }
    }

    pub(super) fn report_order(&mut self, arranged: &Arranged, judgement: &Judgement) {
        for (slot, chosen) in arranged.slots.iter().zip(&judgement.chosen) {
            for (place, candidate) in slot.candidates.iter().enumerate() {
                if place != *chosen {
                    self.findings.add(FindingKind::Inserted, slot.seq, slot.seq, COPY);
                } else if candidate.is_displaced {
                    self.findings
                        .add(FindingKind::Reordered, slot.seq, slot.seq, OUT_OF_PLACE);
                }
            }
        }
    }

    /// Reports altered entries, as back-dated where their clocks say so, and settles the sound ones.
    pub(super) fn report_faults(&mut self, arranged: &Arranged, judgement: &Judgement) {
        let mut faults: Vec<_> = judgement
            .faults
            .iter()
            .map(|f| (f, FindingKind::Changed))
            .collect();
        for (slot, chosen) in arranged.slots.iter().zip(&judgement.chosen) {
            let Some(candidate) = slot.candidates.get(*chosen) else {
                continue;
            };
            let entry = &candidate.arrival.entry;
            let mut is_sound = true;
            for (_, kind) in faults
                .iter_mut()
                .filter(|(f, _)| (f.from..=f.to).contains(&slot.seq))
            {
                is_sound = false;
                let is_back_dated = self.clock.is_back_dated(entry);
                *kind = if is_back_dated {
                    FindingKind::BackDated
                } else {
                    *kind
                };
            }
            if is_sound {
                self.settle_entry(slot.seq, entry);
            } else {
                self.count(slot.seq);
            }
        }
        for (fault, kind) in faults {
            self.findings.add(kind, fault.from, fault.to, fault.detail);
        }
    }

    /// Reports what stayed missing, and whether it is the end.
    pub(super) fn report_missing(&mut self) {
        let last_seen = self
            .seen
            .map_or(self.options.expected_first_seq.saturating_sub(1), |s| s.1);
        let mut end = last_seen;
        for gap in std::mem::take(&mut self.missing).into_values() {
            let (kind, detail) = if gap.from > last_seen {
                (FindingKind::Truncated, CUT_OFF)
            } else {
                (FindingKind::Dropped, DROPPED)
            };
            self.findings.add(kind, gap.from, gap.to, detail);
            end = end.max(gap.to);
        }
        if let Some(expected) = self.options.expected_last_seq.filter(|expected| *expected > end) {
            self.findings
                .add(FindingKind::Truncated, end + 1, expected, CUT_OFF);
        } else if self.is_cut_off {
            self.findings.add(FindingKind::Truncated, end, end, NO_END);
        }
        let counted = (self.entries, self.checkpoints);
        if self.findings.is_empty() && self.stated_end.is_some_and(|stated| stated != counted) {
            self.findings.add(FindingKind::Malformed, end, end, MISCOUNTED);
        }
    }
}
