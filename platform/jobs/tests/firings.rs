//! What the jobs promise, on both engines: each firing once in effect, late ones told, none lost to a clock.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use anlan_foundation::Timestamp;
use anlan_jobs::{Firing, Job, JobError, Round, Runner, clear_timer, outages, set_timer, timer};
use anlan_ledger::{Actor, EntryFilter, Ledger, LedgerError, View};
use anlan_store::StoreError;
use anlan_testkit::{START, TestNode, both_engines};

const NAME: &str = "test.bell";

fn no_views() -> Vec<Arc<dyn View>> {
    Vec::new()
}

/// Records what fired; the entry is the effect.
fn bell() -> Job {
    Job::on_timer(NAME, ring)
}

fn ring(work: &mut anlan_ledger::Work<'_, '_>, firing: &Firing) -> Result<(), JobError> {
    let down = firing.down_at(work.tx, firing.due_at)?.is_some();
    let said = format!("{} {}", firing.subject, if down { "down" } else { "prompt" });
    work.record("bells", "test.rang.v1", "1501", &said)?;
    Ok(())
}

fn set(ledger: &Ledger, subject: &'static str, due_at: Timestamp) {
    ledger
        .command_blocking(Actor::default(), move |work| {
            Ok::<_, LedgerError>(set_timer(work.tx, NAME, subject, due_at)?)
        })
        .unwrap();
}

fn rang(ledger: &Ledger) -> Vec<String> {
    let filter = EntryFilter {
        area_before: "\u{10FFFF}".to_owned(),
        limit: 10_000,
        ..EntryFilter::default()
    };
    let found = ledger
        .db()
        .read_blocking(move |tx| anlan_ledger::entries(tx, &filter))
        .unwrap();
    found.iter().map(|recorded| recorded.fact().unwrap()).collect()
}

fn fired(fired: u64) -> Round {
    Round { fired, failed: 0 }
}

#[test]
fn a_timer_fires_once_when_its_time_has_come_and_not_before() {
    both_engines(no_views, |node| {
        let runner = Runner::come_up(&node.ledger, vec![bell()]).unwrap();
        set(&node.ledger, "a", START.plus_minutes(30));
        assert_eq!(runner.round_blocking().unwrap(), fired(0));
        node.clock.advance_minutes(30);
        assert_eq!(runner.round_blocking().unwrap(), fired(1));
        assert_eq!(runner.round_blocking().unwrap(), fired(0));
        assert_eq!(rang(&node.ledger), ["a prompt"]);
    });
}

#[test]
fn a_timer_that_is_set_anew_or_cleared_does_not_fire_at_its_old_time() {
    both_engines(no_views, |node| {
        let runner = Runner::come_up(&node.ledger, vec![bell()]).unwrap();
        set(&node.ledger, "moved", START.plus_minutes(10));
        set(&node.ledger, "moved", START.plus_minutes(20));
        set(&node.ledger, "cleared", START.plus_minutes(10));
        node.ledger
            .command_blocking(Actor::default(), |work| {
                Ok::<_, LedgerError>(clear_timer(work.tx, NAME, "cleared")?)
            })
            .unwrap();
        node.clock.advance_minutes(15);
        assert_eq!(runner.round_blocking().unwrap(), fired(0));
        node.clock.advance_minutes(5);
        assert_eq!(runner.round_blocking().unwrap(), fired(1));
        assert_eq!(rang(&node.ledger), ["moved prompt"]);
    });
}

#[test]
fn what_fell_due_while_the_node_was_down_fires_once_after_it_came_up_and_says_so() {
    both_engines(no_views, |node| {
        let before = Runner::come_up(&node.ledger, vec![bell()]).unwrap();
        set(&node.ledger, "while down", START.plus_minutes(10));
        set(&node.ledger, "while up", START.plus_minutes(20));
        node.clock.advance_minutes(5);
        assert_eq!(before.round_blocking().unwrap(), fired(0));
        drop(before);
        node.clock.advance_minutes(10);
        let again = node.another_server();
        let after = Runner::come_up(&again, vec![bell()]).unwrap();
        assert_eq!(after.round_blocking().unwrap(), fired(1));
        node.clock.advance_minutes(5);
        assert_eq!(after.round_blocking().unwrap(), fired(1));
        assert_eq!(rang(&again), ["while down down", "while up prompt"]);
        let outage = after.standing().came_after.unwrap();
        assert_eq!(
            (outage.down_since, outage.up_at),
            (START.plus_minutes(5), START.plus_minutes(15))
        );
        let known = again
            .db()
            .read_blocking(|tx| outages(tx, START))
            .map_err(|error: StoreError| error);
        assert_eq!(known.unwrap(), [outage]);
    });
}

