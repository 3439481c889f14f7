//! Verbs without input or output: what may be taken, what follows, what looks alike.

mod owed;

use std::collections::BTreeSet;

pub use owed::{Clock, decide_all_owed, decide_owed, not_yet_owed, owed_changes, upward};

use anlan_foundation::{Checks, Timestamp};

use crate::facts::{
    CONFIDENCES, CasualtyStated, Change, Happened, PRECISIONS, ReportedFigure, Serial, TimeStated,
};
use crate::model::{Assertion, Incident, Status, UnitRef};

/// The casualty figures that a report can state.
pub const CASUALTY_KINDS: [&str; 6] = [
    "deaths",
    "injured",
    "seriously_injured",
    "missing",
    "trapped",
    "evacuated",
];
/// The times that a report can state; the recording time is the ledger's own.
pub const TIME_KINDS: [&str; 3] = ["occurred", "learned", "received"];
/// How a report can come in.
pub const CHANNELS: [&str; 5] = ["phone", "web", "api", "message", "sensor"];
/// What a check of the facts can find.
pub const VERDICTS: [&str; 4] = ["true", "partly", "false", "unverified"];
/// The grades of an event; `none` is for those that have none, such as events of social security.
pub const GRADES: [&str; 5] = ["extraordinary", "major", "large", "ordinary", "none"];
/// How a unit can come to know.
pub const MANNERS: [&str; 7] = [
    "call", "sensor", "message", "resident", "report", "enquiry", "own",
];
/// How an incident can end.
pub const OUTCOMES: [&str; 2] = ["handled", "dismissed"];

/// Requires one of a few words.
pub fn check_choice(checks: &mut Checks, field: &str, value: &str, choices: &[&str]) {
    if !choices.contains(&value) {
        checks.fault(field, "not_a_choice", choices.join(", "));
    }
}

/// Checks casualty statements.
pub fn check_casualties(checks: &mut Checks, casualties: &[CasualtyStated]) {
    checks.require(casualties.len() <= 60, "casualties", "at most 60 statements");
    for (index, stated) in casualties.iter().enumerate() {
        check_choice(
            checks,
            &format!("casualties.{index}.kind"),
            &stated.kind,
            &CASUALTY_KINDS,
        );
        checks.text(&format!("casualties.{index}.source"), &stated.source, 1, 60);
        let plausible = stated.value.is_none_or(|value| value <= 10_000_000);
        checks.require(plausible, &format!("casualties.{index}.value"), "0 to 10000000");
    }
}

/// Checks time statements: known words, and nothing later than now but for five minutes of clock difference.
pub fn check_times(checks: &mut Checks, times: &[TimeStated], now: Timestamp) {
    checks.require(times.len() <= 20, "times", "at most 20 statements");
    for (index, stated) in times.iter().enumerate() {
        let field = format!("times.{index}");
        check_choice(checks, &format!("{field}.kind"), &stated.kind, &TIME_KINDS);
        let time = Happened {
            at: stated.at,
            precision: stated.precision.clone(),
            source: stated.source.clone(),
            confidence: stated.confidence.clone(),
        };
        check_happened(checks, &field, &time, now);
    }
}

/// Checks when something is said to have taken place.
pub fn check_happened(checks: &mut Checks, field: &str, time: &Happened, now: Timestamp) {
    check_choice(
        checks,
        &format!("{field}.precision"),
        &time.precision,
        &PRECISIONS,
    );
    check_choice(
        checks,
        &format!("{field}.confidence"),
        &time.confidence,
        &CONFIDENCES,
    );
    checks.text(&format!("{field}.source"), &time.source, 1, 60);
    checks.require(
        time.at <= now.plus_minutes(5),
        &format!("{field}.at"),
        "not in the future",
    );
}

/// Why two incidents may be the same one.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// `same_place`, `same_class`, `near_in_time`, `same_words`.
    pub reasons: Vec<&'static str>,
    /// 0 to 1.
    pub score: f64,
}

/// Compares what is being typed with a known incident.
pub fn likeness(known: &Incident, division: &str, event_class: &str, text: &str, at: Timestamp) -> Likeness {
    let township = |code: &str| code.chars().take(9).collect::<String>();
    let class = |code: &str| code.chars().take(3).collect::<String>();
    let mut reasons = Vec::new();
    let mut score = 0.0;
    if township(&known.division) == township(division) {
        reasons.push("same_place");
        score += 0.4;
    }
    if !event_class.is_empty() && class(&known.event_class) == class(event_class) {
        reasons.push("same_class");
        score += 0.2;
    }
    let apart = known
        .time("received")
        .map_or(i64::MAX, |received| at.micros_since(received).saturating_abs());
    if apart <= 6 * 3_600_000_000 {
        reasons.push("near_in_time");
        score += 0.2;
    }
    let words = shared_bigrams(&format!("{}{}", known.title, known.text), text);
    if words >= 0.3 {
        reasons.push("same_words");
    }
    Likeness {
        reasons,
        score: score + 0.2 * words,
    }
}

