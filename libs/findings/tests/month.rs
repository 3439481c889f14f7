//! Recall and precision on months that nobody has seen, and what each finding shows.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use anlan_findings::month::{END, Labelled, Plan, month};
use anlan_findings::{
    Bounds, Evidence, EvidenceKind, FindingKind, Holder, Observed, Outage, Report, Seconds, examine,
};

const KINDS: [FindingKind; 5] = [
    FindingKind::Late,
    FindingKind::Omitted,
    FindingKind::Understated,
    FindingKind::BackDated,
    FindingKind::EditedDown,
];

fn bounds() -> Bounds {
    Bounds::parse(include_str!("../../../rules/findings.toml")).unwrap()
}

/// True positives, findings and truths of each kind.
fn counts(months: &[Vec<Labelled>]) -> Vec<(FindingKind, usize, usize, usize)> {
    let mut counts: Vec<_> = KINDS.iter().map(|kind| (*kind, 0, 0, 0)).collect();
    let bounds = bounds();
    for labelled in months.iter().flatten() {
        let findings = examine(&labelled.seen, &bounds, END);
        for (kind, hits, found, truths) in &mut counts {
            let is_found = findings.iter().any(|finding| finding.kind == *kind);
            let is_true = labelled.truth == Some(*kind);
            *hits += usize::from(is_found && is_true);
            *found += usize::from(is_found);
            *truths += usize::from(is_true);
        }
    }
    counts
}

#[test]
fn a_month_is_the_same_for_the_same_seed_and_holds_what_was_planned() {
    let (first, second) = (month(7, Plan::default()), month(7, Plan::default()));
    assert!(
        first
            .iter()
            .zip(&second)
            .all(|(a, b)| a.seen == b.seen && a.truth == b.truth)
    );
    let of = |kind| {
        first
            .iter()
            .filter(|labelled| labelled.truth == Some(kind))
            .count()
    };
    assert_eq!(first.len(), 5_300);
    assert_eq!(KINDS.map(of), [150, 80, 40, 10, 10]);
    assert_ne!(
        first.first().unwrap().seen,
        month(8, Plan::default()).first().unwrap().seen
    );
}

#[test]
fn recall_and_precision_hold_on_seeds_that_nobody_has_seen() {
    // A number from the packs' text stands in for chance: nobody chose these months.
    let text = include_str!("../../../rules/findings.toml");
    let start = text.bytes().fold(17_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let months: Vec<Vec<Labelled>> = (0..8)
        .map(|at| month(start.wrapping_add(at), Plan::default()))
        .collect();
    for (kind, hits, found, truths) in counts(&months) {
        assert!(hits * 100 >= truths * 95, "{kind:?}: recall {hits} of {truths}");
        assert!(hits * 100 >= found * 95, "{kind:?}: precision {hits} of {found}");
    }
}

const T: Seconds = 1_795_000_000;

fn evidence(id: &str, at: Seconds, kind: EvidenceKind, deaths: Option<u32>) -> Evidence {
    Evidence {
        id: id.to_owned(),
        at,
        holder: Holder::Unit,
        kind,
        deaths,
    }
}

fn report(id: &str, at: Seconds, deaths: Option<u32>) -> Report {
    Report {
        id: id.to_owned(),
        recorded_at: at,
        claimed_sent_at: at,
        claimed_learned_at: T,
        deaths,
        read_at: None,
    }
}

fn seen(evidence: Vec<Evidence>, reports: Vec<Report>) -> Observed {
    Observed {
        event: "e1".to_owned(),
        unit: "150125".to_owned(),
        limit_minutes: 30,
        evidence,
        reports,
        dismissed_at: None,
        outages: Vec::new(),
    }
}

fn kinds(seen: &Observed) -> Vec<FindingKind> {
    examine(seen, &bounds(), T + 86_400)
        .iter()
        .map(|finding| finding.kind)
        .collect()
}

#[test]
fn a_late_report_names_the_call_and_the_report() {
    let late = seen(
        vec![evidence("call", T, EvidenceKind::Call, None)],
        vec![report("first", T + 45 * 60, None)],
    );
    let found = examine(&late, &bounds(), T + 86_400);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].by), (FindingKind::Late, 15 * 60));
    assert_eq!(found[0].evidence, ["call", "first"]);
}

