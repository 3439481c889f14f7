//! Statements that register themselves, and their parameters.

use std::borrow::Cow;
use std::sync::OnceLock;

use anlan_foundation::{Realm, Timestamp};

/// One SQL statement of the program, with `$1 … $n` placeholders.
#[derive(Debug)]
pub struct Statement {
    text: &'static str,
    file: &'static str,
    line: u32,
    sqlite: OnceLock<String>,
}

inventory::collect!(&'static Statement);

impl Statement {
    /// Made by [`sql!`](crate::sql); not called by hand.
    #[doc(hidden)]
    pub const fn new(text: &'static str, file: &'static str, line: u32) -> Self {
        Self {
            text,
            file,
            line,
            sqlite: OnceLock::new(),
        }
    }

    /// The text as written, which PostgreSQL takes as it is.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Where it stands in the source: file and line.
    pub const fn place(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }

    /// The same text with SQLite's `?n` placeholders.
    pub(crate) fn sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| self.text.replace('$', "?"))
    }
}

/// Every statement of the program, for the test that prepares each on both engines.
pub fn all_statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<&'static Statement>.into_iter().copied()
}

/// Declares a SQL statement in place and registers it: `tx.execute(sql!("DELETE FROM t WHERE id = $1"), &[…])`.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        static STATEMENT: $crate::Statement = $crate::Statement::new($text, file!(), line!());
        $crate::inventory::submit! { &STATEMENT }
        &STATEMENT
    }};
}

/// A value bound to a placeholder.
#[derive(Debug, Clone, PartialEq)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// BOOLEAN.
    Bool(bool),
    /// BIGINT.
    Int(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// TEXT.
    Text(Cow<'a, str>),
    /// BYTEA.
    Bytes(Cow<'a, [u8]>),
}

/// Turns a Rust value into a [`Param`].
pub trait ToParam {
    /// The value as a parameter.
    fn to_param(&self) -> Param<'_>;
}

/// Builds the parameter list of a statement: `params![id, name, now]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToParam::to_param(&$value)),*] };
}

impl ToParam for bool {
    fn to_param(&self) -> Param<'_> {
        Param::Bool(*self)
    }
}
impl ToParam for i64 {
    fn to_param(&self) -> Param<'_> {
        Param::Int(*self)
    }
}
impl ToParam for u32 {
    fn to_param(&self) -> Param<'_> {
        Param::Int(i64::from(*self))
    }
}
impl ToParam for u64 {
    fn to_param(&self) -> Param<'_> {
        Param::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}
impl ToParam for usize {
    fn to_param(&self) -> Param<'_> {
        Param::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}
impl ToParam for f64 {
    fn to_param(&self) -> Param<'_> {
        Param::Real(*self)
    }
}
impl ToParam for str {
    fn to_param(&self) -> Param<'_> {
        Param::Text(Cow::Borrowed(self))
    }
}
impl ToParam for String {
    fn to_param(&self) -> Param<'_> {
        Param::Text(Cow::Borrowed(self))
    }
}
impl ToParam for Vec<u8> {
    fn to_param(&self) -> Param<'_> {
        Param::Bytes(Cow::Borrowed(self))
    }
}
impl ToParam for [u8] {
    fn to_param(&self) -> Param<'_> {
        Param::Bytes(Cow::Borrowed(self))
    }
}
impl ToParam for Timestamp {
    fn to_param(&self) -> Param<'_> {
        Param::Int(self.as_micros())
    }
}
impl ToParam for Realm {
    fn to_param(&self) -> Param<'_> {
        Param::Text(Cow::Owned(self.to_string()))
    }
}
impl<T: ToParam + ?Sized> ToParam for &T {
    fn to_param(&self) -> Param<'_> {
        (**self).to_param()
    }
}
impl<T: ToParam> ToParam for Option<T> {
    fn to_param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, ToParam::to_param)
    }
}

/// Lets typed ids and text enums be bound and read as TEXT: `text_column!(IncidentId, Grade)`; they need
/// `Display` and `FromStr`.
#[macro_export]
macro_rules! text_column {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::ToParam for $name {
            fn to_param(&self) -> $crate::Param<'_> {
                $crate::Param::Text(::std::borrow::Cow::Owned(self.to_string()))
            }
        }
        impl $crate::Column for $name {
            fn read(row: &$crate::Row<'_>, index: usize) -> ::std::result::Result<Self, $crate::StoreError> {
                let text: String = row.get(index)?;
                text.parse().map_err(|_| $crate::StoreError::Value(format!("`{text}` is not a {}", stringify!($name))))
            }
        }
    )+};
}
