//! Evidence packs: the entries of one stream, each with its own proof, verifiable alone on any machine.
//!
//! A pack is one JSON document. Its checkpoint is signed by the node; each entry's inclusion proof leads to the
//! checkpoint's root; the node's second signature says that these are *all* entries of the stream up to that checkpoint,
//! so that nothing can be left out at the end either.

use std::io::BufRead;

use serde::{Deserialize, Serialize};

use crate::{
    Checkpoint, Digest, Entry, ExportError, Finding, FindingKind, InclusionProof, Report, SigningKey, Suite,
    VerifyingKey, verify_inclusion,
};

/// The version of the format that this code writes and reads.
const FORMAT: u32 = 1;

/// How much of a file is looked at to tell what it is.
const PEEK: usize = 64;

/// An entry and the proof that it is part of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The entry.
    pub entry: Entry,
    /// Its way to the checkpoint's root.
    pub proof: InclusionProof,
}

/// The entries of one stream with their proofs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_field_names,
    reason = "the first field tells files of this sort from others"
)]
pub struct Evidence {
    /// Version of the format: 1.
    pub anlan_evidence: u32,
    /// Id of the node whose feed it is from.
    pub origin: String,
    /// Suite of digests and signatures.
    pub suite: Suite,
    /// The node's public key in hexadecimal digits.
    pub public_key: String,
    /// Name of the stream, for example `incident/…`.
    pub stream: String,
    /// When it was written, microseconds since 1970 UTC.
    pub exported_at: i64,
    /// The node's signed word about its whole feed.
    pub checkpoint: Checkpoint,
    /// All entries of the stream up to the checkpoint, oldest first.
    pub items: Vec<Proven>,
    /// The node's signature over [`Self::preimage`], 128 hexadecimal digits; empty while unsigned.
    pub signature: String,
}

impl Evidence {
    /// Puts a pack together and signs it.
    pub fn sign(
        key: &SigningKey,
        stream: &str,
        checkpoint: Checkpoint,
        items: Vec<Proven>,
        exported_at: i64,
    ) -> Self {
        let mut evidence = Self {
            anlan_evidence: FORMAT,
            origin: checkpoint.origin.clone(),
            suite: key.suite(),
            public_key: key.verifying_key().to_hex(),
            stream: stream.to_owned(),
            exported_at,
            checkpoint,
            items,
            signature: String::new(),
        };
        evidence.signature = hex::encode(key.sign(evidence.preimage().as_bytes()));
        evidence
    }

    /// Writes the text that is signed: seven lines.
    pub fn preimage(&self) -> String {
        let hashes: Vec<&[u8]> = self
            .items
            .iter()
            .map(|item| &item.entry.hash.as_bytes()[..])
            .collect();
        format!(
            "anlan/evidence/v1\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.origin,
            self.stream,
            self.exported_at,
            self.checkpoint.link_digest(self.suite),
            self.items.len(),
            self.suite.digest_parts(&hashes),
        )
    }

    /// Verifies the pack under the public key that it names itself.
    pub fn verify(&self) -> Result<Report, ExportError> {
        if self.anlan_evidence != FORMAT {
            return Err(ExportError::Format(self.anlan_evidence));
        }
        let key = VerifyingKey::from_hex(self.suite, &self.public_key)?;
        let mut findings = self.checkpoint_findings(&key);
        let mut expected = (1, 1);
        for item in &self.items {
            findings.extend(self.fault_of(item));
            findings.extend(self.place_fault(item, expected));
            expected = (item.entry.version + 1, item.entry.seq + 1);
        }
        let is_signed = key
            .verify_hex(self.preimage().as_bytes(), &self.signature)
            .is_ok();
        if findings.is_empty() && !is_signed {
            let last = self.items.last().map_or(0, |item| item.entry.seq);
            findings.push(self.finding(
                FindingKind::Truncated,
                last,
                "the node did not sign that these are all entries of the stream",
            ));
        }
        Ok(self.report(findings))
    }

