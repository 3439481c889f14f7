//! Verbs without input or output: what is allowed, what follows.

mod directory;
mod duties;
mod roster;

pub use directory::*;
pub use duties::{Departments, EventDuties, EventDuty};
pub use roster::*;

use std::collections::BTreeSet;

use anlan_access::{Grant, Roles};
use anlan_foundation::{Checks, InvalidInput, Timestamp};

/// Wrong passwords in a row before an account is locked.
pub const ATTEMPTS: i64 = 5;
/// How long a lock lasts, in minutes (GB/T 22239-2019 8.1.4.1 asks for a limit on failed log-ins).
pub const LOCK_MINUTES: i64 = 15;
/// How long a session lasts, in minutes: one duty of a day, and the hour of handover.
pub const SESSION_MINUTES: i64 = 25 * 60;

/// Until when an account is locked after its `failed`-th wrong password in a row, if it is.
pub fn next_lock(failed: i64, now: Timestamp) -> Option<Timestamp> {
    (failed >= ATTEMPTS).then(|| now.plus_minutes(LOCK_MINUTES))
}

/// Checks a password: 10 to 128 characters, not the name itself, at least two sorts of characters.
pub fn check_password(checks: &mut Checks, field: &str, name: &str, password: &str) {
    checks.text(field, password, 10, 128);
    let sorts = [
        password.chars().any(char::is_alphabetic),
        password.chars().any(char::is_numeric),
        password.chars().any(|c| !c.is_alphanumeric()),
    ];
    let varied = sorts.iter().filter(|present| **present).count() >= 2;
    checks.require(varied, field, "letters together with digits or signs");
    checks.require(
        !password.eq_ignore_ascii_case(name),
        field,
        "something else than the account name",
    );
}

/// Checks grants: known roles, areas of digits, and no two of system, security and audit together (三员分立).
pub fn check_grants(roles: &Roles, grants: &[Grant]) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.require(grants.len() <= 20, "grants", "at most 20 grants");
    let mut administers = None;
    for (index, grant) in grants.iter().enumerate() {
        let Some(role) = roles.get(&grant.role) else {
            checks.fault(
                format!("grants.{index}.role"),
                "not_a_choice",
                "a role of GET /api/v1/roles",
            );
            continue;
        };
        if !grant.area.bytes().all(|byte| byte.is_ascii_digit()) || grant.area.len() > 18 {
            checks.fault(
                format!("grants.{index}.area"),
                "bad_format",
                "a division code, or nothing for everything",
            );
        }
        if grant
            .realm
            .as_deref()
            .is_some_and(|realm| !["live", "drill"].contains(&realm))
        {
            checks.fault(
                format!("grants.{index}.realm"),
                "not_a_choice",
                "live, drill, or nothing for both",
            );
        }
        if role.administers.is_some() && administers.is_some() && role.administers != administers {
            checks.fault(
                format!("grants.{index}.role"),
                "not_a_choice",
                "only one sort of administration per account",
            );
        }
        administers = administers.or(role.administers);
    }
    checks.finish()
}

/// Checks a PIN: six digits, not all alike and not a mere run such as 123456.
pub fn check_pin(pin: &str) -> Result<(), InvalidInput> {
    let digits = pin.as_bytes();
    let six = digits.len() == 6 && digits.iter().all(u8::is_ascii_digit);
    let steps: BTreeSet<i16> = digits
        .windows(2)
        .filter_map(|pair| Some(i16::from(*pair.last()?) - i16::from(*pair.first()?)))
        .collect();
    let run = steps.len() == 1 && steps.iter().all(|step| (-1..=1).contains(step));
    if six && !run {
        return Ok(());
    }
    Err(InvalidInput::one(
        "pin",
        "bad_format",
        "six digits that are neither all alike nor a run such as 123456",
    ))
}

/// The step of RFC 6238 (30 seconds, SHA-1, six digits, one step of tolerance) that a code fits at an instant.
pub fn totp_step(secret: &[u8], code: &str, now: Timestamp) -> Option<u64> {
    let totp = totp_rs::Builder::new()
        .with_secret(secret.to_vec())
        .build()
        .ok()?;
    totp.check(code, u64::try_from(now.as_millis() / 1000).ok()?)
}

/// A secret as telephones take it when it is typed.
pub fn base32(secret: &[u8]) -> String {
    totp_rs::Secret::from(secret.to_vec()).to_base32()
}

/// A recovery code in groups of four small letters and digits.
pub fn grouped_recovery_code(secret: &[u8]) -> String {
    let letters: Vec<char> = base32(secret).to_lowercase().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A recovery code as it is compared: without dashes and blanks, small letters.
pub fn plain_recovery_code(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
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

/// Hides the middle of a number, or the name of an e-mail address.
pub fn mask_contact(value: &str) -> String {
    match value.split_once('@') {
        Some((name, host)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}****@{host}")
        }
        None => mask_phone(value),
    }
}
