//! The ledger facts of the organisation. Each carries the whole record, so the last one is how things stand.

use std::collections::BTreeSet;

use anlan_access::Grant;
use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};

use crate::model::{Body, Division, Relation, Unit};

/// A batch of divisions was taken in.
pub const DIVISIONS_SET: &str = "organisation.divisions_set.v1";
/// A unit was made or changed.
pub const UNITS_SET: &str = "organisation.units_set.v1";
/// People were entered or changed.
pub const PEOPLE_SET: &str = "organisation.people_set.v1";
/// Shifts were assigned.
pub const DUTY_SET: &str = "organisation.duty_set.v1";
/// A command body was made or changed.
pub const BODY_SET: &str = "organisation.body_set.v1";
/// An account was made or changed.
pub const ACCOUNT_SET: &str = "organisation.account_set.v1";
/// An account was locked after wrong passwords.
pub const ACCOUNT_LOCKED: &str = "organisation.account_locked.v1";
/// A password was changed by its holder or set anew by the security administrator.
pub const PASSWORD_SET: &str = "organisation.account_password_set.v1";
/// A second factor was enrolled or taken away.
pub const TOTP_SET: &str = "organisation.account_totp_set.v1";
/// A recovery code stood in for the second factor.
pub const RECOVERY_USED: &str = "organisation.account_recovery_used.v1";
/// A PIN for approvals on the telephone was set or taken away.
pub const PIN_SET: &str = "organisation.account_pin_set.v1";
/// The security administrator lifted a lock.
pub const ACCOUNT_UNLOCKED: &str = "organisation.account_unlocked.v1";
/// The security administrator ended all sessions of an account.
pub const SESSIONS_ENDED: &str = "organisation.account_sessions_ended.v1";
/// A machine got a token.
pub const TOKEN_ISSUED: &str = "organisation.token_issued.v1";
/// A machine's token was withdrawn.
pub const TOKEN_REVOKED: &str = "organisation.token_revoked.v1";
/// A telephone number was read whole, with a reason.
pub const CONTACT_REVEALED: &str = "organisation.contact_revealed.v1";

/// Body of [`DIVISIONS_SET`]: up to about 1,000 rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DivisionsSet {
    /// The rows.
    pub divisions: Vec<Division>,
}

/// Body of [`UNITS_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnitsSet {
    /// The units.
    pub units: Vec<Unit>,
    /// Their relations.
    #[serde(default)]
    pub relations: Vec<Relation>,
}

/// A person as entered; the number is sealed under `person/<id>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonFact {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Post or title.
    pub title: String,
    /// Division of the unit.
    pub area: String,
    /// Mobile number.
    pub mobile: Option<Sealed>,
}

/// Body of [`PEOPLE_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PeopleSet {
    /// The people.
    pub people: Vec<PersonFact>,
}

/// One shift of one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shift {
    /// Unit.
    pub unit: String,
    /// Person.
    pub person: String,
    /// `leader`, `main` or `deputy`.
    pub role: String,
    /// Start.
    pub since: Timestamp,
    /// End.
    pub until: Timestamp,
}

/// Body of [`DUTY_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DutySet {
    /// The shifts.
    pub shifts: Vec<Shift>,
}

/// Body of [`BODY_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BodySet {
    /// The body.
    pub body: Body,
}

/// Body of [`ACCOUNT_SET`]; the password hash is sealed under `account/<id>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountSet {
    /// Stable id.
    pub id: String,
    /// Log-in name.
    pub name: String,
    /// Name on the screen.
    pub display_name: String,
    /// The person behind it.
    pub person: Option<String>,
    /// The unit the person acts for.
    pub unit: Option<String>,
    /// The post the person acts in.
    pub post: Option<String>,
    /// What it may do, and where.
    pub grants: Vec<Grant>,
    /// Argon2 hash of the password, sealed.
    pub password: Sealed,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether the password must be changed before anything else.
    #[serde(default)]
    pub must_change: bool,
}

/// Body of [`PASSWORD_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasswordSet {
    /// Account.
    pub id: String,
    /// Log-in name.
    pub name: String,
    /// Argon2 hash, sealed under `account/<id>`.
    pub password: Sealed,
    /// Whether it must be changed before anything else: it was set by somebody else.
    pub must_change: bool,
}

/// Body of [`TOTP_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TotpSet {
    /// Account.
    pub id: String,
    /// Log-in name.
    pub name: String,
    /// Secret, sealed under `account/<id>`; none when the second factor was taken away.
    pub secret: Option<Sealed>,
    /// SHA-256 of each recovery code, in hexadecimal; the codes are random, so the digests give nothing away.
    pub recovery: Vec<String>,
    /// Why somebody else took it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Body of [`RECOVERY_USED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecoveryUsed {
    /// Account.
    pub id: String,
    /// Log-in name.
    pub name: String,
    /// Digest of the code.
    pub digest: String,
}

/// Body of [`PIN_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PinSet {
    /// Account.
    pub id: String,
    /// Log-in name.
    pub name: String,
    /// Argon2 hash, sealed under `account/<id>`; none when it was taken away.
    pub pin: Option<Sealed>,
}

/// Body of [`ACCOUNT_UNLOCKED`] and [`SESSIONS_ENDED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountRelieved {
    /// Account.
    pub id: String,
    /// Log-in name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Body of [`TOKEN_ISSUED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenIssued {
    /// Id of the token.
    pub id: String,
    /// Account it acts for.
    pub account: String,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the token, in hexadecimal.
    pub digest: String,
    /// The only operations it may do.
    pub operations: BTreeSet<String>,
    /// The only area it may act in; empty for all of the account's.
    pub area: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Body of [`TOKEN_REVOKED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// Id of the token.
    pub id: String,
    /// Account it acted for.
    pub account: String,
    /// What it was for.
    pub name: String,
}

/// Body of [`ACCOUNT_LOCKED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountLocked {
    /// Log-in name.
    pub name: String,
    /// Until when.
    pub until: Timestamp,
    /// `password` or `pin`.
    #[serde(default = "password")]
    pub what: String,
}

fn password() -> String {
    "password".to_owned()
}

/// Body of [`CONTACT_REVEALED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContactRevealed {
    /// Whose number.
    pub person: String,
    /// Why it was needed.
    pub reason: String,
}
