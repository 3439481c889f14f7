//! Random tamperings: each must be found and named, and an honest feed must never be accused.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::sample::{Commit, Feed, Line, feed};
use crate::{Digest, Entry, Finding, FindingKind, Report, Suite, VerifyOptions};

/// How thoroughly the tamperer covers the traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Leaves all hashes as they were.
    Plain,
    /// Computes the altered entry's own hash anew.
    Rehash,
    /// Computes the whole chain after it anew.
    Rechain,
    /// Renumbers as well.
    Renumber,
    /// Makes all later checkpoints fit too, without the node's key.
    Forge,
}

#[derive(Debug, Clone)]
enum Act {
    Field { field: usize, at: usize, bit: u8 },
    Drop,
    Insert { copy: bool },
    Swap { with: u64 },
    Retime { seconds: i64, moves_hlc: bool },
}

#[derive(Debug, Clone)]
struct Case {
    suite: Suite,
    commits: Vec<Commit>,
    seq: u64,
    act: Act,
    depth: Depth,
}

const FIELDS: usize = 18;

fn any_commits() -> impl Strategy<Value = Vec<Commit>> {
    let seconds = prop_oneof![8 => 0..600_i64, 1 => -86_400..0_i64, 1 => 80_000..86_400_i64];
    let commit = (1..6_u8, seconds).prop_map(|(entries, seconds)| Commit { entries, seconds });
    prop_oneof![
        3 => proptest::collection::vec(commit.clone(), 2..9),
        1 => proptest::collection::vec(commit.prop_map(|c| Commit { entries: 1, ..c }), 4..20),
    ]
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => (0..FIELDS, any::<usize>(), 0..7_u8).prop_map(|(field, at, bit)| Act::Field { field, at, bit }),
        1 => Just(Act::Drop),
        1 => any::<bool>().prop_map(|copy| Act::Insert { copy }),
        1 => any::<u64>().prop_map(|with| Act::Swap { with }),
        2 => (-200_000..200_000_i64, any::<bool>())
            .prop_map(|(seconds, moves_hlc)| Act::Retime { seconds: if seconds == 0 { 1 } else { seconds }, moves_hlc }),
    ]
}

fn any_case() -> impl Strategy<Value = Case> {
    let depth = prop_oneof![
        Just(Depth::Plain),
        Just(Depth::Rehash),
        Just(Depth::Rechain),
        Just(Depth::Renumber),
        Just(Depth::Forge)
    ];
    let suite = prop_oneof![Just(Suite::Intl), Just(Suite::Gm)];
    (suite, any_commits(), any::<u64>(), any_act(), depth).prop_map(|(suite, commits, pick, act, depth)| {
        let count: u64 = commits.iter().map(|c| u64::from(c.entries)).sum();
        Case {
            suite,
            commits,
            seq: pick % count + 1,
            act,
            depth,
        }
    })
}

/// Changes one byte or bit of one field.
fn change_field(entry: &mut Entry, field: usize, at: usize, bit: u8) {
    let spoil = |text: &mut String| {
        let at = at % (text.chars().count() + 1);
        let spoilt = text
            .chars()
            .enumerate()
            .map(|(i, c)| if i == at { spoil_char(c, bit) } else { c })
            .collect();
        *text = if *text == spoilt {
            format!("{text}x")
        } else {
            spoilt
        };
    };
    let spoil_digest = |digest: &mut Digest| {
        let mut bytes = *digest.as_bytes();
        bytes[at % 32] ^= 1 << bit;
        *digest = Digest::new(bytes);
    };
    let spoil_option = |text: &mut Option<String>| match text {
        Some(text) => spoil(text),
        None => *text = Some("x".into()),
    };
    let shift = u32::try_from(at % 40).unwrap();
    match field {
        0 => spoil(&mut entry.origin),
        1 => entry.seq ^= 1 << (shift % 5),
        2 => spoil(&mut entry.realm),
        3 => entry.hlc ^= 1 << shift,
        4 => entry.recorded_at ^= 1 << shift,
        5 => spoil(&mut entry.actor.kind),
        6 => spoil_option(&mut entry.actor.account),
        7 => spoil_option(&mut entry.actor.person),
        8 => spoil_option(&mut entry.actor.post),
        9 => spoil_option(&mut entry.actor.unit),
        10 => spoil_option(&mut entry.actor.name),
        11 => spoil_option(&mut entry.actor.rule),
        12 => spoil(&mut entry.stream),
        13 => entry.version ^= 1 << (shift % 8),
        14 => spoil(&mut entry.kind),
        15 => spoil(&mut entry.area),
        16 => entry.body = format!("{{\"deaths\":0,\"text\":\"{at}{bit}\"}}"),
        _ if at.is_multiple_of(2) => spoil_digest(&mut entry.prev),
        _ => spoil_digest(&mut entry.hash),
    }
}

