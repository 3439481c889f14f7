//! The returned workbook: the sheet as it came, the bad cells coloured and commented, and a list of them.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{Color, Format, Note, Url, Workbook, Worksheet};

use crate::cell::{Cell, Sheet};
use crate::check::Finding;
use crate::error::SheetError;
use crate::head::Layout;
use crate::schema::Lang;

/// Comments that one sheet gets; beyond that Excel opens it slowly. All bad cells are coloured and listed.
const COMMENTS: usize = 5_000;

struct Paints {
    day: Format,
    bad: Format,
    bad_day: Format,
    head: Format,
    merged: Format,
}

impl Paints {
    fn new() -> Self {
        let red = Color::RGB(0x00FF_C7CE);
        Self {
            day: Format::new().set_num_format("yyyy-mm-dd"),
            bad: Format::new()
                .set_background_color(red)
                .set_font_color(Color::RGB(0x009C_0006)),
            bad_day: Format::new()
                .set_num_format("yyyy-mm-dd")
                .set_background_color(red)
                .set_font_color(Color::RGB(0x009C_0006)),
            head: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00E8_EEF5))
                .set_text_wrap(),
            merged: Format::new().set_align(rust_xlsxwriter::FormatAlign::VerticalCenter),
        }
    }
}

/// Writes the sheet with its findings, at the same addresses.
pub fn marked(
    sheet: &Sheet,
    layout: &Layout,
    findings: &[Finding],
    lang: Lang,
) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let paints = Paints::new();
    let main = book.add_worksheet();
    let name: String = sheet
        .name
        .chars()
        .filter(|c| !"[]:*?/\\'".contains(*c))
        .take(31)
        .collect();
    let listed = lang.of("核对问题清单", "Findings");
    let name = if name.is_empty() || name == listed {
        "Sheet1".to_owned()
    } else {
        name
    };
    main.set_name(&name)?;
    let mut by_place: BTreeMap<(usize, usize), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_place.entry(finding.place).or_default().push(finding);
    }
    let bad: BTreeSet<(usize, usize)> = by_place.keys().copied().collect();
    merge(main, sheet, &bad, &paints);
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let at = (row, column);
            let head = (layout.head_first..=layout.head_last).contains(&row);
            put(main, at, cell, (bad.contains(&at), head), &paints)?;
        }
    }
    for (count, (at, found)) in by_place.iter().enumerate() {
        let (row, column) = place(*at);
        if sheet.at(at.0, at.1).is_blank() {
            main.write_blank(row, column, &paints.bad)?;
        }
        if count < COMMENTS {
            let note = Note::new(sentence(found, lang))
                .set_author("Anlan")
                .set_width(260)
                .set_height(90);
            main.insert_note(row, column, &note)?;
        }
    }
    for column in 0..layout.titles.len() {
        main.set_column_width(u16::try_from(column).unwrap_or(0), 16.0)?;
    }
    main.set_freeze_panes(u32::try_from(layout.head_last + 1).unwrap_or(1), 0)?;
    let second = book.add_worksheet();
    second.set_name(listed)?;
    list(second, layout, (findings, &name), lang, &paints)?;
    Ok(book.save_to_buffer()?)
}

fn place((row, column): (usize, usize)) -> (u32, u16) {
    (
        u32::try_from(row).unwrap_or(u32::MAX),
        u16::try_from(column).unwrap_or(u16::MAX),
    )
}

/// What was expected, as one comment.
fn sentence(found: &[&Finding], lang: Lang) -> String {
    let lines: Vec<String> = found
        .iter()
        .map(|finding| match lang {
            Lang::Zh => format!(
                "应为:{}\n原值:{}",
                finding.expected_zh,
                shown(&finding.found, "(空)")
            ),
            Lang::En => format!(
                "Expected: {}\nFound: {}",
                finding.expected_en,
                shown(&finding.found, "(blank)")
            ),
        })
        .collect();
    lines.join("\n")
}

fn shown<'t>(found: &'t str, blank: &'t str) -> &'t str {
    if found.is_empty() { blank } else { found }
}

/// Draws merged regions again, save those that hold a bad cell or overlap another.
fn merge(main: &mut Worksheet, sheet: &Sheet, bad: &BTreeSet<(usize, usize)>, paints: &Paints) {
    for region in &sheet.merges {
        if region.first == region.last || bad.iter().any(|(row, column)| region.holds(*row, *column)) {
            continue;
        }
        let ((top, left), (bottom, right)) = (place(region.first), place(region.last));
        // Two regions that overlap are the file's fault; the second one is left apart.
        let drawn = main.merge_range(top, left, bottom, right, "", &paints.merged);
        drawn.map(|_| ()).unwrap_or_default();
    }
}

fn put(
    main: &mut Worksheet,
    at: (usize, usize),
    cell: &Cell,
    (bad, head): (bool, bool),
    paints: &Paints,
) -> Result<(), SheetError> {
    let (row, column) = place(at);
    let plain = Format::default();
    let format = match (bad, head, matches!(cell, Cell::Date(_))) {
        (true, _, true) => &paints.bad_day,
        (true, _, false) => &paints.bad,
        (false, true, _) => &paints.head,
        (false, false, true) => &paints.day,
        (false, false, false) => &plain,
    };
    match cell {
        Cell::Text(text) | Cell::Error(text) => {
            main.write_string_with_format(row, column, text, format)?;
        }
        Cell::Number(number) if number.is_finite() => {
            main.write_number_with_format(row, column, *number, format)?;
        }
        Cell::Empty | Cell::Number(_) => {}
        Cell::Bool(yes) => {
            main.write_boolean_with_format(row, column, *yes, format)?;
        }
        Cell::Date(day) => match rust_xlsxwriter::ExcelDateTime::parse_from_str(&day.to_string()) {
            Ok(moment) => {
                main.write_with_format(row, column, &moment, format)?;
            }
            // Days before 1900 stand as text.
            Err(_) => {
                main.write_string_with_format(row, column, cell.shown(), format)?;
            }
        },
    }
    Ok(())
}

fn list(
    sheet: &mut Worksheet,
    layout: &Layout,
    (findings, name): (&[Finding], &str),
    lang: Lang,
    paints: &Paints,
) -> Result<(), SheetError> {
    let heads = lang.of(
        ["单元格", "问题所在列", "填写内容", "核对意见"],
        ["Cell", "Sheet column", "Found", "Expected"],
    );
    for (at, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, at, head, &paints.head)?;
    }
    for (row, finding) in (1_u32..).zip(findings) {
        // A workbook holds 65,530 links; the cells after them are named all the same.
        if row <= 60_000 {
            let link = Url::new(format!("internal:'{name}'!{}", finding.cell)).set_text(&finding.cell);
            sheet.write_url(row, 0, link)?;
        } else {
            sheet.write_string(row, 0, &finding.cell)?;
        }
        sheet.write_string(row, 1, layout.title(finding.place.1))?;
        sheet.write_string(row, 2, &finding.found)?;
        sheet.write_string(row, 3, finding.expected(lang))?;
    }
    for (at, width) in (0_u16..).zip([10.0, 18.0, 28.0, 48.0]) {
        sheet.set_column_width(at, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
