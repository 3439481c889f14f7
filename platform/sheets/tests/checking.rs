//! Layouts as people keep them, checked cell by cell, marked, corrected, compared.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;

use anlan_sheets::*;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};

struct Depots;

impl Resolve for Depots {
    fn resolve(&self, _: &str, text: &str, _: &[Option<Value>]) -> Result<Value, Unresolved> {
        match text {
            "市本级库" | "和林库" => Ok(Value::Reference {
                id: text.into(),
                name: text.into(),
            }),
            _ => Err(Problem::new(
                "unknown",
                "已登记的仓库",
                "a depot that is registered",
            )),
        }
    }
}

fn schema() -> Schema {
    let whole = Kind::Whole {
        least: 0,
        most: 1_000_000,
    };
    let depot = Kind::Reference { to: "depot".into() };
    let state = Kind::Choice {
        choices: vec![
            Choice::new("good", "完好", &["良好"]),
            Choice::new("bad", "损坏", &["坏"]),
        ],
    };
    let identity = Kind::Identity {
        least: 3,
        most: 20,
        digits: false,
    };
    Schema {
        register: "stock".into(),
        zh: "物资库存".into(),
        en: "Stock".into(),
        columns: vec![
            Column::new("code", ("物资编号", "Code"), identity, &["编号", "资产编号"]).required(),
            Column::new("depot", ("仓库", "Depot"), depot, &["存放地点", "库点"]).required(),
            Column::new("name", ("物资名称", "Item"), Kind::Text { most: 40 }, &["品名"]).required(),
            Column::new("quantity", ("数量", "Quantity"), whole, &["库存数"])
                .required()
                .in_units(&["顶", "件"]),
            Column::new("until", ("有效期至", "Expiry"), Kind::Date, &["到期日期"]),
            Column::new("state", ("状况", "State"), state, &["质量状况"]),
        ],
        natural_key: vec!["code".into()],
    }
}

/// A table as a county sends it: a title, a head of two rows, depots merged over rows, a sum and remarks below.
fn county_table() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let f = Format::new();
    sheet
        .merge_range(0, 0, 0, 6, "和林格尔县应急物资储备情况统计表", &f)
        .unwrap();
    sheet.write(1, 0, "填报单位:和林县应急局").unwrap();
    sheet.merge_range(2, 0, 3, 0, "序号", &f).unwrap();
    sheet.merge_range(2, 1, 3, 1, "存放地点", &f).unwrap();
    sheet.merge_range(2, 2, 2, 3, "物资", &f).unwrap();
    sheet.write(3, 2, "编号").unwrap();
    sheet.write(3, 3, "名称").unwrap();
    sheet.merge_range(2, 4, 3, 4, "库存数(顶)", &f).unwrap();
    sheet.merge_range(2, 5, 3, 5, "到期日期", &f).unwrap();
    sheet.merge_range(2, 6, 3, 6, "质量状况", &f).unwrap();
    sheet.merge_range(4, 1, 6, 1, "和林库", &f).unwrap();
    let rows: [(&str, &str, &str, &str, &str); 4] = [
        ("00101", "棉帐篷", "30顶", "2026年7月20日", "良好"),
        ("00102", "棉被", "1,280", "2027.1.5", "完好"),
        ("00103", "折叠床", "三十", "2026-02-30", "完好"),
        ("00104", "雨衣", "50", "", "旧"),
    ];
    for (row, (code, name, quantity, until, state)) in (4_u32..).zip(rows) {
        sheet.write(row, 0, f64::from(row) - 3.0).unwrap();
        sheet.write(row, 2, code).unwrap();
        sheet.write(row, 3, name).unwrap();
        sheet.write(row, 4, quantity).unwrap();
        sheet.write(row, 5, until).unwrap();
        sheet.write(row, 6, state).unwrap();
    }
    sheet.write(7, 1, "清水河库").unwrap();
    sheet.write(8, 0, "合计").unwrap();
    sheet.write(8, 4, 1360).unwrap();
    sheet.write(9, 0, "备注:以上数据截至2026年6月底").unwrap();
    book.save_to_buffer().unwrap()
}