#[test]
fn what_somebody_else_knew_is_not_this_units_knowledge() {
    let mut other = evidence("elsewhere", T - 7_200, EvidenceKind::Call, None);
    other.holder = Holder::Other;
    let pieces = vec![other, evidence("call", T, EvidenceKind::Call, None)];
    assert!(kinds(&seen(pieces, vec![report("first", T + 29 * 60, None)])).is_empty());
}

#[test]
fn the_time_in_which_the_node_was_down_is_not_held_against_the_unit() {
    let mut late = seen(
        vec![evidence("call", T, EvidenceKind::Call, None)],
        vec![report("first", T + 5_000, None)],
    );
    assert_eq!(kinds(&late), [FindingKind::Late]);
    late.outages.push(Outage {
        from: T + 60,
        to: T + 4_900,
    });
    assert!(kinds(&late).is_empty());
}

#[test]
fn silence_after_a_call_and_an_enquiry_is_suspected_until_somebody_dismisses_it() {
    let pieces = vec![
        evidence("call", T, EvidenceKind::Call, None),
        evidence("enquiry", T + 900, EvidenceKind::Enquiry, None),
    ];
    let mut silent = seen(pieces, Vec::new());
    assert_eq!(kinds(&silent), [FindingKind::Omitted]);
    assert!(examine(&silent, &bounds(), T + 3_600).is_empty());
    silent.dismissed_at = Some(T + 1_800);
    assert!(kinds(&silent).is_empty());
    let single = seen(
        vec![evidence("word", T, EvidenceKind::Resident, None)],
        Vec::new(),
    );
    assert!(kinds(&single).is_empty());
}

#[test]
fn a_figure_below_what_the_hospital_had_said_is_suspected_unless_corrected() {
    let pieces = || {
        vec![
            evidence("call", T, EvidenceKind::Call, None),
            evidence("hospital", T + 300, EvidenceKind::Hospital, Some(3)),
        ]
    };
    let less = report("first", T + 1_500, Some(1));
    assert_eq!(
        kinds(&seen(pieces(), vec![less.clone()])),
        [FindingKind::Understated]
    );
    let corrected = vec![less, report("second", T + 4_000, Some(3))];
    assert!(kinds(&seen(pieces(), corrected)).is_empty());
    let later = vec![
        evidence("call", T, EvidenceKind::Call, None),
        evidence("hospital", T + 1_400, EvidenceKind::Hospital, Some(3)),
    ];
    assert!(kinds(&seen(later, vec![report("first", T + 1_500, Some(1))])).is_empty());
}

#[test]
fn a_claimed_time_that_the_ledger_contradicts_is_suspected() {
    let pieces = || vec![evidence("call", T, EvidenceKind::Call, None)];
    let mut sent = report("first", T + 1_700, None);
    sent.claimed_sent_at = T + 300;
    assert_eq!(kinds(&seen(pieces(), vec![sent])), [FindingKind::BackDated]);
    let mut learned = report("first", T + 1_700, None);
    learned.claimed_learned_at = T + 1_600;
    assert_eq!(kinds(&seen(pieces(), vec![learned])), [FindingKind::BackDated]);
}

#[test]
fn a_figure_that_falls_after_the_superior_read_it_needs_a_hospitals_word() {
    let mut first = report("first", T + 1_500, Some(4));
    first.read_at = Some(T + 1_800);
    let reports = vec![first, report("second", T + 6_000, Some(1))];
    let pieces = vec![evidence("call", T, EvidenceKind::Call, None)];
    assert_eq!(
        kinds(&seen(pieces.clone(), reports.clone())),
        [FindingKind::EditedDown]
    );
    let mut explained = pieces;
    explained.push(evidence("hospital", T + 5_000, EvidenceKind::Hospital, Some(1)));
    assert!(kinds(&seen(explained, reports)).is_empty());
}

#[test]
fn bounds_that_are_no_bounds_are_refused() {
    let text = include_str!("../../../rules/findings.toml");
    assert!(Bounds::parse(&text.replace("omitted_weight = 3", "omitted_weight = -3")).is_err());
    assert!(Bounds::parse(&format!("colour = 1\n{text}")).is_err());
}
