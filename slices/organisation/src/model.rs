//! Nouns of the organisation.

use std::collections::BTreeSet;

use anlan_access::Grant;
use anlan_foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A place of administration: city, county, township, village, grid or household.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Division {
    /// Statistical code; containment is prefix.
    pub code: String,
    /// Name as people say it.
    pub name: String,
    /// `city`, `county`, `township`, `village`, `grid` or `household`.
    pub level: String,
    /// Code of the division it lies in.
    pub parent: String,
    /// Name from the city down.
    pub full_name: String,
    /// Pinyin initials of the name, lower case.
    pub initials: String,
    /// Longitude of a representative point, degrees, CGCS2000.
    pub lon: Option<f64>,
    /// Latitude of a representative point, degrees, CGCS2000.
    pub lat: Option<f64>,
}

/// An organ that acts for a division.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unit {
    /// Stable id.
    pub id: String,
    /// Official name.
    pub name: String,
    /// Name for narrow columns.
    pub short_name: String,
    /// `government`, `duty_office`, `department`, `command_office`, `township_office`, `village_committee`, `brigade`
    /// or `province`.
    pub kind: String,
    /// Department, for example `emergency` 应急 or `fire` 消防救援.
    pub department: Option<String>,
    /// Division it acts for.
    pub division: String,
    /// The unit one level up that its reports go to.
    pub superior: Option<String>,
    /// Pinyin initials of the name, lower case.
    #[serde(default)]
    pub initials: String,
    /// Published duty telephone; not personal, so not sealed.
    #[serde(default)]
    pub duty_phone: Option<String>,
    /// Whether it was dissolved.
    #[serde(default)]
    pub closed: bool,
    /// How often it was changed; goes back as `expected_version`.
    #[serde(default)]
    pub version: u64,
}

/// How one unit stands to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Relation {
    /// The lower or asked unit.
    pub from_unit: String,
    /// The higher or asking unit.
    pub to_unit: String,
    /// `subordinate` 隶属, `guidance` 业务指导 or `negotiated` 协调.
    pub kind: String,
    /// On what it rests: a law, an agreement.
    #[serde(default)]
    pub note: String,
}

/// Somebody who works for a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit_id: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Post or title.
    pub title: String,
    /// Mobile number with its middle hidden; `null` when there is none or it was erased.
    pub mobile_masked: Option<String>,
    /// Division of the unit.
    pub area: String,
    /// Every way to reach the person, masked.
    pub contacts: Vec<Contact>,
    /// Whether the person has left.
    pub closed: bool,
    /// How often the person was changed; goes back as `expected_version`.
    pub version: u64,
}

/// Who is on duty now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DutyNow {
    /// Unit.
    pub unit_id: String,
    /// Name of the unit.
    pub unit_name: String,
    /// `leader` 带班, `main` 主班 or `deputy` 副班.
    pub duty_role: String,
    /// Person.
    pub person_id: String,
    /// Name of the person.
    pub person_name: String,
    /// Mobile number with its middle hidden.
    pub mobile_masked: Option<String>,
    /// The same, in the form of a contact book.
    pub contacts: Vec<Contact>,
    /// End of the shift.
    pub until: Timestamp,
}

/// A shift of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlannedShift {
    /// Person.
    pub person_id: String,
    /// Name of the person.
    pub person_name: String,
    /// `leader` 带班, `main` 主班 or `deputy` 副班.
    pub role: String,
    /// Start.
    pub since: Timestamp,
    /// End.
    pub until: Timestamp,
}

/// A way to reach somebody; the value is never shown whole here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contact {
    /// Id for reading it whole.
    pub id: String,
    /// `mobile`, `office`, `duty`, `radio` or `email`.
    pub kind: String,
    /// Always `null`: reading it whole needs a reason.
    pub value: Option<String>,
    /// The value with its middle hidden.
    pub masked: String,
    /// Always true.
    pub sealed: bool,
}

/// A member of a command body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// `chair` 总指挥, `deputy` 副总指挥, `member` 成员单位 or `office` 办公室.
    pub role: String,
    /// Name of the person or unit.
    pub name: String,
    /// Title of the person, if it is one.
    #[serde(default)]
    pub title: String,
    /// The unit that sits in the body, or whose post does.
    #[serde(default)]
    pub unit: Option<String>,
    /// The person, if it is one.
    #[serde(default)]
    pub person: Option<String>,
}

