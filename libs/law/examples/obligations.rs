//! How long it takes to evaluate what 10,000 incidents owe, after a change of rules.
//!
//! `cargo run --release -p anlan-law --example obligations -- rules 10000`
#![expect(clippy::print_stdout, reason = "an example answers on standard output")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::path::Path;

use anlan_law::{Pack, RuleBook, sample_incidents};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rules = arguments.next().unwrap_or_else(|| "rules".to_owned());
    let count = arguments.next().map_or(Ok(10_000), |count| count.parse())?;
    let mut packs = Vec::new();
    for folder in std::fs::read_dir(Path::new(&rules))? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            let file = file?.path();
            packs.push(Pack::parse(
                &file.display().to_string(),
                &std::fs::read_to_string(&file)?,
            )?);
        }
    }
    let start = std::time::Instant::now();
    let book = RuleBook::compile(&packs.iter().collect::<Vec<_>>())?;
    println!("{} rules compiled in {:?}", book.heads().count(), start.elapsed());
    let incidents = sample_incidents(count);
    let start = std::time::Instant::now();
    let owed = book.evaluate(&incidents);
    println!(
        "{count} incidents owe {owed} reports, evaluated in {:?}",
        start.elapsed()
    );
    Ok(())
}
