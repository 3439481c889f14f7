//! The rows of the law and of reading texts: what 10,000 incidents owe after a change of rules, and texts a second.

use std::path::Path;

use anlan_extract::{Gazetteer, extract};
use anlan_law::{Pack, RuleBook, sample_incidents};
use anyhow::{Result, anyhow};

use crate::Plan;
use crate::machine::now;
use crate::measure::{at, median};
use crate::report::Row;

const INCIDENTS: usize = 10_000;

/// Compiles the packs and evaluates.
pub(crate) fn law(plan: Plan) -> Result<Row> {
    let mut row = Row::new(
        "Row 31: what 10,000 incidents owe after a change of rules",
        "≤ 1 s",
    );
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let mut packs = Vec::new();
    for folder in std::fs::read_dir(rules)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            let file = file?.path();
            let text = std::fs::read_to_string(&file)?;
            packs.push(Pack::parse(&file.display().to_string(), &text).map_err(|error| anyhow!("{error}"))?);
        }
    }
    let (mut compiled, mut evaluated, mut owed) = (Vec::new(), Vec::new(), 0);
    let incidents = sample_incidents(INCIDENTS);
    for _ in 0..plan.pairs {
        let start = now();
        let book =
            RuleBook::compile(&packs.iter().collect::<Vec<_>>()).map_err(|error| anyhow!("{error}"))?;
        compiled.push(start.elapsed().as_secs_f64() * 1_000.0);
        let start = now();
        owed = book.evaluate(&incidents);
        evaluated.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    row.line(
        "packs, compiled in",
        format!("{}, {:.1} ms", packs.len(), median(&compiled)),
    );
    row.line("reports owed", owed.to_string());
    row.line("evaluated in", format!("{:.0} ms", median(&evaluated)));
    Ok(row)
}

/// Reads the texts of the corpus again and again.
pub(crate) fn texts(plan: Plan) -> Result<Row> {
    let mut row = Row::new("Row 32: reading the text of a call", "each text < 20 ms");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../libs/extract/tests/corpus");
    let mut texts = Vec::new();
    for file in std::fs::read_dir(corpus)? {
        for line in std::fs::read_to_string(file?.path())?.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            texts.extend(value["text"].as_str().map(str::to_owned));
        }
    }
    let gazetteer = Gazetteer::default();
    let (mut times, mut rates) = (Vec::new(), Vec::new());
    for round in 0..plan.pairs {
        let begun = now();
        for text in &texts {
            let start = now();
            extract(text, None, &gazetteer);
            let took = start.elapsed().as_secs_f64() * 1_000.0;
            if round > 0 {
                times.push(took);
            }
        }
        rates.push(crate::client::count(texts.len()) / begun.elapsed().as_secs_f64());
    }
    row.line("texts of the corpus", texts.len().to_string());
    row.line("texts a second, one core", format!("{:.0}", median(&rates)));
    row.line("one text", format!("{:.2} ms", median(&times)));
    row.line("99 of 100 within", format!("{:.2} ms", at(&times, 99)));
    row.line("the slowest", format!("{:.2} ms", at(&times, 100)));
    Ok(row)
}