fn spoil_char(c: char, bit: u8) -> char {
    char::from_u32(u32::from(c) ^ (1 << bit)).unwrap_or('x')
}

/// What was done: the numbers that must be named.
struct Done {
    seqs: Vec<u64>,
    /// Whether more than the stretch of the tampering is rightly named.
    spreads: bool,
}

/// Tampers; `None` if the case comes to no change at all.
fn tamper(feed: &mut Feed, case: &Case) -> Option<Done> {
    let seq = case.seq;
    let last = feed.last_seq();
    let place = feed.place(seq);
    let honest = feed.clone();
    let mut seqs = vec![seq];
    let mut rechain_from = place;
    match &case.act {
        Act::Field { field, at, bit } => change_field(feed.entry_mut(seq), *field, *at, *bit),
        Act::Retime { seconds, moves_hlc } => {
            let entry = feed.entry_mut(seq);
            entry.recorded_at += seconds * 1_000_000;
            if *moves_hlc {
                entry.hlc = entry.hlc.saturating_add_signed((seconds * 1_000) << 16);
            }
        }
        Act::Drop => {
            feed.lines.remove(place);
        }
        Act::Insert { copy } => {
            let mut forged = feed.entry_mut(seq).clone();
            if !copy {
                forged.body = "{\"forged\":true}".into();
                forged.hlc += 1;
            }
            feed.lines.insert(place + 1, Line::Entry(forged));
            rechain_from = place + 1;
            if matches!(case.depth, Depth::Renumber | Depth::Forge) {
                seqs = vec![seq + 1];
            }
        }
        Act::Swap { with } => {
            let other = with % last + 1;
            let other_place = feed.place(other);
            feed.lines.swap(place, other_place);
            seqs.push(other);
            rechain_from = place.min(other_place);
        }
    }
    if feed.lines == honest.lines {
        return None;
    }
    let entry_stands = !matches!(case.act, Act::Drop);
    match case.depth {
        Depth::Rehash if entry_stands => rehash_at(feed, rechain_from),
        Depth::Plain | Depth::Rehash => {}
        Depth::Rechain => feed.rechain(rechain_from, false),
        Depth::Renumber => feed.rechain(rechain_from, true),
        Depth::Forge => {
            feed.rechain(rechain_from, true);
            feed.forge_checkpoints(rechain_from);
        }
    }
    let stays = matches!(case.act, Act::Field { .. } | Act::Retime { .. });
    let spreads = match case.depth {
        Depth::Plain | Depth::Rehash => false,
        Depth::Rechain | Depth::Renumber => !stays,
        Depth::Forge => true,
    };
    (feed.lines != honest.lines).then_some(Done { seqs, spreads })
}

fn rehash_at(feed: &mut Feed, place: usize) {
    let suite = feed.suite();
    if let Line::Entry(entry) = &mut feed.lines[place] {
        entry.hash = entry.compute_hash(suite);
    }
}

