//! Official documents: one model, printed as PDF and written as Word, in the form of GB/T 9704-2012.
//!
//! Words: 发文机关标志 *mark* (the red head), 发文字号 *number*, 主送 *addressees*, 落款 *signature*, 版记 *colophon*.
//! Invariants:
//! - the same document gives the same bytes, in both formats; nothing here reads a clock or makes an id;
//! - the text area is 156 × 225 mm, 37 mm from the top and 28 mm from the left, and is filled by 22 lines of 28 characters;
//! - fonts are named officially; where a node has no licence for them, free ones that ship with the program stand in.

pub mod model;
#[cfg(feature = "pdf")]
mod pdf;
mod word;
#[cfg(feature = "pdf")]
mod world;

pub use model::{Annex, Block, Column, Document, Masthead, Run};
#[cfg(feature = "pdf")]
pub use pdf::{Press, Printed};
pub use word::word;

/// Says why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The form itself is broken, which is a fault of the program or of the fonts it was given.
    #[error("the document could not be set: {0}")]
    Setting(String),
    /// The file could not be put together.
    #[error("the document could not be packed: {0}")]
    Packing(String),
}
