//! The page as it is printed, measured in the PDF itself: margins, lines, characters.
#![cfg(feature = "pdf")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/pdf.rs"]
mod pdf;

use anlan_documents::{Annex, Block, Column, Document, Masthead, Press, Run, word};
use pdf::{Page, pages};

/// Millimetres in points.
const MM: f64 = 72.0 / 25.4;

fn paragraph(text: &str) -> Block {
    Block::Paragraph {
        runs: vec![Run::plain(text)],
    }
}

/// A bulletin with enough text for several pages.
fn long() -> Document {
    Document {
        masthead: Masthead::Bulletin,
        urgency: Some("特急".to_owned()),
        mark: "突发事件信息专报".to_owned(),
        number: "〔2026〕第12期".to_owned(),
        issuer: "武川县应急管理局".to_owned(),
        issued_on: "2026年11月24日".to_owned(),
        title: "关于武川县可可以力更镇民房火灾的初报".to_owned(),
        addressees: vec!["呼和浩特市应急管理局".to_owned()],
        blocks: vec![
            Block::Heading {
                level: 1,
                text: "一、事件基本情况".to_owned(),
            },
            paragraph(&"测".repeat(28 * 70)),
        ],
        signature: "武川县应急管理局".to_owned(),
        dated: "2026年11月24日".to_owned(),
        ..Document::default()
    }
}

fn printed(document: &Document) -> Vec<Page> {
    pages(&Press::open(None).unwrap().pdf(document).unwrap())
}

/// What is wrong with a page full of text: margins off by more than 1 mm, or not 22 lines of 28 characters.
fn faults(page: &Page) -> Vec<String> {
    let lines = page.body_lines();
    let first = &lines[0];
    let top = (page.height - first.top()) / MM;
    let left = lines.iter().map(|line| line.left()).fold(f64::MAX, f64::min) / MM;
    let right = lines.iter().map(|line| line.right()).fold(0.0, f64::max) / MM;
    let bottom = (page.height - lines[lines.len() - 1].bottom()) / MM;
    let mut faults = Vec::new();
    let mut near = |what: &str, found: f64, wanted: f64| {
        if (found - wanted).abs() > 1.0 {
            faults.push(format!("{what} is {found:.2} mm, not {wanted} mm"));
        }
    };
    near("the top margin", top, 37.0);
    near("the left margin", left, 28.0);
    near("the text area's width", right - left, 156.0);
    near("the text area's height", bottom - top, 225.0);
    if lines.len() != 22 {
        faults.push(format!("{} lines, not 22", lines.len()));
    }
    if let Some(line) = lines.iter().find(|line| line.glyphs.len() != 28) {
        faults.push(format!("{} characters in a full line, not 28", line.glyphs.len()));
    }
    faults
}

#[test]
fn a_full_page_is_22_lines_of_28_characters_within_the_margins_of_the_standard() {
    let pages = printed(&long());
    assert!(pages.len() >= 4);
    for page in &pages[1..3] {
        assert!((page.width / MM - 210.0).abs() < 0.5);
        assert!((page.height / MM - 297.0).abs() < 0.5);
        assert_eq!(faults(page), Vec::<String>::new());
    }
}

#[test]
fn a_page_with_wrong_margins_is_found_out() {
    let mut page = printed(&long()).remove(1);
    page.shift(3.0 * MM, 0.0);
    assert!(faults(&page).iter().any(|fault| fault.contains("left margin")));
    page.shift(-3.0 * MM, -2.0 * MM);
    assert!(faults(&page).iter().any(|fault| fault.contains("top margin")));
    page.shift(0.0, 2.0 * MM);
    page.drop_line(5);
    assert!(faults(&page).iter().any(|fault| fault.contains("21 lines")));
}

#[test]
fn the_body_is_set_in_three_hao_and_the_title_in_two_hao() {
    let pages = printed(&long());
    let body = pages[1].body_lines();
    assert!(
        body.iter()
            .flat_map(|line| &line.glyphs)
            .all(|glyph| (glyph.size - 16.0).abs() < 0.01)
    );
    let sizes: Vec<f64> = pages[0].lines.iter().map(|line| line.glyphs[0].size).collect();
    assert!(sizes.iter().any(|size| (size - 22.0).abs() < 0.01), "{sizes:?}");
}

