//! Honest feeds to tamper with.

use crate::{Actor, Checkpoint, Digest, Entry, Frontier, Report, SigningKey, Suite, Verifier, VerifyOptions};

/// One line of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Entry(Entry),
    Checkpoint(Checkpoint),
}

/// A feed and the key that signed it.
#[derive(Debug, Clone)]
pub(crate) struct Feed {
    pub(crate) key: SigningKey,
    pub(crate) lines: Vec<Line>,
}

/// One group commit: how many entries, and by how many seconds the clock went on before it (or was set back).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commit {
    pub(crate) entries: u8,
    pub(crate) seconds: i64,
}

const START_MICROS: i64 = 1_795_000_000_000_000;

/// Appends as a node does.
struct Writer {
    suite: Suite,
    key: SigningKey,
    now: i64,
    hlc: u64,
    head: Digest,
    frontier: Frontier,
    link: Digest,
    lines: Vec<Line>,
}

impl Writer {
    fn append(&mut self) {
        self.now += 1_700;
        let physical = u64::try_from(self.now / 1_000).unwrap() << 16;
        self.hlc = physical.max(self.hlc + 1);
        let seq = self.frontier.size() + 1;
        let entry = Entry {
            origin: "node-a".into(),
            seq,
            realm: "live".into(),
            hlc: self.hlc,
            recorded_at: self.now,
            actor: Actor {
                kind: "person".into(),
                account: Some("acc".into()),
                person: Some("p-1".into()),
                post: Some("post".into()),
                unit: Some("u-1".into()),
                name: Some("乌兰".into()),
                rule: seq.is_multiple_of(3).then(|| "r-1".into()),
            },
            stream: format!("incident/{}", seq % 5),
            version: seq / 5 + 1,
            kind: "incident.reported.v1".into(),
            area: "150125".into(),
            body: format!("{{\"deaths\":{seq},\"text\":\"第{seq}报\"}}"),
            prev: self.head,
            hash: Digest::ZERO,
        }
        .seal(self.suite);
        self.head = entry.hash;
        self.frontier.push(&entry.hash);
        self.lines.push(Line::Entry(entry));
    }

    fn sign(&mut self) {
        let checkpoint = Checkpoint {
            origin: "node-a".into(),
            size: self.frontier.size(),
            root: self.frontier.root(),
            head: self.head,
            signed_at: self.now,
            previous: self.link,
            signature: String::new(),
        }
        .sign(&self.key);
        self.link = checkpoint.link_digest(self.suite);
        self.lines.push(Line::Checkpoint(checkpoint));
    }
}

/// Writes an honest feed, a checkpoint after every commit.
pub(crate) fn feed(suite: Suite, commits: &[Commit]) -> Feed {
    let key = SigningKey::generate(suite, [9; 32]).unwrap();
    let mut writer = Writer {
        suite,
        key,
        now: START_MICROS,
        hlc: 0,
        head: Digest::ZERO,
        frontier: Frontier::new(suite),
        link: Digest::ZERO,
        lines: Vec::new(),
    };
    for commit in commits {
        writer.now += commit.seconds * 1_000_000;
        for _ in 0..commit.entries {
            writer.append();
        }
        writer.sign();
    }
    Feed {
        key: writer.key,
        lines: writer.lines,
    }
}

/// Writes an honest feed of `commits` commits of `entries` entries each.
pub(crate) fn even_feed(suite: Suite, commits: usize, entries: u8) -> Feed {
    feed(suite, &vec![Commit { entries, seconds: 20 }; commits])
}

impl Feed {
    pub(crate) fn suite(&self) -> Suite {
        self.key.suite()
    }

    pub(crate) fn verify(&self) -> Report {
        self.verify_with(VerifyOptions::default())
    }

    pub(crate) fn verify_with(&self, options: VerifyOptions) -> Report {
        let mut verifier = Verifier::new(self.suite(), self.key.verifying_key(), options);
        for line in &self.lines {
            match line {
                Line::Entry(entry) => verifier.entry(entry),
                Line::Checkpoint(checkpoint) => verifier.checkpoint(checkpoint.clone()),
            }
        }
        verifier.finish()
    }

    /// Finds the line of entry `seq`.
    pub(crate) fn place(&self, seq: u64) -> usize {
        self.lines
            .iter()
            .position(|line| matches!(line, Line::Entry(e) if e.seq == seq))
            .unwrap()
    }

    /// Gives entry `seq` to change.
    pub(crate) fn entry_mut(&mut self, seq: u64) -> &mut Entry {
        let place = self.place(seq);
        match &mut self.lines[place] {
            Line::Entry(entry) => entry,
            Line::Checkpoint(_) => unreachable!("place() finds entries only"),
        }
    }

    pub(crate) fn last_seq(&self) -> u64 {
        let count = self
            .lines
            .iter()
            .filter(|line| matches!(line, Line::Entry(_)))
            .count();
        u64::try_from(count).unwrap()
    }

    /// Gives the sizes of all checkpoints.
    pub(crate) fn sizes(&self) -> Vec<u64> {
        let size = |line: &Line| {
            if let Line::Checkpoint(c) = line {
                Some(c.size)
            } else {
                None
            }
        };
        self.lines.iter().filter_map(size).collect()
    }

    /// Computes links and hashes anew from line `place` on, as a tamperer with the program would.
    pub(crate) fn rechain(&mut self, place: usize, renumber: bool) {
        let suite = self.suite();
        let (done, rest) = self.lines.split_at_mut(place);
        let before = done
            .iter()
            .rev()
            .find_map(|l| if let Line::Entry(e) = l { Some(e) } else { None });
        let (mut head, mut seq) = before.map_or((Digest::ZERO, 0), |e| (e.hash, e.seq));
        let mut is_first = true;
        for line in rest {
            let Line::Entry(entry) = line else { continue };
            seq += 1;
            if renumber {
                entry.seq = seq;
            }
            // The first one is the tampered one: its link may be what was tampered with.
            if !is_first || renumber {
                entry.prev = head;
            }
            is_first = false;
            entry.hash = entry.compute_hash(suite);
            head = entry.hash;
        }
    }

    /// Makes every checkpoint from line `place` on fit the entries again, with signatures by another key.
    pub(crate) fn forge_checkpoints(&mut self, place: usize) {
        let suite = self.suite();
        let forger = SigningKey::generate(suite, [77; 32]).unwrap();
        let (mut frontier, mut head, mut link) = (Frontier::new(suite), Digest::ZERO, Digest::ZERO);
        for (at, line) in self.lines.iter_mut().enumerate() {
            match line {
                Line::Entry(entry) => {
                    frontier.push(&entry.hash);
                    head = entry.hash;
                }
                Line::Checkpoint(checkpoint) => {
                    if at > place {
                        checkpoint.root = frontier.root();
                        checkpoint.head = head;
                        checkpoint.previous = link;
                        *checkpoint = checkpoint.clone().sign(&forger);
                    }
                    link = checkpoint.link_digest(suite);
                }
            }
        }
    }
}
