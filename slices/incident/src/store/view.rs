//! How entries become tables.

use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, Recorded, View};
use anlan_store::{Migration, StoreError, Table, Tx, params, sql};

use super::{NEVER, due, load, silence};
use crate::facts::Fact;
use crate::model::{self, Incident};

/// The tables of incidents, as the ledger drives them.
#[derive(Debug, Default)]
pub struct IncidentView;

const TABLES: &[Table] = &[
    Table {
        name: "incident_incidents",
        columns: "id, code, area, is_open, status, event_class, grade, received_at, next_due_at, next_alarm_at, version, search_text",
        key: "id",
    },
    Table {
        name: "incident_states",
        columns: "id, state",
        key: "id",
    },
    Table {
        name: "incident_versions",
        columns: "id, position, until_position, area, is_open, status, event_class, grade, received_at, next_due_at",
        key: "id, position",
    },
    Table {
        name: "incident_photos",
        columns: "digest, incident, area, photo",
        key: "digest, incident",
    },
    Table {
        name: "incident_heard",
        columns: "unit, position, area, at",
        key: "unit, position",
    },
    Table {
        name: "incident_zeros",
        columns: "unit, day, position, at",
        key: "unit, day, position",
    },
    Table {
        name: "incident_watches",
        columns: "id, since, until_at, state",
        key: "id",
    },
];

impl View for IncidentView {
    fn prefix(&self) -> &'static str {
        "incident."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[
            Migration {
                name: "incident/0001_incident",
                sql: include_str!("../../migrations/0001_incident.sql"),
            },
            Migration {
                name: "incident/0002_silence",
                sql: include_str!("../../migrations/0002_silence.sql"),
            },
            Migration {
                name: "incident/0003_changes",
                sql: include_str!("../../migrations/0003_changes.sql"),
            },
        ]
    }

    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        let Some(fact) = fact_of(recorded)? else {
            return Ok(());
        };
        silence::hear(tx, recorded, &fact)?;
        match &fact {
            Fact::ZeroReported(zero) => return silence::save_zero(tx, zero, recorded),
            Fact::WatchSet(watch) => return silence::save_watch(tx, watch),
            _ => {}
        }
        let id = id_of(recorded);
        let mut incident = load(tx, id)?.unwrap_or_else(|| Incident::new(id));
        let photos = incident.attachments.len();
        incident.apply(&fact, &meta(recorded));
        save(tx, &incident)?;
        keep_version(tx, &incident)?;
        keep_photos(tx, &incident, photos)
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let mut headline = Headline {
            code: recorded.entry.kind.trim_end_matches(".v1").to_owned(),
            ..Headline::default()
        };
        if body.pointer("/supplement").and_then(serde_json::Value::as_bool) == Some(true) {
            "incident.supplemented".clone_into(&mut headline.code);
        }
        let parts = [
            ("title", "/title"),
            ("division_name", "/division_name"),
            ("unit_name", "/taken_by/unit_name"),
            ("unit_name", "/unit/unit_name"),
            ("from_unit", "/from_unit/unit_name"),
            ("to_unit", "/to_unit/unit_name"),
            ("serial", "/serial"),
            ("verdict", "/verdict"),
            ("outcome", "/outcome"),
            ("kind", "/kind"),
            ("source", "/source"),
            ("manner", "/manner"),
            ("grade", "/grade"),
            ("stage", "/stage"),
            ("reason", "/reason"),
            ("name", "/into/code"),
            ("name", "/from/code"),
            ("channel", "/channel"),
        ];
        for (name, path) in parts {
            if let Some(text) = body.pointer(path).and_then(serde_json::Value::as_str) {
                headline.params.insert(name.to_owned(), text.to_owned());
            }
        }
        let names = |path: &str| -> Vec<String> {
            let units = body.pointer(path).and_then(serde_json::Value::as_array);
            let name = |unit: &serde_json::Value| Some(unit.pointer("/unit_name")?.as_str()?.to_owned());
            units.into_iter().flatten().filter_map(name).collect()
        };
        let told = body.pointer("/recipients").and_then(serde_json::Value::as_array);
        let told: Vec<&str> = told
            .into_iter()
            .flatten()
            .filter_map(|one| {
                one.pointer("/name")
                    .or_else(|| one.pointer("/unit/unit_name"))?
                    .as_str()
            })
            .collect();
        if !told.is_empty() {
            headline.params.insert("told".to_owned(), told.join("、"));
        }
        let receivers = names("/to_units");
        if !receivers.is_empty() {
            headline.params.insert("to_unit".to_owned(), receivers.join("、"));
        }
        headline
    }
}

