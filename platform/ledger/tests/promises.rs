//! What the ledger promises, on both engines: no gaps, no lost answer, one effect per request, nothing of a refusal.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use anlan_foundation::Fault as _;
use anlan_ledger::{Actor, Done, EntryFilter, Idempotency, Ledger, LedgerError, Recorded, Suite, View, Work};
use anlan_proof::verify_export;
use anlan_testkit::{START, TestNode, both_engines};

fn no_views() -> Vec<Arc<dyn View>> {
    Vec::new()
}

fn add(work: &mut Work<'_, '_>, stream: &str, said: &str) -> Result<u64, LedgerError> {
    Ok(work.record(stream, "test.said.v1", "1501", &said)?.position)
}

fn say(ledger: &Ledger, stream: &'static str, word: &'static str) -> Result<u64, LedgerError> {
    ledger.command_blocking(Actor::default(), move |work| add(work, stream, word))
}

fn all(ledger: &Ledger) -> Vec<Recorded> {
    let filter = EntryFilter {
        area_before: "\u{10FFFF}".to_owned(),
        limit: 10_000,
        ..EntryFilter::default()
    };
    ledger
        .db()
        .read_blocking(move |tx| anlan_ledger::entries(tx, &filter))
        .unwrap()
}

fn ask(ledger: &Ledger, account: &str, key: &str, body: &str) -> Result<Done<u64>, LedgerError> {
    let promise = Idempotency {
        actor: account.to_owned(),
        key: key.to_owned(),
        request: ledger.suite().digest(body.as_bytes()),
    };
    let word = body.to_owned();
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(ledger.command(Actor::default(), Some(promise), move |work| add(work, "s", &word)))
}

fn assert_whole(ledger: &Ledger) {
    let report = anlan_ledger::verify_store(ledger).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn many_at_once_are_numbered_without_gaps_and_chained() {
    both_engines(no_views, |node| {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..25).for_each(|_| assert!(say(&node.ledger, "shared", "x").unwrap() > 0)));
            }
        });
        let entries = all(&node.ledger);
        let numbers: Vec<_> = entries
            .iter()
            .map(|e| (e.position, e.entry.seq, e.entry.version))
            .collect();
        let expected: Vec<_> = (1..=200).map(|n| (n, n, n)).collect();
        assert_eq!(numbers, expected);
        for pair in entries.windows(2) {
            assert_eq!(pair[1].entry.prev, pair[0].entry.hash);
            assert!(pair[1].entry.hlc > pair[0].entry.hlc);
        }
        assert_whole(&node.ledger);
    });
}

#[test]
fn a_refused_command_leaves_no_entry_and_no_gap() {
    both_engines(no_views, |node| {
        say(&node.ledger, "s", "one").unwrap();
        let refused: Result<(), LedgerError> = node.ledger.command_blocking(Actor::default(), |work| {
            add(work, "s", "half")?;
            work.seal("person/1", "secret")?;
            Err(LedgerError::Fact("planted".to_owned()))
        });
        assert!(refused.is_err());
        assert_eq!(say(&node.ledger, "s", "two").unwrap(), 2);
        let bodies: Vec<_> = all(&node.ledger).into_iter().map(|e| e.entry.body).collect();
        assert_eq!(bodies, ["\"one\"", "\"two\""]);
        assert_whole(&node.ledger);
    });
}

#[test]
fn a_clock_that_goes_back_does_not_turn_the_order_round() {
    both_engines(no_views, |node| {
        for minutes in [0, -600, 5, -5] {
            node.clock.set(START.plus_minutes(minutes));
            say(&node.ledger, "s", "x").unwrap();
        }
        let entries = all(&node.ledger);
        assert!(
            entries
                .windows(2)
                .all(|pair| pair[0].entry.hlc < pair[1].entry.hlc)
        );
        assert_eq!(
            entries[1].at(),
            START.plus_minutes(-600),
            "the time is told as it was read"
        );
        assert_whole(&node.ledger);
    });
}

#[test]
fn a_request_repeated_at_once_from_many_sides_has_one_effect() {
    both_engines(no_views, |node| {
        let answers: Vec<Done<u64>> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..16)
                .map(|_| scope.spawn(|| ask(&node.ledger, "a", "k", "body").unwrap()))
                .collect();
            asking.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|done| done.value == 1));
        assert_eq!(answers.iter().filter(|done| !done.replayed).count(), 1);
        assert_eq!(all(&node.ledger).len(), 1);
    });
}

#[test]
fn a_key_belongs_to_one_account_and_one_request() {
    both_engines(no_views, |node| {
        assert_eq!(ask(&node.ledger, "a", "k", "body").unwrap().value, 1);
        assert_eq!(
            ask(&node.ledger, "b", "k", "body").unwrap().value,
            2,
            "another account"
        );
        assert_eq!(
            ask(&node.ledger, "a", "l", "body").unwrap().value,
            3,
            "another key"
        );
        let reused = ask(&node.ledger, "a", "k", "other").unwrap_err();
        assert_eq!(reused.code(), "idempotency.mismatch");
        assert_eq!(all(&node.ledger).len(), 3);
    });
}

