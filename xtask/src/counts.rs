//! Reading how many tests passed out of what the test programs print.

use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that ran and held.
    pub passed: u64,
    /// Tests that did not hold, timed out or could not be started.
    pub failed: u64,
    /// Tests left out on purpose.
    pub skipped: u64,
}

impl Counts {
    /// A single check that held or did not.
    pub fn one(held: bool) -> Self {
        Self {
            passed: u64::from(held),
            failed: u64::from(!held),
            skipped: 0,
        }
    }

    /// Makes sure that a program that ended badly counts as at least one failure.
    #[must_use]
    pub fn with_outcome(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Reads nextest's `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
pub fn nextest(text: &str) -> Counts {
    let Some(summary) = text
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with("Summary ["))
    else {
        return Counts::default();
    };
    Counts {
        passed: number_before(summary, " passed"),
        failed: number_before(summary, " failed")
            + number_before(summary, " exec failed")
            + number_before(summary, " timed out"),
        skipped: number_before(summary, " skipped"),
    }
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; 1 ignored; …` of cargo's own test programs.
pub fn libtest(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines().filter(|line| line.starts_with("test result: ")) {
        counts += Counts {
            passed: number_before(line, " passed"),
            failed: number_before(line, " failed"),
            skipped: number_before(line, " ignored"),
        };
    }
    counts
}

/// Reads vitest's `Tests  1 failed | 45 passed | 2 skipped (48)`.
pub fn vitest(text: &str) -> Counts {
    let Some(line) = text
        .lines()
        .map(str::trim_start)
        .find(|line| line.starts_with("Tests "))
    else {
        return Counts::default();
    };
    Counts {
        passed: number_before(line, " passed"),
        failed: number_before(line, " failed"),
        skipped: number_before(line, " skipped"),
    }
}

/// Reads the first tag of a `JUnit` report that counts: `<testsuites tests="40" errors="0" failures="1" …>`.
pub fn junit(text: &str) -> Counts {
    let Some(tag) = text
        .split('<')
        .find(|tag| tag.starts_with("testsuite") && tag.contains(" tests="))
    else {
        return Counts::default();
    };
    let attribute = |name: &str| number_after(tag, &format!(" {name}=\""));
    let failed = attribute("failures") + attribute("errors");
    let skipped = attribute("skipped");
    Counts {
        passed: attribute("tests").saturating_sub(failed + skipped),
        failed,
        skipped,
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let Some((before, _)) = line.split_once(word) else {
        return 0;
    };
    let digits: Vec<char> = before.chars().rev().take_while(char::is_ascii_digit).collect();
    digits.into_iter().rev().collect::<String>().parse().unwrap_or(0)
}

fn number_after(line: &str, word: &str) -> u64 {
    let Some((_, after)) = line.split_once(word) else {
        return 0;
    };
    after
        .chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Counts, junit, libtest, nextest, vitest};

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn the_last_summary_of_nextest_counts() {
        let text = "  Summary [   0.003s] 9 tests run: 9 passed, 0 skipped\n\
                    ────────────\n\
                     Summary [   1.203s] 14/20 tests run: 10 passed (1 slow, 1 flaky), 2 failed, 1 exec failed, 1 timed out, 3 skipped\n\
                            FAIL [   0.001s] anlan-ledger chain::a_gap_is_named\n";
        assert_eq!(nextest(text), counts(10, 4, 3));
    }

    #[test]
    fn a_test_named_passed_is_no_count() {
        assert_eq!(nextest("PASS [ 0.1s] anlan 3 passed"), Counts::default());
    }

    #[test]
    fn results_of_several_test_programs_are_added_up() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(libtest(text), counts(15, 2, 1));
    }

    #[test]
    fn vitest_counts_tests_not_files() {
        let text =
            " Test Files  1 failed | 4 passed (5)\n      Tests  1 failed | 45 passed | 2 skipped (48)\n";
        assert_eq!(vitest(text), counts(45, 1, 2));
        assert_eq!(vitest("      Tests  7 passed (7)"), counts(7, 0, 0));
    }

    #[test]
    fn a_junit_report_tells_failures_and_errors() {
        let text = "<?xml version=\"1.0\"?>\n<testsuites disabled=\"0\" errors=\"1\" failures=\"2\" tests=\"40\" time=\"1.5\">";
        assert_eq!(junit(text), counts(37, 3, 0));
    }

    #[test]
    fn a_program_that_ends_badly_without_a_count_is_one_failure() {
        assert_eq!(
            nextest("error: could not compile").with_outcome(false),
            counts(0, 1, 0)
        );
        assert_eq!(counts(4, 2, 0).with_outcome(false), counts(4, 2, 0));
    }
}
