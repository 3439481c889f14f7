//! The node's ledger as anybody may read it: an exported file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::place::run_program;

/// An entry, as far as these tests look at it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Number in the feed.
    pub seq: u64,
    /// Stream, for example `incident/…`.
    pub stream: String,
    /// Kind, for example `incident.received.v1`.
    pub kind: String,
    /// The fact.
    pub body: Value,
}

/// Exports the ledger of a stopped node and reads it.
pub fn read(data: &Path, file: &Path) -> Result<Vec<Entry>> {
    run_program(&[
        "ledger",
        "export",
        &file.to_string_lossy(),
        "--data",
        &data.to_string_lossy(),
    ])?;
    entries(&fs::read_to_string(file)?)
}

/// Reads the entries of an exported file.
pub fn entries(text: &str) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for line in text.lines() {
        let mut line: Value = serde_json::from_str(line).context("a line of the export is no JSON")?;
        let entry = line["entry"].take();
        if entry.is_null() {
            continue;
        }
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        entries.push(Entry {
            seq: entry["seq"].as_u64().context("an entry without a number")?,
            stream: text("stream"),
            kind: text("kind"),
            body: entry["body"].clone(),
        });
    }
    Ok(entries)
}

/// Proves a stopped node: the ledger is whole and the tables are nothing but a view of it. Returns complaints.
pub fn complaints(data: &Path) -> Vec<String> {
    let data = data.to_string_lossy();
    let proofs = [
        run_program(&["ledger", "verify", "--data", &data]),
        run_program(&["ledger", "rebuild", "--check", "--data", &data]),
    ];
    proofs
        .into_iter()
        .filter_map(Result::err)
        .map(|error| format!("{error:#}"))
        .collect()
}

/// How often each deadline was recorded as passed: stream and number of the obligation.
pub fn deadlines_passed(entries: &[Entry]) -> BTreeMap<(String, String), usize> {
    let mut passed = BTreeMap::new();
    for entry in entries
        .iter()
        .filter(|entry| entry.kind.contains("deadline_passed"))
    {
        let obligation = entry.body["obligation"].to_string();
        *passed.entry((entry.stream.clone(), obligation)).or_insert(0) += 1;
    }
    passed
}
