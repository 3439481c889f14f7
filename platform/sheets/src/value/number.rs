//! Numbers as people write them: `1,280`, `30顶`, `1.2万`, `12`.

use super::{Problem, Value};
use crate::cell::Cell;
use crate::schema::Column;
use crate::text;

fn bad(column: &Column) -> Problem {
    let unit = column.units.first().map(String::as_str).unwrap_or_default();
    Problem::new(
        "bad_number",
        format!("数字,如 30{unit}"),
        "a number such as 30 or 1,280".to_owned(),
    )
}

fn read(column: &Column, cell: &Cell) -> Result<f64, Problem> {
    match cell {
        Cell::Number(number) => Ok(*number),
        Cell::Text(text) => spoken(column, &text::digits(text)),
        _ => Err(bad(column)),
    }
}

fn spoken(column: &Column, said: &str) -> Result<f64, Problem> {
    let numeral = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | ' ' | '\'' | '~');
    let end = said.find(|c| !numeral(c)).unwrap_or(said.len());
    let (head, tail) = said.split_at(end);
    let head = head.trim();
    check_groups(column, head)?;
    let plain: String = head.chars().filter(|c| !matches!(c, ',' | ' ' | '\'')).collect();
    let number: f64 = plain.parse().map_err(|_| bad(column))?;
    let tail = tail.trim();
    let (factor, unit) = match tail.chars().next() {
        Some('万') => (10_000.0, tail.trim_start_matches('万')),
        Some('亿') => (100_000_000.0, tail.trim_start_matches('亿')),
        _ => (1.0, tail),
    };
    let unit = unit.trim().to_lowercase();
    let known = unit.is_empty() || column.units.iter().any(|own| text::title(own).0 == unit);
    if !known {
        let own = column.units.first().map_or("不带单位", String::as_str);
        return Err(Problem::new(
            "wrong_unit",
            format!("单位应为 {own},而不是 {unit}"),
            format!("the unit of the column, not {unit}"),
        ));
    }
    // Eleven digits of a decimal survive the multiplication exactly once it is rounded.
    let scaled = number * factor;
    Ok(if factor > 1.0 {
        (scaled * 1e4).round() / 1e4
    } else {
        scaled
    })
}

/// Commas group digits by three, or the comma was meant as a decimal point and nobody knows.
fn check_groups(column: &Column, head: &str) -> Result<(), Problem> {
    let whole = head.split('.').next().unwrap_or_default();
    let mut groups = whole.trim_start_matches(['-', '+']).split([',', '\'']);
    let first = groups.next().unwrap_or_default().trim();
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return Err(bad(column));
        }
    }
    if grouped && !(1..=3).contains(&first.len()) {
        return Err(bad(column));
    }
    Ok(())
}

pub(super) fn decimal(column: &Column, cell: &Cell, (least, most): (f64, f64)) -> Result<Value, Problem> {
    let number = read(column, cell)?;
    if number.is_finite() && (least..=most).contains(&number) {
        // A number keeps no sign of nothing.
        return Ok(Value::Decimal(if number == 0.0 { 0.0 } else { number }));
    }
    Err(Problem::new(
        "out_of_range",
        format!("{least} 至 {most} 之间的数"),
        format!("a number from {least} to {most}"),
    ))
}

pub(super) fn whole(column: &Column, cell: &Cell, (least, most): (i64, i64)) -> Result<Value, Problem> {
    let number = read(column, cell)?;
    if number.fract().abs() > f64::EPSILON {
        return Err(Problem::new("bad_number", "整数", "a whole number"));
    }
    // Through its text: whole numbers below 2^53 print exactly, greater ones are out of range here.
    let whole = format!("{number:.0}")
        .parse::<i64>()
        .ok()
        .filter(|_| number.abs() < 9e15);
    match whole {
        Some(whole) if (least..=most).contains(&whole) => Ok(Value::Whole(whole)),
        _ => Err(Problem::new(
            "out_of_range",
            format!("{least} 至 {most} 之间的整数"),
            format!("a whole number from {least} to {most}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    fn read_whole(said: &str) -> Result<Value, &'static str> {
        let kind = Kind::Whole {
            least: 0,
            most: 1_000_000_000,
        };
        let column = Column::new("n", ("数量", "quantity"), kind, &[]).in_units(&["顶", "件"]);
        whole(&column, &Cell::Text(said.to_owned()), (0, 1_000_000_000)).map_err(|problem| problem.code)
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (said, number) in [
            ("30", 30),
            ("30顶", 30),
            ("1,280", 1280),
            ("1,280 件", 1280),
            ("1.2万", 12_000),
            ("+7", 7),
            ("12.0", 12),
        ] {
            assert_eq!(read_whole(said), Ok(Value::Whole(number)), "{said}");
        }
    }

    #[test]
    fn what_could_be_two_numbers_is_refused() {
        for (said, code) in [
            ("1,28", "bad_number"),
            ("12,34,567", "bad_number"),
            ("三十", "bad_number"),
            ("30箱", "wrong_unit"),
            ("3.5", "bad_number"),
            ("-1", "out_of_range"),
            ("10~20", "bad_number"),
        ] {
            assert_eq!(read_whole(said), Err(code), "{said}");
        }
    }
}
