//! Why a file cannot be read as a table.

/// Says why a file was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither a workbook nor a text of columns.
    #[error("the file is not a table: {0}")]
    NotATable(&'static str),
    /// Cannot be read to its end.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// Locked with a password.
    #[error("the file is protected by a password; save it without one")]
    Password,
    /// The bytes fit no encoding that is read.
    #[error("the text is neither UTF-8, UTF-16 nor GBK (first bad byte near line {line})")]
    Encoding {
        /// Line near the first bad byte, from 1.
        line: usize,
    },
    /// Larger than what is taken at once; nothing was taken.
    #[error("{limit}: {found} found, at most {most} are taken at once")]
    TooLarge {
        /// Which limit: `bytes`, `inflated_bytes`, `rows`, `columns`, `cells`, `cell_characters` or `sheets`.
        limit: &'static str,
        /// How much there was, as far as it was counted.
        found: u64,
        /// The limit.
        most: u64,
    },
    /// No sheet that is shown holds a table.
    #[error("no visible sheet holds a table; hidden sheets are not read: {hidden}")]
    NoSheet {
        /// Names of the hidden sheets.
        hidden: String,
    },
    /// Could not be written.
    #[error("the workbook could not be written: {0}")]
    Write(String),
}

impl SheetError {
    /// Stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sheet.empty",
            Self::NotATable(_) => "sheet.not_a_table",
            Self::Damaged(_) => "sheet.damaged",
            Self::Password => "sheet.password",
            Self::Encoding { .. } => "sheet.encoding",
            Self::TooLarge { .. } => "sheet.too_large",
            Self::NoSheet { .. } => "sheet.no_sheet",
            Self::Write(_) => "sheet.write",
        }
    }
}

impl From<rust_xlsxwriter::XlsxError> for SheetError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Write(error.to_string())
    }
}
