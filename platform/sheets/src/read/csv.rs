//! Texts of columns: UTF-8 with and without mark, UTF-16, GBK; comma, semicolon or tab.

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::{Builder, Limits};
use crate::cell::{Cell, Workbook};
use crate::error::SheetError;

pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let (text, form) = decode(bytes)?;
    let start = text.trim_start();
    if start.starts_with('<') {
        return Err(SheetError::NotATable(
            "it is a web page or XML; open it in Excel and save it as .xlsx",
        ));
    }
    let binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{1a}');
    if text.chars().take(100_000).any(binary) {
        return Err(SheetError::NotATable("it is neither a workbook nor a text"));
    }
    let mut builder = Builder::new(limits);
    Lines::new(&text).fill(&mut builder)?;
    let sheet = builder.sheet(name);
    Ok(Workbook {
        sheets: vec![sheet],
        hidden: Vec::new(),
        form,
    })
}

fn decode(bytes: &[u8]) -> Result<(String, &'static str), SheetError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        let form = if encoding == encoding_rs::UTF_8 {
            "utf-8"
        } else {
            "utf-16"
        };
        return strict(encoding, rest).map(|text| (text, form));
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return strict(encoding, bytes).map(|text| (text, "utf-16"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), "utf-8"));
    }
    strict(GB18030, bytes).map(|text| (text, "gbk"))
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, SheetError> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let (shown, _) = encoding.decode_without_bom_handling(bytes);
    let before = shown.split('\u{fffd}').next().unwrap_or_default();
    Err(SheetError::Encoding {
        line: before.matches('\n').count() + 1,
    })
}

/// UTF-16 without a mark: every second byte of its line ends, commas and digits is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4000) & !1)?;
    let zeros = |offset: usize| {
        sample
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let enough = sample.len() / 50 + 3;
    match (even >= enough, odd >= enough) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads fields after RFC 4180, forgiving about line ends and quotes inside fields.
struct Lines<'t> {
    text: std::iter::Peekable<std::str::Chars<'t>>,
    separator: char,
    place: (usize, usize),
    field: String,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let head: Vec<&str> = text.lines().take(20).collect();
        let count = |sign: char| head.iter().map(|line| line.matches(sign).count()).sum::<usize>();
        let separator = [',', '\t', ';', ',']
            .into_iter()
            .rev()
            .max_by_key(|sign| count(*sign))
            .unwrap_or(',');
        Self {
            text: text.chars().peekable(),
            separator,
            place: (0, 0),
            field: String::new(),
        }
    }

    fn fill(mut self, builder: &mut Builder<'_>) -> Result<(), SheetError> {
        while let Some(letter) = self.text.next() {
            match letter {
                '"' if self.field.is_empty() => self.quoted()?,
                '\r' if self.text.peek() == Some(&'\n') => {}
                '\n' | '\r' => {
                    self.put(builder)?;
                    self.place = (self.place.0 + 1, 0);
                }
                '\u{1a}' => {}
                sign if sign == self.separator => {
                    self.put(builder)?;
                    self.place.1 += 1;
                }
                other => self.field.push(other),
            }
        }
        self.put(builder)
    }

    fn quoted(&mut self) -> Result<(), SheetError> {
        let opened = self.place.0 + 1;
        while let Some(letter) = self.text.next() {
            if letter != '"' {
                self.field.push(letter);
            } else if self.text.peek() == Some(&'"') {
                self.text.next();
                self.field.push('"');
            } else {
                return Ok(());
            }
        }
        Err(SheetError::Damaged(format!(
            "a quotation mark opened in line {opened} is never closed"
        )))
    }

    fn put(&mut self, builder: &mut Builder<'_>) -> Result<(), SheetError> {
        let text = std::mem::take(&mut self.field);
        // `="00123"` is how tables keep Excel from turning an identity into a number.
        let kept = text
            .strip_prefix("=\"")
            .and_then(|rest| rest.strip_suffix('"'))
            .map(str::to_owned);
        builder.put(self.place.0, self.place.1, Cell::Text(kept.unwrap_or(text)))
    }
}
