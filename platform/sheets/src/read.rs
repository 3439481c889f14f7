//! Reading a file: what it is, whether it is safe to open, and what stands in it.

mod csv;
mod guard;
mod xls;
mod xlsx;

use crate::cell::{Cell, Sheet, Workbook};
use crate::error::SheetError;

/// What is taken at once. A file beyond one of them is refused by its name, never cut off.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of a workbook once unpacked.
    pub inflated: u64,
    /// Rows of a sheet, the head among them.
    pub rows: usize,
    /// Columns of a sheet.
    pub columns: usize,
    /// Sheets of a workbook.
    pub sheets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            inflated: 384 << 20,
            rows: 200_000,
            columns: 200,
            sheets: 50,
        }
    }
}

/// Characters that a cell of a workbook can hold.
const CELL_CHARACTERS: usize = 32_767;

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl Limits {
    fn check(limit: &'static str, found: usize, most: usize) -> Result<(), SheetError> {
        if found <= most {
            return Ok(());
        }
        Err(SheetError::TooLarge {
            limit,
            found: count(found),
            most: count(most),
        })
    }
}

/// Reads a file by what its bytes are; its name only names the sheet of a text.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if count(bytes.len()) > limits.bytes {
        return Err(SheetError::TooLarge {
            limit: "bytes",
            found: count(bytes.len()),
            most: limits.bytes,
        });
    }
    let book = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        guard::check_archive(bytes, limits)?;
        xlsx::read(bytes, limits)?
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        guard::check_compound(bytes)?;
        xls::read(bytes, limits)?
    } else if bytes.starts_with(b"%PDF") {
        return Err(SheetError::NotATable("it is a PDF document"));
    } else {
        csv::read(name, bytes, limits)?
    };
    if book.sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        if book.hidden.is_empty() {
            return Err(SheetError::Empty);
        }
        return Err(SheetError::NoSheet {
            hidden: book.hidden.join("、"),
        });
    }
    Ok(book)
}

/// Builds a sheet from cells in any order, within the limits.
struct Builder<'l> {
    limits: &'l Limits,
    rows: Vec<Vec<Cell>>,
}

impl<'l> Builder<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            rows: Vec::new(),
        }
    }

    fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), SheetError> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if let Cell::Text(text) = &cell {
            if text.is_empty() {
                return Ok(());
            }
            if text.len() > CELL_CHARACTERS {
                Limits::check("cell_characters", text.chars().count(), CELL_CHARACTERS)?;
            }
        }
        Limits::check("rows", row + 1, self.limits.rows)?;
        Limits::check("columns", column + 1, self.limits.columns)?;
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let Some(cells) = self.rows.get_mut(row) else {
            return Ok(());
        };
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    fn sheet(self, name: &str) -> Sheet {
        Sheet {
            name: name.to_owned(),
            rows: self.rows,
            merges: Vec::new(),
            from_1904: false,
        }
    }
}

/// A cell as calamine gives it, whatever the form of the workbook.
fn cell_of(data: calamine::DataRef<'_>) -> Cell {
    use calamine::DataRef;
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(float(number)),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Bool(yes) => Cell::Bool(yes),
        DataRef::DateTime(at) => moment(at),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn float(number: i64) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

fn moment(at: calamine::ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let civil = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    let civil = civil
        .zip(i8::try_from(day).ok())
        .and_then(|((year, month), day)| {
            let clock = [hour, minute, second].map(|part| i8::try_from(part).unwrap_or(0));
            let [hour, minute, second] = clock;
            jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()
        });
    if at.is_duration() {
        return Cell::Number(at.as_f64());
    }
    civil.map_or_else(|| Cell::Number(at.as_f64()), Cell::Date)
}

/// Names of the worksheets that are shown, in their order; those that are hidden are told in the workbook.
fn worksheets(
    known: Vec<calamine::Sheet>,
    limits: &Limits,
    read: &mut Workbook,
) -> Result<Vec<String>, SheetError> {
    Limits::check("sheets", known.len(), limits.sheets)?;
    let mut shown = Vec::new();
    for sheet in known {
        if sheet.typ != calamine::SheetType::WorkSheet {
            continue;
        }
        let names = if sheet.visible == calamine::SheetVisible::Visible {
            &mut shown
        } else {
            &mut read.hidden
        };
        names.push(sheet.name);
    }
    Ok(shown)
}

fn merges_of(regions: &[calamine::Dimensions], limits: &Limits) -> Vec<crate::cell::Merge> {
    let place = |(row, column): (u32, u32)| {
        (
            usize::try_from(row).unwrap_or(usize::MAX),
            usize::try_from(column).unwrap_or(usize::MAX),
        )
    };
    let merge = |region: &calamine::Dimensions| crate::cell::Merge {
        first: place(region.start),
        last: place(region.end),
    };
    let within = |merge: &crate::cell::Merge| merge.first.0 < limits.rows && merge.first.1 < limits.columns;
    regions.iter().map(merge).filter(within).collect()
}
