//! The rules of suspicion.

use crate::bounds::{Bounds, MINUTE};
use crate::model::{Evidence, EvidenceKind, Finding, FindingKind, Holder, Observed, Report, Seconds};

/// Finds what is suspicious about an event as of a moment; nothing, when all is as it should be.
pub fn examine(seen: &Observed, bounds: &Bounds, now: Seconds) -> Vec<Finding> {
    let examiner = Examiner { seen, bounds };
    let found = [
        examiner.late(),
        examiner.omitted(now),
        examiner.understated(),
        examiner.back_dated(),
        examiner.edited_down(),
    ];
    found.into_iter().flatten().collect()
}

struct Examiner<'e> {
    seen: &'e Observed,
    bounds: &'e Bounds,
}

impl<'e> Examiner<'e> {
    fn finding(&self, kind: FindingKind, by: i64, evidence: Vec<String>) -> Finding {
        Finding {
            event: self.seen.event.clone(),
            unit: self.seen.unit.clone(),
            kind,
            by,
            evidence,
        }
    }

    /// The earliest evidence that the unit itself had.
    fn first_known(&self) -> Option<&'e Evidence> {
        let own = self
            .seen
            .evidence
            .iter()
            .filter(|piece| piece.holder == Holder::Unit);
        own.min_by_key(|piece| piece.at)
    }

    fn limit(&self) -> Seconds {
        Seconds::from(self.seen.limit_minutes) * MINUTE
    }

    /// How long the unit's node was down between two moments.
    fn down(&self, from: Seconds, to: Seconds) -> Seconds {
        let overlaps = self
            .seen
            .outages
            .iter()
            .map(|outage| outage.to.min(to) - outage.from.max(from));
        overlaps.filter(|overlap| *overlap > 0).sum()
    }

    fn late(&self) -> Option<Finding> {
        let first = self.seen.reports.first()?;
        let known = self.first_known();
        let start = known.map_or(first.claimed_learned_at, |piece| {
            piece.at.min(first.claimed_learned_at)
        });
        let due = start + self.limit();
        let over = first.recorded_at - due - self.down(start, first.recorded_at);
        if over <= self.bounds.clock_tolerance_seconds {
            return None;
        }
        let mut evidence: Vec<String> = known.map(|piece| piece.id.clone()).into_iter().collect();
        evidence.push(first.id.clone());
        Some(self.finding(FindingKind::Late, over, evidence))
    }

    fn omitted(&self, now: Seconds) -> Option<Finding> {
        if !self.seen.reports.is_empty() || self.seen.dismissed_at.is_some() {
            return None;
        }
        let start = self.first_known()?.at;
        let over =
            now - start - self.limit() - self.bounds.omitted_grace_minutes * MINUTE - self.down(start, now);
        let weight: u32 = self
            .seen
            .evidence
            .iter()
            .map(|piece| self.bounds.weight(piece.kind))
            .sum();
        if over <= 0 || weight < self.bounds.omitted_weight {
            return None;
        }
        let mut pieces: Vec<&Evidence> = self.seen.evidence.iter().collect();
        pieces.sort_by_key(|piece| piece.at);
        let evidence = pieces.iter().map(|piece| piece.id.clone()).collect();
        Some(self.finding(FindingKind::Omitted, over, evidence))
    }

    /// The figure the unit held at a moment: the latest of a hospital, else the greatest of two that agree.
    fn figure_at(&self, moment: Seconds) -> Option<(u32, Vec<String>)> {
        let own = |piece: &&Evidence| piece.holder == Holder::Unit && piece.at <= moment;
        let held: Vec<&Evidence> = self.seen.evidence.iter().filter(own).collect();
        let hospital = held
            .iter()
            .filter(|piece| piece.kind == EvidenceKind::Hospital && piece.deaths.is_some())
            .max_by_key(|piece| piece.at);
        if let Some(piece) = hospital {
            return piece.deaths.map(|deaths| (deaths, vec![piece.id.clone()]));
        }
        let agreed = held
            .iter()
            .filter_map(|piece| piece.deaths)
            .filter(|deaths| held.iter().filter(|other| other.deaths >= Some(*deaths)).count() > 1);
        let deaths = agreed.max()?;
        let pieces = held.iter().filter(|piece| piece.deaths >= Some(deaths));
        Some((deaths, pieces.map(|piece| piece.id.clone()).collect()))
    }

    fn understated(&self) -> Option<Finding> {
        self.seen.reports.iter().enumerate().find_map(|(at, report)| {
            let given = report.deaths?;
            let lag = self.bounds.figure_lag_minutes * MINUTE;
            let (held, mut evidence) = self.figure_at(report.recorded_at - lag)?;
            // A figure that fell meanwhile is the one that counts.
            let now_held = self
                .figure_at(report.recorded_at)
                .map_or(held, |(figure, _)| figure);
            if held.min(now_held) <= given || self.corrected(at, report, held) {
                return None;
            }
            // Less than an earlier report that somebody above has read is the graver finding.
            if self.falls_after_reading(at) {
                return None;
            }
            evidence.push(report.id.clone());
            Some(self.finding(FindingKind::Understated, i64::from(held - given), evidence))
        })
    }

    fn corrected(&self, at: usize, report: &Report, held: u32) -> bool {
        let window = report.recorded_at + self.bounds.correction_minutes * MINUTE;
        let mut later = self.seen.reports.iter().skip(at + 1);
        later.any(|other| other.recorded_at <= window && other.deaths >= Some(held))
    }

    /// Tells whether a report gives less than one that the superior had read by then.
    fn falls_after_reading(&self, at: usize) -> bool {
        self.greater_read_before(at).is_some()
    }

    fn greater_read_before(&self, at: usize) -> Option<&'e Report> {
        let report = self.seen.reports.get(at)?;
        let given = report.deaths?;
        let earlier = self.seen.reports.iter().take(at);
        earlier
            .filter(|other| other.deaths > Some(given))
            .find(|other| other.read_at.is_some_and(|read| read <= report.recorded_at))
    }

    fn edited_down(&self) -> Option<Finding> {
        self.seen.reports.iter().enumerate().find_map(|(at, report)| {
            let before = self.greater_read_before(at)?;
            let given = report.deaths?;
            // A hospital's later word that supports the lesser figure explains it.
            let explains = |piece: &&Evidence| {
                piece.kind == EvidenceKind::Hospital
                    && piece.at >= before.recorded_at
                    && piece.at <= report.recorded_at + self.bounds.clock_tolerance_seconds
                    && piece.deaths.is_some_and(|deaths| deaths <= given)
            };
            if self.seen.evidence.iter().any(|piece| explains(&piece)) {
                return None;
            }
            let fell = i64::from(before.deaths? - given);
            Some(self.finding(
                FindingKind::EditedDown,
                fell,
                vec![before.id.clone(), report.id.clone()],
            ))
        })
    }

    fn back_dated(&self) -> Option<Finding> {
        let tolerance = self.bounds.clock_tolerance_seconds;
        let sent = self.seen.reports.iter().find_map(|report| {
            let waited = self.down(report.claimed_sent_at, report.recorded_at);
            let gap = report.recorded_at - report.claimed_sent_at - waited;
            (gap > tolerance).then(|| (gap, vec![report.id.clone()]))
        });
        let learned = || {
            let first = self.seen.reports.first()?;
            let known = self.first_known()?;
            let gap = first.claimed_learned_at - known.at;
            (gap > tolerance).then(|| (gap, vec![known.id.clone(), first.id.clone()]))
        };
        let (by, evidence) = sent.or_else(learned)?;
        Some(self.finding(FindingKind::BackDated, by, evidence))
    }
}