/// Names what a report fails to say, or says too much.
fn complaint(honest: &Feed, case: &Case, done: &Done, report: &Report) -> Option<String> {
    for seq in &done.seqs {
        // What is put after the last checkpoint is not vouched for, and said to be so.
        let is_uncovered = *seq > honest.last_seq() && report.uncovered > 0 && !report.is_clean();
        if !is_uncovered && !report.findings.iter().any(|f| f.covers(*seq)) {
            return Some(format!("entry {seq} is not named"));
        }
    }
    if done.spreads {
        return (report.findings.len() > 8).then(|| "one tampering became a cascade".to_owned());
    }
    let sizes = honest.sizes();
    let floor = |seq: u64| sizes.iter().copied().filter(|s| *s < seq).max().unwrap_or(0) + 1;
    let ceiling = |seq: u64| sizes.iter().copied().filter(|s| *s >= seq).min().unwrap_or(seq);
    let in_stretch = |n: u64| {
        done.seqs
            .iter()
            .any(|seq| (floor(*seq)..=ceiling(*seq)).contains(&n))
    };
    let in_stretch = |f: &Finding| in_stretch(f.seq) && in_stretch(f.to_seq.unwrap_or(f.seq));
    if let Some(stray) = report.findings.iter().find(|f| !in_stretch(f)) {
        return Some(format!("{stray:?} accuses entries that nobody touched"));
    }
    if report.findings.len() > 2 {
        return Some("more findings than tamperings".to_owned());
    }
    let is_exact = report
        .findings
        .iter()
        .any(|f| f.seq == case.seq && f.to_seq.is_none());
    let must_be_exact = matches!(case.depth, Depth::Plain | Depth::Rehash)
        && matches!(
            case.act,
            Act::Field { .. } | Act::Retime { .. } | Act::Drop | Act::Insert { .. }
        );
    (must_be_exact && !is_exact).then(|| "only a range is named where the entry can be told".to_owned())
}

fn check(case: &Case, options: VerifyOptions) -> Result<bool, String> {
    let honest = feed(case.suite, &case.commits);
    let clean = honest.verify_with(options.clone());
    if !clean.is_clean() {
        return Err(format!("an honest feed is accused: {:?}", clean.findings));
    }
    let mut tampered = honest.clone();
    let Some(done) = tamper(&mut tampered, case) else {
        return Ok(false);
    };
    let report = tampered.verify_with(options);
    match complaint(&honest, case, &done, &report) {
        Some(complaint) => Err(format!("{complaint}: {:#?}", report.findings)),
        None => Ok(true),
    }
}

fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]))
}

