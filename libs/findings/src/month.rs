//! A month of events with known truth, the same for the same seed.
//!
//! Most events are as they should be, and yet untidy: clocks differ, figures rise, hospitals correct themselves, two
//! people tell of the same fire, another county hears of it first, nodes go down, residents are mistaken. Among them
//! are late, omitted, understated, back-dated and edited reports, some of them hard to see.

use crate::model::{Evidence, EvidenceKind, FindingKind, Holder, Observed, Outage, Report, Seconds};

/// How many of each there are.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// All events.
    pub events: usize,
    /// Reports that come too late.
    pub late: usize,
    /// Events that are never reported.
    pub omitted: usize,
    /// Reports that give less than the unit knew.
    pub understated: usize,
    /// Reports with false times, or edited down after reading.
    pub concealed: usize,
    /// Alarms that were no event.
    pub false_alarms: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            events: 5_000,
            late: 150,
            omitted: 80,
            understated: 40,
            concealed: 20,
            false_alarms: 300,
        }
    }
}

/// An event with its truth.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// What the ledger holds.
    pub seen: Observed,
    /// What was really wrong; nothing for most.
    pub truth: Option<FindingKind>,
}

/// The end of the month, when it is examined.
pub const END: Seconds = START + MONTH;
const START: Seconds = 1_793_462_400;
const MONTH: Seconds = 30 * 86_400;
const MINUTE: Seconds = 60;

/// Draws numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn draw(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let positive = i64::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default();
        positive % bound.max(1)
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.draw(high - low + 1)
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.draw(100) < percent
    }

    fn small(&mut self, bound: i64) -> u32 {
        u32::try_from(self.draw(bound)).unwrap_or_default()
    }
}

/// Makes the month.
pub fn month(seed: u64, plan: Plan) -> Vec<Labelled> {
    let mut dice = Dice(seed);
    let kinds = [
        (plan.late, FindingKind::Late),
        (plan.omitted, FindingKind::Omitted),
        (plan.understated, FindingKind::Understated),
        (plan.concealed / 2, FindingKind::BackDated),
        (plan.concealed - plan.concealed / 2, FindingKind::EditedDown),
    ];
    let mut truths: Vec<Option<FindingKind>> = Vec::new();
    for (count, kind) in kinds {
        truths.extend(std::iter::repeat_n(Some(kind), count));
    }
    truths.resize(plan.events.max(truths.len()), None);
    let mut all: Vec<Labelled> = truths
        .into_iter()
        .enumerate()
        .map(|(number, truth)| Maker::new(&mut dice, number).make(truth))
        .collect();
    let first = all.len();
    all.extend((0..plan.false_alarms).map(|number| Maker::new(&mut dice, first + number).false_alarm()));
    // Shuffled, so that nothing can be told from the order.
    for at in (1..all.len()).rev() {
        let other = usize::try_from(dice.draw(i64::try_from(at + 1).unwrap_or(1))).unwrap_or_default();
        all.swap(at, other);
    }
    all
}

struct Maker<'d> {
    dice: &'d mut Dice,
    seen: Observed,
    /// When the unit came to know.
    known: Seconds,
}

impl<'d> Maker<'d> {
    fn new(dice: &'d mut Dice, number: usize) -> Self {
        let known = START + dice.draw(MONTH - 86_400);
        let limits = [30, 30, 30, 60, 120];
        let limit = usize::try_from(dice.draw(5)).ok().and_then(|at| limits.get(at));
        let unit = format!("1501{:02}", dice.between(2, 25));
        Self {
            known,
            seen: Observed {
                event: format!("e{number:05}"),
                unit,
                limit_minutes: limit.copied().unwrap_or(30),
                evidence: Vec::new(),
                reports: Vec::new(),
                dismissed_at: None,
                outages: Vec::new(),
            },
            dice,
        }
    }

    fn limit(&self) -> Seconds {
        Seconds::from(self.seen.limit_minutes) * MINUTE
    }

    /// A source's clock is a little off.
    fn skew(&mut self) -> Seconds {
        self.dice.between(-40, 40)
    }

    fn evidence(&mut self, at: Seconds, holder: Holder, kind: EvidenceKind, deaths: Option<u32>) {
        let id = format!("{}/v{}", self.seen.event, self.seen.evidence.len());
        self.seen.evidence.push(Evidence {
            id,
            at,
            holder,
            kind,
            deaths,
        });
    }

