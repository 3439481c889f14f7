//! Drawing a draft from the facts: what a template sees, and what becomes of it.

mod linked;
pub mod render;
pub(crate) mod sample;

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::model::Incident;
use anlan_incident::rules::CASUALTY_KINDS;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

pub use linked::{clean, link, paragraphs, relink, runs};

use crate::sheet::{FactRef, Sheet, chinese_day, chinese_time, clock, place_of};

/// Everything that a draft is drawn from.
#[derive(Debug, Clone)]
pub struct Material {
    /// The unit whose paper it will be.
    pub unit: UnitRef,
    /// Which of its kind within the incident.
    pub serial: u32,
    /// The moment of drafting.
    pub now: Timestamp,
    /// The incident, or those of a day.
    pub sheets: Vec<Sheet>,
    /// Names of event classes by code.
    pub classes: BTreeMap<String, String>,
    /// Divisions directly below the unit's: code and name.
    pub divisions: Vec<(String, String)>,
    /// Who is on duty: role and name.
    pub duty: Vec<(String, String)>,
    /// First and last instant of the time it is about.
    pub window: (Timestamp, Timestamp),
    /// Number and title of the paper that it corrects.
    pub corrects: Option<(String, String)>,
    /// Figures as the newest issued paper of the incident states them, by kind.
    pub told_before: BTreeMap<String, String>,
}