fn id_of(recorded: &Recorded) -> &str {
    recorded
        .entry
        .stream
        .strip_prefix("incident/")
        .unwrap_or(&recorded.entry.stream)
}

pub(super) fn fact_of(recorded: &Recorded) -> Result<Option<Fact>, StoreError> {
    Fact::read(&recorded.entry.kind, &recorded.entry.body)
        .map_err(|error| StoreError::Value(error.to_string()))
}

pub(super) fn meta(recorded: &Recorded) -> model::Recorded {
    let by = recorded.actor().name.clone().unwrap_or_default();
    model::Recorded {
        position: recorded.position,
        at: recorded.at(),
        by,
    }
}

fn received(incident: &Incident) -> Timestamp {
    incident.received_at().unwrap_or(Timestamp::from_micros(0))
}

fn save(tx: &mut Tx<'_>, incident: &Incident) -> Result<(), StoreError> {
    let state = serde_json::to_string(incident).map_err(|error| StoreError::Value(error.to_string()))?;
    tx.execute(
        sql!(
            "INSERT INTO incident_states (id, state)
             VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE
             SET state = excluded.state"
        ),
        params![incident.id, state],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO incident_incidents (id, code, area, is_open, status, event_class, grade, received_at, next_due_at,
                                             next_alarm_at, version, search_text)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (id) DO UPDATE
             SET is_open = excluded.is_open, status = excluded.status, event_class = excluded.event_class,
                 grade = excluded.grade, received_at = excluded.received_at, next_due_at = excluded.next_due_at,
                 next_alarm_at = excluded.next_alarm_at, version = excluded.version, search_text = excluded.search_text"
        ),
        params![
            incident.id,
            incident.code,
            incident.division,
            incident.is_open(),
            incident.status.name(),
            incident.event_class,
            incident.grade(),
            received(incident),
            due(incident.next_due()),
            incident.next_alarm(),
            incident.version,
            incident.search_text()
        ],
    )?;
    Ok(())
}

/// Keeps how the incident stood from this position on, for lists as of an earlier moment.
fn keep_version(tx: &mut Tx<'_>, incident: &Incident) -> Result<(), StoreError> {
    tx.execute(
        sql!("UPDATE incident_versions SET until_position = $2 WHERE id = $1 AND until_position = $3"),
        params![incident.id, incident.position, NEVER],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO incident_versions (id, position, until_position, area, is_open, status, event_class, grade,
                                            received_at, next_due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            incident.id,
            incident.position,
            NEVER,
            incident.division,
            incident.is_open(),
            incident.status.name(),
            incident.event_class,
            incident.grade(),
            received(incident),
            due(incident.next_due())
        ],
    )?;
    Ok(())
}

fn keep_photos(tx: &mut Tx<'_>, incident: &Incident, known: usize) -> Result<(), StoreError> {
    for held in incident.attachments.iter().skip(known) {
        let photo =
            serde_json::to_string(&held.attachment).map_err(|error| StoreError::Value(error.to_string()))?;
        tx.execute(
            sql!(
                "INSERT INTO incident_photos (digest, incident, area, photo)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (digest, incident) DO NOTHING"
            ),
            params![held.attachment.digest, incident.id, incident.division, photo],
        )?;
    }
    Ok(())
}
