//! Workbooks of today.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};

use super::{Builder, Limits, cell_of, merges_of, worksheets};
use crate::cell::{Sheet, Workbook};
use crate::error::SheetError;

fn damaged(error: &calamine::XlsxError) -> SheetError {
    match error {
        calamine::XlsxError::Password => SheetError::Password,
        other => SheetError::Damaged(other.to_string()),
    }
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let from_1904 = book.has_1904_epoch();
    let mut read = Workbook {
        form: "xlsx",
        ..Workbook::default()
    };
    let known = book.sheets_metadata().to_vec();
    for name in worksheets(known, limits, &mut read)? {
        let mut sheet = cells(&mut book, &name, limits)?;
        sheet.from_1904 = from_1904;
        let regions = book
            .merge_cells_by_sheet_name(&name)
            .map_err(|error| damaged(&error))?;
        sheet.merges = merges_of(&regions, limits);
        read.sheets.push(sheet);
    }
    Ok(read)
}

fn cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: &Limits) -> Result<Sheet, SheetError> {
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|error| damaged(&error))?;
    let mut sheet = Builder::new(limits);
    while let Some(found) = reader.next_cell().map_err(|error| damaged(&error))? {
        let (row, column) = found.get_position();
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        sheet.put(place(row), place(column), cell_of(found.get_value().clone()))?;
    }
    Ok(sheet.sheet(name))
}