    fn report(&mut self, recorded_at: Seconds, deaths: Option<u32>) {
        let claimed_sent_at = recorded_at - self.dice.draw(30);
        let claimed_learned_at = self.known + self.dice.draw(45);
        let read = self
            .dice
            .chance(90)
            .then(|| recorded_at + self.dice.between(30, 600));
        self.seen.reports.push(Report {
            id: format!("{}/r{}", self.seen.event, self.seen.reports.len()),
            recorded_at,
            claimed_sent_at,
            claimed_learned_at,
            deaths,
            read_at: read,
        });
    }

    /// How the unit came to know, and who else did.
    fn knowledge(&mut self, deaths: Option<u32>) {
        let kinds = [
            EvidenceKind::Call,
            EvidenceKind::Call,
            EvidenceKind::Message,
            EvidenceKind::Sensor,
            EvidenceKind::Resident,
        ];
        let pick = |dice: &mut Dice| {
            usize::try_from(dice.draw(5))
                .ok()
                .and_then(|at| kinds.get(at).copied())
        };
        let kind = pick(self.dice).unwrap_or(EvidenceKind::Call);
        let first = if kind == EvidenceKind::Sensor {
            None
        } else {
            deaths
        };
        self.evidence(self.known, Holder::Unit, kind, first);
        if self.dice.chance(40) {
            let at = self.known + self.dice.between(60, 1_500) + self.skew();
            let kind = pick(self.dice).unwrap_or(EvidenceKind::Call);
            self.evidence(at, Holder::Unit, kind, None);
        }
        // Somebody else knew before: that is not this unit's knowledge.
        if self.dice.chance(15) {
            let at = self.known - self.dice.between(300, 5_400);
            self.evidence(at, Holder::Other, EvidenceKind::Call, None);
        }
    }

    fn make(mut self, truth: Option<FindingKind>) -> Labelled {
        match truth {
            None => self.tidy(),
            Some(FindingKind::Late) => self.late(),
            Some(FindingKind::Omitted) => self.omitted(),
            Some(FindingKind::Understated) => self.understated(),
            Some(FindingKind::BackDated) => self.back_dated(),
            Some(FindingKind::EditedDown) => self.edited_down(),
        }
        Labelled {
            seen: self.seen,
            truth,
        }
    }

    fn in_time(&mut self) -> Seconds {
        let limit = self.limit();
        // Many report at the last minute.
        let delay = if self.dice.chance(25) {
            limit - self.dice.draw(60)
        } else {
            self.dice.between(120, limit - 60)
        };
        self.known + delay
    }

    fn tidy(&mut self) {
        let deaths = self.dice.chance(30).then(|| self.dice.small(4));
        self.knowledge(deaths);
        let mut sent = self.in_time();
        if self.dice.chance(2) {
            // The node was down over the limit; the report waited on paper.
            let from = self.known + self.dice.between(60, 600);
            let to = from + self.limit() + self.dice.between(600, 7_200);
            self.seen.outages.push(Outage { from, to });
            sent = to + self.dice.between(10, 80);
        }
        self.report(sent, deaths);
        let mut figure = deaths;
        let mut at = sent;
        for _ in 0..self.dice.draw(3) {
            at += self.dice.between(1_800, 20_000);
            if self.dice.chance(40) {
                // The figure rises, and the hospital says so first.
                let risen = figure.unwrap_or_default() + 1 + self.dice.small(2);
                let told = at - self.dice.between(60, 900);
                self.evidence(told, Holder::Unit, EvidenceKind::Hospital, Some(risen));
                figure = Some(risen);
            } else if self.dice.chance(8) && figure > Some(0) {
                // A person was counted twice; the hospital corrects it.
                let fallen = figure.map(|deaths| deaths - 1);
                let told = at - self.dice.between(60, 900);
                self.evidence(told, Holder::Unit, EvidenceKind::Hospital, fallen);
                figure = fallen;
            }
            self.report(at, figure);
        }
    }

