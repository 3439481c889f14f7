//! Power cuts and full disks, on small file systems in an image file. Needs root; says so where it is not.
#![expect(clippy::print_stdout, reason = "what is left out must be said")]

use anlan_tests::disk::{FileSystem, why_not};
use anlan_tests::place::Scratch;
use anlan_tests::power::{Outcome, Plan, Waits, run};
use anlan_tests::space;
use anyhow::{Result, ensure};

/// Whether the test run says that there can be such disks.
fn promised() -> bool {
    std::env::var_os("ANLAN_TEST_DISKS").is_some()
}

/// A folder for disks, or `None` where there can be none.
fn folder(name: &str) -> Result<Option<Scratch>> {
    let scratch = Scratch::new(name)?;
    if let Some(reason) = why_not(scratch.path()) {
        // The test run has tried a disk: what fails now is a fault.
        ensure!(!promised(), "{reason}");
        println!("skipped: {reason}");
        return Ok(None);
    }
    Ok(Some(scratch))
}

fn cut(name: &str, file_system: FileSystem, cuts: usize, waits: Waits) -> Result<Option<Outcome>> {
    let Some(scratch) = folder(name)? else {
        return Ok(None);
    };
    let plan = Plan {
        cuts,
        file_system,
        seed: 7,
        waits,
    };
    run(scratch.path(), &plan).map(Some)
}

fn assert_nothing_lost(outcome: &Outcome) {
    assert!(outcome.verdict.is_clean(), "{:#?}", outcome.verdict);
    assert!(
        outcome.recorded > 100,
        "too little was recorded to prove anything: {outcome:?}"
    );
}

#[test]
fn twenty_power_cuts_on_ext4_lose_nothing_that_was_acknowledged() {
    if let Some(outcome) = cut("cut-ext4", FileSystem::Ext4, 20, Waits::ForTheDisk).unwrap() {
        assert_nothing_lost(&outcome);
    }
}

#[test]
fn twenty_power_cuts_on_xfs_lose_nothing_that_was_acknowledged() {
    if let Some(outcome) = cut("cut-xfs", FileSystem::Xfs, 20, Waits::ForTheDisk).unwrap() {
        assert_nothing_lost(&outcome);
    }
}

#[test]
fn a_node_that_does_not_wait_for_the_disk_is_found_out_by_the_same_cuts() {
    if let Some(outcome) = cut("cut-control", FileSystem::Ext4, 4, Waits::ForNothing).unwrap() {
        assert!(
            !outcome.verdict.lost.is_empty(),
            "a power cut that cuts nothing: {outcome:?}"
        );
    }
}

#[test]
fn a_full_disk_is_refused_clearly_and_loses_nothing() {
    let Some(scratch) = folder("full").unwrap() else {
        return;
    };
    let outcome = space::run(scratch.path()).unwrap();
    assert!(
        outcome.taken_when_full >= 1_000,
        "the emergency reserve took {} reports only",
        outcome.taken_when_full
    );
    let (status, content, code) = &outcome.refusal;
    assert_eq!(
        (*status, content.as_str(), code.as_str()),
        (503, "application/problem+json", "store.disk_full")
    );
    assert_eq!(outcome.failed_reads, [""; 0], "reading goes on");
    assert!(
        outcome.recovered,
        "there is room again and the node still refuses: {outcome:?}"
    );
    assert!(outcome.verdict.is_clean(), "{:#?}", outcome.verdict);
}
