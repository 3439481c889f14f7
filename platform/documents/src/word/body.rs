//! The text of a Word file.

use std::fmt::Write as _;

use crate::{Block, Column, Document, Masthead, Run};

/// A font by its official name and a size in half points.
#[derive(Clone, Copy)]
struct Face(&'static str, u32);

const FANG: Face = Face("仿宋_GB2312", 32);
const HEI: Face = Face("黑体", 32);
const KAI: Face = Face("楷体_GB2312", 32);
const TITLE: Face = Face("方正小标宋简体", 44);
const SMALL: Face = Face("仿宋_GB2312", 28);
const CELL: Face = Face("仿宋_GB2312", 24);
const CELL_HEAD: Face = Face("黑体", 24);

/// Width of the text area and of one character of the grid, in twentieths of a point: 156 mm, 28 of them a line.
const WIDTH: u32 = 8_844;
const CHARACTER: u32 = 316;

const RED: &str = "E60012";

/// Text made safe for XML; characters that XML cannot hold are left out.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' => safe.push(' '),
            _ if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => {}
            _ => safe.push(letter),
        }
    }
    safe
}

fn properties(Face(font, size): Face, color: Option<&str>) -> String {
    let color = color.map_or_else(String::new, |color| format!(r#"<w:color w:val="{color}"/>"#));
    format!(
        r#"<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>{color}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>"#
    )
}

fn run(face: Face, text: &str) -> String {
    format!(
        r#"<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>"#,
        properties(face, None),
        escape(text)
    )
}

fn paragraph(layout: &str, runs: &str) -> String {
    format!("<w:p><w:pPr>{layout}</w:pPr>{runs}</w:p>")
}

fn indented(face: Face, text: &str) -> String {
    paragraph(&first_line(), &run(face, text))
}

fn first_line() -> String {
    format!(
        r#"<w:ind w:firstLineChars="200" w:firstLine="{}"/>"#,
        2 * CHARACTER
    )
}

fn empty(lines: usize) -> String {
    "<w:p/>".repeat(lines)
}

/// A line with something at its left and something at its right, one character in from both edges.
fn two_sided(face: Face, left: &str, right: &str) -> String {
    let layout = format!(
        r#"<w:tabs><w:tab w:val="right" w:pos="{}"/></w:tabs><w:ind w:left="{CHARACTER}"/>"#,
        WIDTH - CHARACTER
    );
    let tab = "<w:r><w:tab/></w:r>";
    paragraph(&layout, &format!("{}{tab}{}", run(face, left), run(face, right)))
}

/// The whole of `word/document.xml`.
pub(super) fn document(document: &Document) -> String {
    let mut body = String::new();
    head(&mut body, document);
    document.blocks.iter().for_each(|block| part(&mut body, block));
    annex_notes(&mut body, document);
    signature(&mut body, document);
    if !document.note.is_empty() {
        body.push_str(&indented(FANG, &format!("（{}）", document.note)));
    }
    annexes(&mut body, document);
    colophon(&mut body, document);
    body.push_str(concat!(
        r#"<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>"#,
        r#"<w:pgSz w:w="11906" w:h="16838"/>"#,
        r#"<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1304" w:gutter="0"/>"#,
        r#"<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"/></w:sectPr>"#
    ));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}</w:body></w:document>"#
    )
}