    fn checkpoint_findings(&self, key: &VerifyingKey) -> Vec<Finding> {
        let signed = self.checkpoint.verify(key).is_ok() && self.checkpoint.origin == self.origin;
        if signed {
            return Vec::new();
        }
        let detail = "the checkpoint is not signed by the node";
        vec![self.finding(FindingKind::Checkpoint, self.checkpoint.size, detail)]
    }

    /// What is wrong with an entry itself, if anything.
    fn fault_of(&self, item: &Proven) -> Option<Finding> {
        let (entry, root) = (&item.entry, &self.checkpoint.root);
        let fits = item.proof.size == self.checkpoint.size && item.proof.index + 1 == entry.seq;
        let leads = |hash: &Digest| fits && verify_inclusion(self.suite, hash, &item.proof, root).is_ok();
        let computed = entry.compute_hash(self.suite);
        let ours = entry.origin == self.origin && entry.stream == self.stream;
        let (kind, detail) = match (leads(&computed), leads(&entry.hash)) {
            (true, true) if ours => return None,
            (true, true) => (FindingKind::Inserted, "the entry belongs to another stream"),
            (true, false) => (
                FindingKind::Changed,
                "the hash it bears is not that of its content",
            ),
            (false, true) => (FindingKind::Changed, "the content is not what was recorded"),
            (false, false) => (
                FindingKind::Inserted,
                "no proof leads from the entry to the signed root",
            ),
        };
        Some(self.finding(kind, entry.seq, detail))
    }

    /// What is wrong with an entry's place among the others, if anything.
    fn place_fault(&self, item: &Proven, (version, seq): (u64, u64)) -> Option<Finding> {
        let entry = &item.entry;
        if entry.seq < seq || entry.version < version {
            return Some(self.finding(FindingKind::Reordered, entry.seq, "the entry is not at its place"));
        }
        (entry.version > version).then(|| Finding {
            to_seq: Some(entry.seq - 1).filter(|to| *to > seq),
            ..self.finding(
                FindingKind::Dropped,
                seq,
                &format!("the stream lacks versions {version} to {}", entry.version - 1),
            )
        })
    }

    fn finding(&self, kind: FindingKind, seq: u64, detail: &str) -> Finding {
        Finding {
            origin: self.origin.clone(),
            seq,
            to_seq: None,
            kind,
            detail: detail.to_owned(),
        }
    }

    fn report(&self, findings: Vec<Finding>) -> Report {
        let seq = |item: Option<&Proven>| item.map_or(0, |item| item.entry.seq);
        Report {
            origin: self.origin.clone(),
            suite: self.suite,
            entries: u64::try_from(self.items.len()).unwrap_or(u64::MAX),
            checkpoints: 1,
            first_seq: seq(self.items.first()),
            last_seq: seq(self.items.last()),
            head: self.items.last().map_or(Digest::ZERO, |item| item.entry.hash),
            uncovered: 0,
            findings,
            findings_omitted: 0,
            notes: Vec::new(),
        }
    }
}

/// Verifies a file of either sort: the export of a feed, or an evidence pack.
pub fn verify_file<R: BufRead>(mut reader: R) -> Result<Report, ExportError> {
    if is_evidence(&mut reader)? {
        return read_evidence(reader)?.verify();
    }
    crate::verify_export(reader)
}

/// Reads the public key that a file names itself, in hexadecimal digits: to be compared with one known from elsewhere.
pub fn public_key_in_file<R: BufRead>(mut reader: R) -> Result<String, ExportError> {
    if is_evidence(&mut reader)? {
        return Ok(read_evidence(reader)?.public_key);
    }
    Ok(crate::export::export_header(reader)?.public_key)
}

fn is_evidence<R: BufRead>(reader: &mut R) -> Result<bool, ExportError> {
    let start = reader.fill_buf()?;
    let start = start.get(..PEEK).unwrap_or(start);
    let mark = b"\"anlan_evidence\"";
    Ok(start.windows(mark.len()).any(|part| part == mark))
}

fn read_evidence<R: BufRead>(reader: R) -> Result<Evidence, ExportError> {
    serde_json::from_reader(reader).map_err(ExportError::Evidence)
}

#[cfg(test)]
mod tests;
