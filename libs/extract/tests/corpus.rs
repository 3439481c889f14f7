//! How well reports are read: the corpus with its truth, field by field.
//!
//! Which texts were unseen when, and what was read of them the first time (F1):
//!
//! | file | texts | unseen until | kind | place | time | deaths | injured | serious | missing | trapped | evacuated |
//! |---|---|---|---|---|---|---|---|---|---|---|---|---|
//! | `seen.jsonl` | 176 | never: looked at while the grammar was written | | | | | | | | | |
//! | `unseen.jsonl` | 134 | the first grammar was done | .97 | .95 | .97 | .97 | .94 | .86 | .75 | .67 | 1.00 |
//! | `blind-a.jsonl` 1–120 | 120 | run once, then looked at | .74 | .83 | .85 | .87 | .80 | .87 | .80 | .61 | .94 |
//! | `blind-a.jsonl` 121–160 | 40 | run once after the first 120 had been mended | .60 | .83 | .87 | .90 | .77 | .90 | .80 | .80 | .80 |
//! | `blind-b.jsonl` | 160 | run once after all of `blind-a` had been mended | .52 | .85 | .91 | .87 | .76 | .81 | .81 | .41 | .88 |
//!
//! All four files have been looked at since, so what this test measures today is no longer blind. The two blind files come
//! from somebody who had not read the grammar and tried to break it: notes of three words, dialect, follow-ups without the
//! first report, full names instead of figures. Their kinds have that writer's names; `event_type_also` lists ours for the
//! same kind. Some labels were mended, for all files alike: the coordinates of an earthquake are no part of its place, 夜间
//! without an hour stands at 20:00 as 晚 does, an intensive care unit is a serious injury, a site that is named by what it
//! is (一化工厂) belongs to the place. A truth of 0 and one of nothing count as the same, for a count that a text does not
//! mention. `the_table_of_all_fields` prints what is measured: `cargo nextest run -p anlan-extract --no-capture table`.

#![expect(clippy::print_stderr, reason = "a table for a person")]

use std::collections::HashSet;

use anlan_extract::{Gazetteer, Row, extract};
use serde_json::Value;

const SEEN: &str = include_str!("corpus/seen.jsonl");
const UNSEEN: &str = include_str!("corpus/unseen.jsonl");
const BLIND_A: &str = include_str!("corpus/blind-a.jsonl");
const BLIND_B: &str = include_str!("corpus/blind-b.jsonl");
const FIELDS: [&str; 4] = ["event_type", "place", "occurred_at", "occurred_precision"];
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

/// A corpus, read once: its cases with what was read of them.
fn readings(corpus: &str) -> Vec<(Value, Value)> {
    let gazetteer = Gazetteer::default();
    let read = |line: &str| {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let received = case["received_at"]
            .as_str()
            .and_then(|at| at.get(..16)?.parse().ok());
        let reading = extract(case["text"].as_str().unwrap_or_default(), received, &gazetteer);
        let row = serde_json::to_value(Row::new(&reading, None)).expect("a row is JSON");
        (case, row)
    };
    corpus.lines().map(read).collect()
}

fn score(readings: &[(Value, Value)], field: &str) -> Score {
    let mut score = Score::default();
    for (case, row) in readings {
        let (truth, read) = (&case["truth"][field], &row[field]);
        let nobody = |value: &Value| value.is_null() || value == 0;
        if COUNTS.contains(&field) && nobody(truth) && nobody(read) || truth.is_null() && read.is_null() {
            continue;
        }
        let also = &case["truth"]["event_type_also"];
        let same_kind = field == "event_type" && also.as_array().is_some_and(|also| also.contains(read));
        if !truth.is_null() && !read.is_null() && (agrees(field, truth, read) || same_kind) {
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
    let readings = readings(corpus);
    for field in FIELDS.into_iter().chain(COUNTS) {
        let score = score(&readings, field);
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

/// Fields with what their F1 must not fall below, in thousandths.
fn each_reaches(corpus: &str, least: &[(&str, u32)]) {
    let readings = readings(corpus);
    for (field, least) in least {
        let score = score(&readings, field);
        let f1 = score.f1();
        assert!(
            f1 >= *least,
            "{field}: F1 {f1}\u{2030}\n{}",
            score.cases.join("\n")
        );
    }
}

#[test]
fn the_reports_of_the_first_outside_writer_are_read() {
    every_field_reaches(BLIND_A, 890);
}

#[test]
fn the_harder_reports_of_the_outside_writer_are_read_no_worse_than_before() {
    each_reaches(
        BLIND_B,
        &[
            ("event_type", 790),
            ("place", 880),
            ("occurred_at", 940),
            ("occurred_precision", 950),
            ("deaths", 900),
            ("injured", 800),
            ("seriously_injured", 820),
            ("missing", 820),
            ("trapped", 740),
            ("evacuated", 950),
        ],
    );
}

#[test]
fn the_table_of_all_fields() {
    let corpora = [SEEN, UNSEEN, BLIND_A, BLIND_B].map(readings);
    let mut table = String::from("\nF1 in \u{2030}: field, seen, unseen, blind-a, blind-b");
    for field in FIELDS.into_iter().chain(COUNTS) {
        let f1 = corpora
            .iter()
            .map(|readings| score(readings, field).f1().to_string());
        table = format!("{table}\n{field}: {}", f1.collect::<Vec<_>>().join(" "));
    }
    eprintln!("{table}");
}

#[test]
fn the_reports_that_were_held_back_are_read() {
    every_field_reaches(UNSEEN, 900);
}
