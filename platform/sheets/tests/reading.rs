//! Files as people send them: every form, every encoding, every way to be broken.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{Cursor, Read as _, Write as _};

use anlan_sheets::{Cell, Limits, SheetError, read};
use rust_xlsxwriter::{Format, Formula, Workbook};

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn refusal(name: &str, bytes: &[u8]) -> SheetError {
    read(name, bytes, &Limits::default()).unwrap_err()
}

/// The same workbook with one of its parts written anew.
fn with_part(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut file = from.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        to.start_file(&name, zip::write::SimpleFileOptions::default())
            .unwrap();
        let text = if name == part { change(text) } else { text };
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_text_is_read_in_every_encoding_that_offices_use() {
    let text = "名称,数量\r\n\"棉帐篷,大\",30\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_be: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let forms: [(&str, Vec<u8>); 5] = [
        ("utf-8", text.as_bytes().to_vec()),
        ("utf-8", ["\u{feff}", text].concat().into_bytes()),
        ("utf-16", utf16),
        ("utf-16", utf16_be),
        ("gbk", gbk.into_owned()),
    ];
    for (form, bytes) in forms {
        let read = read("物资.csv", &bytes, &Limits::default()).unwrap();
        assert_eq!(read.form, form);
        assert_eq!(read.sheets[0].at(1, 0), &Cell::Text("棉帐篷,大".into()), "{form}");
        assert_eq!(read.sheets[0].at(1, 1), &Cell::Text("30".into()), "{form}");
    }
}

#[test]
fn leading_zeros_of_a_text_stay() {
    let read = read("a.csv", "编号\n=\"00123\"\n007\n".as_bytes(), &Limits::default()).unwrap();
    assert_eq!(read.sheets[0].at(1, 0), &Cell::Text("00123".into()));
    assert_eq!(read.sheets[0].at(2, 0), &Cell::Text("007".into()));
}

#[test]
fn a_formula_that_fails_is_kept_as_an_error() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "数量").unwrap();
        sheet
            .write_formula(1, 0, Formula::new("=#REF!").set_result("#REF!"))
            .unwrap();
    });
    // The writer notes results as text; Excel notes them as errors.
    let bytes = with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("t=\"str\"", "t=\"e\"")
    });
    let read = read("a.xlsx", &bytes, &Limits::default()).unwrap();
    assert_eq!(read.sheets[0].at(1, 0), &Cell::Error("#REF!".into()));
}

#[test]
fn days_of_a_workbook_that_counts_from_1904_are_the_same_days() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write(0, 0, "有效期").unwrap();
        sheet.write_number_with_format(1, 0, 44_761.0, &day).unwrap();
    });
    let bytes = with_part(&bytes, "xl/workbook.xml", |xml| {
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let read = read("a.xlsx", &bytes, &Limits::default()).unwrap();
    assert!(read.sheets[0].from_1904);
    assert_eq!(read.sheets[0].at(1, 0).shown(), "2026-07-20");
}

#[test]
fn hidden_sheets_are_named_and_not_read() {
    let bytes = book(|book| {
        book.add_worksheet().write(0, 0, "名称").unwrap();
        let hidden = book.add_worksheet().set_name("旧数据").unwrap();
        hidden.write(0, 0, "名称").unwrap();
        hidden.set_hidden(true);
    });
    let read = read("a.xlsx", &bytes, &Limits::default()).unwrap();
    assert_eq!((read.sheets.len(), read.hidden), (1, vec!["旧数据".to_owned()]));
}

#[test]
fn an_archive_that_swells_is_refused_before_it_is_opened() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![0_u8; 1 << 20];
    for _ in 0..24 {
        zip.write_all(&zeros).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 100_000);
    let limits = Limits {
        inflated: 16 << 20,
        ..Limits::default()
    };
    let refused = read("a.xlsx", &bytes, &limits).unwrap_err();
    assert!(
        matches!(
            refused,
            SheetError::TooLarge {
                limit: "inflated_bytes",
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn two_far_corners_are_refused_by_the_name_of_the_limit() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "名称").unwrap();
        sheet.write(1_048_575, 0, "x").unwrap();
    });
    assert!(matches!(
        refusal("a.xlsx", &bytes),
        SheetError::TooLarge { limit: "rows", .. }
    ));
    let bytes = book(|book| {
        book.add_worksheet().write(0, 16_383, "x").unwrap();
    });
    assert!(matches!(
        refusal("a.xlsx", &bytes),
        SheetError::TooLarge { limit: "columns", .. }
    ));
}

#[test]
fn a_locked_workbook_says_so() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage")
        .unwrap()
        .write_all(b"x")
        .unwrap();
    assert_eq!(
        refusal("a.xlsx", &file.into_inner().into_inner()),
        SheetError::Password
    );
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook")
        .unwrap()
        .write_all(&[0x2f, 0, 2, 0, 1, 0])
        .unwrap();
    assert_eq!(
        refusal("a.xls", &file.into_inner().into_inner()),
        SheetError::Password
    );
}

#[test]
fn files_that_are_no_tables_say_what_they_are() {
    for bytes in [
        &b"%PDF-1.7"[..],
        b"<html><table></table></html>",
        b"\x00\x01\x02\x03\x04binary",
    ] {
        assert!(matches!(refusal("a", bytes), SheetError::NotATable(_)));
    }
    assert_eq!(refusal("a", b""), SheetError::Empty);
    assert!(matches!(
        refusal("a.csv", "a,\"b\nc".as_bytes()),
        SheetError::Damaged(_)
    ));
    assert!(matches!(
        refusal("a.csv", b"a,b\n\x81\xff,c"),
        SheetError::Encoding { line: 2 }
    ));
}

#[test]
fn a_workbook_cut_anywhere_is_refused_and_never_panics() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        for row in 0..50 {
            sheet.write(row, 0, format!("物资{row}")).unwrap();
        }
    });
    for length in (5..bytes.len()).step_by(97) {
        assert!(
            read("a.xlsx", &bytes[..length], &Limits::default()).is_err(),
            "{length}"
        );
    }
}