#[test]
fn a_stale_version_is_refused() {
    both_engines(no_views, |node| {
        say(&node.ledger, "s", "one").unwrap();
        let write = |expected| {
            node.ledger.command_blocking(Actor::default(), move |work| {
                work.expect_version("s", expected)?;
                add(work, "s", "next")
            })
        };
        assert_eq!(write(Some(1)).unwrap(), 2);
        let stale = write(Some(1)).unwrap_err();
        assert_eq!(stale.code(), "ledger.version_conflict");
        assert!(matches!(
            stale,
            LedgerError::VersionConflict {
                expected: 1,
                found: 2,
                ..
            }
        ));
        assert_eq!(write(None).unwrap(), 3);
    });
}

#[test]
fn a_sealed_value_opens_until_its_key_is_destroyed_and_no_other_opens_it() {
    for suite in [Suite::Gm, Suite::Intl] {
        let node = TestNode::with_suite(suite, no_views());
        let seal = |subject: &'static str| {
            node.ledger
                .command_blocking(Actor::default(), move |work| work.seal(subject, "13800001234"))
                .unwrap()
        };
        let open = |sealed: &anlan_ledger::Sealed| {
            let (ledger, sealed) = (node.ledger.clone(), sealed.clone());
            node.ledger
                .db()
                .read_blocking(move |tx| ledger.sealer().open(tx, &sealed))
        };
        let (one, again, two) = (seal("person/1"), seal("person/1"), seal("person/2"));
        assert_ne!(
            one.text, again.text,
            "the same number does not look the same twice"
        );
        assert_eq!(open(&one).unwrap().as_deref(), Some("13800001234"));
        let mut foreign = one.clone();
        foreign.subject.clone_from(&two.subject);
        assert!(open(&foreign).is_err());
        let mut altered = one.clone();
        altered
            .text
            .replace_range(0..1, if one.text.starts_with('0') { "1" } else { "0" });
        assert!(open(&altered).is_err());
        node.ledger
            .command_blocking(Actor::default(), |work| work.destroy_key("person/1"))
            .unwrap();
        assert_eq!((open(&one).unwrap(), open(&again).unwrap()), (None, None));
        assert!(open(&two).unwrap().is_some());
    }
}

#[test]
fn an_export_verifies_without_the_store_and_a_changed_one_does_not() {
    for suite in [Suite::Gm, Suite::Intl] {
        let node = TestNode::with_suite(suite, no_views());
        for word in ["一", "二", "三"] {
            say(&node.ledger, "s", word).unwrap();
        }
        let bytes = anlan_ledger::export(&node.ledger, Vec::new()).unwrap();
        let findings = |text: &str| verify_export(text.as_bytes()).map(|report| report.findings.len());
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(findings(&text).unwrap(), 0);
        let changed = text.replacen('二', "四", 1);
        assert_ne!(changed, text);
        assert!(findings(&changed).unwrap() > 0);
    }
}

#[test]
fn every_entry_leads_to_a_signed_checkpoint_and_a_pack_of_a_stream_verifies_alone() {
    both_engines(no_views, |node| {
        // More than two chunks of the tree, so that kept and read subtrees meet in one proof.
        node.ledger
            .command_blocking(Actor::default(), |work| {
                (0..700_u32).try_for_each(|n| add(work, if n % 7 == 0 { "a" } else { "b" }, "x").map(|_| ()))
            })
            .unwrap();
        say(&node.ledger, "a", "last").unwrap();
        let ledger = node.ledger.clone();
        let pack = node.ledger.db().read_blocking(move |tx| {
            for seq in [1, 2, 255, 256, 257, 511, 512, 513, 700, 701] {
                let covered = ledger.prove(tx, "test", seq)?.unwrap().covered.unwrap();
                assert!(covered.leads_to_root && covered.signature.is_ok(), "entry {seq}");
                assert_eq!(covered.checkpoint.size, if seq > 700 { 701 } else { 700 });
            }
            assert!(ledger.prove(tx, "test", 702)?.is_none() && ledger.prove(tx, "test", 0)?.is_none());
            assert!(ledger.evidence(tx, "nothing")?.is_none());
            ledger.evidence(tx, "a")
        });
        let pack: Result<_, LedgerError> = pack;
        let text = serde_json::to_vec(&pack.unwrap().unwrap()).unwrap();
        let report = anlan_proof::verify_file(std::io::Cursor::new(text)).unwrap();
        assert_eq!((report.entries, report.findings), (101, Vec::new()));
    });
}

#[test]
fn entries_are_found_by_who_made_them_and_when() {
    both_engines(no_views, |node| {
        let by = |name: &str| Actor {
            name: Some(name.to_owned()),
            ..Actor::default()
        };
        for name in ["王永胜", "100%", "乌兰"] {
            let run = |work: &mut Work<'_, '_>| add(work, "s", "x");
            node.ledger.command_blocking(by(name), run).unwrap();
            node.clock.advance_minutes(1);
        }
        let find = |actor: Option<&str>, since: Option<i64>, until: Option<i64>| {
            let filter = EntryFilter {
                area_before: "\u{10FFFF}".to_owned(),
                actor: actor.map(str::to_owned),
                since,
                until,
                limit: 10,
                ..EntryFilter::default()
            };
            let found = node
                .ledger
                .db()
                .read_blocking(move |tx| anlan_ledger::entries(tx, &filter));
            found.unwrap().iter().map(|e| e.entry.seq).collect::<Vec<_>>()
        };
        assert_eq!(find(Some("永胜"), None, None), [1]);
        assert_eq!(find(Some("%"), None, None), [2]);
        let minute = START.as_micros() + 60_000_000;
        assert_eq!(find(None, Some(minute), None), [2, 3]);
        assert_eq!(find(None, None, Some(minute)), [1]);
    });
}
