//! Recall and precision of the findings on seeded months.
//!
//! `cargo run -p anlan-findings --example month -- rules/findings.toml 1 2 3`
#![expect(clippy::print_stdout, reason = "an example answers on standard output")]

use anlan_findings::month::{END, Plan, month};
use anlan_findings::{Bounds, FindingKind, examine};

const KINDS: [FindingKind; 5] = [
    FindingKind::Late,
    FindingKind::Omitted,
    FindingKind::Understated,
    FindingKind::BackDated,
    FindingKind::EditedDown,
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .unwrap_or_else(|| "rules/findings.toml".to_owned());
    let bounds = Bounds::parse(&std::fs::read_to_string(file)?)?;
    for seed in arguments {
        let mut counts = [(0, 0, 0); KINDS.len()];
        for labelled in month(seed.parse()?, Plan::default()) {
            let found = examine(&labelled.seen, &bounds, END);
            for (kind, (hits, all, truths)) in KINDS.into_iter().zip(&mut counts) {
                let is_found = found.iter().any(|finding| finding.kind == kind);
                let is_true = labelled.truth == Some(kind);
                *hits += usize::from(is_found && is_true);
                *all += usize::from(is_found);
                *truths += usize::from(is_true);
            }
        }
        for (kind, (hits, all, truths)) in KINDS.into_iter().zip(counts) {
            println!("seed {seed} {kind:?}: recall {hits}/{truths}, precision {hits}/{all}");
        }
    }
    Ok(())
}
