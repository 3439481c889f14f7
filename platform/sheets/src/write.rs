//! Writing: templates to fill in, and registers in the same layout, so that what went out comes in again unchanged.

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet};

use crate::error::SheetError;
use crate::schema::{Column, Kind, Lang, Schema};
use crate::value::Value;

/// A workbook without rows: head, hints and lists of choices.
pub fn template(schema: &Schema, lang: Lang) -> Result<Vec<u8>, SheetError> {
    write(schema, &[], lang)
}

/// A register as a workbook of the template's layout.
pub fn write(schema: &Schema, rows: &[Vec<Option<Value>>], lang: Lang) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(lang.of(&schema.zh, &schema.en)))?;
    head(sheet, schema, lang)?;
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let text = Format::new().set_num_format("@");
    for (row, values) in rows.iter().enumerate() {
        let row = u32::try_from(row + 1).unwrap_or(u32::MAX);
        for (place, column) in schema.columns.iter().enumerate() {
            let at = u16::try_from(place).unwrap_or(u16::MAX);
            match values.get(place).and_then(Option::as_ref) {
                None => {}
                Some(Value::Whole(number)) => {
                    sheet.write_number(row, at, number.to_string().parse::<f64>().unwrap_or(0.0))?;
                }
                Some(Value::Decimal(number)) => {
                    sheet.write_number(row, at, *number)?;
                }
                Some(Value::Date(date)) => {
                    let [year, month, day_of] = [
                        i32::from(date.year()),
                        i32::from(date.month()),
                        i32::from(date.day()),
                    ];
                    let part = |number: i32| u8::try_from(number).unwrap_or(1);
                    let year = u16::try_from(year).unwrap_or(1900);
                    let written = rust_xlsxwriter::ExcelDateTime::from_ymd(year, part(month), part(day_of))?;
                    sheet.write_with_format(row, at, &written, &day)?;
                }
                Some(value) => {
                    sheet.write_string_with_format(row, at, word(column, value, lang), &text)?;
                }
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

fn sheet_name(name: &str) -> String {
    name.chars()
        .filter(|c| !"[]:*?/\\".contains(*c))
        .take(31)
        .collect()
}

fn word(column: &Column, value: &Value, lang: Lang) -> String {
    match (&column.kind, value) {
        (Kind::Choice { choices }, Value::Text(value)) => {
            let choice = choices.iter().find(|choice| choice.value == *value);
            choice.map_or_else(|| value.clone(), |choice| choice.zh.clone())
        }
        (_, Value::YesNo(yes)) => lang
            .of(if *yes { "是" } else { "否" }, if *yes { "yes" } else { "no" })
            .to_owned(),
        (_, Value::Reference { name, .. }) => name.clone(),
        (_, value) => value.canonical(),
    }
}

/// Title with its mark of a required column and its unit: `*数量(顶)`.
fn title(column: &Column, lang: Lang) -> String {
    let star = if column.required { "*" } else { "" };
    let unit = column
        .units
        .first()
        .map(|unit| format!("({unit})"))
        .unwrap_or_default();
    format!("{star}{}{unit}", column.title(lang))
}

fn head(sheet: &mut Worksheet, schema: &Schema, lang: Lang) -> Result<(), SheetError> {
    let plain = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E8_EEF5))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    let text = Format::new().set_num_format("@");
    for (place, column) in schema.columns.iter().enumerate() {
        let at = u16::try_from(place).unwrap_or(u16::MAX);
        sheet.write_string_with_format(0, at, title(column, lang), &plain)?;
        sheet.insert_note(
            0,
            at,
            &Note::new(hint(column, lang)).set_author("Anlan").set_width(220),
        )?;
        let wide = matches!(
            column.kind,
            Kind::Text { .. } | Kind::Reference { .. } | Kind::Identity { .. }
        );
        sheet.set_column_width(at, if wide { 22.0 } else { 13.0 })?;
        if matches!(column.kind, Kind::Identity { .. } | Kind::Phone) {
            sheet.set_column_format(at, &text)?;
        }
        if let Kind::Choice { choices } = &column.kind {
            let words: Vec<&str> = choices.iter().map(|choice| choice.zh.as_str()).collect();
            // A longer list does not fit into a cell's rule; the hint names the words.
            if let Ok(list) = DataValidation::new().allow_list_strings(&words) {
                sheet.add_data_validation(1, at, 1_000, at, &list)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn hint(column: &Column, lang: Lang) -> String {
    let what = match &column.kind {
        Kind::Text { most } => lang.of(
            format!("文字,最多 {most} 字"),
            format!("text, at most {most} characters"),
        ),
        Kind::Identity { .. } => lang.of(
            "编号,按文本填写,保留前导零".to_owned(),
            "an identity, as text".to_owned(),
        ),
        Kind::Whole { least, most } => lang.of(
            format!("整数,{least} 至 {most}"),
            format!("a whole number, {least} to {most}"),
        ),
        Kind::Decimal { least, most } => lang.of(
            format!("数字,{least} 至 {most}"),
            format!("a number, {least} to {most}"),
        ),
        Kind::Date => lang.of(
            "日期,如 2026-07-20 或 2026年7月20日".to_owned(),
            "a day such as 2026-07-20".to_owned(),
        ),
        Kind::YesNo => lang.of("是 或 否".to_owned(), "yes or no".to_owned()),
        Kind::Choice { choices } => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.zh.as_str()).collect();
            lang.of(
                format!("其中之一:{}", words.join("、")),
                format!("one of {}", words.join(", ")),
            )
        }
        Kind::Phone => lang.of("电话号码".to_owned(), "a telephone number".to_owned()),
        Kind::Reference { .. } => lang.of(
            "已登记的名称或代码".to_owned(),
            "a name or code that is registered".to_owned(),
        ),
    };
    let must = if column.required {
        lang.of("必填。", "Required. ")
    } else {
        ""
    };
    format!("{must}{what}")
}