#[test]
fn the_red_head_begins_35_mm_below_the_top_of_the_text_area() {
    let pages = printed(&long());
    let mark = pages[0]
        .lines
        .iter()
        .find(|line| line.glyphs[0].size > 30.0)
        .unwrap();
    let top = (pages[0].height - mark.top()) / MM;
    assert!((top - 72.0).abs() < 2.0, "{top}");
}

#[test]
fn page_numbers_stand_outside_right_on_odd_and_left_on_even_pages() {
    let pages = printed(&long());
    for (index, page) in pages.iter().enumerate() {
        let folio = page.folio();
        let middle = f64::midpoint(folio.left(), folio.right());
        assert_eq!(middle > page.width / 2.0, index % 2 == 0, "page {}", index + 1);
        let below = (page.height - folio.top()) / MM - (37.0 + 225.0);
        assert!((below - 7.0).abs() < 1.0, "{below}");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = long();
    let press = Press::open(None).unwrap();
    let first = press.pdf(&document).unwrap();
    press.pdf(&Document::default()).unwrap();
    assert_eq!(press.pdf(&document).unwrap(), first);
    assert_eq!(Press::open(None).unwrap().pdf(&document).unwrap(), first);
    assert_eq!(word(&document).unwrap(), word(&document).unwrap());
}

#[test]
fn everything_that_people_write_is_printed_as_it_is_written() {
    let mut document = long();
    document.title = "关于#panic() $x$ [*某*] \"引号\" 的情况".to_owned();
    document.blocks = vec![
        paragraph("#read(\"/etc/hosts\") = 标题 - 列表 \\ ` <i> & 尾"),
        Block::Table {
            caption: "表".to_owned(),
            columns: vec![
                Column {
                    title: "地区".to_owned(),
                    width: 3,
                },
                Column {
                    title: "死亡".to_owned(),
                    width: 1,
                },
            ],
            rows: vec![vec![vec![Run::plain("某县")], vec![Run::plain("正在核实")]]],
        },
    ];
    document.annexes = vec![Annex {
        title: "名单".to_owned(),
        blocks: vec![paragraph("附件正文")],
    }];
    document.copied_to = vec!["县委办公室".to_owned()];
    document.printed_by = "某县应急管理局办公室".to_owned();
    let pages = printed(&document);
    assert_eq!(pages.len(), 2);
    let letters: usize = pages
        .iter()
        .flat_map(|page| &page.lines)
        .map(|line| line.glyphs.len())
        .sum();
    assert!(letters > 120, "{letters}");
    let docx = String::from_utf8_lossy(&word(&document).unwrap()).into_owned();
    assert!(docx.contains("#read(&quot;/etc/hosts&quot;)") && docx.contains("方正小标宋简体"));
}

#[test]
fn the_word_file_has_the_measures_of_the_standard() {
    let docx = String::from_utf8_lossy(&word(&long()).unwrap()).into_owned();
    let number = |name: &str| -> f64 {
        let (_, rest) = docx.split_once(&format!("{name}=\"")).unwrap();
        let digits: String = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '-')
            .collect();
        digits.parse().unwrap()
    };
    let twips = |name: &str| number(name) / 20.0 / MM;
    assert!(docx.contains("<w:pgMar w:top=\"2098\""));
    assert!((2098.0 / 20.0 / MM - 37.0).abs() < 0.1);
    let (width, height) = (twips("w:pgSz w:w"), 16838.0 / 20.0 / MM);
    assert!((width - 210.0).abs() < 0.1 && (height - 297.0).abs() < 0.1);
    assert!(docx.contains("w:right=\"1474\" w:bottom=\"1985\" w:left=\"1588\""));
    let pitch = number("w:linePitch");
    let lines = ((16838.0 - 2098.0 - 1985.0) / pitch).floor();
    let character = 16.0 + number("w:charSpace") / 4096.0;
    let characters = ((11906.0 - 1588.0 - 1474.0) / 20.0 / character).floor();
    assert_eq!((lines, characters), (22.0, 28.0));
}

#[test]
fn a_press_refuses_a_folder_that_is_not_there() {
    assert!(Press::open(Some(std::path::Path::new("no-such-folder"))).is_err());
}
