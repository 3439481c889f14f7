//! Every SQL statement of resources.

mod experts;
mod records;

pub use experts::*;
pub use records::*;

use anlan_ledger::{Headline, LedgerError, Recorded, View};
use anlan_store::{Migration, StoreError, Table, Tx};
use serde::de::DeserializeOwned;

use crate::facts;

/// The tables of resources, as the ledger drives them.
#[derive(Debug, Default)]
pub struct ResourceView;

const TABLES: &[Table] = &[
    Table {
        name: "resource_records",
        columns: "id, kind, class, code, name, initials, area, readiness, people, capacity, area_m2, lon, lat, as_of, retired, state, version",
        key: "id",
    },
    Table {
        name: "resource_documents",
        columns: "record, place, area, kind, name, holder, valid_to",
        key: "record, place",
    },
    Table {
        name: "resource_rosters",
        columns: "record, members, sealed",
        key: "record",
    },
    Table {
        name: "resource_logs",
        columns: "record, position, at, state",
        key: "record, position",
    },
    Table {
        name: "resource_advice",
        columns: "id, incident, expert, asked_at, score, state",
        key: "id",
    },
    Table {
        name: "resource_flights",
        columns: "id, aircraft, incident, area, answer_due_at, applied_at, state",
        key: "id",
    },
];

impl View for ResourceView {
    fn prefix(&self) -> &'static str {
        "resource."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            name: "resource/0001_registers",
            sql: include_str!("../migrations/0001_registers.sql"),
        }]
    }

    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        let position = recorded.position;
        match recorded.entry.kind.as_str() {
            facts::RECORDS_SET => read::<facts::RecordsSet>(recorded)?
                .records
                .iter()
                .try_for_each(|named| records::set_record(tx, named, (position, recorded.at()))),
            facts::READINESS_SET => records::set_readiness(
                tx,
                &read::<facts::ReadinessSet>(recorded)?,
                (position, recorded.at()),
            ),
            facts::CONFIRMED => records::confirm(tx, &read::<facts::Confirmed>(recorded)?, position),
            facts::RETIRED => records::retire(tx, &read::<facts::Retired>(recorded)?, position),
            facts::ROSTERS_SET => read::<facts::RostersSet>(recorded)?
                .rosters
                .iter()
                .try_for_each(|roster| records::set_roster(tx, roster, position)),
            facts::DEEDS_DONE => read::<facts::DeedsDone>(recorded)?
                .deeds
                .iter()
                .enumerate()
                .try_for_each(|(place, done)| records::add_deed(tx, done, position, place)),
            _ => experts::apply(tx, recorded),
        }
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let mut headline = Headline {
            code: recorded.entry.kind.trim_end_matches(".v1").to_owned(),
            ..Headline::default()
        };
        let parts = [
            ("name", "/records/0/entry/name"),
            ("name", "/expert_name"),
            ("name", "/aircraft_name"),
            ("readiness", "/readiness"),
            ("reason", "/reason"),
            ("reason", "/note"),
            ("state", "/state"),
            ("question", "/question"),
            ("answer", "/answer"),
            ("purpose", "/purpose"),
            ("clause", "/clause"),
            ("text", "/deeds/0/deed/text"),
        ];
        for (name, path) in parts {
            if let Some(text) = body.pointer(path).and_then(serde_json::Value::as_str) {
                headline.params.insert(name.to_owned(), text.to_owned());
            }
        }
        let lists = ["records", "rosters", "deeds", "lines"];
        if let Some(list) = lists.iter().find_map(|key| body.get(key)?.as_array()) {
            headline.params.insert("count".to_owned(), list.len().to_string());
        }
        headline
    }
}

pub(crate) fn read<T: DeserializeOwned>(recorded: &Recorded) -> Result<T, StoreError> {
    recorded
        .fact()
        .map_err(|error: LedgerError| StoreError::Value(error.to_string()))
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Value(error.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(error.to_string()))
}