fn head(body: &mut String, document: &Document) {
    let marks = [
        (&document.copy_number, FANG),
        (&document.secrecy, HEI),
        (&document.urgency, HEI),
    ];
    let mut used = 0;
    for (mark, face) in marks {
        let text = mark.as_deref().unwrap_or_default();
        if !text.is_empty() {
            body.push_str(&paragraph("", &run(face, text)));
            used += 1;
        }
    }
    // The mark begins 35 mm below the top of the text area: three lines and a bit.
    body.push_str(&empty(3_usize.saturating_sub(used)));
    body.push_str(&mark(&document.mark));
    match document.masthead {
        Masthead::Bulletin => {
            body.push_str(&paragraph(
                r#"<w:jc w:val="center"/>"#,
                &run(FANG, &document.number),
            ));
            body.push_str(&ruled(&two_sided(FANG, &document.issuer, &document.issued_on)));
        }
        Masthead::Official => {
            body.push_str(&empty(1));
            let signer = document.signer.as_deref().unwrap_or_default();
            let line = if signer.is_empty() {
                paragraph(r#"<w:jc w:val="center"/>"#, &run(FANG, &document.number))
            } else {
                two_sided(FANG, &document.number, &format!("签发人：{signer}"))
            };
            body.push_str(&ruled(&line));
        }
    }
    body.push_str(&empty(1));
    let centred = r#"<w:spacing w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>"#;
    body.push_str(&paragraph(centred, &run(TITLE, &document.title)));
    body.push_str(&empty(1));
    if !document.addressees.is_empty() {
        let line = format!("{}：", document.addressees.join("、"));
        body.push_str(&paragraph("", &run(FANG, &line)));
    }
}

/// The red words, as large as one line of them can be.
fn mark(text: &str) -> String {
    let letters = u32::try_from(text.chars().count()).unwrap_or(1).max(1);
    let size = (2 * 430 / letters).clamp(32, 108);
    let line = size * 10 + 200;
    let layout = format!(r#"<w:spacing w:line="{line}" w:lineRule="exact"/><w:jc w:val="center"/>"#);
    let properties = properties(Face(TITLE.0, size), Some(RED));
    paragraph(
        &layout,
        &format!("<w:r>{properties}<w:t>{}</w:t></w:r>", escape(text)),
    )
}

/// Puts the red rule, 4 mm below, under a line.
fn ruled(line: &str) -> String {
    let rule = format!(
        r#"<w:pPr><w:pBdr><w:bottom w:val="single" w:sz="17" w:space="11" w:color="{RED}"/></w:pBdr>"#
    );
    line.replacen("<w:pPr>", &rule, 1)
}

fn part(body: &mut String, block: &Block) {
    match block {
        Block::Heading { level, text } => {
            let face = match level {
                1 => HEI,
                2 => KAI,
                _ => FANG,
            };
            let line = indented(face, text).replacen("<w:pPr>", "<w:pPr><w:keepNext/>", 1);
            body.push_str(&line);
        }
        Block::Paragraph { runs } => body.push_str(&paragraph(&first_line(), &joined(FANG, runs))),
        Block::Table {
            caption,
            columns,
            rows,
        } => {
            if !caption.is_empty() {
                body.push_str(&paragraph(
                    r#"<w:keepNext/><w:jc w:val="center"/>"#,
                    &run(HEI, caption),
                ));
            }
            table(body, columns, rows);
        }
    }
}

fn joined(face: Face, runs: &[Run]) -> String {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    run(face, &text)
}

fn table(body: &mut String, columns: &[Column], rows: &[Vec<Vec<Run>>]) {
    let total: u32 = columns.iter().map(|column| column.width.max(1)).sum();
    let widths: Vec<u32> = columns
        .iter()
        .map(|column| WIDTH * column.width.max(1) / total.max(1))
        .collect();
    body.push_str(r#"<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:jc w:val="center"/><w:tblBorders>"#);
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _infallible = write!(
            body,
            r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#
        );
    }
    body.push_str("</w:tblBorders></w:tblPr><w:tblGrid>");
    for width in &widths {
        let _infallible = write!(body, r#"<w:gridCol w:w="{width}"/>"#);
    }
    body.push_str("</w:tblGrid>");
    let heads: Vec<String> = columns
        .iter()
        .map(|column| run(CELL_HEAD, &column.title))
        .collect();
    row(
        body,
        &widths,
        &heads,
        r"<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>",
    );
    for cells in rows {
        let cells: Vec<String> = cells.iter().map(|cell| joined(CELL, cell)).collect();
        row(body, &widths, &cells, r"<w:trPr><w:cantSplit/></w:trPr>");
    }
    body.push_str("</w:tbl>");
}

fn row(body: &mut String, widths: &[u32], cells: &[String], layout: &str) {
    let _infallible = write!(body, "<w:tr>{layout}");
    let centred =
        r#"<w:snapToGrid w:val="0"/><w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="center"/>"#;
    for (cell, width) in cells.iter().zip(widths) {
        let _infallible = write!(
            body,
            r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{}</w:tc>"#,
            paragraph(centred, cell)
        );
    }
    body.push_str("</w:tr>");
}

fn annex_notes(body: &mut String, document: &Document) {
    if document.annexes.is_empty() {
        return;
    }
    body.push_str(&empty(1));
    let many = document.annexes.len() > 1;
    for (index, annex) in document.annexes.iter().enumerate() {
        let label = if index == 0 {
            "附件："
        } else {
            "\u{3000}\u{3000}\u{3000}"
        };
        let number = if many {
            format!("{}.", index + 1)
        } else {
            String::new()
        };
        body.push_str(&indented(FANG, &format!("{label}{number}{}", annex.title)));
    }
}

/// Width of a text on the grid, in half characters: Chinese ones count two.
fn halves(text: &str) -> u32 {
    text.chars()
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum()
}

/// 落款 without a seal: the date begins two characters further in than the unit; two stay free on the right.
fn signature(body: &mut String, document: &Document) {
    if document.signature.is_empty() && document.dated.is_empty() {
        return;
    }
    body.push_str(&empty(1));
    let half = CHARACTER / 2;
    let (unit, day) = (halves(&document.signature), halves(&document.dated));
    let start = (56 - 4_u32)
        .saturating_sub(unit)
        .min((56 - 8_u32).saturating_sub(day));
    for (text, at) in [(&document.signature, start), (&document.dated, start + 4)] {
        let layout = format!(
            r#"<w:keepLines/><w:ind w:left="{}"/><w:jc w:val="left"/>"#,
            at * half
        );
        body.push_str(&paragraph(&layout, &run(FANG, text)));
    }
}

fn annexes(body: &mut String, document: &Document) {
    let many = document.annexes.len() > 1;
    for (index, annex) in document.annexes.iter().enumerate() {
        if annex.blocks.is_empty() {
            continue;
        }
        let label = if many {
            format!("附件{}", index + 1)
        } else {
            "附件".to_owned()
        };
        body.push_str(&paragraph("<w:pageBreakBefore/>", &run(HEI, &label)));
        body.push_str(&empty(1));
        let centred = r#"<w:spacing w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>"#;
        body.push_str(&paragraph(centred, &run(TITLE, &annex.title)));
        body.push_str(&empty(1));
        annex.blocks.iter().for_each(|block| part(body, block));
    }
}

/// 版记: a frame at the foot of the last page's text area.
fn colophon(body: &mut String, document: &Document) {
    let mut lines = Vec::new();
    if !document.copied_to.is_empty() {
        let text = format!("抄送：{}。", document.copied_to.join("，"));
        let layout = r#"<w:ind w:left="1120" w:right="280" w:hanging="840"/>"#;
        lines.push((layout.to_owned(), run(SMALL, &text)));
    }
    if !document.printed_by.is_empty() {
        let layout = format!(
            r#"<w:tabs><w:tab w:val="right" w:pos="{}"/></w:tabs><w:ind w:left="280"/>"#,
            WIDTH - 280
        );
        let right = run(SMALL, &format!("{}印发", document.printed_on));
        let text = format!("{}<w:r><w:tab/></w:r>{right}", run(SMALL, &document.printed_by));
        lines.push((layout, text));
    }
    let last = lines.len().saturating_sub(1);
    for (index, (layout, text)) in lines.into_iter().enumerate() {
        let (top, bottom) = (if index == 0 { 8 } else { 6 }, if index == last { 8 } else { 6 });
        let frame = format!(
            r#"<w:framePr w:w="{WIDTH}" w:hSpace="0" w:vSpace="0" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/><w:pBdr><w:top w:val="single" w:sz="{top}" w:space="3" w:color="000000"/><w:bottom w:val="single" w:sz="{bottom}" w:space="3" w:color="000000"/></w:pBdr>"#
        );
        body.push_str(&paragraph(&format!("{frame}{layout}"), &text));
    }
}
