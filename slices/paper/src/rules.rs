//! Verbs without input or output: who may see a paper, what may be done with it, what it becomes when it is issued.

use anlan_documents::{Block, Document, Masthead, Run};
use anlan_foundation::{Checks, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::draft;
use crate::error::PaperError;
use crate::facts::{Content, Head};
use crate::model::{Paper, State};
use crate::sheet::chinese_day;

/// 紧急程度 that the standard knows.
pub const URGENCIES: [&str; 2] = ["特急", "加急"];
/// 密级 that the standard knows, and the one for what is not secret but not public.
pub const SECRECIES: [&str; 4] = ["绝密", "机密", "秘密", "内部"];

/// Whether a unit sees a paper that lies in an area it may read: its own, those sent to it, and those shown to it.
///
/// What another unit has not yet issued is not for others' eyes, unless nobody signed it in time.
pub fn sees(paper: &Paper, unit: Option<&str>) -> bool {
    if paper.state == State::Issued {
        return true;
    }
    let Some(unit) = unit else { return false };
    paper.unit.id == unit || paper.shown_to.iter().any(|shown| shown.id == unit)
}

/// Refuses to change a text that is frozen.
pub fn require_open(paper: &Paper) -> Result<(), PaperError> {
    if paper.is_open() {
        Ok(())
    } else {
        Err(PaperError::Frozen(paper.state.word()))
    }
}

/// What may be done next, so that screens offer nothing that would be refused.
pub fn allowed_acts(paper: &Paper, unit: Option<&str>) -> Vec<&'static str> {
    let own = unit == Some(paper.unit.id.as_str());
    let mut acts = match paper.state {
        State::Draft if own => vec!["edit", "submit", "sign", "discard"],
        State::Submitted if own => vec!["edit", "sign", "return", "discard"],
        State::Signed if own => vec!["issue"],
        State::Issued => vec!["carry", "correct"],
        _ => Vec::new(),
    };
    if !own {
        acts.retain(|act| *act != "correct");
    }
    let addressed = paper.to.iter().any(|to| Some(to.id.as_str()) == unit);
    let open = unit.is_some_and(|unit| paper.receipt_of(unit).is_none());
    if paper.state == State::Issued && addressed && open {
        acts.push("receive");
    }
    acts
}

/// A text as somebody edited it: blocks by their place, in plain words.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
pub struct Edit {
    /// 标题.
    pub title: Option<String>,
    /// 紧急程度; empty for none.
    pub urgency: Option<String>,
    /// 密级; empty for none.
    pub secrecy: Option<String>,
    /// 抄送.
    pub copied_to: Option<Vec<String>>,
    /// 变更说明.
    pub change_note: Option<String>,
    /// The parts of the text in their new order; absent leaves them.
    pub blocks: Option<Vec<EditedBlock>>,
}

/// A part of an edited text.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub struct EditedBlock {
    /// Place of the block it comes from, from 0; absent for a new one.
    pub from: Option<usize>,
    /// Level of a heading; absent for a paragraph.
    pub heading: Option<u8>,
    /// The words. Ignored where `from` is a table: its cells come from the facts.
    #[serde(default)]
    pub text: String,
}

/// Checks an edit.
pub fn check_edit(edit: &Edit) -> Result<(), PaperError> {
    let mut checks = Checks::new();
    if let Some(title) = &edit.title {
        checks.text("title", title, 2, 120);
    }
    let choices = [
        ("urgency", &edit.urgency, &URGENCIES[..]),
        ("secrecy", &edit.secrecy, &SECRECIES[..]),
    ];
    for (field, value, known) in choices {
        let word = value.as_deref().unwrap_or_default();
        if !word.is_empty() && !known.contains(&word) {
            checks.fault(field, "not_a_choice", known.join(", "));
        }
    }
    checks.optional_text("change_note", edit.change_note.as_deref(), 1_000);
    for (index, name) in edit.copied_to.iter().flatten().enumerate() {
        checks.text(&format!("copied_to.{index}"), name, 1, 60);
    }
    let blocks = edit.blocks.as_deref().unwrap_or_default();
    checks.require(blocks.len() <= 200, "blocks", "at most 200 blocks");
    for (index, block) in blocks.iter().enumerate() {
        checks.text(&format!("blocks.{index}.text"), &block.text, 0, 4_000);
        let level = block.heading.is_none_or(|level| (1..=4).contains(&level));
        checks.require(level, &format!("blocks.{index}.heading"), "1 to 4");
    }
    Ok(checks.finish()?)
}

