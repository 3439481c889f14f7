//! The ledger facts of the organisation. Each carries the whole record, so the last one is how things stand.

use std::collections::BTreeSet;

use anlan_access::Grant;
use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};

use crate::model::{Body, Division, Grid, Post, Relation, Unit};

/// A batch of divisions was taken in.
pub const DIVISIONS_SET: &str = "organisation.divisions_set.v1";
/// A unit was made or changed.
pub const UNITS_SET: &str = "organisation.units_set.v1";
/// People were entered or changed.
pub const PEOPLE_SET: &str = "organisation.people_set.v1";
/// Shifts were assigned.
pub const DUTY_SET: &str = "organisation.duty_set.v1";
/// A unit's shifts of some days were planned anew.
pub const DUTY_PLANNED: &str = "organisation.duty_planned.v1";
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
/// A division's code was retired; another may follow it.
pub const DIVISION_RETIRED: &str = "organisation.division_retired.v1";
/// A relation between two units ended.
pub const RELATION_ENDED: &str = "organisation.relation_ended.v1";
/// A post was made or changed: who holds it, who stands in.
pub const POST_SET: &str = "organisation.post_set.v1";
/// Posts were made in bulk.
pub const POSTS_SET: &str = "organisation.posts_set.v1";
/// A grid was made or changed.
pub const GRID_SET: &str = "organisation.grid_set.v1";
/// A household was made or changed.
pub const HOUSEHOLD_SET: &str = "organisation.household_set.v1";
/// Who lives in a household was read, with a reason.
pub const HOUSEHOLD_REVEALED: &str = "organisation.household_revealed.v1";
/// A telephone number was read whole, with a reason.
pub const CONTACT_REVEALED: &str = "organisation.contact_revealed.v1";
/// A person's numbers were taken away for good, with a reason.
pub const NUMBERS_ERASED: &str = "organisation.numbers_erased.v1";

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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
    /// Other ways to reach the person.
    #[serde(default)]
    pub contacts: Vec<ContactFact>,
    /// Whether the person has left.
    #[serde(default)]
    pub closed: bool,
}

/// One way to reach a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContactFact {
    /// Id within the person.
    pub id: String,
    /// `mobile`, `office`, `duty`, `radio` or `email`.
    pub kind: String,
    /// Sealed under `person/<id>`.
    pub value: Sealed,
}

/// Body of [`PEOPLE_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PeopleSet {
    /// The people.
    pub people: Vec<PersonFact>,
}

/// One shift of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Body of [`DUTY_PLANNED`]: these shifts stand for all that begin in the span; those before stay as they were.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DutyPlanned {
    /// Unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// First instant of the span.
    pub from: Timestamp,
    /// First instant after the span.
    pub to: Timestamp,
    /// The shifts that begin in it.
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
    /// Which contact; `mobile` in older entries.
    #[serde(default)]
    pub contact: Option<String>,
    /// Why it was needed.
    pub reason: String,
}

/// Body of [`DIVISION_RETIRED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DivisionRetired {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The code that follows it.
    pub successor: Option<String>,
    /// Why, for example the document of the change.
    pub reason: String,
}

/// Body of [`RELATION_ENDED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RelationEnded {
    /// The relation.
    pub relation: Relation,
    /// Why.
    pub reason: String,
}

/// Body of [`POST_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostSet {
    /// The post.
    pub post: Post,
}

/// Body of [`POSTS_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostsSet {
    /// The posts.
    pub posts: Vec<Post>,
}

/// Body of [`GRID_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GridSet {
    /// The grid.
    pub grid: Grid,
    /// Names from the city down.
    pub full_name: String,
    /// A point in it, longitude and latitude in degrees.
    pub point: Option<(f64, f64)>,
}

/// Body of [`HOUSEHOLD_SET`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HouseholdSet {
    /// Code.
    pub code: String,
    /// Grid.
    pub grid: String,
    /// House number or door.
    pub label: String,
    /// How many people live there.
    pub size: i64,
    /// How many of them need help to move.
    pub need_help: i64,
    /// The residents as JSON, sealed under `household/<code>`.
    pub members: Sealed,
    /// Whether it was closed; the key is destroyed with it.
    pub closed: bool,
}

/// Body of [`NUMBERS_ERASED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NumbersErased {
    /// Whose numbers.
    pub person: String,
    /// Why.
    pub reason: String,
}

/// Body of [`HOUSEHOLD_REVEALED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HouseholdRevealed {
    /// Code.
    pub code: String,
    /// Why it was needed.
    pub reason: String,
}