fn checked(bytes: &[u8]) -> (Workbook0, Layout, Checked) {
    let schema = schema();
    let book = read("表.xlsx", bytes, &Limits::default()).unwrap();
    let layout = find_layout(&book, &schema).unwrap();
    let sheet = &book.sheets[layout.sheet];
    let mapping = mapping_of(&guess(sheet, &layout, &schema));
    let checked = check(sheet, &layout, (&schema, &mapping), &Depots);
    (book, layout, checked)
}

type Workbook0 = anlan_sheets::Workbook;

#[test]
fn a_countys_table_is_understood_as_it_stands() {
    let (book, layout, checked) = checked(&county_table());
    assert_eq!((layout.head_first, layout.head_last), (2, 3));
    let mapped = guess(&book.sheets[0], &layout, &schema());
    let pairs: Vec<(usize, &str)> = mapped.iter().map(|m| (m.column, m.key.as_str())).collect();
    let expected = [
        (1, "depot"),
        (2, "code"),
        (3, "name"),
        (4, "quantity"),
        (5, "until"),
        (6, "state"),
    ];
    assert_eq!(pairs, expected);
    let cells: Vec<(&str, &str)> = checked
        .findings
        .iter()
        .map(|f| (f.cell.as_str(), f.code.as_str()))
        .collect();
    let faults = [
        ("E7", "bad_number"),
        ("F7", "bad_date"),
        ("B8", "unknown"),
        ("G8", "not_a_choice"),
    ];
    assert_eq!(cells, faults);
    assert_eq!((checked.rows.len(), checked.good()), (4, 2));
    let why: Vec<(usize, &str)> = checked.skipped.iter().map(|s| (s.row, s.why.as_str())).collect();
    assert_eq!(why, [(9, "sum"), (10, "remark")]);
    assert_eq!(checked.rows[0].values[0], Some(Value::Text("00101".into())));
    assert_eq!(checked.rows[1].values[3], Some(Value::Whole(1280)));
    // The depot is merged over three rows.
    assert!(matches!(&checked.rows[1].values[1], Some(Value::Reference { id, .. }) if id == "和林库"));
}

#[test]
fn the_returned_workbook_keeps_every_address_and_comments_the_bad_cells() {
    let (book, layout, checked) = checked(&county_table());
    let bytes = marked(&book.sheets[0], &layout, &checked.findings, Lang::Zh).unwrap();
    let again = read("表.xlsx", &bytes, &Limits::default()).unwrap();
    for (row, cells) in book.sheets[0].rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            assert_eq!(
                again.sheets[0].at(row, column).shown(),
                cell.shown(),
                "{}",
                address(row, column)
            );
        }
    }
    assert_eq!(again.sheets[1].rows.len(), checked.findings.len() + 1);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut comments = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/comments1.xml").unwrap(), &mut comments).unwrap();
    for cell in ["E7", "F7", "B8", "G8"] {
        assert!(comments.contains(&format!("ref=\"{cell}\"")), "{cell}");
    }
}

#[test]
fn the_same_layout_has_the_same_fingerprint_and_another_has_another() {
    let (_, first, _) = checked(&county_table());
    let (_, second, _) = checked(&county_table());
    let (_, own, _) = checked(&template(&schema(), Lang::Zh).unwrap());
    assert_eq!(first.fingerprint, second.fingerprint);
    assert_ne!(first.fingerprint, own.fingerprint);
}

#[test]
fn an_identity_that_excel_has_rounded_is_a_finding() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in (0..).zip(["物资编号", "仓库", "物资名称", "数量"]) {
        sheet.write(0, column, title).unwrap();
    }
    for (row, code) in (1..).zip([150_102_198_001_011_230.0, 17.0, 150_102.0]) {
        sheet.write(row, 0, code).unwrap();
        sheet.write(row, 1, "和林库").unwrap();
        sheet.write(row, 2, "雨衣").unwrap();
        sheet.write(row, 3, 1).unwrap();
    }
    let (_, _, checked) = checked(&book.save_to_buffer().unwrap());
    let found: Vec<(&str, &str)> = checked
        .findings
        .iter()
        .map(|f| (f.cell.as_str(), f.code.as_str()))
        .collect();
    assert_eq!(found, [("A2", "lost_digits"), ("A3", "bad_format")]);
    assert_eq!(checked.rows[2].values[0], Some(Value::Text("150102".into())));
}

