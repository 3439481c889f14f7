//! kill -9 under load, a hundred times; and the same harness against faults that were planted.

use anlan_tests::kill::{Plan, run};
use anlan_tests::load::Plant;
use anlan_tests::place::{Scratch, copy_demo};

fn plan(rounds: usize, plant: Plant) -> Plan {
    Plan {
        rounds,
        clients: 4,
        seed: 20_201_015,
        plant,
    }
}

#[test]
fn a_hundred_kills_lose_nothing_and_double_nothing() {
    let scratch = Scratch::new("kill").unwrap();
    copy_demo(&scratch.join("data")).unwrap();
    let outcome = run(&scratch.join("data"), &plan(100, Plant::Nothing)).unwrap();
    assert!(outcome.verdict.is_clean(), "{:#?}", outcome.verdict);
    assert!(
        outcome.recorded > 500,
        "too little was recorded to prove anything: {outcome:?}"
    );
    assert!(
        outcome.repeated > 50 && outcome.replays > 10,
        "nothing was in the balance: {outcome:?}"
    );
}

#[test]
fn a_report_acknowledged_and_never_written_is_found_by_the_same_harness() {
    let scratch = Scratch::new("kill-lie").unwrap();
    copy_demo(&scratch.join("data")).unwrap();
    let outcome = run(&scratch.join("data"), &plan(3, Plant::AckBeforeWrite)).unwrap();
    assert!(!outcome.verdict.lost.is_empty(), "{outcome:?}");
    assert_eq!(outcome.verdict.doubled, [""; 0]);
}

#[test]
fn a_repetition_without_its_key_is_found_by_the_same_harness() {
    let scratch = Scratch::new("kill-twice").unwrap();
    copy_demo(&scratch.join("data")).unwrap();
    let outcome = run(&scratch.join("data"), &plan(4, Plant::NoKeys)).unwrap();
    assert!(!outcome.verdict.doubled.is_empty(), "{outcome:?}");
    assert_eq!(outcome.verdict.lost, [""; 0]);
}
