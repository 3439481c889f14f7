//! What a sheet holds: cells, rows, merged regions.

use jiff::civil::DateTime;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as written.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that the sheet shows as a date.
    Date(DateTime),
    /// Yes or no.
    Bool(bool),
    /// A formula's error such as `#REF!`.
    Error(String),
}

impl Cell {
    /// Whether nothing, or nothing but blanks, stands in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => crate::text::clean(text).is_empty(),
            _ => false,
        }
    }

    /// What a reader of the sheet sees, near enough for a message.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            Self::Date(at) => at.to_string().replace('T', " "),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
        }
    }
}

/// Cells drawn as one: the first holds the value. Rows and columns count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// Row and column of the first cell.
    pub first: (usize, usize),
    /// Row and column of the last cell.
    pub last: (usize, usize),
}

impl Merge {
    /// Whether a cell lies in it.
    pub fn holds(&self, row: usize, column: usize) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }
}

/// One sheet of a workbook.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name; that of the file for text.
    pub name: String,
    /// Rows from the top; each as long as its last filled cell.
    pub rows: Vec<Vec<Cell>>,
    /// Merged regions.
    pub merges: Vec<Merge>,
    /// Whether days count from 1904.
    pub from_1904: bool,
}

impl Sheet {
    /// The cell of a row and column, from 0; empty outside.
    pub fn at(&self, row: usize, column: usize) -> &Cell {
        static EMPTY: Cell = Cell::Empty;
        self.rows
            .get(row)
            .and_then(|cells| cells.get(column))
            .unwrap_or(&EMPTY)
    }

    /// The place whose value a cell shows: the first cell of the region it is merged into, or itself.
    pub fn origin(&self, row: usize, column: usize) -> (usize, usize) {
        let merge = self.merges.iter().find(|merge| merge.holds(row, column));
        merge.map_or((row, column), |merge| merge.first)
    }

    /// Columns up to the last filled one.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Whether nothing stands in a row.
    pub fn is_blank(&self, row: usize) -> bool {
        self.rows
            .get(row)
            .is_none_or(|cells| cells.iter().all(Cell::is_blank))
    }
}

/// The visible sheets of a file, and the names of those that are hidden.
#[derive(Debug, Clone, Default)]
pub struct Workbook {
    /// Visible sheets in their order.
    pub sheets: Vec<Sheet>,
    /// Names of hidden sheets, which are not read.
    pub hidden: Vec<String>,
    /// `xlsx`, `xls` or the encoding of a text: `utf-8`, `utf-16`, `gbk`.
    pub form: &'static str,
}

/// Letters of a column counted from 0: `A`, `Z`, `AA`.
pub fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Address of a cell whose row and column count from 0: `C17`.
pub fn address(row: usize, column: usize) -> String {
    format!("{}{}", column_name(column), row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_that_excel_shows() {
        assert_eq!(address(16, 2), "C17");
        assert_eq!(column_name(25), "Z");
        assert_eq!(column_name(26), "AA");
        assert_eq!(column_name(701), "ZZ");
        assert_eq!(column_name(702), "AAA");
    }
}
