//! Which column of a sheet is which of a register: by its title, and by what stands in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cell::{Cell, Sheet};
use crate::head::Layout;
use crate::schema::{Column, Kind, Schema};
use crate::text;
use crate::value;

/// How a column was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Its title is the register's.
    Title,
    /// Its title resembles the register's.
    Similar,
    /// By what stands in it.
    Content,
    /// As the same layout was read before.
    Remembered,
    /// Somebody said so.
    Said,
}

/// A column of the sheet and the column of the register it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mapped {
    /// Column of the sheet, from 0.
    pub column: usize,
    /// Key of the register's column.
    pub key: String,
    /// How it was recognised.
    pub by: By,
}

/// Rows that are looked at to recognise a column by its content.
const SAMPLE: usize = 200;

/// How well a title fits a column: 100 the same words, 90 the last part of a tall head, less when one holds the other.
pub(crate) fn title_score(parts: &[String], column: &Column) -> i64 {
    let Some(last) = parts.last() else { return 0 };
    let joined: String = parts.iter().map(|part| text::title(part).0).collect();
    let last = text::title(last).0;
    let names = [&column.zh, &column.en, &column.key]
        .into_iter()
        .chain(&column.also);
    names
        .map(|name| score(&joined, &last, &text::title(name).0))
        .max()
        .unwrap_or(0)
}

fn score(joined: &str, last: &str, name: &str) -> i64 {
    if name.is_empty() || last.is_empty() {
        return 0;
    }
    if joined == name {
        return 100;
    }
    if last == name {
        return 90;
    }
    let length = |text: &str| i64::try_from(text.chars().count()).unwrap_or(0);
    let (long, short) = if length(last) > length(name) {
        (last, name)
    } else {
        (name, last)
    };
    if length(short) >= 2 && long.contains(short) {
        return 30 + 40 * length(short) / length(long).max(1);
    }
    0
}

/// The share of the filled sample cells that can be read as a column, in hundredths; `None` without any.
fn content(sheet: &Sheet, layout: &Layout, at: usize, column: &Column) -> Option<i64> {
    let rows = (layout.head_last + 1..sheet.rows.len()).take(SAMPLE);
    let cells: Vec<&Cell> = rows
        .map(|row| sheet.at(row, at))
        .filter(|cell| !cell.is_blank())
        .collect();
    let fits = cells
        .iter()
        .filter(|cell| value::parse(column, cell, sheet.from_1904).is_ok());
    let (fits, all) = (fits.count() * 100, cells.len());
    fits.checked_div(all).and_then(|share| i64::try_from(share).ok())
}

/// Guesses which column is which; each is used once, the surest first.
pub fn guess(sheet: &Sheet, layout: &Layout, schema: &Schema) -> Vec<Mapped> {
    let mut pairs = Vec::new();
    for (at, parts) in layout.titles.iter().enumerate() {
        for (place, column) in schema.columns.iter().enumerate() {
            let by_title = title_score(parts, column);
            if by_title == 0 {
                continue;
            }
            let share = content(sheet, layout, at, column).unwrap_or(100);
            let by = if by_title >= 90 { By::Title } else { By::Similar };
            if by == By::Similar && share < 50 {
                continue;
            }
            pairs.push((by_title * (100 + share), at, place, by));
        }
    }
    pairs.sort_by_key(|(score, at, place, _)| (std::cmp::Reverse(*score), *place, *at));
    let (mut used, mut known) = (BTreeSet::new(), BTreeSet::new());
    let mut mapped = Vec::new();
    for (_, at, place, by) in pairs {
        if used.contains(&at) || known.contains(&place) {
            continue;
        }
        used.insert(at);
        known.insert(place);
        mapped.extend(schema.columns.get(place).map(|column| Mapped {
            column: at,
            key: column.key.clone(),
            by,
        }));
    }
    by_content(sheet, layout, schema, &mut mapped);
    mapped.sort_by_key(|mapped| mapped.column);
    mapped
}

/// Columns of telling content (days, telephone numbers, few words) that no title gave away.
fn by_content(sheet: &Sheet, layout: &Layout, schema: &Schema, mapped: &mut Vec<Mapped>) {
    for column in &schema.columns {
        let telling = matches!(column.kind, Kind::Date | Kind::Phone | Kind::Choice { .. });
        if !telling || mapped.iter().any(|known| known.key == column.key) {
            continue;
        }
        let free = (0..layout.titles.len()).filter(|at| !mapped.iter().any(|known| known.column == *at));
        let fitting: Vec<usize> = free
            .filter(|at| content(sheet, layout, *at, column).is_some_and(|share| share >= 90))
            .collect();
        if let [only] = fitting.as_slice() {
            mapped.push(Mapped {
                column: *only,
                key: column.key.clone(),
                by: By::Content,
            });
        }
    }
}

/// A mapping by key, as a check takes it.
pub fn mapping_of(mapped: &[Mapped]) -> BTreeMap<String, usize> {
    mapped
        .iter()
        .map(|mapped| (mapped.key.clone(), mapped.column))
        .collect()
}
