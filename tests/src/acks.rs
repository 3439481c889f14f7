//! The clients' own ledger: what each asked the node to record and what it was told. Kept outside the system.

use std::collections::BTreeMap;
use std::fmt;

use crate::feed::Entry;

/// What the node said to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Nothing that counts: the connection broke, or the node could not tell. The client will repeat itself.
    Nothing,
    /// It is recorded, in the incident with this id.
    Recorded(String),
    /// The same, but said while the power was already being cut: a machine would have been dead by then.
    Unsure(String),
    /// It is refused, with this status and code, and so must not be in the ledger.
    Refused(u16, String),
}

/// Something a client asked the node to record.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Unique words in the text of the fact.
    pub mark: String,
    /// Idempotency key.
    pub key: String,
    /// Path it is posted to.
    pub path: String,
    /// JSON.
    pub body: String,
    /// What the node said last.
    pub told: Told,
    /// Whether a deadline of it has passed already.
    pub overdue: bool,
}

/// What is wrong between what clients were told and what the ledger holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Recorded, as the node said, and not there.
    pub lost: Vec<String>,
    /// There more than once.
    pub doubled: Vec<String>,
    /// Refused, and there all the same.
    pub unwanted: Vec<String>,
    /// There, but in another incident than the client was told.
    pub misplaced: Vec<String>,
    /// Deadlines that fired not once.
    pub deadlines: Vec<String>,
    /// What the node's own proofs complain of.
    pub unsound: Vec<String>,
}

impl Verdict {
    /// Compares what clients were told with the entries of the ledger.
    pub fn of(facts: &[Fact], entries: &[Entry]) -> Self {
        let mut verdict = Self::default();
        let there = marks(entries);
        for fact in facts {
            let streams = there.get(fact.mark.as_str()).map_or(&[][..], Vec::as_slice);
            if streams.len() > 1 {
                verdict.doubled.push(fact.mark.clone());
            }
            match &fact.told {
                Told::Recorded(_) if streams.is_empty() => verdict.lost.push(fact.mark.clone()),
                Told::Recorded(id) if !streams.iter().any(|stream| stream.ends_with(id)) => {
                    verdict.misplaced.push(fact.mark.clone());
                }
                Told::Refused(..) if !streams.is_empty() => verdict.unwanted.push(fact.mark.clone()),
                _ => {}
            }
        }
        verdict.deadlines = wrong_deadlines(facts, entries);
        verdict
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lost {}, doubled {}, unwanted {}, misplaced {}, deadlines wrong {}, unsound {}",
            self.lost.len(),
            self.doubled.len(),
            self.unwanted.len(),
            self.misplaced.len(),
            self.deadlines.len(),
            self.unsound.len()
        )
    }
}

/// Where each mark stands in the ledger.
pub fn marks(entries: &[Entry]) -> BTreeMap<&str, Vec<&str>> {
    let mut marks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let stated = |entry: &&Entry| {
        entry.kind.starts_with("incident.received") || entry.kind.starts_with("incident.followed_up")
    };
    for entry in entries.iter().filter(stated) {
        let text = entry.body["text"].as_str().unwrap_or_default();
        if let Some(mark) = text.split(['〔', '〕']).nth(1) {
            marks.entry(mark).or_default().push(&entry.stream);
        }
    }
    marks
}

fn wrong_deadlines(facts: &[Fact], entries: &[Entry]) -> Vec<String> {
    let passed = crate::feed::deadlines_passed(entries);
    let twice = passed.iter().filter(|(_, times)| **times > 1);
    let mut wrong: Vec<String> = twice
        .map(|((stream, obligation), times)| format!("{stream} obligation {obligation}: {times} times"))
        .collect();
    for fact in facts.iter().filter(|fact| fact.overdue) {
        let Told::Recorded(id) = &fact.told else { continue };
        if !passed.keys().any(|(stream, _)| stream.ends_with(id)) {
            wrong.push(format!("{}: never", fact.mark));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(mark: &str, told: Told) -> Fact {
        Fact {
            mark: mark.to_owned(),
            key: String::new(),
            path: String::new(),
            body: String::new(),
            told,
            overdue: false,
        }
    }

    fn entry(mark: &str, id: &str) -> Entry {
        Entry {
            seq: 1,
            stream: format!("incident/{id}"),
            kind: "incident.received.v1".to_owned(),
            body: serde_json::json!({ "text": format!("火情 〔{mark}〕") }),
        }
    }

    #[test]
    fn every_disagreement_between_clients_and_ledger_is_named() {
        let facts = [
            fact("whole", Told::Recorded("a".to_owned())),
            fact("gone", Told::Recorded("b".to_owned())),
            fact("twice", Told::Recorded("c".to_owned())),
            fact("elsewhere", Told::Recorded("d".to_owned())),
            fact("refused", Told::Refused(503, String::new())),
            fact("unknown", Told::Nothing),
        ];
        let entries = [
            entry("whole", "a"),
            entry("twice", "c"),
            entry("twice", "c2"),
            entry("elsewhere", "e"),
            entry("refused", "f"),
            entry("unknown", "g"),
        ];
        let verdict = Verdict::of(&facts, &entries);
        assert_eq!(verdict.lost, ["gone"]);
        assert_eq!(verdict.doubled, ["twice"]);
        assert_eq!(verdict.misplaced, ["elsewhere"]);
        assert_eq!(verdict.unwanted, ["refused"]);
    }
}
