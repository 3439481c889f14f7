//! What a verification found, in words a person can act on.

use serde::{Deserialize, Serialize};

use crate::{Digest, Suite};

/// More findings than this are only counted: whoever needs the ten-thousandth has another problem.
const MAX_FINDINGS: usize = 10_000;

/// More notes than this are dropped.
const MAX_NOTES: usize = 1_000;

/// Says what was done to an entry or a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// 改动: a field differs from what was recorded.
    Changed,
    /// 缺失: an entry that was recorded is not there.
    Dropped,
    /// 插入: an entry is there that was never recorded at this place.
    Inserted,
    /// 错序: an entry is there, but not at its place.
    Reordered,
    /// 倒签: an entry bears an earlier time than its place in the chain allows.
    BackDated,
    /// 检查点有误: a checkpoint is missing, changed or not signed by the node.
    Checkpoint,
    /// 截断: the end is missing.
    Truncated,
    /// 无法读取: a line is not an entry, a checkpoint or an end.
    Malformed,
}

/// Names one thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the node whose feed it is.
    pub origin: String,
    /// Number of the entry, or of the first entry of the range.
    pub seq: u64,
    /// Number of the last entry, where a range is all that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_seq: Option<u64>,
    /// What was done.
    pub kind: FindingKind,
    /// How it shows, a lower-case fragment.
    pub detail: String,
}

impl Finding {
    /// Says whether entry `seq` lies within what the finding names.
    pub fn covers(&self, seq: u64) -> bool {
        (self.seq..=self.to_seq.unwrap_or(self.seq)).contains(&seq)
    }
}

/// Tells something worth knowing that is no evidence of tampering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Number of the entry it is about.
    pub seq: u64,
    /// What there is to know, a lower-case fragment.
    pub detail: String,
}

/// Sums up a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Id of the node whose feed was verified; empty if nothing told it.
    pub origin: String,
    /// Suite of digests and signatures.
    pub suite: Suite,
    /// How many entries were read.
    pub entries: u64,
    /// How many checkpoints were read.
    pub checkpoints: u64,
    /// Lowest number among the entries at their places; 0 if there were none.
    pub first_seq: u64,
    /// Highest number among the entries at their places; 0 if there were none.
    pub last_seq: u64,
    /// Hash of the last entry as it should be; [`Digest::ZERO`] if there were none.
    pub head: Digest,
    /// How many entries at the end no valid signature vouches for yet.
    pub uncovered: u64,
    /// What is wrong, in order of entries.
    pub findings: Vec<Finding>,
    /// How many findings beyond ten thousand were left out.
    pub findings_omitted: u64,
    /// What is worth knowing.
    pub notes: Vec<Note>,
}

impl Report {
    /// Says whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Gathers findings, joining those that run on from entry to entry.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    omitted: u64,
    notes: Vec<Note>,
}

impl Findings {
    /// Adds a finding about entries `from..=to`, or lengthens the latest one of its sort that ends just before.
    pub(super) fn add(&mut self, kind: FindingKind, from: u64, to: u64, detail: impl Into<String>) {
        let detail = detail.into();
        let latest = self
            .list
            .iter_mut()
            .rev()
            .take(8)
            .find(|f| f.kind == kind && f.detail == detail);
        if let Some(latest) = latest {
            let end = latest.to_seq.unwrap_or(latest.seq);
            if from >= latest.seq && from <= end.saturating_add(1) {
                let end = end.max(to);
                latest.to_seq = (end > latest.seq).then_some(end);
                return;
            }
        }
        if self.list.len() >= MAX_FINDINGS {
            self.omitted += 1;
            return;
        }
        let to_seq = (to > from).then_some(to);
        self.list.push(Finding {
            origin: String::new(),
            seq: from,
            to_seq,
            kind,
            detail,
        });
    }

    /// Says whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a note.
    pub(super) fn note(&mut self, seq: u64, detail: impl Into<String>) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(Note {
                seq,
                detail: detail.into(),
            });
        }
    }

    /// Hands over everything, in order of entries.
    pub(super) fn close(mut self, origin: &str) -> (Vec<Finding>, u64, Vec<Note>) {
        self.list.sort_by_key(|f| (f.seq, f.kind));
        for finding in &mut self.list {
            origin.clone_into(&mut finding.origin);
        }
        (self.list, self.omitted, self.notes)
    }
}
