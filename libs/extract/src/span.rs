//! Where a value came from.

use serde::Serialize;

/// A stretch of the original text, in bytes and in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// First character.
    pub char_start: usize,
    /// Character after the last.
    pub char_end: usize,
}

/// A value with the words it came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// Where its words stand.
    pub span: Span,
    /// Its words, cleaned.
    pub words: String,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
}