/// A figure as templates see it.
#[derive(Debug, Clone, Default, Serialize)]
struct Figure {
    known: bool,
    conflict: bool,
    zero: bool,
    value: String,
    values: Vec<Said>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Said {
    value: String,
    source: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Moment {
    known: bool,
    text: String,
    source: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct About {
    code: String,
    title: String,
    place: String,
    class_name: String,
    words: String,
    channel: String,
    status: String,
    occurred: Moment,
    learned: Moment,
    received: Moment,
    f: BTreeMap<String, Figure>,
    verified: Verified,
    notes: Vec<Noted>,
    reports: Vec<Sent>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Verified {
    known: bool,
    verdict: String,
    note: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Noted {
    text: String,
    at: String,
    by: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Sent {
    from: String,
    to: String,
    at: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct DivisionRow {
    name: String,
    reported: bool,
    incidents: usize,
    f: BTreeMap<String, Figure>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Changed {
    kind: String,
    before: String,
    after: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Named {
    number: String,
    title: String,
}

/// What a template sees. Every name is always there, so that a misspelt one is found at the start.
#[derive(Debug, Clone, Default, Serialize)]
struct Seen {
    year: i16,
    number: u32,
    serial: u32,
    serial_zh: String,
    unit: String,
    today: String,
    clock: String,
    window: [String; 2],
    incident: About,
    incidents: Vec<About>,
    total: usize,
    divisions: Vec<DivisionRow>,
    silent: Vec<String>,
    duty: Vec<BTreeMap<&'static str, String>>,
    changes: Vec<Changed>,
    corrects: Option<Named>,
}

/// 一 to 十, 十一 … for serials.
pub fn chinese_number(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u32| {
        DIGITS
            .get(usize::try_from(n).unwrap_or(0))
            .copied()
            .unwrap_or_default()
    };
    match number {
        0 => "〇".to_owned(),
        1..=9 => digit(number).to_owned(),
        10..=19 => format!("十{}", digit(number % 10)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number % 10)),
        _ => number.to_string(),
    }
}

/// What a template sees of the material.
pub fn context(material: &Material) -> Value {
    let (year, ..) = material.now.china_date();
    let (hour, minute) = clock(material.now);
    let incidents: Vec<About> = material
        .sheets
        .iter()
        .map(|sheet| about(sheet, &material.classes))
        .collect();
    let divisions = division_rows(material);
    let silent = divisions
        .iter()
        .filter(|row| !row.reported)
        .map(|row| row.name.clone())
        .collect();
    Value::from(Serde(Seen {
        year,
        number: 0,
        serial: material.serial,
        serial_zh: chinese_number(material.serial),
        unit: clean(&material.unit.name),
        today: chinese_day(material.now),
        clock: format!("{hour}时{minute}分"),
        window: [
            chinese_time(material.window.0, "minute"),
            chinese_time(material.window.1, "minute"),
        ],
        incident: incidents.first().cloned().unwrap_or_else(nothing),
        total: incidents.len(),
        incidents,
        divisions,
        silent,
        duty: material
            .duty
            .iter()
            .map(|(role, name)| BTreeMap::from([("role", clean(role)), ("name", clean(name))]))
            .collect(),
        changes: changes(material),
        corrects: material.corrects.as_ref().map(|(number, title)| Named {
            number: clean(number),
            title: clean(title),
        }),
    }))
}

/// An incident of which nothing is known: every figure is there, and unknown.
fn nothing() -> About {
    About {
        f: figures(&Sheet::default()),
        ..About::default()
    }
}

fn about(sheet: &Sheet, classes: &BTreeMap<String, String>) -> About {
    let incident = &sheet.incident;
    let linked = |kind: &str, text: &str| {
        let fact = sheet.facts.values().find(|fact| fact.kind == kind);
        fact.map_or_else(|| clean(text), |fact| link(&fact.id, text))
    };
    About {
        code: clean(&incident.code),
        title: clean(&incident.title),
        place: linked("place", &place_of(incident)),
        class_name: classes.get(&incident.event_class).cloned().unwrap_or_default(),
        words: clean(incident.text.trim().trim_end_matches('。')),
        channel: incident.channel().to_owned(),
        status: status_word(incident),
        occurred: moment(sheet, "occurred"),
        learned: moment(sheet, "learned"),
        received: moment(sheet, "received"),
        f: figures(sheet),
        verified: verified(incident),
        notes: notes(sheet),
        reports: incident
            .reports
            .iter()
            .map(|report| Sent {
                from: clean(&report.from_unit.name),
                to: report
                    .to_units
                    .iter()
                    .map(|unit| clean(&unit.name))
                    .collect::<Vec<_>>()
                    .join("、"),
                at: chinese_time(report.sent_at, "minute"),
            })
            .collect(),
    }
}

fn status_word(incident: &Incident) -> String {
    serde_json::to_value(incident.status)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn moment(sheet: &Sheet, kind: &str) -> Moment {
    sheet.time(kind).map_or_else(Moment::default, |fact| Moment {
        known: true,
        text: link(&fact.id, fact.value.as_deref().unwrap_or_default()),
        source: clean(&fact.source),
    })
}

fn figures(sheet: &Sheet) -> BTreeMap<String, Figure> {
    CASUALTY_KINDS
        .iter()
        .map(|kind| ((*kind).to_owned(), figure(&sheet.figure(kind))))
        .collect()
}

/// One figure: known when all that is currently said agrees on a number.
fn figure(stated: &[&FactRef]) -> Figure {
    let known: Vec<&&FactRef> = stated.iter().filter(|fact| fact.value.is_some()).collect();
    let Some(first) = known.first() else {
        return Figure::default();
    };
    let conflict = known.iter().any(|fact| fact.value != first.value);
    let value = first.value.clone().unwrap_or_default();
    let values = known.iter().map(|fact| Said {
        value: link(&fact.id, fact.value.as_deref().unwrap_or_default()),
        source: clean(&fact.source),
    });
    Figure {
        known: !conflict,
        conflict,
        zero: !conflict && value == "0",
        value: if conflict {
            String::new()
        } else {
            link(&first.id, &value)
        },
        values: values.collect(),
    }
}

fn verified(incident: &Incident) -> Verified {
    let newest = incident.notes.iter().rev().find(|note| note.kind == "verified");
    newest.map_or_else(Verified::default, |note| Verified {
        known: true,
        verdict: note.verdict.clone().unwrap_or_default(),
        note: clean(note.text.trim().trim_end_matches('。')),
    })
}

fn notes(sheet: &Sheet) -> Vec<Noted> {
    let incident = &sheet.incident;
    let followed = incident
        .notes
        .iter()
        .enumerate()
        .filter(|(_, note)| note.kind == "followed_up");
    followed
        .map(|(index, note)| Noted {
            text: link(
                &crate::sheet::fact_id(&incident.id, 'n', index + 1),
                note.text.trim().trim_end_matches('。'),
            ),
            at: chinese_time(note.at, "minute"),
            by: clean(&note.by),
        })
        .collect()
}

/// One row for each division below: the sums of what is stated for its incidents; silence is shown as silence.
fn division_rows(material: &Material) -> Vec<DivisionRow> {
    let row = |(code, name): &(String, String)| {
        let here: Vec<&Sheet> = material
            .sheets
            .iter()
            .filter(|sheet| sheet.incident.division.starts_with(code.as_str()))
            .collect();
        let f = CASUALTY_KINDS
            .iter()
            .map(|kind| ((*kind).to_owned(), summed(&here, kind)));
        DivisionRow {
            name: clean(name),
            reported: !here.is_empty(),
            incidents: here.len(),
            f: f.collect(),
        }
    };
    material.divisions.iter().map(row).collect()
}

/// A sum is known when every part of it is; otherwise it is not a number.
fn summed(sheets: &[&Sheet], kind: &str) -> Figure {
    let parts: Vec<Figure> = sheets.iter().map(|sheet| figure(&sheet.figure(kind))).collect();
    if let [only] = parts.as_slice() {
        return only.clone();
    }
    let numbers: Vec<u64> = sheets
        .iter()
        .filter_map(|sheet| sheet.figure(kind).first()?.value.as_ref()?.parse().ok())
        .collect();
    let known = !parts.is_empty() && parts.iter().all(|part| part.known) && numbers.len() == parts.len();
    let sum: u64 = numbers.iter().sum();
    let ids: Vec<String> = sheets
        .iter()
        .filter_map(|sheet| sheet.figure(kind).first().map(|fact| fact.id.clone()))
        .collect();
    Figure {
        known,
        conflict: parts.iter().any(|part| part.conflict),
        zero: known && sum == 0,
        value: if known {
            link(&ids.join(" "), &sum.to_string())
        } else {
            String::new()
        },
        values: parts.into_iter().flat_map(|part| part.values).collect(),
    }
}

/// What differs from the figures that the last issued paper stated.
fn changes(material: &Material) -> Vec<Changed> {
    let Some(sheet) = material.sheets.first() else {
        return Vec::new();
    };
    material
        .told_before
        .iter()
        .filter_map(|(kind, before)| {
            let now = figure(&sheet.figure(kind));
            let after = runs(&now.value)
                .into_iter()
                .map(|run| run.text)
                .collect::<String>();
            let differs = now.known && after != *before;
            differs.then(|| Changed {
                kind: figure_name(kind).to_owned(),
                before: before.clone(),
                after: now.value,
            })
        })
        .collect()
}

/// What a figure is called in a paper.
pub fn figure_name(kind: &str) -> &'static str {
    match kind {
        "deaths" => "死亡",
        "injured" => "受伤",
        "seriously_injured" => "重伤",
        "missing" => "失联",
        "trapped" => "被困",
        "evacuated" => "转移安置",
        _ => "",
    }
}
