//! Tables from spreadsheets, and back: what people keep in Excel, read as they keep it.
//!
//! Words: a *schema* says as data which columns a register has; a *layout* is where a sheet keeps its head and which of
//! its columns is which; a *finding* names one cell, what stood there and what was expected. Invariants:
//! - pure: bytes and data in, bytes and data out; no clock, no store, no network;
//! - nothing is cut off silently: a file beyond a limit is refused by the name of the limit, a row that is passed over is listed;
//! - digits of an identity are never a number: what Excel has already rounded is a finding, not a value.

mod cell;
mod check;
mod diff;
mod error;
mod guess;
mod head;
mod mark;
mod read;
mod schema;
mod text;
mod value;
mod write;

pub use cell::{Cell, Merge, Sheet, Workbook, address, column_name};
pub use check::{Checked, CheckedRow, Finding, Resolve, Skipped, Unresolved, check};
pub use diff::{Change, Diff, Existing, FieldChange, RowChange, compare, natural_key};
pub use error::SheetError;
pub use guess::{By, Mapped, guess, mapping_of};
pub use head::{Layout, find_layout};
pub use mark::marked;
pub use read::{Limits, read};
pub use schema::{Choice, Column, Kind, Lang, Schema};
pub use value::{Problem, Value, parse};
pub use write::{template, write};
