//! Writes an export of a million entries and prints how long its verification takes.
//!
//! `cargo run --release -p anlan-proof --example million -- gm 100` (suite, entries per checkpoint).

#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::time::Instant;

use anlan_proof::{
    Actor, Checkpoint, Digest, Entry, ExportHeader, ExportWriter, Frontier, SigningKey, Suite, verify_export,
};

const ENTRIES: u64 = 1_000_000;
const BODY_BYTES: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let suite: Suite = arguments.next().as_deref().unwrap_or("gm").parse()?;
    let per_checkpoint: u64 = arguments.next().as_deref().unwrap_or("100").parse()?;
    let path = std::env::temp_dir().join(format!("anlan-million-{suite}.jsonl"));
    let started = Instant::now();
    write(&path, suite, per_checkpoint)?;
    let megabytes = path.metadata()?.len() / 1_000_000;
    println!(
        "{suite}: written {ENTRIES} entries, {megabytes} MB in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let started = Instant::now();
    let report = verify_export(BufReader::with_capacity(1 << 20, File::open(&path)?))?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{suite}: verified {} entries and {} checkpoints in {seconds:.2} s, {} findings",
        report.entries,
        report.checkpoints,
        report.findings.len()
    );
    std::fs::remove_file(&path)?;
    Ok(())
}

fn write(path: &Path, suite: Suite, per_checkpoint: u64) -> Result<(), Box<dyn Error>> {
    let key = SigningKey::generate(suite, [7; 32])?;
    let header = ExportHeader::new("node-a", &key.verifying_key(), "live", ENTRIES);
    let mut writer = ExportWriter::try_new(BufWriter::with_capacity(1 << 20, File::create(path)?), &header)?;
    let mut frontier = Frontier::new(suite);
    let (mut head, mut link) = (Digest::ZERO, Digest::ZERO);
    for seq in 1..=ENTRIES {
        let entry = entry(seq, head).seal(suite);
        head = entry.hash;
        frontier.push(&head);
        writer.entry(&entry)?;
        if seq % per_checkpoint == 0 || seq == ENTRIES {
            let checkpoint = Checkpoint {
                origin: entry.origin,
                size: seq,
                root: frontier.root(),
                head,
                signed_at: entry.recorded_at,
                previous: link,
                signature: String::new(),
            }
            .sign(&key);
            link = checkpoint.link_digest(suite);
            writer.checkpoint(&checkpoint)?;
        }
    }
    writer.finish()?;
    Ok(())
}

fn entry(seq: u64, prev: Digest) -> Entry {
    let micros = 1_795_000_000_000_000 + i64::try_from(seq).unwrap_or(0) * 2_000;
    Entry {
        origin: "node-a".into(),
        seq,
        realm: "live".into(),
        hlc: u64::try_from(micros / 1_000).unwrap_or(0) << 16,
        recorded_at: micros,
        actor: Actor {
            kind: "person".into(),
            account: Some("0198f2c0-1111-7000-8000-000000000001".into()),
            person: Some("0198f2c0-1111-7000-8000-000000000002".into()),
            unit: Some("0198f2c0-1111-7000-8000-000000000003".into()),
            name: Some("乌兰图雅".into()),
            ..Actor::default()
        },
        stream: format!("incident/{}", seq % 1_000),
        version: seq / 1_000 + 1,
        kind: "incident.reported.v1".into(),
        area: "150125001001".into(),
        body: format!("{{\"n\":{seq},\"text\":\"{}\"}}", "x".repeat(BODY_BYTES - 24)),
        prev,
        hash: Digest::ZERO,
    }
}
