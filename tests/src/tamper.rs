//! Tampering as root: with the tables of a stopped node, or with an exported file; with everything but the node's key.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anlan_proof::{Checkpoint, Digest, Entry, SigningKey, Suite};
use anyhow::{Context as _, Result};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::random::Random;

/// A line of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// An entry.
    Entry(Box<Entry>),
    /// A checkpoint.
    Checkpoint(Box<Checkpoint>),
}

/// A feed in memory, as a tamperer holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// First line of the export.
    pub header: Value,
    /// Entries and checkpoints.
    pub lines: Vec<Line>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// In words.
    pub what: String,
    /// Numbers of the entries that must be named, each alone or within a range.
    pub seqs: Vec<u64>,
}

/// How thoroughly traces are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Hashes stay as they were.
    Plain,
    /// The altered entry's own hash is computed anew.
    Rehash,
    /// All hashes and numbers after it are computed anew.
    Rechain,
}

impl Feed {
    /// Reads an export.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)?;
        let mut lines = text.lines();
        let header = serde_json::from_str(lines.next().context("an empty export")?)?;
        let mut feed = Self {
            header,
            lines: Vec::new(),
        };
        for line in lines {
            let mut value: Value = serde_json::from_str(line)?;
            if value["entry"].is_object() {
                // Through the text, so that the body stays byte for byte what it was.
                let entry = line
                    .strip_prefix("{\"entry\":")
                    .and_then(|rest| rest.strip_suffix('}'));
                let entry = serde_json::from_str(entry.context("an entry in another form")?)?;
                feed.lines.push(Line::Entry(Box::new(entry)));
            } else if value["checkpoint"].is_object() {
                let checkpoint = serde_json::from_value(value["checkpoint"].take())?;
                feed.lines.push(Line::Checkpoint(Box::new(checkpoint)));
            }
        }
        Ok(feed)
    }

    /// Writes it as an export whose last line fits.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut out = format!("{}\n", self.header);
        let (mut entries, mut checkpoints) = (0, 0);
        for line in &self.lines {
            match line {
                Line::Entry(entry) => {
                    entries += 1;
                    writeln!(out, "{{\"entry\":{}}}", entry.to_json())?;
                }
                Line::Checkpoint(checkpoint) => {
                    checkpoints += 1;
                    writeln!(out, "{}", json!({ "checkpoint": checkpoint }))?;
                }
            }
        }
        writeln!(
            out,
            "{}",
            json!({ "end": { "entries": entries, "checkpoints": checkpoints } })
        )?;
        Ok(fs::write(path, out)?)
    }

    /// Puts it in the place of what the tables hold; `false` when the tables themselves refuse it.
    pub fn store(&self, database: &Path) -> Result<bool> {
        let mut connection = Connection::open(database)?;
        connection.execute_batch("PRAGMA synchronous=OFF")?;
        let transaction = connection.transaction()?;
        transaction.execute_batch("DELETE FROM ledger_entries; DELETE FROM ledger_checkpoints")?;
        let mut position = 0_i64;
        for line in &self.lines {
            position += i64::from(matches!(line, Line::Entry(_)));
            match insert(&transaction, line, position) {
                Err(rusqlite::Error::SqliteFailure(..)) => return Ok(false),
                other => other?,
            };
        }
        transaction.commit()?;
        Ok(true)
    }

    fn suite(&self) -> Result<Suite> {
        Ok(serde_json::from_value(self.header["suite"].clone())?)
    }

    /// Lines that hold entries.
    fn places(&self) -> Vec<usize> {
        let is_entry = |(place, line): (usize, &Line)| matches!(line, Line::Entry(_)).then_some(place);
        self.lines.iter().enumerate().filter_map(is_entry).collect()
    }

    fn entry(&self, place: usize) -> Result<&Entry> {
        match self.lines.get(place) {
            Some(Line::Entry(entry)) => Ok(entry),
            _ => anyhow::bail!("line {place} is no entry"),
        }
    }

    fn entry_mut(&mut self, place: usize) -> Result<&mut Entry> {
        match self.lines.get_mut(place) {
            Some(Line::Entry(entry)) => Ok(entry),
            _ => anyhow::bail!("line {place} is no entry"),
        }
    }

    /// Computes numbers, links and hashes anew from a line on.
    fn rechain(&mut self, from: usize) -> Result<()> {
        let suite = self.suite()?;
        let before = self.lines.get(..from).unwrap_or_default().iter().rev();
        let mut last = before.into_iter().find_map(|line| match line {
            Line::Entry(entry) => Some((entry.seq, entry.hash)),
            Line::Checkpoint(_) => None,
        });
        for line in self.lines.iter_mut().skip(from) {
            let Line::Entry(entry) = line else { continue };
            let (seq, prev) = last.unwrap_or((0, Digest::ZERO));
            let moved = Entry {
                seq: seq + 1,
                prev,
                ..(**entry).clone()
            };
            **entry = moved.seal(suite);
            last = Some((entry.seq, entry.hash));
        }
        Ok(())
    }

    /// Signs every checkpoint with another key and names that key in the header: a whole forged export.
    pub fn forge(&mut self) -> Result<()> {
        let suite = self.suite()?;
        let key = SigningKey::generate(suite, [7; 32])?;
        let mut previous = Digest::ZERO;
        for line in &mut self.lines {
            let Line::Checkpoint(checkpoint) = line else {
                continue;
            };
            let unsigned = Checkpoint {
                previous,
                ..(**checkpoint).clone()
            };
            **checkpoint = unsigned.sign(&key);
            previous = checkpoint.link_digest(suite);
        }
        self.header["public_key"] = json!(key.verifying_key().to_hex());
        Ok(())
    }
}

