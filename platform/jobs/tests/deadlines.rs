//! A thousand open deadlines under kills, restarts and a clock that somebody sets: each once in effect, none early.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anlan_foundation::Clock as _;
use anlan_jobs::{Job, Runner, set_timer};
use anlan_ledger::{Actor, EntryFilter, Ledger, LedgerError};
use anlan_testkit::{START, TestNode, both_engines};

const NAME: &str = "test.deadline";
const DEADLINES: i64 = 1_000;
const DAY: i64 = 24 * 60;

/// Seconds after the start at which a deadline is due: all within two hours.
fn due_second(number: i64) -> i64 {
    60 + (number * 7_919) % 7_200
}

/// Records how much time had really passed; dies now and then before its command is written.
fn deadline(node: &TestNode, dies: &Arc<AtomicU64>) -> Job {
    let (clock, dies) = (Arc::clone(&node.clock), Arc::clone(dies));
    Job::on_timer(NAME, move |work, firing| {
        let passed = clock.steady_micros() / 1_000_000;
        work.record(
            "deadlines",
            "test.passed.v1",
            "1501",
            &(firing.subject.clone(), passed),
        )?;
        let turn = dies.fetch_add(1, Ordering::SeqCst);
        assert!(turn % 9 != 4, "killed before the commit");
        Ok(())
    })
}

fn open_all(ledger: &Ledger) {
    ledger
        .command_blocking(Actor::default(), |work| {
            for number in 0..DEADLINES {
                set_timer(
                    work.tx,
                    NAME,
                    &number.to_string(),
                    START.plus_seconds(due_second(number)),
                )?;
            }
            Ok::<_, LedgerError>(())
        })
        .unwrap();
}

/// Number and really passed seconds of everything that fired.
fn fired(ledger: &Ledger) -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let filter = EntryFilter {
            after,
            area_before: "\u{10FFFF}".to_owned(),
            limit: 400,
            ..EntryFilter::default()
        };
        let found = ledger
            .db()
            .read_blocking(move |tx| anlan_ledger::entries(tx, &filter))
            .unwrap();
        let Some(last) = found.iter().map(|recorded| recorded.position).max() else {
            return all;
        };
        after = last;
        for recorded in &found {
            let (subject, passed): (String, i64) = recorded.fact().unwrap();
            all.push((subject.parse().unwrap(), passed));
        }
    }
}

fn assert_each_once(fired: &[(i64, i64)]) {
    let mut times = BTreeMap::new();
    for (number, _) in fired {
        *times.entry(*number).or_insert(0) += 1;
    }
    let wrong: Vec<i64> = (0..DEADLINES)
        .filter(|number| times.get(number) != Some(&1))
        .collect();
    assert!(wrong.is_empty(), "lost or doubled: {wrong:?}");
    assert_eq!(fired.len(), usize::try_from(DEADLINES).unwrap());
}

#[test]
fn a_thousand_deadlines_fire_once_and_never_early_while_the_clock_jumps_a_day_and_the_node_is_killed() {
    both_engines(Vec::new, |node| {
        let dies = Arc::new(AtomicU64::new(0));
        let come_up = || {
            let ledger = node.another_steady_server();
            (
                Runner::come_up(&ledger, vec![deadline(node, &dies)]).unwrap(),
                ledger,
            )
        };
        open_all(&node.ledger);
        let (mut runner, mut ledger) = come_up();
        for minute in 0..300 {
            match minute {
                // Forward a day, set right again; back a day, set right again.
                20 | 90 => node.clock.set(node.clock.now().plus_minutes(DAY)),
                40 | 60 => node.clock.set(node.clock.now().plus_minutes(-DAY)),
                // Killed and started again, once while nothing is wrong with the clock and twice right after.
                10 | 50 | 100 => (runner, ledger) = come_up(),
                _ => {}
            }
            node.clock.advance_minutes(1);
            runner.round_blocking().unwrap();
        }
        let fired = fired(&ledger);
        assert_each_once(&fired);
        let early: Vec<_> = fired
            .iter()
            .filter(|(number, passed)| *passed < due_second(*number))
            .collect();
        assert!(early.is_empty(), "fired early: {early:?}");
        let late = |(number, passed): &&(i64, i64)| *passed > due_second(*number) + 60;
        let late = fired.iter().filter(late).count();
        // Only what was killed rests a while before it is tried again.
        assert!(late < fired.len() / 4, "{late} of {} were late", fired.len());
        assert!(dies.load(Ordering::SeqCst) > 1_100, "nothing was killed");
    });
}

#[test]
fn a_node_restarted_under_a_clock_that_is_a_day_off_fires_everything_once_when_it_is_set_right() {
    for off in [DAY, -DAY] {
        let node = TestNode::new(Vec::new());
        let dies = Arc::new(AtomicU64::new(5));
        open_all(&node.ledger);
        let mut last = node.ledger.clone();
        for minutes in [30, off, 30, -off, 30, 120, 60, 60, 60] {
            node.clock.set(node.clock.now().plus_minutes(minutes));
            last = node.another_steady_server();
            let runner = Runner::come_up(&last, vec![deadline(&node, &dies)]).unwrap();
            for _ in 0..20 {
                runner.round_blocking().unwrap();
            }
        }
        assert_each_once(&fired(&last));
    }
}
