//! Days as people write them: `2026年7月20日`, `2026.7.20`, `20260720`, `二〇二六年七月二十日`, and Excel's serial numbers.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::Problem;
use crate::cell::Cell;
use crate::text;

fn bad() -> Problem {
    Problem::new(
        "bad_date",
        "日期,如 2026年7月20日 或 2026-07-20",
        "a day such as 2026-07-20",
    )
}

pub(super) fn day(cell: &Cell, from_1904: bool) -> Result<Date, Problem> {
    let day = match cell {
        Cell::Date(at) => at.date(),
        Cell::Number(number) => numeric(*number, from_1904)?,
        Cell::Text(text) => written(&text::digits(text))?,
        _ => return Err(bad()),
    };
    if (1900..=2200).contains(&day.year()) {
        Ok(day)
    } else {
        Err(Problem::new(
            "out_of_range",
            "1900 年至 2200 年之间的日期",
            "a day from 1900 to 2200",
        ))
    }
}

/// A number in a column of days: eight digits `20260720`, or days since the workbook's first day.
fn numeric(number: f64, from_1904: bool) -> Result<Date, Problem> {
    if number.fract() == 0.0 && (19_000_101.0..=22_001_231.0).contains(&number) {
        return written(&number.to_string());
    }
    // Below 61 stands the day that never was, 29 February 1900; nobody keeps such dates.
    if !(61.0..=110_000.0).contains(&number) {
        return Err(bad());
    }
    let days: i64 = format!("{:.0}", number.floor()).parse().map_err(|_| bad())?;
    let first = if from_1904 {
        date(1904, 1, 1)
    } else {
        date(1899, 12, 30)
    };
    first.checked_add(days.days()).map_err(|_| bad())
}

fn written(said: &str) -> Result<Date, Problem> {
    let digits = plain_digits(said);
    let day_part = digits.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day_part
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let separators: String = day_part.chars().filter(|c| !c.is_ascii_digit()).collect();
    let known = ["", "年月日", "年月", "--", "//", "..", "年月号"];
    if !known.contains(&separators.as_str()) {
        return Err(bad());
    }
    let (year, month, day) = match parts.as_slice() {
        [whole] if whole.len() == 8 => (whole.get(..4), whole.get(4..6), whole.get(6..)),
        [year, month, day] => (Some(*year), Some(*month), Some(*day)),
        _ => return Err(bad()),
    };
    let year = year
        .filter(|year| year.len() == 4)
        .and_then(|year| year.parse().ok());
    let month = month.and_then(|month| month.parse().ok());
    let day = day.and_then(|day| day.parse().ok());
    let (Some(year), Some(month), Some(day)) = (year, month, day) else {
        return Err(bad());
    };
    Date::new(year, month, day)
        .map_err(|_| Problem::new("bad_date", "日历上有的日期", "a day that the calendar has"))
}

/// Chinese numerals as digits: `二〇二六年七月二十日` becomes `2026年7月20日`.
fn plain_digits(said: &str) -> String {
    if !said.chars().any(|c| "〇零一二三四五六七八九十".contains(c)) {
        return said.to_owned();
    }
    let (mut out, mut run) = (String::new(), String::new());
    for letter in said.chars() {
        if "〇零一二三四五六七八九十".contains(letter) {
            run.push(letter);
        } else {
            out.push_str(&numeral(&run));
            run.clear();
            out.push(letter);
        }
    }
    out.push_str(&numeral(&run));
    out
}

fn numeral(run: &str) -> String {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c || (c == '〇' && d == '零'))
    };
    if !run.contains('十') {
        return run.chars().filter_map(digit).map(|d| d.to_string()).collect();
    }
    let (tens, ones) = run.split_once('十').unwrap_or((run, ""));
    let tens = tens.chars().next().and_then(digit).unwrap_or(1);
    let ones = ones.chars().next().and_then(digit).unwrap_or(0);
    (tens * 10 + ones).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(said: &str) -> Result<Date, &'static str> {
        day(&Cell::Text(said.to_owned()), false).map_err(|problem| problem.code)
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for said in [
            "2026年7月20日",
            "2026年07月20号",
            "2026.7.20",
            "2026-07-20",
            "2026/7/20",
            "20260720",
            "2026-07-20 08:30",
            "2026年7月20日",
            "二〇二六年七月二十日",
        ] {
            assert_eq!(text(said), Ok(date(2026, 7, 20)), "{said}");
        }
    }

    #[test]
    fn what_is_no_certain_day_is_refused() {
        for said in [
            "2026年2月30日",
            "26-7-20",
            "7/20/2026",
            "2026年7月",
            "明天",
            "2026..7",
        ] {
            assert_eq!(text(said), Err("bad_date"), "{said}");
        }
    }

    #[test]
    fn serial_numbers_count_from_the_workbooks_first_day() {
        assert_eq!(day(&Cell::Number(46_223.0), false), Ok(date(2026, 7, 20)));
        assert_eq!(day(&Cell::Number(44_761.0), true), Ok(date(2026, 7, 20)));
        assert_eq!(day(&Cell::Number(20_260_720.0), false), Ok(date(2026, 7, 20)));
    }
}
