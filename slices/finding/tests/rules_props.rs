//! Laws of the decisions: how far a unit is believed, what counts as news, what never follows a verdict.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use anlan_finding::Desk;
use anlan_finding::facts::{Fact, Found, Judged, Lifted, Line, Replied, Suspected};
use anlan_finding::model::{Finding, Recorded, State};
use anlan_finding::rules::{KINDS, same, word};
use anlan_findings::FindingKind;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::facts::IncidentRef;
use proptest::prelude::*;

fn found(by: i64, seqs: &[u64]) -> Found {
    let line = |seq: &u64| Line {
        side: "known".to_owned(),
        what: "call".to_owned(),
        at: Timestamp::from_seconds(1),
        precision: "minute".to_owned(),
        recorded_at: Timestamp::from_seconds(1),
        unit: UnitRef::default(),
        source: "119".to_owned(),
        text: String::new(),
        deaths: None,
        origin: "test".to_owned(),
        seq: *seq,
    };
    Found {
        by,
        claimed_at: None,
        known_at: None,
        reported_at: None,
        figures: None,
        limit_minutes: 30,
        clause: String::new(),
        evidence: seqs.iter().map(line).collect(),
    }
}

fn suspected(by: i64) -> Fact {
    Fact::Suspected(Box::new(Suspected {
        incident: IncidentRef::default(),
        title: String::new(),
        division: String::new(),
        unit: UnitRef::default(),
        kind: FindingKind::Late,
        found: found(by, &[1]),
        reply_due_at: Timestamp::from_seconds(100),
    }))
}

fn fold(facts: &[Fact]) -> Option<Finding> {
    let mut finding = None;
    for (position, fact) in facts.iter().enumerate() {
        let recorded = Recorded {
            position: u64::try_from(position).unwrap(),
            at: Timestamp::from_seconds(i64::try_from(position).unwrap()),
            by: "某人".to_owned(),
        };
        finding = Finding::fold(finding, "f", fact, &recorded);
    }
    finding
}

proptest! {
    #[test]
    fn the_same_evidence_is_no_news_and_other_evidence_is(by in 1_i64..10_000, seqs in prop::collection::vec(1_u64..1_000, 1..6), more in 1_000_u64..2_000) {
        prop_assert!(same(FindingKind::Late, &found(by, &seqs), &found(by, &seqs)));
        prop_assert!(!same(FindingKind::Late, &found(by, &seqs), &found(by + 1, &seqs)));
        // How long a report is missing grows with every minute, and is no news.
        prop_assert!(same(FindingKind::Omitted, &found(by, &seqs), &found(by + 1, &seqs)));
        let other: Vec<u64> = seqs.iter().copied().chain([more]).collect();
        prop_assert!(KINDS.iter().all(|(_, kind)| !same(*kind, &found(by, &seqs), &found(by, &other))));
    }

    #[test]
    fn a_finding_begins_with_its_suspicion_and_counts_every_fact(by in 1_i64..10_000, replies in 0_usize..5) {
        let reply = || Fact::Replied(Replied { unit: UnitRef::default(), text: "说明".to_owned(), late: false });
        prop_assert!(fold(&[reply()]).is_none());
        let facts: Vec<Fact> = std::iter::once(suspected(by)).chain((0..replies).map(|_| reply())).collect();
        let finding = fold(&facts).unwrap();
        prop_assert_eq!(finding.replies.len(), replies);
        prop_assert_eq!(finding.version, u64::try_from(facts.len()).unwrap());
        prop_assert_eq!(finding.next_at().is_some(), replies == 0);
    }
}

#[test]
fn a_verdict_settles_and_a_lifted_finding_waits_for_nobody() {
    let judged = |verdict: &str| {
        Fact::Judged(Judged {
            verdict: verdict.to_owned(),
            reason: "理由".to_owned(),
            unit: UnitRef::default(),
        })
    };
    for (verdict, state) in [
        ("upheld", State::Upheld),
        ("unfounded", State::Unfounded),
        ("excused", State::Excused),
    ] {
        let finding = fold(&[suspected(1), judged(verdict)]).unwrap();
        assert_eq!(finding.state, state);
        assert!(finding.state.is_judged() && !finding.state.awaits_verdict());
    }
    let lifted = fold(&[suspected(1), Fact::Lifted(Lifted { as_of: 1 })]).unwrap();
    assert_eq!((lifted.state, lifted.next_at()), (State::Lifted, None));
}

#[test]
fn the_desk_is_data_and_every_kind_has_its_word() {
    assert!(
        Desk::parse(include_str!("../../../rules/finding-desk.toml"))
            .unwrap()
            .reply_hours
            > 0
    );
    assert!(Desk::parse("reply_hours = 1").is_err());
    assert!(KINDS.iter().all(|(name, kind)| word(*kind) == *name));
}
