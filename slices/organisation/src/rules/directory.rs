//! What units, command bodies, posts, contacts and households must be like.

use anlan_foundation::{Checks, InvalidInput};

use crate::model::{Body, Post, Resident, Unit};

/// Kinds of units.
pub const UNIT_KINDS: [&str; 8] = [
    "government",
    "duty_office",
    "department",
    "command_office",
    "township_office",
    "village_committee",
    "brigade",
    "province",
];
/// Kinds of contacts.
pub const CONTACT_KINDS: [&str; 5] = ["mobile", "office", "duty", "radio", "email"];

/// Checks the fields of a unit.
pub fn check_unit(unit: &Unit) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("name", &unit.name, 2, 60);
    checks.text("short_name", &unit.short_name, 1, 40);
    if !UNIT_KINDS.contains(&unit.kind.as_str()) {
        checks.fault("kind", "not_a_choice", UNIT_KINDS.join(", "));
    }
    if let Some(department) = &unit.department {
        let plain = department.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        checks.require(
            plain && (1..=40).contains(&department.len()),
            "department",
            "small Latin letters",
        );
    }
    if let Some(phone) = &unit.duty_phone {
        check_contact(&mut checks, "duty_phone", "duty", phone);
    }
    checks.finish()
}

/// The fire brigade is a line of its own: nobody but a brigade above stands over it, its help is negotiated.
pub fn check_fire(checks: &mut Checks, field: &str, lower: &Unit, upper: &Unit) {
    let fire = |unit: &Unit| unit.department.as_deref() == Some("fire");
    if fire(lower) && !fire(upper) {
        checks.fault(
            field,
            "not_a_choice",
            "negotiated: the fire brigade is subordinate to no unit but a brigade",
        );
    }
}

/// Checks the fields of a command body.
pub fn check_body(body: &Body) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("name", &body.name, 2, 60);
    checks.require(body.members.len() <= 200, "members", "at most 200");
    let roles = ["chair", "deputy", "member", "office"];
    for (index, member) in body.members.iter().enumerate() {
        if !roles.contains(&member.role.as_str()) {
            checks.fault(format!("members.{index}.role"), "not_a_choice", roles.join(", "));
        }
        checks.text(&format!("members.{index}.name"), &member.name, 1, 60);
        checks.text(&format!("members.{index}.title"), &member.title, 0, 60);
    }
    let chairs = body
        .members
        .iter()
        .filter(|member| member.role == "chair")
        .count();
    checks.require(chairs <= 1, "members", "one chair");
    for (index, class) in body.event_classes.iter().enumerate() {
        let digits = class.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !(1..=5).contains(&class.len()) {
            checks.fault(format!("event_classes.{index}"), "bad_format", "1 to 5 digits");
        }
    }
    checks.finish()
}

/// Checks the fields of a post: one holder at most, and nobody twice.
pub fn check_post(post: &Post) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("title", &post.title, 1, 60);
    checks.require((0..=999).contains(&post.rank), "rank", "0 to 999");
    checks.require(post.holders.len() <= 20, "holders", "at most 20");
    let kinds = ["holder", "acting", "deputy"];
    for (index, holder) in post.holders.iter().enumerate() {
        if !kinds.contains(&holder.kind.as_str()) {
            checks.fault(format!("holders.{index}.kind"), "not_a_choice", kinds.join(", "));
        }
        let before = post.holders.iter().take(index);
        if before.clone().any(|earlier| earlier.person == holder.person) {
            checks.fault(
                format!("holders.{index}.person"),
                "not_a_choice",
                "each person once",
            );
        }
        if holder.kind == "holder" && before.clone().any(|earlier| earlier.kind == "holder") {
            checks.fault(format!("holders.{index}.kind"), "not_a_choice", "one holder");
        }
    }
    checks.finish()
}

/// Checks a number or an address by its kind.
pub fn check_contact(checks: &mut Checks, field: &str, kind: &str, value: &str) {
    let value = value.trim();
    let number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')' | '*' | '#');
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let fits = match kind {
        "email" => {
            let (name, host) = value.split_once('@').unwrap_or_default();
            !name.is_empty() && host.contains('.') && value.chars().all(|c| c.is_ascii_graphic())
        }
        "radio" => !value.is_empty() && !value.chars().any(char::is_control),
        _ => value.chars().all(number) && (3..=20).contains(&digits),
    };
    if !fits || value.chars().count() > 60 {
        let expected = match kind {
            "email" => "an address such as name@example.cn",
            "radio" => "a channel or call sign of 1 to 60 characters",
            _ => "a telephone number of 3 to 20 digits",
        };
        checks.fault(field, "bad_format", expected);
    }
}

/// A number as it is compared: its digits, without the country code; other texts in small letters without blanks.
pub fn plain_number(number: &str) -> String {
    let letters = number.chars().any(char::is_alphabetic);
    if letters {
        return number.trim().to_lowercase();
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let without = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    match without {
        Some(rest) if rest.len() >= 11 => rest.to_owned(),
        _ => digits,
    }
}

/// Checks a household: a label, and residents with names.
pub fn check_household(label: &str, residents: &[Resident]) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("label", label, 1, 60);
    checks.require(residents.len() <= 30, "residents", "at most 30");
    for (index, resident) in residents.iter().enumerate() {
        let field = |name: &str| format!("residents.{index}.{name}");
        checks.text(&field("name"), &resident.name, 1, 40);
        if let Some(phone) = &resident.phone {
            check_contact(&mut checks, &field("phone"), "mobile", phone);
        }
        checks.optional_text(&field("needs"), resident.needs.as_deref(), 100);
        let year = resident.born.is_none_or(|year| (1880..=2200).contains(&year));
        checks.require(year, &field("born"), "a year such as 1958");
    }
    checks.finish()
}

/// Shows the first character of a name: 王小燕 becomes 王**.
pub fn mask_name(name: &str) -> String {
    let mut letters = name.trim().chars();
    let first: String = letters.next().into_iter().collect();
    format!("{first}{}", "*".repeat(letters.count().clamp(1, 3)))
}

/// A division's code and those it lies in, the nearest first, down from the city.
pub fn levels_up(area: &str) -> Vec<String> {
    [18, 14, 12, 9, 6, 4]
        .into_iter()
        .filter(|digits| *digits <= area.len())
        .filter_map(|digits| area.get(..digits))
        .map(str::to_owned)
        .collect()
}

/// Whether a unit takes the calls of its division.
pub fn is_duty_unit(unit: &Unit) -> bool {
    !unit.closed
        && matches!(
            unit.kind.as_str(),
            "duty_office" | "township_office" | "village_committee"
        )
}

/// Whether a unit acts for a department here. Of the emergency department it is the duty office, for it answers at night.
pub fn acts_for(unit: &Unit, department: &str) -> bool {
    let ours = unit.department.as_deref() == Some(department);
    let kind = match department {
        "emergency" => "duty_office",
        "fire" => "brigade",
        "government" => "government",
        _ => "department",
    };
    ours && !unit.closed && unit.kind == kind
}

/// How the area's emergency unit reaches a unit, from the kinds of the unit's relations upward.
pub fn reach(unit: &Unit, kinds: &[&str]) -> &'static str {
    if unit.department.as_deref() == Some("fire") || kinds.contains(&"negotiated") {
        return "negotiated";
    }
    // A village committee governs itself; the others follow the orders of the command body (应对法 2024, art. 20).
    if unit.kind == "village_committee" {
        "guidance"
    } else {
        "order"
    }
}
