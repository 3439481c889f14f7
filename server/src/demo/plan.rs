//! What `demo/hohhot/organisation.toml` says: rules for counties, townships and villages, and the city's own units.

use anlan_access::Grant;
use serde::Deserialize;

/// The text of the plan.
const PLAN: &str = include_str!("../../../demo/hohhot/organisation.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    #[serde(rename = "label")]
    _label: String,
    #[serde(rename = "city")]
    _city: String,
    pub people: Names,
    pub phones: Phones,
    pub department: Vec<Department>,
    pub unit: Vec<CityUnit>,
    pub county: County,
    pub township: Tier,
    pub village: Tier,
    pub relation: Vec<RelationRule>,
    pub body: Vec<BodyRule>,
    pub posts: Vec<Posts>,
    pub grids: Grids,
    pub account: Vec<AccountRule>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Names {
    pub surnames: Vec<String>,
    pub given: Vec<String>,
    pub whole: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Phones {
    pub mobile: String,
    pub landline: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Department {
    pub code: String,
    pub city: String,
    pub county: String,
    pub district: Option<String>,
    pub short: String,
    #[serde(default, rename = "vertical")]
    _vertical: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct CityUnit {
    pub id: String,
    pub name: String,
    pub short_name: Option<String>,
    pub kind: String,
    pub department: Option<String>,
    pub superior: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct County {
    pub units: Vec<CityUnit>,
    pub districts: Vec<String>,
    pub exception: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Exception {
    pub division: String,
    pub government: String,
    pub departments: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tier {
    pub units: Vec<CityUnit>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RelationRule {
    pub kind: String,
    pub levels: Vec<String>,
    pub from: String,
    pub to: String,
    #[serde(default)]
    pub only: Vec<String>,
    #[serde(default)]
    pub except: Vec<String>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Seat {
    pub unit: String,
    pub title: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct BodyRule {
    pub id: String,
    pub name: String,
    pub levels: Vec<String>,
    pub event_classes: Vec<String>,
    pub office: String,
    pub chair: Seat,
    pub deputies: Vec<Seat>,
    pub members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Posts {
    pub kind: String,
    pub posts: Vec<PostRule>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PostRule {
    pub title: String,
    pub duty_role: Option<String>,
    #[serde(default = "one")]
    pub people: usize,
}

const fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
pub(super) struct Grids {
    pub townships: Vec<String>,
    pub per_village: usize,
    pub title: String,
    pub household_villages: Vec<String>,
    pub households: usize,
    pub needs: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AccountRule {
    pub name: String,
    pub display_name: String,
    pub unit: String,
    pub person: Option<String>,
    pub grants: Vec<Grant>,
}

impl Plan {
    pub(super) fn load() -> anyhow::Result<Self> {
        Ok(toml::from_str(PLAN)?)
    }
}
