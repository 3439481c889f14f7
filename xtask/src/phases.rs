//! Steps done one after another, each with a heading, its time and its outcome.

use crate::ambient::Stopwatch;
use crate::counts::Counts;
use anyhow::Result;

/// The steps done so far.
#[derive(Debug, Default)]
pub struct Phases {
    outcomes: Vec<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    name: String,
    counts: Counts,
    error: Option<String>,
}

impl Phases {
    /// Does one step and tells whether it went well; an error is printed and counts as a failure.
    pub fn run(&mut self, name: &str, step: impl FnOnce() -> Result<Counts>) -> bool {
        let watch = Stopwatch::start();
        println!("\n==> {name}");
        let (counts, error) = match step() {
            Ok(counts) => (counts, None),
            Err(error) => (Counts::one(false), Some(format!("{error:#}"))),
        };
        let well = counts.failed == 0;
        if let Some(error) = &error {
            println!("error: {error}");
        }
        println!("<== {name}: {} in {watch}", if well { "ok" } else { "FAILED" });
        self.outcomes.push(Outcome {
            name: name.to_owned(),
            counts,
            error,
        });
        well
    }

    /// Does a step that either succeeds or does not.
    pub fn gate(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        self.run(name, || step().map(|()| Counts::one(true)))
    }

    /// Adds up what the steps counted.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for outcome in &self.outcomes {
            total += outcome.counts;
        }
        total
    }

    /// Prints which steps failed and, as the last line, the total; tells whether all went well.
    pub fn finish(&self) -> bool {
        println!();
        for outcome in self.outcomes.iter().filter(|outcome| outcome.counts.failed > 0) {
            let why = outcome
                .error
                .as_deref()
                .and_then(|error| error.lines().next())
                .unwrap_or("see above");
            println!("failed: {} ({why})", outcome.name);
        }
        let total = self.total();
        if total.skipped > 0 {
            println!("left out: {}", total.skipped);
        }
        println!("{}", closing_line(total));
        total.failed == 0
    }
}

/// The one line that other programs may read: `all: 812 passed, 0 failed`.
fn closing_line(total: Counts) -> String {
    format!("all: {} passed, {} failed", total.passed, total.failed)
}

#[cfg(test)]
mod tests {
    use super::{Phases, closing_line};
    use crate::counts::Counts;
    use anyhow::bail;

    #[test]
    fn a_failed_step_does_not_stop_the_next_and_is_counted() {
        let mut phases = Phases::default();
        assert!(!phases.gate("first", || bail!("no space")));
        assert!(phases.run("second", || Ok(Counts {
            passed: 7,
            failed: 0,
            skipped: 1
        })));
        assert_eq!(
            phases.total(),
            Counts {
                passed: 7,
                failed: 1,
                skipped: 1
            }
        );
        assert!(!phases.finish());
    }

    #[test]
    fn the_closing_line_has_its_exact_form() {
        assert_eq!(
            closing_line(Counts {
                passed: 812,
                failed: 0,
                skipped: 3
            }),
            "all: 812 passed, 0 failed"
        );
    }
}