    fn late(&mut self) {
        let deaths = self.dice.chance(30).then(|| self.dice.small(4));
        self.knowledge(deaths);
        // A few are late by so little that clocks may explain it.
        let over = if self.dice.chance(3) {
            self.dice.between(20, 90)
        } else {
            self.dice.between(120, 30_000)
        };
        let sent = self.known + self.limit() + over;
        if self.dice.chance(40) {
            let asked = sent - self.dice.between(10, 100);
            self.evidence(asked, Holder::Unit, EvidenceKind::Enquiry, None);
        }
        self.report(sent, deaths);
    }

    fn omitted(&mut self) {
        if self.dice.chance(1) {
            // One resident's word, and nothing more: nobody can tell.
            self.evidence(self.known, Holder::Unit, EvidenceKind::Resident, None);
            return;
        }
        self.evidence(self.known, Holder::Unit, EvidenceKind::Call, None);
        let others = [
            EvidenceKind::Sensor,
            EvidenceKind::Message,
            EvidenceKind::Resident,
            EvidenceKind::Hospital,
            EvidenceKind::Enquiry,
        ];
        for _ in 0..self.dice.between(1, 3) {
            let at = self.known + self.dice.between(300, 40_000);
            let kind = usize::try_from(self.dice.draw(5))
                .ok()
                .and_then(|at| others.get(at).copied());
            let holder = if self.dice.chance(70) {
                Holder::Unit
            } else {
                Holder::Other
            };
            self.evidence(at, holder, kind.unwrap_or(EvidenceKind::Message), None);
        }
    }

    fn understated(&mut self) {
        let real = 1 + self.dice.small(6);
        let sent = self.in_time().max(self.known + 25 * MINUTE);
        self.evidence(self.known, Holder::Unit, EvidenceKind::Call, Some(real));
        let told = self.known + self.dice.between(60, 600);
        let kind = if self.dice.chance(70) {
            EvidenceKind::Hospital
        } else {
            EvidenceKind::Message
        };
        self.evidence(told, Holder::Unit, kind, Some(real));
        let given = self.dice.small(i64::from(real));
        self.report(sent, Some(given));
        if self.dice.chance(30) {
            let again = sent + self.dice.between(20_000, 90_000);
            self.report(again, Some(given));
        }
    }

    fn back_dated(&mut self) {
        self.knowledge(None);
        let hidden = self.dice.between(600, 20_000);
        if self.dice.chance(50) {
            // Says that it was sent long before it was recorded.
            let recorded = self.in_time();
            self.report(recorded, None);
            if let Some(report) = self.seen.reports.last_mut() {
                report.claimed_sent_at = recorded - hidden.min(recorded - self.known);
            }
        } else {
            // Says that it was learned long after the first evidence.
            let recorded = self.in_time().max(self.known + 700);
            self.report(recorded, None);
            if let Some(report) = self.seen.reports.last_mut() {
                report.claimed_learned_at = recorded - 30;
            }
        }
    }

    fn edited_down(&mut self) {
        let real = 2 + self.dice.small(6);
        self.knowledge(Some(real));
        let sent = self.in_time();
        self.report(sent, Some(real));
        let seen_at = sent + self.dice.between(60, 900);
        if let Some(report) = self.seen.reports.last_mut() {
            report.read_at = Some(seen_at);
        }
        let given = self.dice.small(i64::from(real));
        let edited = seen_at + self.dice.between(120, 9_000);
        self.report(edited, Some(given));
    }

    fn false_alarm(mut self) -> Labelled {
        let kinds = [EvidenceKind::Sensor, EvidenceKind::Resident, EvidenceKind::Call];
        let kind = usize::try_from(self.dice.draw(3))
            .ok()
            .and_then(|at| kinds.get(at).copied());
        self.evidence(
            self.known,
            Holder::Unit,
            kind.unwrap_or(EvidenceKind::Sensor),
            None,
        );
        if self.dice.chance(15) {
            let at = self.known + self.dice.between(60, 3_000);
            self.evidence(at, Holder::Unit, EvidenceKind::Resident, None);
            // Two that agree are looked into; nearly always the answer is recorded.
            if self.dice.chance(97) {
                self.seen.dismissed_at = Some(at + self.dice.between(300, 7_200));
            }
        } else if self.dice.chance(60) {
            self.seen.dismissed_at = Some(self.known + self.dice.between(300, 7_200));
        }
        Labelled {
            seen: self.seen,
            truth: None,
        }
    }
}
