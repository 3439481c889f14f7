//! Filling a template: words become headings, paragraphs and tables with their links.

use anlan_documents::{Block, Run};
use minijinja::{Error, Value, context};

use super::{clean, paragraphs, runs};
use crate::facts::{Content, Head};
use crate::model::Paper;
use crate::templates::{Part, TablePart, Template, Templates};

/// The text of a paper.
pub fn content(templates: &Templates, template: &Template, values: &Value) -> Result<Content, Error> {
    let mut blocks = Vec::new();
    for part in &template.blocks {
        part_into(&mut blocks, templates, part, values)?;
    }
    let plain = |text: &str| -> Result<String, Error> { Ok(unlinked(&templates.fill(text, values)?)) };
    let mut copied_to = Vec::new();
    for name in &template.copied_to {
        copied_to.push(plain(name.get_ref())?);
    }
    copied_to.retain(|name| !name.is_empty());
    Ok(Content {
        title: plain(template.title.get_ref())?,
        urgency: template.urgency.clone(),
        secrecy: template.secrecy.clone(),
        addressees: Vec::new(),
        blocks: without_bare_headings(blocks),
        copied_to,
        note: template
            .note
            .as_ref()
            .map_or_else(|| Ok(String::new()), |note| plain(note.get_ref()))?,
        change_note: String::new(),
    })
}

/// The head of a paper; the number stays a pattern until the paper is issued.
pub fn head(templates: &Templates, template: &Template, values: &Value, unit: &str) -> Result<Head, Error> {
    let numbered = context! { year => "{year}", number => "{number}", ..values.clone() };
    let number = unlinked(&templates.fill(template.number.get_ref(), &numbered)?);
    Ok(Head {
        masthead: template.masthead,
        mark: unlinked(&templates.fill(template.mark.get_ref(), values)?),
        number,
        signature: clean(unit),
        printed_by: if template.colophon {
            format!("{}办公室", clean(unit))
        } else {
            String::new()
        },
        series: template.series.clone(),
    })
}

fn unlinked(text: &str) -> String {
    let joined: String = runs(text).into_iter().map(|run| run.text).collect();
    joined.split_whitespace().collect::<Vec<_>>().join("")
}

fn part_into(
    blocks: &mut Vec<Block>,
    templates: &Templates,
    part: &Part,
    values: &Value,
) -> Result<(), Error> {
    if let Some(table) = &part.table {
        blocks.push(table_of(templates, table, values)?);
    }
    let Some(text) = &part.text else { return Ok(()) };
    let filled = templates.fill(text.get_ref(), values)?;
    match &part.heading {
        Some(level) => {
            let text = unlinked(&filled);
            if !text.is_empty() {
                blocks.push(Block::Heading {
                    level: *level.get_ref(),
                    text,
                });
            }
        }
        None => blocks.extend(
            paragraphs(&filled)
                .into_iter()
                .map(|runs| Block::Paragraph { runs }),
        ),
    }
    Ok(())
}

fn table_of(templates: &Templates, table: &TablePart, values: &Value) -> Result<Block, Error> {
    let mut rows = Vec::new();
    for row in values.get_attr(table.rows.get_ref())?.try_iter()? {
        let values = context! { row => row, ..values.clone() };
        let mut cells: Vec<Vec<Run>> = Vec::new();
        for cell in &table.cells {
            cells.push(runs(templates.fill(cell.get_ref(), &values)?.trim()));
        }
        rows.push(cells);
    }
    let caption = match &table.caption {
        Some(caption) => unlinked(&templates.fill(caption.get_ref(), values)?),
        None => String::new(),
    };
    Ok(Block::Table {
        caption,
        columns: table.columns.clone(),
        rows,
    })
}

/// A heading with nothing below it says nothing: another heading of its level or above follows, or the end.
fn without_bare_headings(blocks: Vec<Block>) -> Vec<Block> {
    let level = |block: &Block| match block {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    };
    let mut kept: Vec<Block> = Vec::new();
    for block in blocks.into_iter().rev() {
        let bare = level(&block).is_some_and(|own| {
            kept.last()
                .is_none_or(|next| level(next).is_some_and(|next| next <= own))
        });
        if !bare {
            kept.push(block);
        }
    }
    kept.reverse();
    kept
}

/// Whether a paper's own text says that a figure changed and why.
pub fn says_change(paper: &Paper) -> bool {
    !paper.content.change_note.trim().is_empty()
}