/// The content after an edit. Numbers that still stand as before keep the facts they state; others have none.
pub fn apply_edit(content: &Content, edit: &Edit) -> Content {
    let mut new = content.clone();
    let word = |value: &String| Some(value.trim().to_owned()).filter(|word| !word.is_empty());
    if let Some(title) = &edit.title {
        title.trim().clone_into(&mut new.title);
    }
    if let Some(urgency) = &edit.urgency {
        new.urgency = word(urgency);
    }
    if let Some(secrecy) = &edit.secrecy {
        new.secrecy = word(secrecy);
    }
    if let Some(copied) = &edit.copied_to {
        new.copied_to = copied.iter().map(|name| name.trim().to_owned()).collect();
    }
    if let Some(note) = &edit.change_note {
        note.trim().clone_into(&mut new.change_note);
    }
    if let Some(blocks) = &edit.blocks {
        new.blocks = blocks.iter().filter_map(|block| edited(content, block)).collect();
    }
    new
}

fn edited(content: &Content, block: &EditedBlock) -> Option<Block> {
    let before = block.from.and_then(|from| content.blocks.get(from));
    if let Some(table @ Block::Table { .. }) = before {
        return Some(table.clone());
    }
    let text = block.text.split_whitespace().collect::<Vec<_>>().join("");
    if text.is_empty() {
        return None;
    }
    if let Some(level) = block.heading {
        return Some(Block::Heading {
            level,
            text: draft::clean(&text),
        });
    }
    let links: Vec<Run> = before.map_or_else(Vec::new, |block| block.runs().into_iter().cloned().collect());
    Some(Block::Paragraph {
        runs: draft::relink(&links, &text),
    })
}

/// The document that a paper prints as. Until it is issued its number is open.
pub fn compose(paper: &Paper, year: i16, number: Option<u32>, day: Timestamp) -> Document {
    let (head, content) = (&paper.head, &paper.content);
    let shown = number.map_or_else(|| "×".to_owned(), |number| number.to_string());
    let date = chinese_day(day);
    let bulletin = head.masthead == Masthead::Bulletin;
    let text = |text: &str| text.to_owned();
    Document {
        masthead: head.masthead,
        copy_number: None,
        secrecy: content.secrecy.clone(),
        urgency: content.urgency.clone(),
        mark: head.mark.clone(),
        number: numbered(head, year, &shown),
        signer: paper
            .signed
            .as_ref()
            .filter(|_| !bulletin && paper.reports_up)
            .map(|stamp| stamp.by.clone()),
        issuer: if bulletin {
            head.signature.clone()
        } else {
            String::new()
        },
        issued_on: if bulletin { date.clone() } else { String::new() },
        title: content.title.clone(),
        addressees: addressees(paper),
        blocks: blocks(content),
        annexes: Vec::new(),
        signature: head.signature.clone(),
        dated: date.clone(),
        note: content.note.clone(),
        copied_to: content.copied_to.clone(),
        printed_by: head.printed_by.clone(),
        printed_on: if head.printed_by.is_empty() {
            text("")
        } else {
            date
        },
    }
}

fn numbered(head: &Head, year: i16, number: &str) -> String {
    head.number
        .replace("{year}", &year.to_string())
        .replace("{number}", number)
}

fn addressees(paper: &Paper) -> Vec<String> {
    if paper.content.addressees.is_empty() {
        paper.to.iter().map(|unit| unit.name.clone()).collect()
    } else {
        paper.content.addressees.clone()
    }
}

/// The text with its 变更说明 at the end.
fn blocks(content: &Content) -> Vec<Block> {
    let mut blocks = content.blocks.clone();
    if !content.change_note.is_empty() {
        blocks.push(Block::Paragraph {
            runs: vec![Run::plain(format!("变更说明：{}", content.change_note))],
        });
    }
    blocks
}
