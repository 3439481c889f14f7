//! Several servers on one store, copies between engines, answers kept and forgotten, and a store that root has altered.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use anlan_ledger::{Actor, Done, FindingKind, Idempotency, Ledger, LedgerError, View, verify_store};
use anlan_store::{StoreError, Target, compare_stores, params, sql};
use anlan_testkit::{START, TestNode, both_engines, postgres_url};

fn no_views() -> Vec<Arc<dyn View>> {
    Vec::new()
}

fn say(ledger: &Ledger, word: &str) -> u64 {
    let word = word.to_owned();
    ledger
        .command_blocking(Actor::default(), move |work| {
            Ok::<_, LedgerError>(work.record("s", "test.said.v1", "1501", &word)?.position)
        })
        .unwrap()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

async fn ask(ledger: &Ledger, key: String) -> Result<Done<u64>, LedgerError> {
    let promise = Idempotency {
        actor: "a".to_owned(),
        request: ledger.suite().digest(key.as_bytes()),
        key,
    };
    ledger
        .command(Actor::default(), Some(promise), |work| {
            Ok::<_, LedgerError>(work.record("s", "test.said.v1", "1501", &"x")?.position)
        })
        .await
}

fn assert_whole(ledger: &Ledger) {
    assert_eq!(verify_store(ledger).unwrap().findings, []);
}

#[test]
fn two_servers_append_to_one_feed_without_gap_or_double() {
    both_engines(no_views, |node| {
        let servers = [node.ledger.clone(), node.another_server()];
        std::thread::scope(|scope| {
            for server in &servers {
                for _ in 0..4 {
                    scope.spawn(|| (0..25).for_each(|_| assert!(say(server, "x") > 0)));
                }
            }
        });
        let report = verify_store(&servers[1]).unwrap();
        assert_eq!((report.entries, report.last_seq), (200, 200));
        assert_eq!(report.findings, []);
    });
}

#[test]
fn the_live_stream_of_one_server_shows_what_the_other_wrote() {
    both_engines(no_views, |node| {
        let other = node.another_server();
        let position = say(&node.ledger, "一");
        assert_eq!(other.hub().position(), 0, "nobody has told it yet");
        let mut grown = other.hub().watch();
        assert_eq!(wait(other.look_around()).unwrap(), position);
        assert!(grown.has_changed().unwrap(), "readers are woken");
        grown.mark_unchanged();
        let live = wait(other.live_after(0)).unwrap();
        assert_eq!(live.last().unwrap().recorded.entry.body, "\"一\"");
        let next = say(&other, "二");
        assert_eq!(wait(node.ledger.look_around()).unwrap(), next);
    });
}

#[test]
fn one_request_sent_to_two_servers_has_one_effect() {
    both_engines(no_views, |node| {
        let other = node.another_server();
        let answers = std::thread::scope(|scope| {
            let asking: Vec<_> = [&node.ledger, &other]
                .into_iter()
                .cycle()
                .take(12)
                .map(|server| scope.spawn(|| wait(ask(server, "k".to_owned())).unwrap()))
                .collect();
            asking
                .into_iter()
                .map(|asked| asked.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert!(answers.iter().all(|done| done.value == answers[0].value));
        assert_eq!(answers.iter().filter(|done| !done.replayed).count(), 1);
    });
}

#[test]
fn a_thousand_requests_sent_ten_times_each_have_a_thousand_effects() {
    both_engines(no_views, |node| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let fresh = runtime.block_on(async {
            let mut asked = tokio::task::JoinSet::new();
            for number in 0..10_000 {
                let ledger = node.ledger.clone();
                asked.spawn(async move { ask(&ledger, format!("k{}", number % 1_000)).await.unwrap() });
            }
            let answers = asked.join_all().await;
            answers.iter().filter(|done| !done.replayed).count()
        });
        assert_eq!(fresh, 1_000);
        let report = verify_store(&node.ledger).unwrap();
        assert_eq!((report.entries, report.findings), (1_000, Vec::new()));
    });
}

#[test]
fn an_answer_is_kept_thirty_days_and_then_forgotten() {
    both_engines(no_views, |node| {
        const MONTH: i64 = 30 * 24 * 60;
        let prune = || {
            let before = node.ledger.clock().now().plus_minutes(-MONTH);
            let pruned = node
                .ledger
                .db()
                .write_blocking(move |tx| anlan_ledger::prune_responses(tx, before));
            pruned.map_err(|error: StoreError| error).unwrap()
        };
        assert!(!wait(ask(&node.ledger, "k".to_owned())).unwrap().replayed);
        node.clock.set(START.plus_minutes(MONTH));
        assert_eq!(prune(), 0);
        assert!(wait(ask(&node.ledger, "k".to_owned())).unwrap().replayed);
        node.clock.advance_minutes(1);
        assert_eq!(prune(), 1);
        assert!(!wait(ask(&node.ledger, "k".to_owned())).unwrap().replayed);
    });
}

#[test]
fn a_copy_to_the_other_engine_and_back_is_the_same_ledger_and_the_same_tables() {
    let Some(url) = postgres_url() else { return };
    let node = TestNode::new(no_views());
    for word in ["一", "二 '\\ \u{1F600}", "三"] {
        say(&node.ledger, word);
    }
    node.ledger
        .command_blocking(Actor::default(), |work| {
            work.seal("person/1", "13800001234").map(drop)
        })
        .unwrap();
    let server = Target::Postgres {
        url,
        schema: Some(format!("t-copy-{}", std::process::id())),
    };
    let back = Target::Sqlite(node.dir.clone().unwrap().join("back.db"));
    let side = anlan_jobs::migrations();
    for (from, to) in [(&node.target, &server), (&server, &back)] {
        let copied = anlan_ledger::copy(from, to, &[], side).unwrap();
        assert_eq!((copied.differences, copied.rows), (Vec::new(), 8), "{to:?}");
        let again = anlan_ledger::copy(from, to, &[], side).unwrap_err();
        assert!(again.to_string().contains("not empty"), "{again}");
    }
    let (tables, differences) = compare_stores(&node.target, &back).unwrap();
    assert!(tables >= 8 && differences.is_empty(), "{differences:?}");
    drop_schema(&server);
}

fn drop_schema(target: &Target) {
    if let Target::Postgres {
        url,
        schema: Some(schema),
    } = target
    {
        let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
        client
            .batch_execute(&format!("DROP SCHEMA \"{schema}\" CASCADE"))
            .unwrap();
    }
}

#[test]
fn a_row_that_cannot_be_read_any_more_is_a_finding_and_not_the_end_of_the_work() {
    let node = TestNode::new(no_views());
    (0..40).for_each(|_| assert!(say(&node.ledger, "x") > 0));
    let alter = |statement| {
        let altered = node
            .ledger
            .db()
            .write_blocking(move |tx| tx.execute(statement, params![]));
        let altered: Result<u64, StoreError> = altered;
        assert_eq!(altered.unwrap(), 1);
    };
    assert_whole(&node.ledger);
    alter(sql!("UPDATE ledger_entries SET actor = '{' WHERE seq = 7"));
    alter(sql!("UPDATE ledger_entries SET hlc = -1 WHERE seq = 17"));
    alter(sql!("UPDATE ledger_entries SET hash = '' WHERE seq = 27"));
    alter(sql!("UPDATE ledger_entries SET body = '\"y\"' WHERE seq = 37"));
    alter(sql!("UPDATE ledger_checkpoints SET root = '' WHERE size = 31"));
    let report = verify_store(&node.ledger).unwrap();
    for seq in [7, 17, 27, 37] {
        assert!(
            report.findings.iter().any(|f| f.covers(seq)),
            "{seq}: {:?}",
            report.findings
        );
    }
    for seq in [1, 10, 20, 40] {
        assert!(
            !report.findings.iter().any(|f| f.covers(seq)),
            "{seq}: {:?}",
            report.findings
        );
    }
    assert!(report.findings.iter().any(|f| f.kind == FindingKind::Changed));
}

#[test]
fn a_finding_is_told_with_the_times_around_it() {
    let node = TestNode::new(no_views());
    for _ in 0..3 {
        say(&node.ledger, "x");
        node.clock.advance_minutes(1);
    }
    let dropped = node
        .ledger
        .db()
        .write_blocking(|tx| tx.execute(sql!("DELETE FROM ledger_entries WHERE seq = 2"), params![]));
    let dropped: Result<u64, StoreError> = dropped;
    assert_eq!(dropped.unwrap(), 1);
    let finding = verify_store(&node.ledger).unwrap().findings.remove(0);
    assert_eq!((finding.kind, finding.seq), (FindingKind::Dropped, 2));
    let ledger = node.ledger.clone();
    let around = node
        .ledger
        .db()
        .read_blocking(move |tx| ledger.time_of(tx, &finding))
        .map_err(|error: StoreError| error);
    assert_eq!(around.unwrap(), (Some(START), Some(START.plus_minutes(2))));
}
