//! The export of a feed as JSON Lines, and its verification on any machine.
//!
//! ```text
//! {"anlan_ledger":1,"origin":…,"suite":"gm","public_key":…,"realm":"live","from":1,"to":2,"exported_at":…}
//! {"entry":{…}}
//! {"entry":{…}}
//! {"checkpoint":{…}}                      right after entry number `size`
//! {"end":{"entries":2,"checkpoints":1}}
//! ```

mod lines;

use std::io::{self, BufRead, Write};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use serde::{Deserialize, Serialize};

use crate::{Checkpoint, Digest, Entry, KeyError, Report, Suite, Verifier, VerifyOptions, VerifyingKey};
use lines::{Batch, Lines, Parsed};

/// The version of the format that this code writes and reads.
const FORMAT: u32 = 1;

/// Says what an export holds; its first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportHeader {
    /// Version of the format: 1.
    pub anlan_ledger: u32,
    /// Id of the node whose feed it is.
    pub origin: String,
    /// Suite of digests and signatures.
    pub suite: Suite,
    /// The node's public key in hexadecimal digits.
    pub public_key: String,
    /// `live`, or the name of one drill.
    pub realm: String,
    /// Number of the first entry.
    pub from: u64,
    /// Number of the last entry.
    pub to: u64,
    /// When it was written, microseconds since 1970 UTC.
    pub exported_at: i64,
    /// Hash of the entry before `from`, in an export that does not begin with the first entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_hash: Option<Digest>,
    /// [`crate::Frontier::parts`] before `from`; with it Merkle roots can be compared in a part of a feed too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frontier: Option<Vec<Digest>>,
}

impl ExportHeader {
    /// Describes a whole feed up to entry `to`; set the other fields for a part of one.
    pub fn new(origin: impl Into<String>, key: &VerifyingKey, realm: impl Into<String>, to: u64) -> Self {
        Self {
            anlan_ledger: FORMAT,
            origin: origin.into(),
            suite: key.suite(),
            public_key: key.to_hex(),
            realm: realm.into(),
            from: 1,
            to,
            exported_at: 0,
            previous_hash: None,
            frontier: None,
        }
    }
}