/// A command body such as 防汛抗旱指挥部.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Body {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Division it commands in.
    pub division: String,
    /// Chair, deputies, member units and office, in their order.
    pub members: Vec<Member>,
    /// Prefixes of the event classes it commands.
    #[serde(default)]
    pub event_classes: Vec<String>,
    /// Whether it was dissolved.
    #[serde(default)]
    pub closed: bool,
    /// How often it was changed; goes back as `expected_version`.
    #[serde(default)]
    pub version: u64,
}

/// Somebody in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holder {
    /// Person.
    pub person: String,
    /// `holder` 任职, `acting` 代理 (stands in for an absent holder) or `deputy` 副职.
    pub kind: String,
    /// Among those of one kind, the lower comes first.
    pub order: i64,
}

/// A post of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Post {
    /// Stable id.
    pub id: String,
    /// Unit.
    pub unit: String,
    /// Title.
    pub title: String,
    /// The lower comes first in the unit.
    pub rank: i64,
    /// Who is in it, and who stands in.
    pub holders: Vec<Holder>,
    /// Whether it was abolished.
    #[serde(default)]
    pub closed: bool,
    /// How often it was changed; goes back as `expected_version`.
    #[serde(default)]
    pub version: u64,
}

/// A grid 网格 of a village or community, with those who work in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grid {
    /// Code: the village's and two digits.
    pub code: String,
    /// Code of the village.
    pub village: String,
    /// Name.
    pub name: String,
    /// Persons: grid workers 网格员, who also report disasters and earthquakes.
    pub workers: Vec<String>,
    /// Whether it was dissolved.
    #[serde(default)]
    pub closed: bool,
    /// How often it was changed; goes back as `expected_version`.
    #[serde(default)]
    pub version: u64,
}

/// Somebody of a household, as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resident {
    /// Name.
    pub name: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Year of birth.
    #[serde(default)]
    pub born: Option<i32>,
    /// What help is needed to move, for example 行动不便.
    #[serde(default)]
    pub needs: Option<String>,
}

/// A household 户; whoever lives there is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Household {
    /// Code: the grid's and four digits.
    pub code: String,
    /// Code of the grid.
    pub grid: String,
    /// House number or door.
    pub label: String,
    /// How many people live there.
    pub size: i64,
    /// How many of them need help to move.
    pub need_help: i64,
    /// Their names with all but the first character hidden, and masked numbers; empty when erased.
    pub residents: Vec<MaskedResident>,
    /// Whether it was closed, and its people's data destroyed.
    pub closed: bool,
    /// How often it was changed; goes back as `expected_version`.
    pub version: u64,
}

/// Somebody of a household, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MaskedResident {
    /// The first character and stars.
    pub name: String,
    /// Masked number.
    pub phone: Option<String>,
}

/// An account without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four questions that a page asks, each yes or no"
)]
pub struct Account {
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
    #[schema(value_type = Vec<Object>)]
    pub grants: Vec<Grant>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether the password must be changed before anything else.
    pub must_change_password: bool,
    /// Whether a second factor is enrolled.
    pub totp_enabled: bool,
    /// Whether a PIN for approvals is set.
    pub pin_set: bool,
    /// Until when it is locked after wrong passwords; past or `null` when it is not.
    pub locked_until: Option<Timestamp>,
    /// How often it was changed; goes back as `expected_version`.
    pub version: u64,
}

impl Account {
    /// The area that entries about it belong to: that of its first grant.
    pub fn area(&self) -> &str {
        self.grants.first().map_or("", |grant| grant.area.as_str())
    }
}

/// A session that still runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionRow {
    /// Id for ending it.
    pub id: String,
    /// What the client calls itself.
    pub client: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A machine's token; the token itself is shown once, when it is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MachineToken {
    /// Id for withdrawing it.
    pub id: String,
    /// Account it acts for.
    pub account: String,
    /// What it is for.
    pub name: String,
    /// The only operations it may do.
    pub operations: BTreeSet<String>,
    /// The only area it may act in; empty for all of the account's.
    pub area: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
}
