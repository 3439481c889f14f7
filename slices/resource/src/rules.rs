//! The decisions of resources, without I/O.

pub mod ranking;
pub mod shelters;

use anlan_datum::{Datum, NAMES};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use regex::Regex;
use serde_json::Value;

use crate::model::{Column, ColumnType, Counts, Deed, Entry, Member, Paperwork, Place, Register, Registers};

/// Most people that one roster holds.
pub const MOST_MEMBERS: usize = 5_000;
const PAPERWORK: [&str; 4] = ["certificate", "agreement", "licence", "inspection"];
const DEEDS: [&str; 5] = ["training", "drill", "task", "inspection", "maintenance"];
const ROLES: [&str; 3] = ["leader", "deputy", "member"];

/// Checks an entry against its register; every fault is named by its field.
pub fn check_entry(registers: &Registers, entry: &Entry, now: Timestamp) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    let Some(register) = registers.get(&entry.kind) else {
        let kinds: Vec<&str> = registers.register.iter().map(|r| r.kind.as_str()).collect();
        return Err(InvalidInput::one("kind", "not_a_choice", kinds.join(", ")));
    };
    if register.class(&entry.class).is_none() {
        let classes: Vec<&str> = register.classes.iter().map(|class| class.id.as_str()).collect();
        checks.fault("class", "not_a_choice", classes.join(", "));
    }
    checks.text("code", &entry.code, 1, 40);
    checks.text("name", &entry.name, 1, 120);
    checks.text("unit", &entry.unit, 0, 120);
    checks.text("address", &entry.address, 0, 200);
    checks.text("source", &entry.source, 1, 120);
    checks.text("note", &entry.note, 0, 500);
    checks.require(
        entry.as_of <= now.plus_minutes(5),
        "as_of",
        "an instant that is not in the future",
    );
    if let Some(place) = &entry.place {
        check_place(&mut checks, place);
    }
    check_values(&mut checks, register, entry);
    check_paperwork(&mut checks, &entry.paperwork);
    checks.finish()
}

fn check_place(checks: &mut Checks, place: &Place) {
    if Datum::named(&place.given_in).is_none() {
        checks.fault("place.datum", "not_a_choice", NAMES.join(", "));
    }
    checks.require(
        (-180.0..=180.0).contains(&place.lon),
        "place.lon",
        "degrees from -180 to 180",
    );
    checks.require(
        (-90.0..=90.0).contains(&place.lat),
        "place.lat",
        "degrees from -90 to 90",
    );
}

fn check_values(checks: &mut Checks, register: &Register, entry: &Entry) {
    for column in register.columns_of(&entry.class) {
        let field = format!("values.{}", column.key);
        match entry.values.get(&column.key) {
            None | Some(Value::Null) if column.required && entry.readiness.word() != "planned" => {
                checks.fault(field, "required", &column.zh);
            }
            None | Some(Value::Null) => {}
            Some(value) => check_value(checks, &field, column, value),
        }
    }
    for key in entry.values.keys() {
        if !register.columns_of(&entry.class).any(|column| column.key == *key) {
            let known: Vec<&str> = register
                .columns_of(&entry.class)
                .map(|column| column.key.as_str())
                .collect();
            checks.fault(format!("values.{key}"), "unknown", known.join(", "));
        }
    }
}

fn check_value(checks: &mut Checks, field: &str, column: &Column, value: &Value) {
    match column.value_type {
        ColumnType::Text | ColumnType::Telephone => check_text(checks, field, column, value),
        ColumnType::Integer if value.as_i64().is_none() => {
            checks.fault(field, "bad_format", "a whole number");
        }
        ColumnType::Integer | ColumnType::Number => check_figure(checks, field, column, value),
        ColumnType::YesNo if !value.is_boolean() => checks.fault(field, "bad_format", "true or false"),
        ColumnType::YesNo => {}
        ColumnType::Date => {
            let day = value.as_str().and_then(day);
            if day.is_none() {
                checks.fault(field, "bad_format", "a day such as 2026-07-20");
            }
        }
        ColumnType::Choice => check_choices(checks, field, column, &[value]),
        ColumnType::Choices => match value.as_array() {
            Some(list) => check_choices(checks, field, column, &list.iter().collect::<Vec<_>>()),
            None => checks.fault(field, "bad_format", "a list"),
        },
    }
}

fn check_text(checks: &mut Checks, field: &str, column: &Column, value: &Value) {
    let Some(text) = value.as_str() else {
        return checks.fault(field, "bad_format", "text");
    };
    let most = column.max.unwrap_or(120.0);
    let length = u32::try_from(text.chars().count()).map_or(f64::INFINITY, f64::from);
    if length > most {
        checks.fault(field, "too_long", format!("at most {most} characters"));
    }
    let telephone = (column.value_type == ColumnType::Telephone).then_some("[0-9+() -]{3,30}");
    if let Some(pattern) = telephone.or(column.pattern.as_deref()) {
        let fits = Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text));
        if !text.is_empty() && !fits {
            checks.fault(field, "bad_format", pattern);
        }
    }
}

