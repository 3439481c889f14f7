//! Reads lines `{"id","text","received_at"?}` from standard input and writes what they say; at the end, texts a second.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example speaks to a person"
)]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use std::io::BufRead as _;
use std::time::Instant;

use anlan_extract::{Gazetteer, Row, extract};
use serde_json::Value;

/// The line as `anlan extract` writes it, without the grade that the law computes.
fn merged(id: &Value, row: &Row) -> Value {
    let mut line = serde_json::to_value(row).unwrap_or_default();
    line["id"] = id.clone();
    line
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gazetteer = Gazetteer::default();
    let lines: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    anlan_extract::warm();
    let start = Instant::now();
    let mut slowest = std::time::Duration::ZERO;
    for line in &lines {
        let input: Value = serde_json::from_str(line)?;
        let text = input["text"].as_str().unwrap_or_default();
        let received = input["received_at"]
            .as_str()
            .and_then(|at| at.get(..16)?.parse().ok());
        let began = Instant::now();
        let row = Row::new(&extract(text, received, &gazetteer), None);
        slowest = slowest.max(began.elapsed());
        println!("{}", merged(&input["id"], &row));
    }
    let took = start.elapsed().as_secs_f64();
    eprintln!(
        "{} texts in {took:.3} s, slowest {:.1} ms",
        lines.len(),
        slowest.as_secs_f64() * 1_000.0
    );
    Ok(())
}
