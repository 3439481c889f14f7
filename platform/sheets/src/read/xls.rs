//! Workbooks of Excel 97 to 2003.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader as _, Xls};

use super::{Builder, Limits, cell_of, merges_of, worksheets};
use crate::cell::Workbook;
use crate::error::SheetError;

fn damaged(error: &calamine::XlsError) -> SheetError {
    match error {
        calamine::XlsError::Password => SheetError::Password,
        other => SheetError::Damaged(other.to_string()),
    }
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let from_1904 = book.has_1904_epoch();
    let mut read = Workbook {
        form: "xls",
        ..Workbook::default()
    };
    let known = book.sheets_metadata().to_vec();
    for name in worksheets(known, limits, &mut read)? {
        let range = book.worksheet_range(&name).map_err(|error| damaged(&error))?;
        let mut builder = Builder::new(limits);
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (top, left) = range
            .start()
            .map_or((0, 0), |(row, column)| (place(row), place(column)));
        for (row, column, data) in range.used_cells() {
            builder.put(top + row, left + column, cell_of(borrowed(data)))?;
        }
        let mut sheet = builder.sheet(&name);
        sheet.from_1904 = from_1904;
        let regions = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        sheet.merges = merges_of(&regions, limits);
        read.sheets.push(sheet);
    }
    Ok(read)
}

fn borrowed(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(at) => DataRef::DateTime(*at),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}