fn insert(connection: &Connection, line: &Line, position: i64) -> rusqlite::Result<usize> {
    let big = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    match line {
        Line::Entry(e) => connection.execute(
            "INSERT INTO ledger_entries (position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, \
             body, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                position,
                e.origin,
                big(e.seq),
                e.realm,
                big(e.hlc),
                e.recorded_at,
                serde_json::to_string(&e.actor).unwrap_or_default(),
                e.stream,
                big(e.version),
                e.kind,
                e.area,
                e.body,
                e.prev.as_bytes(),
                e.hash.as_bytes()
            ],
        ),
        Line::Checkpoint(c) => connection.execute(
            "INSERT INTO ledger_checkpoints (origin, size, root, head, signed_at, previous, signature) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                c.origin,
                big(c.size),
                c.root.as_bytes(),
                c.head.as_bytes(),
                c.signed_at,
                c.previous.as_bytes(),
                c.signature
            ],
        ),
    }
}

/// Does one random thing to a feed; `None` when it comes to nothing.
pub fn tamper(feed: &mut Feed, random: &mut Random) -> Result<Option<Done>> {
    let honest = feed.clone();
    let places = feed.places();
    let place = *random.pick(&places).context("an empty feed")?;
    let seq = feed.entry(place)?.seq;
    let depth = *random
        .pick(&[Depth::Plain, Depth::Rehash, Depth::Rechain])
        .unwrap_or(&Depth::Plain);
    let (what, seqs) = match random.below(12) {
        0..=5 => (field(feed.entry_mut(place)?, random), vec![seq]),
        6 => (back_date(feed.entry_mut(place)?, random), vec![seq]),
        7 => {
            feed.lines.remove(place);
            ("dropped".to_owned(), vec![seq])
        }
        8 => (insert_forged(feed, place)?, vec![seq + 1]),
        9 => {
            let other = *random.pick(&places).context("an empty feed")?;
            feed.lines.swap(place, other);
            let seqs = [place, other].map(|at| honest.entry(at).map_or(0, |entry| entry.seq));
            ("swapped".to_owned(), seqs.to_vec())
        }
        10 => {
            feed.lines.truncate(place);
            ("truncated".to_owned(), vec![seq])
        }
        _ => return checkpoint(feed, random),
    };
    let stands = !matches!(what.as_str(), "dropped" | "truncated" | "swapped");
    match depth {
        Depth::Rehash if stands => {
            let suite = feed.suite()?;
            let entry = feed.entry_mut(place)?;
            *entry = entry.clone().seal(suite);
        }
        Depth::Plain | Depth::Rehash => {}
        Depth::Rechain => feed.rechain(place.saturating_sub(usize::from(what == "swapped") * place))?,
    }
    let done = Done {
        what: format!("{what} #{seq}, {depth:?}"),
        seqs,
    };
    Ok((*feed != honest).then_some(done))
}