fn check_figure(checks: &mut Checks, field: &str, column: &Column, value: &Value) {
    let Some(figure) = value.as_f64() else {
        return checks.fault(field, "bad_format", "a number");
    };
    let (least, most) = (column.min.unwrap_or(f64::MIN), column.max.unwrap_or(f64::MAX));
    if !(least..=most).contains(&figure) {
        checks.fault(field, "out_of_range", format!("{least} to {most}"));
    }
}

fn check_choices(checks: &mut Checks, field: &str, column: &Column, values: &[&Value]) {
    let known = |value: &&Value| {
        column
            .choices
            .iter()
            .any(|choice| Some(choice.id.as_str()) == value.as_str())
    };
    if !values.iter().all(known) {
        let ids: Vec<&str> = column.choices.iter().map(|choice| choice.id.as_str()).collect();
        checks.fault(field, "not_a_choice", ids.join(", "));
    }
}

fn check_paperwork(checks: &mut Checks, paperwork: &[Paperwork]) {
    checks.require(paperwork.len() <= 200, "paperwork", "at most 200");
    for (place, paper) in paperwork.iter().enumerate() {
        let field = |name: &str| format!("paperwork.{place}.{name}");
        if !PAPERWORK.contains(&paper.kind.as_str()) {
            checks.fault(field("kind"), "not_a_choice", PAPERWORK.join(", "));
        }
        checks.text(&field("name"), &paper.name, 1, 120);
        checks.text(&field("number"), &paper.number, 0, 80);
        checks.text(&field("holder"), &paper.holder, 0, 40);
        let upside_down = paper
            .valid_from
            .zip(paper.valid_to)
            .is_some_and(|(from, to)| to < from);
        checks.require(!upside_down, &field("valid_to"), "not before valid_from");
    }
}

/// A day written `2026-07-20`, as its beginning in Beijing.
pub fn day(text: &str) -> Option<Timestamp> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain
        .then(|| format!("{text}T00:00:00+08:00").parse().ok())
        .flatten()
}

/// Converts a place to CGCS2000; it keeps in what datum it was given.
#[must_use]
pub fn settle(place: &Place) -> Place {
    let Some(datum) = Datum::named(&place.given_in) else {
        return place.clone();
    };
    let (lon, lat) = datum.to_cgcs2000((place.lon, place.lat));
    // A tenth of a millimetre is enough, and makes a second import of the same row the same.
    let round = |degrees: f64| (degrees * 1e9).round() / 1e9;
    Place {
        lon: round(lon),
        lat: round(lat),
        given_in: datum.name().to_owned(),
    }
}

/// The figures of an entry: people, capacity, square metres.
pub fn figures(registers: &Registers, entry: &Entry) -> [u64; 3] {
    let mut sums = [0; 3];
    let Some(register) = registers.get(&entry.kind) else {
        return sums;
    };
    for column in register.columns_of(&entry.class) {
        let figure = entry.values.get(&column.key).and_then(Value::as_u64).unwrap_or(0);
        match column.counts_as {
            Some(Counts::People) => sums[0] += figure,
            Some(Counts::Capacity) => sums[1] += figure,
            Some(Counts::AreaM2) => sums[2] += figure,
            None => {}
        }
    }
    sums
}

/// Checks the people of a record.
pub fn check_roster(members: &[Member]) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.require(
        members.len() <= MOST_MEMBERS,
        "members",
        &format!("at most {MOST_MEMBERS}"),
    );
    for (place, member) in members.iter().enumerate().take(MOST_MEMBERS) {
        let field = |name: &str| format!("members.{place}.{name}");
        checks.text(&field("name"), &member.name, 1, 40);
        if !ROLES.contains(&member.role.as_str()) {
            checks.fault(field("role"), "not_a_choice", ROLES.join(", "));
        }
        let digits = member
            .phone
            .chars()
            .all(|c| c.is_ascii_digit() || "+- ".contains(c));
        if !digits || member.phone.chars().count() > 20 {
            checks.fault(field("phone"), "bad_format", "digits, at most 20");
        }
        checks.require(member.skills.len() <= 20, &field("skills"), "at most 20");
    }
    checks.finish()
}

/// Checks what was done with a record.
pub fn check_deed(deed: &Deed, now: Timestamp) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    if !DEEDS.contains(&deed.kind.as_str()) {
        checks.fault("kind", "not_a_choice", DEEDS.join(", "));
    }
    checks.text("text", &deed.text, 1, 1_000);
    checks.require(deed.at <= now, "at", "an instant that is past");
    checks.require(deed.hours.unwrap_or(0) <= 10_000, "hours", "0 to 10000");
    checks.require(deed.people.unwrap_or(0) <= 100_000, "people", "0 to 100000");
    checks.finish()
}

/// A number with its middle hidden.
pub fn mask(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    let (head, tail) = if digits.len() > 7 { (3, 4) } else { (0, 2) };
    let hidden = |(place, digit): (usize, &char)| {
        if place < head || place + tail >= digits.len() {
            *digit
        } else {
            '*'
        }
    };
    digits.iter().enumerate().map(hidden).collect()
}