#[test]
fn a_crash_between_outages_does_not_hide_why_a_firing_is_late() {
    both_engines(no_views, |node| {
        drop(Runner::come_up(&node.ledger, vec![bell()]).unwrap());
        set(&node.ledger, "a", START.plus_minutes(10));
        node.clock.advance_minutes(20);
        // It comes up, and goes down again before it could fire.
        drop(Runner::come_up(&node.ledger, vec![bell()]).unwrap());
        node.clock.advance_minutes(20);
        let runner = Runner::come_up(&node.ledger, vec![bell()]).unwrap();
        assert_eq!(runner.round_blocking().unwrap(), fired(1));
        assert_eq!(rang(&node.ledger), ["a down"]);
    });
}

#[test]
fn a_kill_before_the_commit_leaves_the_timer_and_one_after_it_leaves_the_effect() {
    both_engines(no_views, |node| {
        let dies = Arc::new(AtomicBool::new(true));
        let seen = Arc::clone(&dies);
        let job = Job::on_timer(NAME, move |work, firing| {
            ring(work, firing)?;
            assert!(!seen.load(Ordering::SeqCst), "planted");
            Ok(())
        });
        let runner = Runner::come_up(&node.ledger, vec![job]).unwrap();
        set(&node.ledger, "a", START);
        let round = runner.round_blocking().unwrap();
        assert_eq!((round.fired, round.failed), (0, 1));
        assert!(rang(&node.ledger).is_empty(), "the half firing left nothing");
        dies.store(false, Ordering::SeqCst);
        let second = Runner::come_up(&node.another_server(), vec![bell()]).unwrap();
        assert_eq!(second.round_blocking().unwrap(), fired(1));
        assert_eq!(second.round_blocking().unwrap(), fired(0));
        assert_eq!(rang(&node.ledger), ["a prompt"]);
    });
}

#[test]
fn a_clock_that_jumps_a_day_loses_and_doubles_no_firing() {
    both_engines(no_views, |node| {
        const DAY: i64 = 24 * 60;
        let runner = Runner::come_up(&node.ledger, vec![bell()]).unwrap();
        set(&node.ledger, "a", START.plus_minutes(30));
        set(&node.ledger, "b", START.plus_minutes(2 * DAY));
        let mut sum = 0;
        for minutes in [0, DAY, 10, -DAY, 60, DAY + 60, -5, 2 * DAY, 3 * DAY] {
            node.clock.set(START.plus_minutes(minutes));
            sum += runner.round_blocking().unwrap().fired;
        }
        assert_eq!(sum, 2);
        let mut all = rang(&node.ledger);
        all.sort();
        assert_eq!(all, ["a prompt", "b prompt"]);
    });
}

#[test]
fn a_node_that_comes_up_with_its_clock_put_back_still_fires_everything_once() {
    both_engines(no_views, |node| {
        node.clock.advance_minutes(24 * 60);
        drop(Runner::come_up(&node.ledger, vec![bell()]).unwrap());
        node.clock.set(START);
        set(&node.ledger, "a", START.plus_minutes(1));
        let runner = Runner::come_up(&node.ledger, vec![bell()]).unwrap();
        assert_eq!(runner.standing().came_after, None);
        node.clock.advance_minutes(1);
        assert_eq!(runner.round_blocking().unwrap(), fired(1));
        assert_eq!(rang(&node.ledger), ["a prompt"]);
    });
}

