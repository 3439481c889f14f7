//! Writes a table of N rows (100,000 unless told otherwise), then reads, checks, marks and compares it; prints the times.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::collections::BTreeMap;
use std::time::Instant;

use anlan_sheets::{
    Column, Kind, Lang, Limits, Problem, Resolve, Schema, SheetError, Unresolved, Value, check, compare,
    find_layout, guess, mapping_of, marked, read, write,
};

struct Nobody;

impl Resolve for Nobody {
    fn resolve(&self, _: &str, _: &str, _: &[Option<Value>]) -> Result<Value, Unresolved> {
        Err(Problem::new("unknown", "无", "nothing"))
    }
}

fn main() -> Result<(), SheetError> {
    let rows: i64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let (schema, table) = table(rows);
    let started = Instant::now();
    let bytes = write(&schema, &table, Lang::Zh)?;
    println!(
        "written    {rows} rows, {} KB, {:.2?}",
        bytes.len() / 1024,
        started.elapsed()
    );
    let started = Instant::now();
    let book = read("speed.xlsx", &bytes, &Limits::default())?;
    println!("read       {:.2?}", started.elapsed());
    let (Some(layout), Some(sheet)) = (find_layout(&book, &schema), book.sheets.first()) else {
        return Err(SheetError::Empty);
    };
    let mapping: BTreeMap<String, usize> = mapping_of(&guess(sheet, &layout, &schema));
    let checked = check(sheet, &layout, (&schema, &mapping), &Nobody);
    println!(
        "checked    {} good rows, {} findings, {:.2?} since reading began",
        checked.good(),
        checked.findings.len(),
        started.elapsed()
    );
    let diff = compare(&schema, &checked.rows, &BTreeMap::new());
    println!("compared   {} rows, {:.2?}", diff.rows.len(), started.elapsed());
    let back = marked(sheet, &layout, &checked.findings, Lang::Zh)?;
    println!("returned   {} KB, {:.2?}", back.len() / 1024, started.elapsed());
    Ok(())
}

fn table(rows: i64) -> (Schema, Vec<Vec<Option<Value>>>) {
    let text = |most| Kind::Text { most };
    let whole = Kind::Whole {
        least: 0,
        most: 1_000_000_000,
    };
    let columns: Vec<Column> = (0..4)
        .map(|n| Column::new(&format!("t{n}"), (&format!("文字{n}"), "text"), text(60), &[]))
        .chain((0..4).map(|n| {
            Column::new(
                &format!("n{n}"),
                (&format!("数量{n}"), "number"),
                whole.clone(),
                &[],
            )
        }))
        .chain((0..2).map(|n| Column::new(&format!("d{n}"), (&format!("日期{n}"), "day"), Kind::Date, &[])))
        .collect();
    let schema = Schema {
        register: "speed".to_owned(),
        zh: "速度".to_owned(),
        en: "Speed".to_owned(),
        columns,
        natural_key: vec!["t0".to_owned()],
    };
    let day = jiff::civil::date(2026, 7, 20);
    let table: Vec<Vec<Option<Value>>> = (0..rows)
        .map(|row| {
            let texts = (0..4).map(|n| Some(Value::Text(format!("第{row}行第{n}列"))));
            let numbers = (0..4).map(|n| Some(Value::Whole(row * 7 + n)));
            texts
                .chain(numbers)
                .chain([Some(Value::Date(day)), Some(Value::Date(day))])
                .collect()
        })
        .collect();
    (schema, table)
}