/// Share of the character pairs of `typed` that also stand in `known`; 0 when `typed` is too short to tell.
fn shared_bigrams(known: &str, typed: &str) -> f64 {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let all: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        all.windows(2)
            .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
            .collect()
    };
    let (known, typed) = (pairs(known), pairs(typed));
    if typed.len() < 2 {
        return 0.0;
    }
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    count(typed.intersection(&known).count()) / count(typed.len())
}

/// Which report of a unit the next one is, and its number among those of its kind.
///
/// The first is always 初报, whatever was asked for: there is nothing yet to follow up.
pub fn next_serial(incident: &Incident, unit: &str, wanted: Serial) -> (Serial, u32) {
    let made = |serial: Serial| incident.reports_of(unit).filter(|r| r.serial == serial).count();
    let serial = match wanted {
        _ if made(Serial::First) == 0 => Serial::First,
        Serial::First => Serial::FollowUp,
        other => other,
    };
    (serial, u32::try_from(made(serial) + 1).unwrap_or(u32::MAX))
}

/// A figure with the statements that stand behind it.
#[derive(Debug, Clone)]
pub struct Figure<'i> {
    /// What is counted.
    pub kind: &'static str,
    /// The value, where the sources agree and know it.
    pub value: Option<u32>,
    /// Whether the sources disagree.
    pub conflict: bool,
    /// The statements that nothing has replaced; never empty.
    pub statements: Vec<&'i Assertion>,
}

/// The figures that anybody has stated: one value where the sources agree, none where they do not.
pub fn figures(incident: &Incident) -> Vec<Figure<'_>> {
    let figure = |kind: &'static str| {
        let statements = incident.current(kind);
        let first = statements.first()?.stated.value;
        let conflict = statements.iter().any(|assertion| assertion.stated.value != first);
        Some(Figure {
            kind,
            value: first.filter(|_| !conflict),
            conflict,
            statements,
        })
    };
    CASUALTY_KINDS.into_iter().filter_map(figure).collect()
}

/// The figures as they go out with a report.
pub fn reported_figures(incident: &Incident) -> Vec<ReportedFigure> {
    let reported = |figure: Figure<'_>| ReportedFigure {
        kind: figure.kind.to_owned(),
        value: figure.value,
        conflict: figure.conflict,
        statements: figure
            .statements
            .iter()
            .map(|assertion| assertion.number)
            .collect(),
    };
    figures(incident).into_iter().map(reported).collect()
}

/// What differs from a unit's last report; nothing before its first.
pub fn changes(incident: &Incident, unit: &str, figures: &[ReportedFigure]) -> Vec<Change> {
    let Some(last) = incident.reports_of(unit).last() else {
        return Vec::new();
    };
    let before = |kind: &str| last.figures.iter().find(|figure| figure.kind == kind);
    let now = |kind: &str| figures.iter().find(|figure| figure.kind == kind);
    let change = |kind: &&str| {
        let (from, to) = (before(kind), now(kind));
        let same = from.map(|f| (f.value, f.conflict)) == to.map(|f| (f.value, f.conflict));
        (!same).then(|| Change {
            kind: (*kind).to_owned(),
            from: from.and_then(|figure| figure.value),
            to: to.and_then(|figure| figure.value),
        })
    };
    CASUALTY_KINDS.iter().filter_map(change).collect()
}

/// What a unit may do next, so that screens offer nothing that would be refused; `None` is nobody in particular.
pub fn allowed_acts(incident: &Incident, unit: Option<&str>) -> Vec<&'static str> {
    let waits = |report: &crate::model::Report| {
        let ours =
            |receiver: &UnitRef| unit.is_none_or(|unit| receiver.id == unit || report.from_unit.id == unit);
        report.waiting().any(ours)
    };
    let waiting = incident.reports.iter().any(waits);
    if !incident.is_open() {
        // What ended takes supplements and their receipts; what became one with another incident goes on there.
        let merged = incident.status == Status::Merged;
        let mut acts = if merged { Vec::new() } else { vec!["follow_up"] };
        acts.extend((waiting && !merged).then_some("acknowledge"));
        return acts;
    }
    let mut acts = vec![
        "report_up",
        "verify",
        "follow_up",
        "close",
        "grade",
        "assert",
        "attach",
        "add_call",
        "enquire",
        "merge",
        "split",
    ];
    if figures(incident).iter().any(|figure| figure.conflict) {
        acts.push("decide");
    }
    if waiting {
        acts.push("acknowledge");
    }
    acts
}

/// Hides the middle of a telephone number: `13800001234` becomes `138****1234`.
///
/// A number too short for that, such as a local one of seven digits, shows its last two characters only.
pub fn mask_phone(number: &str) -> String {
    let length = number.chars().count();
    let (head, tail) = match length {
        0..=3 => return "*".repeat(length),
        4..=10 => (0, 2),
        _ => (3, 4),
    };
    let start: String = number.chars().take(head).collect();
    let end: String = number.chars().skip(length - tail).collect();
    format!("{start}****{end}")
}