/// Says why a file could not be verified at all; what is wrong *in* it is in the report.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The reader failed.
    #[error("the export could not be read")]
    Read(#[from] io::Error),
    /// The first line is not the header of an export.
    #[error("the first line is not the header of a ledger export")]
    Header(#[source] serde_json::Error),
    /// The file is no evidence pack, although it begins like one.
    #[error("the file is not an evidence pack")]
    Evidence(#[source] serde_json::Error),
    /// The export was written in a later format.
    #[error("the export has format {0}, this program reads format {FORMAT}")]
    Format(u32),
    /// The header's public key is not a key.
    #[error("the export's public key is unusable")]
    Key(#[from] KeyError),
    /// The export names another key than the one that was demanded.
    #[error("the export was written under another key: {found}")]
    OtherKey {
        /// The key the export names, in hexadecimal digits.
        found: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    entries: u64,
    checkpoints: u64,
}

/// Writes an export line by line.
#[derive(Debug)]
pub struct ExportWriter<W: Write> {
    writer: W,
    end: End,
}

impl<W: Write> ExportWriter<W> {
    /// Writes the header; give it a buffered writer.
    pub fn try_new(mut writer: W, header: &ExportHeader) -> io::Result<Self> {
        write_json_line(&mut writer, header)?;
        Ok(Self {
            writer,
            end: End {
                entries: 0,
                checkpoints: 0,
            },
        })
    }

    /// Writes the next entry.
    pub fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        self.end.entries += 1;
        writeln!(self.writer, "{{\"entry\":{}}}", entry.to_json())
    }

    /// Writes a checkpoint; its place is right after entry number [`Checkpoint::size`].
    pub fn checkpoint(&mut self, checkpoint: &Checkpoint) -> io::Result<()> {
        self.end.checkpoints += 1;
        write_json_line(&mut self.writer, &serde_json::json!({ "checkpoint": checkpoint }))
    }

    /// Writes the last line and hands the writer back, flushed.
    pub fn finish(mut self) -> io::Result<W> {
        write_json_line(&mut self.writer, &serde_json::json!({ "end": self.end }))?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}

fn write_json_line<W: Write, T: Serialize>(writer: &mut W, value: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, value)?;
    writer.write_all(b"\n")
}

/// Verifies an export under the public key that it names itself.
///
/// That the key is really the node's must be known from elsewhere: compare it, or use [`verify_export_with_key`].
pub fn verify_export<R: BufRead>(reader: R) -> Result<Report, ExportError> {
    let (header, lines) = open(reader)?;
    let key = VerifyingKey::from_hex(header.suite, &header.public_key)?;
    verify_lines(header, lines, key)
}

/// Verifies an export and refuses one that names another key than `key`.
pub fn verify_export_with_key<R: BufRead>(reader: R, key: &VerifyingKey) -> Result<Report, ExportError> {
    let (header, lines) = open(reader)?;
    if VerifyingKey::from_hex(header.suite, &header.public_key)? != *key {
        return Err(ExportError::OtherKey {
            found: header.public_key,
        });
    }
    verify_lines(header, lines, key.clone())
}

/// Reads what an export says of itself, without verifying anything.
pub(crate) fn export_header<R: BufRead>(reader: R) -> Result<ExportHeader, ExportError> {
    Ok(open(reader)?.0)
}

fn open<R: BufRead>(reader: R) -> Result<(ExportHeader, Lines<R>), ExportError> {
    let mut lines = Lines::new(reader);
    let first = lines.read_first()?;
    let header: ExportHeader = serde_json::from_slice(&first).map_err(ExportError::Header)?;
    if header.anlan_ledger != FORMAT {
        return Err(ExportError::Format(header.anlan_ledger));
    }
    Ok((header, lines))
}

/// Works batch by batch: while the workers parse and hash one, the one before is verified and the next one read.
fn verify_lines<R: BufRead>(
    header: ExportHeader,
    mut lines: Lines<R>,
    key: VerifyingKey,
) -> Result<Report, ExportError> {
    let suite = header.suite;
    let options = VerifyOptions {
        expected_first_seq: header.from,
        expected_last_seq: Some(header.to),
        origin: Some(header.origin),
        previous_hash: header.previous_hash,
        frontier: header.frontier,
        ..VerifyOptions::default()
    };
    let mut feeder = Feeder {
        verifier: Verifier::new(suite, key, options),
        has_ended: false,
    };
    let mut ready = Vec::new();
    let mut batch = lines.read_batch()?;
    while !batch.is_empty() || !ready.is_empty() {
        let (parsed, next) = thread::scope(|scope| {
            let workers = spawn_workers(scope, &batch, suite);
            feeder.feed(std::mem::take(&mut ready));
            let next = lines.read_batch();
            let parsed = workers
                .into_iter()
                .flat_map(|w| w.join().unwrap_or_else(|panic| resume_unwind(panic)));
            (parsed.collect(), next)
        });
        ready = parsed;
        batch = next?;
    }
    Ok(feeder.finish())
}

type Worker<'scope> = thread::ScopedJoinHandle<'scope, Vec<Parsed>>;

fn spawn_workers<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    batch: &'scope Batch,
    suite: Suite,
) -> Vec<Worker<'scope>> {
    let count = thread::available_parallelism().map_or(1, NonZero::get);
    batch
        .parts(count)
        .map(|part| scope.spawn(move || batch.parse(part, suite)))
        .collect()
}

/// Puts parsed lines into the verifier.
struct Feeder {
    verifier: Verifier,
    has_ended: bool,
}

impl Feeder {
    fn feed(&mut self, lines: Vec<Parsed>) {
        for line in lines {
            if self.has_ended {
                self.verifier
                    .unreadable_entry("a line follows the last line".to_owned());
                continue;
            }
            match line {
                Parsed::Entry(entry, computed) => self.verifier.hashed(*entry, computed),
                Parsed::Checkpoint(checkpoint) => self.verifier.checkpoint(*checkpoint),
                Parsed::End(end) => {
                    self.has_ended = true;
                    self.verifier.end_line(end.entries, end.checkpoints);
                }
                Parsed::BadCheckpoint(detail) => self.verifier.unreadable_checkpoint(detail),
                Parsed::BadEntry(detail) => self.verifier.unreadable_entry(detail),
            }
        }
    }

    fn finish(mut self) -> Report {
        if !self.has_ended {
            self.verifier.no_end_line();
        }
        self.verifier.finish()
    }
}

#[cfg(test)]
mod tests;