#[test]
fn two_servers_on_one_store_fire_each_timer_once_between_them() {
    both_engines(no_views, |node| {
        let servers = [node.ledger.clone(), node.another_server()];
        let runners = servers.map(|ledger| Runner::come_up(&ledger, vec![bell()]).unwrap());
        for number in 0..50 {
            let subject: &'static str = format!("{number:02}").leak();
            set(&node.ledger, subject, START.plus_seconds(number));
        }
        node.clock.advance_minutes(1);
        let fired: u64 = std::thread::scope(|scope| {
            let rounds = runners.map(|runner| scope.spawn(move || runner.round_blocking().unwrap().fired));
            rounds.into_iter().map(|round| round.join().unwrap()).sum()
        });
        assert_eq!(fired, 50);
        assert_eq!(rang(&node.ledger).len(), 50);
    });
}

#[test]
fn a_firing_that_fails_rests_and_holds_up_no_other() {
    both_engines(no_views, |node| {
        let job = Job::on_timer(NAME, |work, firing| match firing.subject.as_str() {
            "bad" => Err(JobError::slice(std::io::Error::other("planted"))),
            _ => ring(work, firing),
        });
        let runner = Runner::come_up(&node.ledger, vec![job]).unwrap();
        set(&node.ledger, "bad", START);
        set(&node.ledger, "good", START.plus_seconds(1));
        node.clock.advance_seconds(1);
        assert_eq!(runner.round_blocking().unwrap(), Round { fired: 1, failed: 1 });
        assert_eq!(runner.round_blocking().unwrap(), fired(0), "it rests");
        assert_eq!(runner.standing().resting, [(NAME, "bad".to_owned())]);
        let failed: u64 = (0..20).map(|_| runner.round_blocking().unwrap().failed).sum();
        assert!((1..=4).contains(&failed), "it is tried again, seldom: {failed}");
        let kept = node.ledger.db().read_blocking(|tx| timer(tx, NAME, "bad"));
        let kept: Result<_, StoreError> = kept;
        assert_eq!(kept.unwrap(), Some(START));
    });
}

#[test]
fn a_job_over_its_own_rows_fires_for_each_row_until_none_is_due() {
    both_engines(no_views, |node| {
        let rows = Arc::new(Mutex::new(vec![
            ("a", START),
            ("b", START),
            ("c", START.plus_minutes(9)),
        ]));
        let (listed, settled) = (Arc::clone(&rows), Arc::clone(&rows));
        let job = Job::on_rows(
            "test.rows",
            move |_, now, limit| {
                let rows = listed.lock().unwrap();
                let due = rows.iter().filter(|(_, due_at)| *due_at <= now);
                let due = due.map(|(subject, due_at)| anlan_jobs::Due {
                    subject: (*subject).to_owned(),
                    due_at: *due_at,
                });
                Ok(due.take(usize::try_from(limit).unwrap()).collect())
            },
            move |work, firing| {
                settled.lock().unwrap().retain(|(row, _)| *row != firing.subject);
                ring(work, firing)
            },
        );
        let runner = Runner::come_up(&node.ledger, vec![job]).unwrap();
        assert_eq!(runner.round_blocking().unwrap(), fired(2));
        node.clock.advance_minutes(9);
        assert_eq!(runner.round_blocking().unwrap(), fired(1));
        assert_eq!(rang(&node.ledger).len(), 3);
    });
}

#[test]
fn a_periodic_job_runs_at_once_then_once_a_period_and_makes_missed_runs_good_by_one() {
    both_engines(no_views, |node| {
        let job = || Job::every("test.hourly", 60, ring);
        let runner = Runner::come_up(&node.ledger, vec![job()]).unwrap();
        let mut runs = Vec::new();
        // The last step puts the clock back by a day: the job does not wait a day for its next turn.
        for minutes in [0, 59, 60, 61, 600, 660, 660 - 24 * 60, 720 - 24 * 60] {
            node.clock.set(START.plus_minutes(minutes));
            runs.push(runner.round_blocking().unwrap().fired);
        }
        assert_eq!(runs, [1, 0, 1, 0, 1, 1, 1, 1]);
    });
}

#[test]
fn two_jobs_of_one_name_are_refused() {
    let node = TestNode::new(Vec::new());
    assert!(Runner::come_up(&node.ledger, vec![bell(), bell()]).is_err());
}
