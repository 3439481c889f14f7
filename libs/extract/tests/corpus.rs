//! How well reports are read: the corpus with its truth, field by field.
//!
//! `seen.jsonl` was looked at while the grammar was written; `unseen.jsonl` was written before and held back. A truth of
//! 0 and one of nothing count as the same, for a count that a text does not mention.

use std::collections::HashSet;

use anlan_extract::{Gazetteer, Row, extract};
use serde_json::Value;

const SEEN: &str = include_str!("corpus/seen.jsonl");
const UNSEEN: &str = include_str!("corpus/unseen.jsonl");
const COUNTS: [&str; 6] = [
    "deaths",
    "injured",
    "seriously_injured",
    "missing",
    "trapped",
    "evacuated",
];

/// Hits, false values and misses of one field.
#[derive(Default)]
struct Score {
    hits: u32,
    wrong: u32,
    missed: u32,
    cases: Vec<String>,
}

impl Score {
    /// F1 in thousandths.
    fn f1(&self) -> u32 {
        let all = 2 * self.hits + self.wrong + self.missed;
        (2_000 * self.hits).checked_div(all).unwrap_or(1_000)
    }
}

fn bare(place: &str) -> Vec<char> {
    place.chars().filter(|c| !" ,、()+".contains(*c)).collect()
}

/// Places agree when they are the same, when one is most of the other, or when nearly all pairs of characters are shared.
fn same_place(truth: &str, read: &str) -> bool {
    let (truth, read) = (bare(truth), bare(read));
    let (short, long) = if truth.len() < read.len() {
        (&truth, &read)
    } else {
        (&read, &truth)
    };
    let inside =
        short.len() * 5 >= long.len() * 3 && long.windows(short.len()).any(|part| part == short.as_slice());
    let pairs = |text: &[char]| text.windows(2).map(<[char]>::to_vec).collect::<HashSet<_>>();
    let (a, b) = (pairs(&truth), pairs(&read));
    truth == read || inside || a.intersection(&b).count() * 10 >= (a.len() + b.len()) * 4
}

fn agrees(field: &str, truth: &Value, read: &Value) -> bool {
    match (field, truth.as_str(), read.as_str()) {
        ("place", Some(truth), Some(read)) => same_place(truth, read),
        _ => truth == read,
    }
}

fn score(corpus: &str, field: &str) -> Score {
    let gazetteer = Gazetteer::default();
    let mut score = Score::default();
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let received = case["received_at"]
            .as_str()
            .and_then(|at| at.get(..16)?.parse().ok());
        let reading = extract(case["text"].as_str().unwrap_or_default(), received, &gazetteer);
        let read = serde_json::to_value(Row::new(&reading, None)).expect("a row is JSON")[field].clone();
        let truth = case["truth"][field].clone();
        let nobody = |value: &Value| value.is_null() || value == 0;
        if COUNTS.contains(&field) && nobody(&truth) && nobody(&read) || truth.is_null() && read.is_null() {
            continue;
        }
        if !truth.is_null() && !read.is_null() && agrees(field, &truth, &read) {
            score.hits += 1;
            continue;
        }
        score.wrong += u32::from(!read.is_null());
        score.missed += u32::from(!truth.is_null());
        score
            .cases
            .push(format!("{}: {truth} read as {read}", case["id"]));
    }
    score
}

/// The grade is not among them: the law computes it, which is tested where the law is.
fn every_field_reaches(corpus: &str, least: u32) {
    let fields = ["event_type", "place", "occurred_at", "occurred_precision"];
    for field in fields.into_iter().chain(COUNTS) {
        let score = score(corpus, field);
        assert!(
            score.f1() >= least,
            "{field}: F1 {}\u{2030}\n{}",
            score.f1(),
            score.cases.join("\n")
        );
    }
}

#[test]
fn the_reports_that_were_looked_at_are_read() {
    every_field_reaches(SEEN, 950);
}

#[test]
fn the_reports_that_were_held_back_are_read() {
    every_field_reaches(UNSEEN, 900);
}
