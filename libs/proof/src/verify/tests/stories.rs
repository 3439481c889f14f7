//! One story each: what was done to a feed, and what the report says.

use super::sample::{Commit, Feed, Line, even_feed, feed};
use crate::verify::MAX_STRETCH;
use crate::{Digest, Entry, FindingKind, Frontier, Report, Suite, Verifier, VerifyOptions};

/// Sums a report up as (kind, from, to).
fn named(report: &Report) -> Vec<(FindingKind, u64, u64)> {
    report
        .findings
        .iter()
        .map(|f| (f.kind, f.seq, f.to_seq.unwrap_or(f.seq)))
        .collect()
}

fn commits(seconds: &[i64]) -> Vec<Commit> {
    seconds
        .iter()
        .map(|seconds| Commit {
            entries: 1,
            seconds: *seconds,
        })
        .collect()
}

/// Cuts a feed down to the lines after the checkpoint over `size` entries.
fn after(feed: &Feed, size: u64) -> Feed {
    let place = feed
        .lines
        .iter()
        .position(|l| matches!(l, Line::Checkpoint(c) if c.size == size))
        .unwrap();
    Feed {
        key: feed.key.clone(),
        lines: feed.lines.iter().skip(place + 1).cloned().collect(),
    }
}

fn entries(feed: &Feed) -> Vec<Entry> {
    feed.lines
        .iter()
        .filter_map(|l| {
            if let Line::Entry(e) = l {
                Some(e.clone())
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn an_honest_feed_is_summed_up() {
    for suite in [Suite::Gm, Suite::Intl] {
        let honest = even_feed(suite, 7, 3);
        let report = honest.verify();
        assert_eq!(named(&report), []);
        assert_eq!((report.origin.as_str(), report.suite), ("node-a", suite));
        assert_eq!((report.entries, report.checkpoints), (21, 7));
        assert_eq!((report.first_seq, report.last_seq, report.uncovered), (1, 21, 0));
        assert_eq!(report.head, entries(&honest).last().unwrap().hash);
    }
}

#[test]
fn an_empty_feed_is_clean() {
    let report = Feed {
        key: even_feed(Suite::Intl, 1, 1).key,
        lines: Vec::new(),
    }
    .verify();
    assert!(report.is_clean());
    assert_eq!(
        (report.first_seq, report.last_seq, report.head),
        (0, 0, Digest::ZERO)
    );
}

#[test]
fn entries_after_the_last_checkpoint_are_counted_and_not_accused() {
    let mut honest = even_feed(Suite::Intl, 4, 3);
    honest.lines.pop();
    let report = honest.verify();
    assert!(report.is_clean());
    assert_eq!((report.last_seq, report.uncovered), (12, 3));
}

#[test]
fn the_feed_may_be_given_in_one_piece() {
    let honest = even_feed(Suite::Gm, 200, 1);
    let mut verifier = Verifier::new(Suite::Gm, honest.key.verifying_key(), VerifyOptions::default());
    verifier.entries(entries(&honest));
    let report = verifier.finish();
    assert!(report.is_clean());
    assert_eq!(report.uncovered, 200);
}

#[test]
fn a_missing_end_is_truncated_and_not_dropped() {
    let mut cut = even_feed(Suite::Intl, 5, 2);
    cut.lines.retain(|l| !matches!(l, Line::Entry(e) if e.seq > 7));
    assert_eq!(named(&cut.verify()), [(FindingKind::Truncated, 8, 10)]);
}

#[test]
fn an_end_that_is_known_from_elsewhere_is_missed() {
    let mut cut = even_feed(Suite::Intl, 5, 2);
    cut.lines.truncate(6);
    assert!(cut.verify().is_clean());
    let options = VerifyOptions {
        expected_last_seq: Some(10),
        ..VerifyOptions::default()
    };
    assert_eq!(
        named(&cut.verify_with(options)),
        [(FindingKind::Truncated, 5, 10)]
    );
}

#[test]
fn a_missing_beginning_is_dropped() {
    let mut cut = even_feed(Suite::Intl, 3, 2);
    cut.lines.remove(0);
    assert_eq!(named(&cut.verify()), [(FindingKind::Dropped, 1, 1)]);
}

#[test]
fn a_run_of_missing_entries_is_one_finding() {
    let mut cut = even_feed(Suite::Intl, 10, 3);
    cut.lines
        .retain(|l| !matches!(l, Line::Entry(e) if (11..=20).contains(&e.seq)));
    assert_eq!(named(&cut.verify()), [(FindingKind::Dropped, 11, 20)]);
}

#[test]
fn a_part_of_a_feed_verifies_by_itself() {
    let whole = even_feed(Suite::Intl, 8, 3);
    let mut part = after(&whole, 9);
    let options = VerifyOptions {
        expected_first_seq: 10,
        ..VerifyOptions::default()
    };
    let report = part.verify_with(options.clone());
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.first_seq, report.last_seq, report.uncovered), (10, 24, 0));
    part.entry_mut(14).area.push('9');
    assert_eq!(
        named(&part.verify_with(options)),
        [(FindingKind::Changed, 14, 14)]
    );
}

#[test]
fn a_part_with_its_frontier_is_compared_with_the_signed_roots() {
    let whole = even_feed(Suite::Intl, 8, 3);
    let mut part = after(&whole, 9);
    let mut frontier = Frontier::new(Suite::Intl);
    let all = entries(&whole);
    for entry in all.iter().take(9) {
        frontier.push(&entry.hash);
    }
    let options = VerifyOptions {
        expected_first_seq: 10,
        previous_hash: Some(all[8].hash),
        frontier: Some(frontier.parts().to_vec()),
        ..VerifyOptions::default()
    };
    assert!(part.verify_with(options.clone()).is_clean());
    // With its hash computed anew, only the root tells that nothing before it was touched.
    let entry = part.entry_mut(14);
    entry.area.push('9');
    entry.hash = entry.compute_hash(Suite::Intl);
    assert_eq!(
        named(&part.verify_with(options)),
        [(FindingKind::Changed, 14, 14)]
    );
    let without = VerifyOptions {
        expected_first_seq: 10,
        ..VerifyOptions::default()
    };
    assert_eq!(
        named(&part.verify_with(without)),
        [(FindingKind::Changed, 13, 14)]
    );
}

#[test]
fn entries_that_changed_places_are_both_named() {
    for (one, other) in [(4, 5), (4, 6), (2, 19), (3, 4)] {
        let mut swapped = even_feed(Suite::Intl, 7, 3);
        let (a, b) = (swapped.place(one), swapped.place(other));
        swapped.lines.swap(a, b);
        let report = swapped.verify();
        assert!(
            report.findings.iter().all(|f| f.kind == FindingKind::Reordered),
            "{:?}",
            report.findings
        );
        assert!(
            [one, other]
                .iter()
                .all(|seq| report.findings.iter().any(|f| f.covers(*seq)))
        );
        assert!(report.findings.len() <= 2, "{:?}", report.findings);
    }
}

#[test]
fn an_entry_that_was_moved_far_is_named_alone() {
    let mut moved = even_feed(Suite::Intl, 1, 40);
    let line = moved.lines.remove(moved.place(5));
    moved.lines.insert(moved.place(30), line);
    assert_eq!(named(&moved.verify()), [(FindingKind::Reordered, 5, 5)]);
}

#[test]
fn a_copied_entry_is_inserted() {
    let mut copied = even_feed(Suite::Intl, 6, 2);
    let line = copied.lines[copied.place(3)].clone();
    copied.lines.insert(copied.place(9), line);
    assert_eq!(named(&copied.verify()), [(FindingKind::Inserted, 3, 3)]);
}

#[test]
fn a_clock_set_back_openly_is_a_note_and_a_clock_set_back_for_days_a_finding() {
    let day = 86_400;
    let report = feed(Suite::Intl, &commits(&[0, day, -2 * day, 60, 60])).verify();
    assert_eq!(named(&report), []);
    assert_eq!(report.notes.iter().map(|n| n.seq).collect::<Vec<_>>(), [3]);
    let report = feed(Suite::Intl, &commits(&[0, 60, -3 * day, 60])).verify();
    assert_eq!(named(&report), [(FindingKind::BackDated, 3, 3)]);
}

#[test]
fn an_altered_time_is_named_back_dated_only_if_it_lies_before_its_predecessor() {
    for (seconds, kind) in [(-90, FindingKind::BackDated), (-5, FindingKind::Changed)] {
        let mut tampered = feed(Suite::Intl, &commits(&[0, 60, 60, 60, 60]));
        tampered.entry_mut(3).recorded_at += seconds * 1_000_000;
        tampered.rechain(tampered.place(3), false);
        assert_eq!(named(&tampered.verify()), [(kind, 3, 3)]);
    }
}

#[test]
fn a_rebuilt_chain_is_one_finding_however_long_it_is() {
    let mut tampered = even_feed(Suite::Intl, 3_000, 1);
    tampered.entry_mut(17).body = "{}".into();
    tampered.rechain(tampered.place(17), false);
    assert_eq!(named(&tampered.verify()), [(FindingKind::Changed, 17, 17)]);
}

#[test]
fn a_rebuilt_chain_between_sparse_checkpoints_names_the_range() {
    let mut tampered = even_feed(Suite::Intl, 20, 10);
    tampered.entry_mut(57).body = "{}".into();
    tampered.rechain(tampered.place(57), false);
    assert_eq!(named(&tampered.verify()), [(FindingKind::Changed, 51, 60)]);
}

#[test]
fn the_first_of_many_forged_checkpoints_is_found() {
    for first in [1, 700, 1_024, 1_025, 2_300, 2_400] {
        let mut forged = even_feed(Suite::Intl, 2_400, 1);
        let place = forged.place(first);
        forged.entry_mut(first).body = "{}".into();
        forged.rechain(place, true);
        forged.forge_checkpoints(place);
        let report = forged.verify();
        assert_eq!(named(&report), [(FindingKind::Checkpoint, first, first)]);
        assert_eq!(report.uncovered, 2_400 - first + 1);
    }
}

#[test]
fn another_key_vouches_for_nothing() {
    let honest = even_feed(Suite::Intl, 5, 2);
    let stranger = crate::SigningKey::generate(Suite::Intl, [1; 32]).unwrap();
    let report = Feed {
        key: stranger,
        ..honest
    }
    .verify();
    assert_eq!(named(&report), [(FindingKind::Checkpoint, 1, 2)]);
    assert_eq!(report.uncovered, 10);
}

#[test]
fn a_long_stretch_without_checkpoints_is_judged_all_the_same() {
    let count = u64::try_from(2 * MAX_STRETCH + 100).unwrap();
    let mut long = even_feed(Suite::Intl, 1, 1);
    let commits = vec![
        Commit {
            entries: 128,
            seconds: 1
        };
        usize::try_from(count.div_ceil(128)).unwrap()
    ];
    long.lines = feed(Suite::Intl, &commits).lines;
    let last = long.lines.pop();
    long.lines.retain(|l| matches!(l, Line::Entry(_)));
    assert!(long.verify().is_clean());
    let boundary = u64::try_from(MAX_STRETCH).unwrap();
    for seq in [5, boundary - 1, boundary, boundary + 1, count] {
        let mut tampered = long.clone();
        tampered.entry_mut(seq).body = "{}".into();
        assert_eq!(
            named(&tampered.verify()),
            [(FindingKind::Changed, seq, seq)],
            "plain {seq}"
        );
        tampered.entry_mut(seq).hash = tampered.entry_mut(seq).compute_hash(Suite::Intl);
        tampered.lines.extend(last.clone());
        if let Some(Line::Checkpoint(checkpoint)) = tampered.lines.last_mut() {
            // The only checkpoint there is, so it is the first in its chain.
            checkpoint.previous = Digest::ZERO;
            *checkpoint = checkpoint.clone().sign(&tampered.key);
        }
        let report = tampered.verify();
        assert!(
            report.findings.iter().any(|f| f.covers(seq)),
            "rehashed {seq}: {:?}",
            report.findings
        );
        assert!(report.findings.len() <= 2, "{:?}", report.findings);
    }
}

#[test]
fn a_feed_under_a_false_name_is_noticed() {
    let honest = even_feed(Suite::Intl, 3, 2);
    let options = VerifyOptions {
        origin: Some("node-b".into()),
        ..VerifyOptions::default()
    };
    let report = honest.verify_with(options);
    assert_eq!(named(&report), [(FindingKind::Changed, 1, 6)]);
    assert_eq!(report.origin, "node-a");
}

#[test]
fn a_feed_read_in_the_wrong_suite_is_one_finding_and_not_a_million() {
    let honest = even_feed(Suite::Intl, 50, 2);
    let key = crate::SigningKey::generate(Suite::Gm, [1; 32]).unwrap();
    let report = Feed { key, ..honest }.verify();
    assert!((1..6).contains(&report.findings.len()), "{:#?}", report.findings);
}