#[test]
fn two_thousand_random_tamperings_are_all_found_and_named() {
    let outcome = runner(2_000).run(&any_case(), |case| match check(&case, VerifyOptions::default()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(TestCaseError::reject("no change")),
        Err(complaint) => Err(TestCaseError::fail(complaint)),
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

#[test]
fn the_same_test_catches_a_verifier_that_skips_the_chain() {
    let options = VerifyOptions {
        skips_the_chain: true,
        ..VerifyOptions::default()
    };
    let outcome = runner(2_000).run(&any_case(), |case| {
        check(&case, options.clone())
            .map(|_| ())
            .map_err(TestCaseError::fail)
    });
    let fault = outcome.unwrap_err().to_string();
    assert!(
        fault.contains("is not named"),
        "a verifier without a chain must miss something: {fault}"
    );
}

#[test]
fn two_tamperings_far_apart_are_both_named() {
    let strategy = (any_case(), any_case());
    let outcome = runner(500).run(&strategy, |(one, two)| {
        let commits: Vec<_> = one.commits.iter().chain(&two.commits).copied().collect();
        let honest = feed(one.suite, &commits);
        let shift: u64 = one.commits.iter().map(|c| u64::from(c.entries)).sum();
        let mut tampered = honest.clone();
        let in_one = |case: &Case| {
            matches!(case.act, Act::Field { .. } | Act::Retime { .. } | Act::Drop)
                && case.depth != Depth::Forge
        };
        let two = Case {
            seq: two.seq + shift,
            ..two
        };
        prop_assume!(
            in_one(&one) && in_one(&two) && one.depth != Depth::Renumber && two.depth != Depth::Renumber
        );
        // What the rechaining overwrites is not there to be found.
        prop_assume!(
            [&one, &two]
                .iter()
                .all(|case| !matches!(case.act, Act::Field { field: 17, .. }))
        );
        // The later one first, so that the earlier one's rechaining runs over it.
        let changed = tamper(&mut tampered, &two).is_some() && tamper(&mut tampered, &one).is_some();
        prop_assume!(changed);
        let report = tampered.verify();
        for seq in [one.seq, two.seq] {
            prop_assert!(
                report.findings.iter().any(|f| f.covers(seq)),
                "{seq} in {:#?}",
                report.findings
            );
        }
        prop_assert!(report.findings.len() <= 5, "{:#?}", report.findings);
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

#[test]
fn honest_feeds_with_clock_jumps_are_never_accused() {
    let seconds = prop_oneof![0..600_i64, -86_400..86_400_i64];
    let commits = proptest::collection::vec((1..5_u8, seconds), 1..30);
    let outcome = runner(300).run(&commits, |commits| {
        let commits: Vec<_> = commits
            .into_iter()
            .map(|(entries, seconds)| Commit { entries, seconds })
            .collect();
        let report = feed(Suite::Intl, &commits).verify();
        prop_assert!(report.is_clean(), "{:#?}", report.findings);
        prop_assert_eq!(report.uncovered, 0);
        let set_back = commits.iter().skip(1).filter(|c| c.seconds < 0).count();
        prop_assert_eq!(report.notes.len(), set_back);
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

#[test]
fn every_tampering_with_a_checkpoint_is_found() {
    let strategy = (any_commits(), any::<usize>(), 0..9_u8, any::<bool>());
    let outcome = runner(600).run(&strategy, |(commits, pick, act, relinks)| {
        let mut tampered = feed(Suite::Intl, &commits);
        let places: Vec<_> = tampered
            .lines
            .iter()
            .enumerate()
            .filter(|(_, l)| matches!(l, Line::Checkpoint(_)))
            .map(|(i, _)| i)
            .collect();
        let nth = pick % places.len();
        let place = places[nth];
        let Line::Checkpoint(checkpoint) = &mut tampered.lines[place] else {
            unreachable!("filtered above")
        };
        let size = checkpoint.size;
        let other = Suite::Intl.digest(b"other");
        match act {
            0 => checkpoint.origin.push('x'),
            1 => checkpoint.size += 1,
            2 => checkpoint.root = other,
            3 => checkpoint.head = other,
            4 => checkpoint.signed_at -= 1,
            5 => checkpoint.previous = other,
            6 => checkpoint.signature = "ab".repeat(64),
            7 => {
                // The last one cannot be missed from within; an export counts its checkpoints.
                prop_assume!(nth + 1 < places.len());
                tampered.lines.remove(place);
            }
            _ => {
                let copy = tampered.lines[place].clone();
                tampered.lines.insert(place, copy);
            }
        }
        if relinks && act < 7 {
            relink_checkpoints(&mut tampered, place);
        }
        let report = tampered.verify();
        let named = |f: &Finding| f.kind == FindingKind::Checkpoint && (f.covers(size) || f.covers(size + 1));
        prop_assert!(
            report.findings.iter().any(named),
            "{act} {size} {:#?}",
            report.findings
        );
        prop_assert!(
            report.findings.iter().all(|f| f.kind == FindingKind::Checkpoint),
            "{:#?}",
            report.findings
        );
        if !relinks {
            prop_assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

/// Mends the links of the checkpoints after line `place`, leaving their signatures.
fn relink_checkpoints(feed: &mut Feed, place: usize) {
    let suite = feed.suite();
    let mut link = None;
    for (at, line) in feed.lines.iter_mut().enumerate() {
        if let Line::Checkpoint(checkpoint) = line {
            if at > place
                && let Some(link) = link
            {
                checkpoint.previous = link;
            }
            link = Some(checkpoint.link_digest(suite));
        }
    }
}
