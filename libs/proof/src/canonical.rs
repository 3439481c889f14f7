//! Canonical JSON text as of RFC 8785: one value, one text, one digest.
//!
//! Stricter than the RFC in one place: an integer that a double cannot hold exactly is refused instead of rounded,
//! because a rounded number would be a changed fact. Write such numbers as strings.

mod finite;

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Number, Value};

/// Says why a value has no canonical text.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// NaN or an infinity, which JSON cannot say.
    #[error("the number {0} is not finite")]
    Unbounded(f64),
    /// An integer beyond what a double holds exactly.
    #[error("the integer {0} does not fit a double exactly; write it as a string")]
    Inexact(String),
    /// The value could not be turned into JSON at all, for example a map with keys that are not strings.
    #[error("the value is not JSON")]
    Unserialisable(#[source] serde_json::Error),
}

/// Writes any serialisable value as canonical JSON text.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    // serde_json turns NaN into null without a word, so that has to be asked first.
    finite::check(value)?;
    value_to_string(&serde_json::to_value(value).map_err(CanonicalError::Unserialisable)?)
}

/// Writes a JSON value as canonical JSON text.
pub fn value_to_string(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write_value(&mut out, value)?;
    Ok(out)
}

/// Appends `text` to `out` as a canonical JSON string with its quotes.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().any(|b| b < 0x20 || b == b'"' || b == b'\\') {
        text.chars().for_each(|c| write_char(out, c));
    } else {
        out.push_str(text);
    }
    out.push('"');
}

fn write_char(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        c if c < ' ' => {
            let _infallible = write!(out, "\\u{:04x}", u32::from(c));
        }
        c => out.push(c),
    }
}

fn write_value(out: &mut String, value: &Value) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number_text(number)?),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => write_array(out, items)?,
        Value::Object(members) => write_object(out, members)?,
    }
    Ok(())
}

fn write_array(out: &mut String, items: &[Value]) -> Result<(), CanonicalError> {
    out.push('[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_value(out, item)?;
    }
    out.push(']');
    Ok(())
}

fn write_object(out: &mut String, members: &Map<String, Value>) -> Result<(), CanonicalError> {
    let mut sorted: Vec<_> = members.iter().collect();
    // RFC 8785 §3.2.3 sorts by UTF-16 code units, which differs from UTF-8 order beyond U+FFFF.
    sorted.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    out.push('{');
    for (i, (key, value)) in sorted.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_text(out, key);
        out.push(':');
        write_value(out, value)?;
    }
    out.push('}');
    Ok(())
}

fn number_text(number: &Number) -> Result<String, CanonicalError> {
    let text = number.to_string();
    let double = number
        .as_f64()
        .ok_or_else(|| CanonicalError::Inexact(text.clone()))?;
    if !double.is_finite() {
        return Err(CanonicalError::Unbounded(double));
    }
    if number.is_f64() {
        return Ok(es6_number(&text));
    }
    if format!("{double:.0}") != text {
        return Err(CanonicalError::Inexact(text));
    }
    Ok(Number::from_f64(double).map_or(text, |n| es6_number(&n.to_string())))
}

/// Lays out a double the way ECMAScript's `Number::toString` does (ECMA-262 §6.1.6.1.20).
///
/// `text` holds the shortest digits that read back as the same double, ties to even, as `serde_json` writes them.
/// (The standard library's own `{:e}` breaks ties upward, which fails a sample of RFC 8785.)
fn es6_number(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let written = format!("{whole}{fraction}");
    let digits = written.trim_start_matches('0');
    let leading_zeros = written.len() - digits.len();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let whole_digits =
        isize::try_from(whole.len()).unwrap_or(0) - isize::try_from(leading_zeros).unwrap_or(0);
    let point = whole_digits + exponent.parse::<isize>().unwrap_or(0);
    format!("{sign}{}", place_point(digits, point))
}

/// Sets the decimal point after `point` of the `digits`, or changes to an exponent where ECMAScript does.
fn place_point(digits: &str, point: isize) -> String {
    let count = isize::try_from(digits.len()).unwrap_or(isize::MAX);
    let zeros = |n: isize| "0".repeat(n.unsigned_abs());
    let split = |at: isize| digits.split_at(at.unsigned_abs());
    if count <= point && point <= 21 {
        return format!("{digits}{}", zeros(point - count));
    }
    if 0 < point && point <= 21 {
        let (whole, fraction) = split(point);
        return format!("{whole}.{fraction}");
    }
    if -6 < point && point <= 0 {
        return format!("0.{}{digits}", zeros(point));
    }
    let (first, rest) = split(1);
    let mut out = first.to_owned();
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    let _infallible = write!(out, "e{:+}", point - 1);
    out
}

#[cfg(test)]
mod tests;
