//! What a table would change, row by row.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::check::CheckedRow;
use crate::schema::Schema;
use crate::value::Value;

/// A row that the register has already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Existing {
    /// Its id.
    pub id: String,
    /// How often it was changed.
    pub version: u64,
    /// Values in their canonical text, by the place of their column; `None` where there is none, or it may not be compared.
    pub values: Vec<Option<String>>,
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SheetChange)]
pub enum Change {
    /// The register does not have it.
    Added,
    /// The register has other values.
    Changed,
    /// The register has it as it stands.
    Unchanged,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// Column.
    pub key: String,
    /// What the register has.
    pub before: String,
    /// What the table says.
    pub after: String,
}

/// What one row would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowChange {
    /// Row as the sheet numbers it, from 1.
    pub row: usize,
    /// What it does.
    pub change: Change,
    /// Id of the row it changes.
    pub id: Option<String>,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// What a table would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// The good rows.
    pub rows: Vec<RowChange>,
    /// Natural keys that the register has and the table does not; an import never removes them.
    pub missing: Vec<String>,
}

impl Diff {
    /// How many rows do this.
    pub fn count(&self, change: Change) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }
}

/// The natural key of a row as one text; `None` when a part of it is not there.
pub fn natural_key(places: &[usize], values: &[Option<Value>]) -> Option<String> {
    let mut parts = Vec::with_capacity(places.len());
    for place in places {
        parts.push(values.get(*place)?.as_ref()?.canonical());
    }
    Some(parts.join("\u{1f}"))
}

/// Compares the good rows with what the register has, by natural key. A blank cell says nothing and changes nothing.
pub fn compare(schema: &Schema, rows: &[CheckedRow], existing: &BTreeMap<String, Existing>) -> Diff {
    let places = schema.key_positions();
    let (mut diff, mut met) = (Diff::default(), HashSet::new());
    for row in rows {
        let Some(key) = natural_key(&places, &row.values) else {
            continue;
        };
        met.insert(key.clone());
        if !row.good {
            continue;
        }
        let known = existing.get(&key);
        let fields = known
            .map(|known| differing(schema, row, known))
            .unwrap_or_default();
        let change = match known {
            None => Change::Added,
            Some(_) if fields.is_empty() => Change::Unchanged,
            Some(_) => Change::Changed,
        };
        diff.rows.push(RowChange {
            row: row.row,
            change,
            id: known.map(|known| known.id.clone()),
            fields,
        });
    }
    let missing: BTreeSet<&String> = existing.keys().filter(|key| !met.contains(*key)).collect();
    diff.missing = missing
        .into_iter()
        .map(|key| key.replace('\u{1f}', " / "))
        .collect();
    diff
}

fn differing(schema: &Schema, row: &CheckedRow, known: &Existing) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    for (place, column) in schema.columns.iter().enumerate() {
        let Some(value) = row.values.get(place).and_then(Option::as_ref) else {
            continue;
        };
        let before = known.values.get(place).cloned().flatten().unwrap_or_default();
        let after = value.canonical();
        if after != before {
            let told = |text: String| if column.sealed { hidden(&text) } else { text };
            fields.push(FieldChange {
                key: column.key.clone(),
                before: told(before),
                after: told(after),
            });
        }
    }
    fields
}

/// A personal value as it may be told: that there is one.
fn hidden(text: &str) -> String {
    "*".repeat(text.chars().count().min(4))
}