fn field(entry: &mut Entry, random: &mut Random) -> String {
    let spoil = |text: &mut String| text.push('改');
    let name = *random
        .pick(&[
            "body", "actor", "area", "kind", "stream", "realm", "version", "hlc", "person", "prev",
        ])
        .unwrap_or(&"body");
    match name {
        "body" => entry.body = json!({ "deaths": random.below(9) }).to_string(),
        "actor" => entry.actor.name = Some("另一个人".to_owned()),
        "person" => entry.actor.person = Some("somebody-else".to_owned()),
        "area" => {
            let other = if entry.area == "150105" {
                "150104"
            } else {
                "150105"
            };
            other.clone_into(&mut entry.area);
        }
        "kind" => spoil(&mut entry.kind),
        "stream" => spoil(&mut entry.stream),
        "realm" => spoil(&mut entry.realm),
        "version" => entry.version += 1_000,
        "hlc" => entry.hlc ^= 1 << random.below(40),
        _ => {
            let mut bytes = *entry.prev.as_bytes();
            if let Some(byte) = bytes.get_mut(random.below(32)) {
                *byte ^= 1;
            }
            entry.prev = Digest::new(bytes);
        }
    }
    format!("changed {name}")
}

fn back_date(entry: &mut Entry, random: &mut Random) -> String {
    let seconds = 1 + i64::try_from(random.below(200_000)).unwrap_or(0);
    entry.recorded_at -= seconds * 1_000_000;
    if random.once_in(2) {
        let clock = u64::try_from(seconds * 1_000).unwrap_or(0) << 16;
        entry.hlc = entry.hlc.saturating_sub(clock);
    }
    format!("back-dated by {seconds} s")
}

fn insert_forged(feed: &mut Feed, place: usize) -> Result<String> {
    let model = feed.entry(place)?;
    let forged = Entry {
        body: json!({ "text": "从未发生" }).to_string(),
        stream: format!("{}-forged", model.stream),
        hlc: model.hlc + 1,
        seq: model.seq + 1,
        prev: model.hash,
        ..model.clone()
    };
    feed.lines.insert(place + 1, Line::Entry(Box::new(forged)));
    feed.rechain(place + 1)?;
    Ok("inserted".to_owned())
}

fn checkpoint(feed: &mut Feed, random: &mut Random) -> Result<Option<Done>> {
    let is_checkpoint = |(place, line): (usize, &Line)| matches!(line, Line::Checkpoint(_)).then_some(place);
    let places: Vec<usize> = feed.lines.iter().enumerate().filter_map(is_checkpoint).collect();
    // The last one can be missed only by somebody who knows of it from elsewhere; the first alternative leaves it.
    let nth = random.below(places.len().saturating_sub(1));
    let place = *places.get(nth).context("a feed without checkpoints")?;
    let Some(Line::Checkpoint(checkpoint)) = feed.lines.get_mut(place) else {
        return Ok(None);
    };
    let size = checkpoint.size;
    let what = match random.below(5) {
        0 => {
            feed.lines.remove(place);
            "dropped"
        }
        1 => {
            checkpoint.signed_at -= 3_600_000_000;
            "back-dated"
        }
        2 => {
            checkpoint.signature = "ab".repeat(64);
            "unsigned"
        }
        3 => {
            checkpoint.root = Digest::new([3; 32]);
            "given another root"
        }
        _ => {
            checkpoint.head = Digest::new([4; 32]);
            "given another head"
        }
    };
    Ok(Some(Done {
        what: format!("checkpoint {size} {what}"),
        seqs: vec![size],
    }))
}

/// One finding as `anlan ledger verify` prints it: `Changed demo-1501#12..14: …`.
pub fn findings(said: &str) -> Vec<(u64, u64)> {
    let range = |line: &str| {
        let (name, _) = line.split_once(": ")?;
        let (_, numbers) = name.split_once('#')?;
        let (from, to) = numbers.split_once("..").unwrap_or((numbers, numbers));
        Some((from.parse().ok()?, to.parse().ok()?))
    };
    said.lines().filter_map(range).collect()
}

impl Done {
    /// Whether the findings name what was done. A range may reach over the stretch between two checkpoints.
    pub fn is_named(&self, honest: &Feed, findings: &[(u64, u64)]) -> bool {
        let sizes: Vec<u64> = honest
            .lines
            .iter()
            .filter_map(|line| match line {
                Line::Checkpoint(checkpoint) => Some(checkpoint.size),
                Line::Entry(_) => None,
            })
            .collect();
        let from = |seq: u64| {
            sizes
                .iter()
                .copied()
                .filter(|size| *size < seq)
                .max()
                .unwrap_or(0)
                + 1
        };
        let to = |seq: u64| {
            sizes
                .iter()
                .copied()
                .filter(|size| *size >= seq)
                .min()
                .unwrap_or(seq)
        };
        let named = |seq: u64| {
            findings
                .iter()
                .any(|(a, b)| *a <= to(seq) + 1 && *b + 1 >= from(seq))
        };
        self.seqs.iter().all(|seq| named(*seq))
    }
}