#[test]
fn a_row_that_stands_twice_is_taken_once() {
    let csv = "编号,仓库,品名,数量\nA-01,和林库,雨衣,5\nA-02,和林库,雨衣,5\nA-01,和林库,雨衣,6\n";
    let (_, _, checked) = checked(csv.as_bytes());
    assert_eq!(checked.good(), 2);
    let only = &checked.findings[0];
    assert_eq!((only.cell.as_str(), only.code.as_str()), ("A4", "duplicate"));
    assert!(only.expected_zh.contains("第 2 行"));
}

#[test]
fn what_went_out_comes_in_again_with_no_changes() {
    let (_, _, first) = checked(&county_table());
    let rows: Vec<_> = first
        .rows
        .iter()
        .filter(|row| row.good)
        .map(|row| row.values.clone())
        .collect();
    let out = write(&schema(), &rows, Lang::Zh).unwrap();
    let (_, _, second) = checked(&out);
    let diff = compare(&schema(), &second.rows, &kept(&rows));
    assert_eq!(
        (diff.count(Change::Unchanged), diff.rows.len(), diff.missing.len()),
        (2, 2, 0)
    );
}

fn kept(rows: &[Vec<Option<Value>>]) -> BTreeMap<String, Existing> {
    let place = schema().key_positions();
    let keep = |values: &Vec<Option<Value>>| {
        let known = Existing {
            id: natural_key(&place, values).unwrap(),
            version: 1,
            values: values
                .iter()
                .map(|value| value.as_ref().map(Value::canonical))
                .collect(),
        };
        (natural_key(&place, values).unwrap(), known)
    };
    rows.iter().map(keep).collect()
}

#[test]
fn a_difference_is_told_by_field_and_a_blank_cell_changes_nothing() {
    let (_, _, first) = checked(&county_table());
    let rows: Vec<_> = first
        .rows
        .iter()
        .filter(|row| row.good)
        .map(|row| row.values.clone())
        .collect();
    let csv = "编号,仓库,品名,数量,状况\n00101,和林库,棉帐篷,31,\n00105,和林库,雨衣,5,完好\n";
    let (_, _, second) = checked(csv.as_bytes());
    let diff = compare(&schema(), &second.rows, &kept(&rows));
    let fields = &diff.rows[0].fields;
    assert_eq!(
        (fields.len(), fields[0].before.as_str(), fields[0].after.as_str()),
        (1, "30", "31")
    );
    assert_eq!(
        (diff.count(Change::Added), diff.missing.as_slice()),
        (1, &["00102".to_owned()][..])
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_rows_survive_the_way_out_and_in(
        rows in proptest::collection::btree_map("[A-Z0-9]{3,12}", (0_i64..1_000_000, "[\\u4e00-\\u9fa5]{1,20}", 0_i32..60_000, any::<bool>()), 1..30)
    ) {
        let rows: Vec<Vec<Option<Value>>> = rows.into_iter().map(|(code, (quantity, name, day, good))| {
            let day = jiff::civil::date(1950, 1, 1) + jiff::Span::new().days(day);
            vec![
                Some(Value::Text(code)),
                Some(Value::Reference { id: "和林库".into(), name: "和林库".into() }),
                Some(Value::Text(name)),
                Some(Value::Whole(quantity)),
                Some(Value::Date(day)),
                Some(Value::Text(if good { "good" } else { "bad" }.into())),
            ]
        }).collect();
        let (_, _, again) = checked(&write(&schema(), &rows, Lang::Zh).unwrap());
        let read: Vec<_> = again.rows.iter().map(|row| row.values.clone()).collect();
        prop_assert_eq!(&again.findings, &[]);
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn no_bytes_whatever_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), magic in 0..3_usize) {
        let start: &[u8] = [&b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"][magic];
        let file = [start, &bytes].concat();
        if let Ok(book) = read("a", &file, &Limits::default()) {
            drop(find_layout(&book, &schema()));
        }
    }

    #[test]
    fn no_text_in_a_cell_makes_it_panic(text in "\\PC{0,40}") {
        for column in &schema().columns {
            drop(parse(column, &Cell::Text(text.clone()), false));
        }
    }
}
