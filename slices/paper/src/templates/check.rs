//! Reading and proving templates: what is wrong is named with file and line before anybody needs the paper.

use minijinja::Environment;
use toml::Spanned;

use super::{KINDS, Template, TemplateError, fill};
use crate::draft::sample;

/// Reads a file.
pub(super) fn read(file: &str, text: &str) -> Result<Template, TemplateError> {
    let template: Template = toml::from_str(text).map_err(|error| TemplateError {
        file: file.to_owned(),
        line: error.span().map_or(1, |span| line_at(text, span.start)),
        reason: error.message().to_owned(),
    })?;
    let refuse = |at: usize, reason: String| {
        Err(TemplateError {
            file: file.to_owned(),
            line: line_at(text, at),
            reason,
        })
    };
    if !KINDS.contains(&template.kind.get_ref().as_str()) {
        let reason = format!(
            "kind is `{}`, expected one of {}",
            template.kind.get_ref(),
            KINDS.join(", ")
        );
        return refuse(template.kind.span().start, reason);
    }
    for part in &template.blocks {
        if let Some(level) = part
            .heading
            .as_ref()
            .filter(|level| !(1..=4).contains(level.get_ref()))
        {
            let reason = format!("heading is {}, expected 1 to 4", level.get_ref());
            return refuse(level.span().start, reason);
        }
        if let Some(table) = &part.table
            && table.cells.len() != table.columns.len()
        {
            let reason = format!("{} cells for {} columns", table.cells.len(), table.columns.len());
            return refuse(table.rows.span().start, reason);
        }
        if part.text.is_none() == part.table.is_none() {
            let at = part.heading.as_ref().map_or(0, |level| level.span().start);
            return refuse(at, "a block has either text or table".to_owned());
        }
    }
    Ok(template)
}

/// Fills every text with invented facts, known and unknown ones, so that a wrong name shows now.
pub(super) fn prove(
    environment: &Environment<'_>,
    file: &str,
    text: &str,
    template: &Template,
) -> Result<(), TemplateError> {
    for values in sample::contexts() {
        for (part, row) in texts(template) {
            let values = if row {
                sample::with_row(&values)
            } else {
                values.clone()
            };
            let line = first_line(text, &part);
            fill(environment, part.get_ref(), &values).map_err(|error| in_text(file, line, &error))?;
        }
        for table in template.blocks.iter().filter_map(|part| part.table.as_ref()) {
            let known = values
                .get_attr(table.rows.get_ref())
                .is_ok_and(|list| !list.is_undefined());
            if !known {
                return Err(TemplateError {
                    file: file.to_owned(),
                    line: line_at(text, table.rows.span().start),
                    reason: format!("there is no list `{}`", table.rows.get_ref()),
                });
            }
        }
    }
    Ok(())
}

/// Every text of a template, and whether it is filled once for each row of a table.
fn texts(template: &Template) -> Vec<(Spanned<String>, bool)> {
    let mut all = vec![
        (template.mark.clone(), false),
        (template.number.clone(), false),
        (template.title.clone(), false),
    ];
    all.extend(template.copied_to.iter().map(|text| (text.clone(), false)));
    all.extend(template.note.iter().map(|text| (text.clone(), false)));
    for part in &template.blocks {
        all.extend(part.text.iter().map(|text| (text.clone(), false)));
        if let Some(table) = &part.table {
            all.extend(table.caption.iter().map(|text| (text.clone(), false)));
            all.extend(table.cells.iter().map(|text| (text.clone(), true)));
        }
    }
    all
}

/// The line of the file on which a text's own first line stands: a text in `"""` begins on the next one.
fn first_line(text: &str, part: &Spanned<String>) -> usize {
    let line = line_at(text, part.span().start);
    let rest = text.get(part.span()).unwrap_or_default();
    let opened = rest.strip_prefix("\"\"\"").or_else(|| rest.strip_prefix("'''"));
    if opened.is_some_and(|rest| rest.starts_with('\n') || rest.starts_with("\r\n")) {
        line + 1
    } else {
        line
    }
}

/// A fault in a text that begins on a line of a file.
pub(super) fn in_text(file: &str, first: usize, error: &minijinja::Error) -> TemplateError {
    let detail = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    TemplateError {
        file: file.to_owned(),
        line: first + error.line().unwrap_or(1).saturating_sub(1),
        reason: format!("{}: {detail}", error.kind()),
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
