//! Where the head of a sheet stands, and what its titles are.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::cell::{Cell, Sheet, Workbook};
use crate::guess::title_score;
use crate::schema::Schema;
use crate::text;

/// How deep a head is looked for, and how many rows it may have.
const DEPTH: usize = 40;
const TALLEST: usize = 3;

/// Where a sheet keeps what. Rows and columns count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// Which sheet of the workbook.
    pub sheet: usize,
    /// First row of the head.
    pub head_first: usize,
    /// Last row of the head; the data follow.
    pub head_last: usize,
    /// Title of each column, its parts from the top down; empty for columns without one.
    pub titles: Vec<Vec<String>>,
    /// Digest over register and titles: the same layout has the same.
    pub fingerprint: String,
}

impl Layout {
    /// The title of a column in one line.
    pub fn title(&self, column: usize) -> String {
        self.titles
            .get(column)
            .map(|parts| parts.join("/"))
            .unwrap_or_default()
    }
}

/// Finds the sheet and head that fit a register best; without any fit, the first row that looks like a head.
pub fn find_layout(book: &Workbook, schema: &Schema) -> Option<Layout> {
    let mut best: Option<(i64, Layout)> = None;
    for (index, sheet) in book.sheets.iter().enumerate() {
        let Some((score, first, last)) = find_head(sheet, schema) else {
            continue;
        };
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, layout(index, sheet, (first, last), schema)));
        }
    }
    best.map(|(_, layout)| layout)
}

fn layout(index: usize, sheet: &Sheet, (first, last): (usize, usize), schema: &Schema) -> Layout {
    let titles = titles(sheet, first, last);
    let mut hash = Sha256::new();
    hash.update(schema.register.as_bytes());
    for parts in &titles {
        let plain: Vec<String> = parts.iter().map(|part| text::title(part).0).collect();
        hash.update(b"\x1f");
        hash.update(plain.join("/").as_bytes());
    }
    let digest = hex::encode(hash.finalize());
    Layout {
        sheet: index,
        head_first: first,
        head_last: last,
        titles,
        fingerprint: digest.chars().take(32).collect(),
    }
}

/// The titles of a head: merged cells name all columns they cover, repeated parts stand once.
fn titles(sheet: &Sheet, first: usize, last: usize) -> Vec<Vec<String>> {
    let merges: Vec<_> = sheet
        .merges
        .iter()
        .filter(|merge| merge.first.0 <= last && merge.last.0 >= first)
        .collect();
    let mut titles = Vec::new();
    for column in 0..sheet.width() {
        let mut parts: Vec<String> = Vec::new();
        for row in first..=last {
            let origin = merges.iter().find(|merge| merge.holds(row, column));
            let (row, column) = origin.map_or((row, column), |merge| merge.first);
            let part = text::clean(&sheet.at(row, column).shown()).replace(['\n', '\r'], "");
            if !part.is_empty() && parts.last() != Some(&part) {
                parts.push(part);
            }
        }
        titles.push(parts);
    }
    while titles.last().is_some_and(Vec::is_empty) {
        titles.pop();
    }
    titles
}

fn find_head(sheet: &Sheet, schema: &Schema) -> Option<(i64, usize, usize)> {
    let mut best: Option<(i64, usize, usize)> = None;
    let depth = sheet.rows.len().min(DEPTH);
    for first in 0..depth {
        for last in first..(first + TALLEST).min(depth) {
            if sheet.is_blank(last) || is_banner(sheet, last) || is_banner(sheet, first) {
                break;
            }
            let score = head_score(&titles(sheet, first, last), schema) - penalty(sheet, first, last);
            if score > 0 && best.is_none_or(|(known, _, _)| score > known) {
                best = Some((score, first, last));
            }
        }
    }
    best.or_else(|| {
        let plain = |row: &usize| {
            let cells = sheet.rows.get(*row).map(Vec::as_slice).unwrap_or_default();
            let texts = cells
                .iter()
                .filter(|cell| matches!(cell, Cell::Text(_)) && !cell.is_blank());
            texts.count() >= 2 && !is_banner(sheet, *row)
        };
        (0..depth).find(plain).map(|row| (0, row, row))
    })
}

/// A title above the head: one text alone in its row, perhaps merged across it.
fn is_banner(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    let filled = cells.iter().filter(|cell| !cell.is_blank()).count();
    filled == 1
        && sheet.width() > 1
        && !sheet
            .merges
            .iter()
            .any(|merge| merge.first.0 < row && merge.last.0 >= row)
}

/// Numbers and days in a head speak against it, and so does every further row.
fn penalty(sheet: &Sheet, first: usize, last: usize) -> i64 {
    let cells = (first..=last).filter_map(|row| sheet.rows.get(row)).flatten();
    let odd = cells.filter(|cell| {
        matches!(
            cell,
            Cell::Number(_) | Cell::Date(_) | Cell::Bool(_) | Cell::Error(_)
        )
    });
    let rows = i64::try_from(last - first).unwrap_or(0);
    i64::try_from(odd.count()).unwrap_or(0) * 60 + rows * 5
}

fn head_score(titles: &[Vec<String>], schema: &Schema) -> i64 {
    let mut total = 0;
    for column in &schema.columns {
        let best = titles.iter().map(|parts| title_score(parts, column)).max();
        total += best.unwrap_or(0);
    }
    total
}
