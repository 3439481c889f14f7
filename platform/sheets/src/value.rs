//! What stands in a cell, read as what its column holds.

mod date;
mod number;

use jiff::civil::Date;

use crate::cell::Cell;
use crate::schema::{Column, Kind, Lang};
use crate::text;

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words, an identity, a telephone number, a choice's value.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Decimal(f64),
    /// A day.
    Date(Date),
    /// Yes or no.
    YesNo(bool),
    /// Something of another register.
    Reference {
        /// Its id.
        id: String,
        /// How it is called.
        name: String,
    },
}

impl Value {
    /// The one text by which values are compared.
    pub fn canonical(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Date(day) => day.to_string(),
            Self::YesNo(yes) => yes.to_string(),
            Self::Reference { id, .. } => id.clone(),
        }
    }
}

/// Why a cell cannot be read as what its column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, for example `bad_date`.
    pub code: &'static str,
    /// What was expected, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Problem {
    /// A problem with what was expected.
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// What was expected, in a language.
    pub fn expected(&self, lang: Lang) -> &str {
        lang.of(&self.zh, &self.en)
    }
}

/// Reads a cell that is not blank. A reference is given back as text, for the register to find.
pub fn parse(column: &Column, cell: &Cell, from_1904: bool) -> Result<Value, Problem> {
    if let Cell::Error(error) = cell {
        return Err(Problem::new(
            "formula_error",
            format!("公式出错({error}),请改为数值"),
            format!("a value: the formula gives {error}"),
        ));
    }
    match &column.kind {
        Kind::Text { most } => words(cell, *most),
        Kind::Identity { least, most, digits } => identity(cell, (*least, *most), *digits),
        Kind::Whole { least, most } => number::whole(column, cell, (*least, *most)),
        Kind::Decimal { least, most } => number::decimal(column, cell, (*least, *most)),
        Kind::Date => date::day(cell, from_1904).map(Value::Date),
        Kind::YesNo => yes_no(cell),
        Kind::Choice { choices } => {
            let said = text::title(&cell.shown()).0;
            let same = |word: &str| text::title(word).0 == said;
            let found = choices.iter().find(|choice| {
                same(&choice.value) || same(&choice.zh) || choice.also.iter().any(|w| same(w))
            });
            found
                .map(|choice| Value::Text(choice.value.clone()))
                .ok_or_else(|| {
                    let words: Vec<&str> = choices.iter().take(12).map(|choice| choice.zh.as_str()).collect();
                    let values: Vec<&str> = choices
                        .iter()
                        .take(12)
                        .map(|choice| choice.value.as_str())
                        .collect();
                    Problem::new(
                        "not_a_choice",
                        format!("其中之一:{}", words.join("、")),
                        format!("one of {}", values.join(", ")),
                    )
                })
        }
        Kind::Phone => phone(cell),
        Kind::Reference { .. } => words(cell, 200),
    }
}

fn words(cell: &Cell, most: usize) -> Result<Value, Problem> {
    let said = match cell {
        Cell::Number(number) => whole_digits(*number)?,
        other => text::clean(&other.shown()),
    };
    let length = said.chars().count();
    if length > most {
        return Err(Problem::new(
            "too_long",
            format!("最多 {most} 字,现有 {length} 字"),
            format!("at most {most} characters, not {length}"),
        ));
    }
    if said
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(Problem::new(
            "bad_format",
            "不含控制字符的文字",
            "text without control characters",
        ));
    }
    Ok(Value::Text(said))
}

/// The digits of a number typed where text belongs; Excel keeps 15 of them, the others are lost.
fn whole_digits(number: f64) -> Result<String, Problem> {
    if number.abs() >= 1e15 {
        return Err(Problem::new(
            "lost_digits",
            "文本格式的号码:Excel 只保留 15 位数字,后面的已丢失,请把该列设为文本后重新填写",
            "the digits as text: Excel keeps 15 digits of a number, the rest is lost",
        ));
    }
    Ok(number.to_string())
}

fn identity(cell: &Cell, (least, most): (usize, usize), digits: bool) -> Result<Value, Problem> {
    let said = match cell {
        Cell::Number(number) => whole_digits(*number)?,
        other => text::digits(&other.shown())
            .trim_start_matches('\'')
            .to_uppercase(),
    };
    let length = said.chars().count();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '#');
    let fits = said
        .chars()
        .all(|c| if digits { c.is_ascii_digit() } else { plain(c) });
    if fits && (least..=most).contains(&length) {
        return Ok(Value::Text(said));
    }
    let range = if least == most {
        least.to_string()
    } else {
        format!("{least}~{most}")
    };
    let (zh, en) = if digits {
        ("数字", "digits")
    } else {
        ("字母或数字", "letters or digits")
    };
    Err(Problem::new(
        "bad_format",
        format!("{range} 位{zh}"),
        format!("{range} {en}"),
    ))
}

fn yes_no(cell: &Cell) -> Result<Value, Problem> {
    let said = text::title(&cell.shown()).0;
    match said.as_str() {
        "是" | "有" | "√" | "✓" | "y" | "yes" | "true" | "1" | "已" => Ok(Value::YesNo(true)),
        "否" | "无" | "×" | "✗" | "n" | "no" | "false" | "0" | "未" => Ok(Value::YesNo(false)),
        _ => Err(Problem::new("not_a_choice", "是 或 否", "yes or no")),
    }
}

fn phone(cell: &Cell) -> Result<Value, Problem> {
    let said = match cell {
        Cell::Number(number) => whole_digits(*number)?,
        other => text::digits(&other.shown()).replace(' ', ""),
    };
    let count = said.chars().filter(char::is_ascii_digit).count();
    let plain = said
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')' | '#'));
    let mobile = !said.starts_with('1') || said.contains('-') || count == 11 || count < 9;
    if plain && (3..=20).contains(&count) && mobile {
        return Ok(Value::Text(said));
    }
    Err(Problem::new(
        "bad_phone",
        "电话号码,如 13800001234 或 0471-4606114",
        "a telephone number such as 13800001234 or 0471-4606114",
    ))
}
