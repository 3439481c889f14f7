//! Lines of an export, read in batches and parsed on worker threads.

use std::io::{self, BufRead, Read as _};
use std::ops::Range;

use serde::Deserialize;

use super::End;
use crate::{Checkpoint, Digest, Entry, Suite};

/// Lines of one batch.
const BATCH_LINES: usize = 2_048;

/// Bytes after which a batch is full even with fewer lines.
const BATCH_BYTES: usize = 16 << 20;

/// A longer line is no line of ours; it is cut, so that a spoilt file cannot fill the memory.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// What a line turned out to be.
#[derive(Debug)]
pub(super) enum Parsed {
    Entry(Box<Entry>, Digest),
    Checkpoint(Box<Checkpoint>),
    End(End),
    BadCheckpoint(String),
    BadEntry(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Entry(Box<Entry>),
    Checkpoint(Box<Checkpoint>),
    End(End),
}

/// Reads lines and counts them.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    number: u64,
}

/// Some lines in one buffer.
#[derive(Debug, Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    lines: Vec<(u64, Range<usize>)>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// Reads the first line.
    pub(super) fn read_first(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_line(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the next lines, none at the end.
    pub(super) fn read_batch(&mut self) -> io::Result<Batch> {
        let mut batch = Batch::default();
        while batch.lines.len() < BATCH_LINES && batch.bytes.len() < BATCH_BYTES {
            let start = batch.bytes.len();
            if self.read_line(&mut batch.bytes)? == 0 {
                break;
            }
            batch.lines.push((self.number, start..batch.bytes.len()));
        }
        Ok(batch)
    }

    fn read_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        self.number += 1;
        (&mut self.reader).take(MAX_LINE_BYTES).read_until(b'\n', bytes)
    }
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Divides the lines into at most `count` runs.
    pub(super) fn parts(&self, count: usize) -> impl Iterator<Item = &[(u64, Range<usize>)]> {
        self.lines.chunks(self.lines.len().div_ceil(count).max(1))
    }

    /// Parses and hashes a run of lines.
    pub(super) fn parse(&self, part: &[(u64, Range<usize>)], suite: Suite) -> Vec<Parsed> {
        let line = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default().trim_ascii();
        let written = part
            .iter()
            .map(|(number, range)| (*number, line(range)))
            .filter(|(_, line)| !line.is_empty());
        written
            .map(|(number, line)| parse_line(number, line, suite))
            .collect()
    }
}

fn parse_line(number: u64, line: &[u8], suite: Suite) -> Parsed {
    match serde_json::from_slice(line) {
        Ok(Line::Entry(entry)) => {
            let computed = entry.compute_hash(suite);
            Parsed::Entry(entry, computed)
        }
        Ok(Line::Checkpoint(checkpoint)) => Parsed::Checkpoint(checkpoint),
        Ok(Line::End(end)) => Parsed::End(end),
        Err(error) => {
            let detail = format!("line {number} cannot be read: {error}");
            if line.starts_with(b"{\"checkpoint\"") {
                Parsed::BadCheckpoint(detail)
            } else {
                Parsed::BadEntry(detail)
            }
        }
    }
}
