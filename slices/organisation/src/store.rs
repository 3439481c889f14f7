//! Every SQL statement of the organisation.

mod accounts;
mod directory;
mod people;
mod places;
mod roster;

pub use accounts::*;
pub use directory::*;
pub use people::*;
pub use places::*;
pub use roster::*;

use anlan_ledger::{Headline, LedgerError, Recorded, View};
use anlan_store::{Migration, StoreError, Table, Tx};
use serde::de::DeserializeOwned;

use crate::facts;

/// The tables of the organisation, as the ledger drives them.
#[derive(Debug, Default)]
pub struct OrganisationView;

const TABLES: &[Table] = &[
    Table {
        name: "org_divisions",
        columns: "code, name, level, parent, full_name, initials, lon, lat, retired_at, successor, version",
        key: "code",
    },
    Table {
        name: "org_units",
        columns: "id, name, short_name, kind, department, division, superior, initials, duty_phone, closed, version",
        key: "id",
    },
    Table {
        name: "org_relations",
        columns: "from_unit, to_unit, kind, note",
        key: "from_unit, to_unit, kind",
    },
    Table {
        name: "org_people",
        columns: "id, name, unit, title, mobile, area, initials, contacts, closed, version",
        key: "id",
    },
    Table {
        name: "org_duty",
        columns: "unit, person, role, since, until",
        key: "unit, person, role, since",
    },
    Table {
        name: "org_rosters",
        columns: "unit, version",
        key: "unit",
    },
    Table {
        name: "org_bodies",
        columns: "id, name, division, members, event_classes, closed, version",
        key: "id",
    },
    Table {
        name: "org_posts",
        columns: "id, unit, title, rank, holders, closed, version",
        key: "id",
    },
    Table {
        name: "org_grids",
        columns: "code, village, name, workers, closed, version",
        key: "code",
    },
    Table {
        name: "org_households",
        columns: "code, grid, label, size, need_help, members, closed, version",
        key: "code",
    },
    Table {
        name: "org_accounts",
        columns: "id, name, display_name, person, unit, post, grants, password, disabled, must_change, totp, recovery, pin, version",
        key: "id",
    },
    Table {
        name: "org_tokens",
        columns: "id, account, name, digest, operations, area, issued_at, expires_at, revoked_at",
        key: "id",
    },
];

impl View for OrganisationView {
    fn prefix(&self) -> &'static str {
        "organisation."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[
            Migration {
                name: "organisation/0001_organisation",
                sql: include_str!("../migrations/0001_organisation.sql"),
            },
            Migration {
                name: "organisation/0002_accounts",
                sql: include_str!("../migrations/0002_accounts.sql"),
            },
            Migration {
                name: "organisation/0003_directory",
                sql: include_str!("../migrations/0003_directory.sql"),
            },
            Migration {
                name: "organisation/0004_roster",
                sql: include_str!("../migrations/0004_roster.sql"),
            },
        ]
    }

    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        match recorded.entry.kind.as_str() {
            facts::DIVISIONS_SET => read::<facts::DivisionsSet>(recorded)?
                .divisions
                .iter()
                .try_for_each(|d| places::save_division(tx, d)),
            facts::UNITS_SET => {
                let set: facts::UnitsSet = read(recorded)?;
                set.units
                    .iter()
                    .try_for_each(|unit| directory::save_unit(tx, unit))?;
                set.relations
                    .iter()
                    .try_for_each(|relation| directory::save_relation(tx, relation))
            }
            facts::PEOPLE_SET => read::<facts::PeopleSet>(recorded)?
                .people
                .iter()
                .try_for_each(|p| people::save_person(tx, p)),
            facts::DUTY_SET => read::<facts::DutySet>(recorded)?
                .shifts
                .iter()
                .try_for_each(|s| people::save_shift(tx, s)),
            facts::DUTY_PLANNED => roster::replace_shifts(tx, &read(recorded)?),
            facts::DIVISION_RETIRED => places::retire_division(tx, &read(recorded)?, recorded.at()),
            facts::RELATION_ENDED => {
                directory::end_relation(tx, &read::<facts::RelationEnded>(recorded)?.relation)
            }
            facts::POST_SET => directory::save_post(tx, &read::<facts::PostSet>(recorded)?.post),
            facts::POSTS_SET => read::<facts::PostsSet>(recorded)?
                .posts
                .iter()
                .try_for_each(|post| directory::save_post(tx, post)),
            facts::GRID_SET => places::save_grid(tx, &read(recorded)?, recorded.at()),
            facts::HOUSEHOLD_SET => places::save_household(tx, &read(recorded)?),
            facts::BODY_SET => directory::save_body(tx, &read::<facts::BodySet>(recorded)?.body),
            _ => accounts::apply(tx, recorded),
        }
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let kind = recorded.entry.kind.trim_end_matches(".v1");
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let related = body
            .get("units")
            .is_some_and(|units| units.as_array().is_some_and(Vec::is_empty));
        let relations = body.get("relations").filter(|_| related);
        let count = ["divisions", "units", "people", "shifts", "posts"]
            .iter()
            .find_map(|key| relations.or_else(|| body.get(key))?.as_array().map(Vec::len));
        let name = body
            .get("display_name")
            .or_else(|| body.pointer("/body/name"))
            .or_else(|| body.pointer("/post/title"))
            .or_else(|| body.pointer("/grid/name"))
            .or_else(|| body.get("unit_name"))
            .or_else(|| body.get("name"));
        let mut headline = Headline {
            code: if related { "organisation.related" } else { kind }.to_owned(),
            ..Headline::default()
        };
        if let Some(count) = count {
            headline.params.insert("count".to_owned(), count.to_string());
        }
        if let Some(name) = name.and_then(|name| name.as_str()) {
            headline.params.insert("name".to_owned(), name.to_owned());
        }
        headline
    }
}

fn read<T: DeserializeOwned>(recorded: &Recorded) -> Result<T, StoreError> {
    recorded
        .fact()
        .map_err(|error: LedgerError| StoreError::Value(error.to_string()))
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Value(error.to_string()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(error.to_string()))
}
