//! Which expert is asked first: trade × plan × distance × record, each with its reason.

use anlan_datum::metres;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Readiness, Record, Registers, Trade};

/// What an expert is wanted for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Class of the event.
    pub event_class: String,
    /// Where it is, in CGCS2000.
    pub at: Option<(f64, f64)>,
    /// Companies and persons concerned, against which interests are held.
    pub parties: Vec<String>,
}

/// An expert's record: appraisals after use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Appraisals {
    /// How many.
    pub number: u64,
    /// Sum of their points, 1 to 5 each.
    pub points: u64,
}

/// A reason of a rank: a factor and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankReason)]
pub struct Reason {
    /// `trade`, `plan`, `distance` or `record`.
    pub factor: String,
    /// Which case: `same`, `field`, `other`, `named`, `not_named`, `known`, `unknown`, `appraised` or `new`.
    pub case: String,
    /// 0 to 1.
    pub value: f64,
    /// What it rests on: the trade's name, kilometres, points of five.
    pub words: String,
}

/// An expert with rank and reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ranked {
    /// Id of the record.
    pub id: String,
    /// Name.
    pub name: String,
    /// Trade.
    pub trade: String,
    /// Title and employer, in words.
    pub title: String,
    /// Employer.
    pub employer: String,
    /// Division.
    pub area: String,
    /// Product of the factors.
    pub score: f64,
    /// Each factor.
    pub reasons: Vec<Reason>,
    /// Why the expert cannot be asked: `not_available` or `conflict`; the words follow.
    pub barred: Option<String>,
    /// The interest that was declared.
    pub conflict: Option<String>,
}

fn reason(factor: &str, case: &str, value: f64, words: String) -> Reason {
    Reason {
        factor: factor.to_owned(),
        case: case.to_owned(),
        value,
        words,
    }
}

fn answers_for(trade: &Trade, event_class: &str) -> bool {
    trade
        .event_classes
        .iter()
        .any(|prefix| event_class.starts_with(prefix))
}

fn by_trade(registers: &Registers, wanted: &Wanted, record: &Record) -> Reason {
    let figures = &registers.ranking;
    let Some(trade) = record.text("trade").and_then(|id| registers.trade(id)) else {
        return reason("trade", "other", figures.other_trade, String::new());
    };
    if answers_for(trade, &wanted.event_class) {
        return reason("trade", "same", figures.same_trade, trade.zh.clone());
    }
    let related = registers
        .trade
        .iter()
        .any(|other| other.field == trade.field && answers_for(other, &wanted.event_class));
    if related {
        reason("trade", "field", figures.same_field, trade.zh.clone())
    } else {
        reason("trade", "other", figures.other_trade, trade.zh.clone())
    }
}

fn by_plan(registers: &Registers, wanted: &Wanted, record: &Record) -> Reason {
    let plans = record.text("plans").unwrap_or_default();
    let named = plans
        .split(',')
        .find(|plan| !plan.is_empty() && wanted.event_class.starts_with(plan));
    match named {
        Some(plan) => reason("plan", "named", registers.ranking.in_plan, plan.to_owned()),
        None => reason("plan", "not_named", registers.ranking.not_in_plan, String::new()),
    }
}

fn by_distance(registers: &Registers, wanted: &Wanted, record: &Record) -> Reason {
    let place = record.entry.place.as_ref();
    let Some((at, place)) = wanted.at.zip(place) else {
        return reason("distance", "unknown", 0.5, String::new());
    };
    let km = metres(at, (place.lon, place.lat)) / 1_000.0;
    let value = registers.ranking.half_distance_km / (registers.ranking.half_distance_km + km);
    reason("distance", "known", value, format!("{km:.0}"))
}

fn by_record(registers: &Registers, appraisals: Appraisals) -> Reason {
    let figures = &registers.ranking;
    let whole = |number: u64| u32::try_from(number).map_or(0.0, f64::from);
    let points = figures
        .appraisal_start
        .mul_add(figures.appraisal_weight, whole(appraisals.points));
    let average = points / (figures.appraisal_weight + whole(appraisals.number));
    let case = if appraisals.number == 0 {
        "new"
    } else {
        "appraised"
    };
    reason("record", case, average / 5.0, format!("{average:.1}"))
}

/// The declared interest that meets a party, if any.
pub fn conflict<'r>(record: &'r Record, parties: &[String]) -> Option<&'r str> {
    let declared = record.text("conflicts").unwrap_or_default();
    let own = record.text("employer").unwrap_or_default();
    let meets = |interest: &&str| {
        let met = |party: &String| party.contains(interest) || interest.contains(party.as_str());
        !interest.trim().is_empty() && parties.iter().any(met)
    };
    declared
        .split(['、', ',', '，', ';', '；'])
        .chain(std::iter::once(own))
        .map(str::trim)
        .find(meets)
}

/// Ranks experts, the best first; those who cannot be asked stand at the end with the reason.
pub fn rank(registers: &Registers, wanted: &Wanted, experts: &[(Record, Appraisals)]) -> Vec<Ranked> {
    let ranked = |(record, appraisals): &(Record, Appraisals)| {
        let reasons = vec![
            by_trade(registers, wanted, record),
            by_plan(registers, wanted, record),
            by_distance(registers, wanted, record),
            by_record(registers, *appraisals),
        ];
        let conflict = conflict(record, &wanted.parties).map(str::to_owned);
        let away = record.entry.readiness != Readiness::Standby;
        Ranked {
            id: record.id.clone(),
            name: record.entry.name.clone(),
            trade: record.text("trade").unwrap_or_default().to_owned(),
            title: record.text("title").unwrap_or_default().to_owned(),
            employer: record.text("employer").unwrap_or_default().to_owned(),
            area: record.entry.area.clone(),
            score: reasons.iter().map(|reason| reason.value).product(),
            reasons,
            barred: conflict
                .as_ref()
                .map(|_| "conflict".to_owned())
                .or_else(|| away.then(|| "not_available".to_owned())),
            conflict,
        }
    };
    let mut all: Vec<Ranked> = experts.iter().map(ranked).collect();
    all.sort_by(|a, b| {
        let barred = a.barred.is_some().cmp(&b.barred.is_some());
        barred
            .then(b.score.total_cmp(&a.score))
            .then_with(|| a.id.cmp(&b.id))
    });
    all
}
