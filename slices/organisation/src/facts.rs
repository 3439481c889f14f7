//! The ledger facts of the organisation. Each carries the whole record, so the last one is how things stand.

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
}

/// Body of [`ACCOUNT_LOCKED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountLocked {
    /// Log-in name.
    pub name: String,
    /// Until when.
    pub until: Timestamp,
}

/// Body of [`CONTACT_REVEALED`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContactRevealed {
    /// Whose number.
    pub person: String,
    /// Why it was needed.
    pub reason: String,
}
