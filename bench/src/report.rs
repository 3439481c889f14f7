//! What was measured, for the terminal and for `bench/RESULTS.md`.

use std::fs;
use std::path::Path;

use anlan_tests::place::run;
use anyhow::Result;

use crate::machine;

/// One row.
#[derive(Debug)]
pub(crate) struct Row {
    /// Number and name.
    pub title: String,
    /// Lines: what, figure.
    pub lines: Vec<(String, String)>,
    /// Bar and goal, as they were set.
    pub bar: String,
    /// What was left out and what a reader should know.
    pub notes: Vec<String>,
}

impl Row {
    /// Starts a row and says so.
    pub(crate) fn new(title: &str, bar: &str) -> Self {
        println!("\n{title}");
        Self {
            title: title.to_owned(),
            lines: Vec::new(),
            bar: bar.to_owned(),
            notes: Vec::new(),
        }
    }

    /// Adds a figure and prints it.
    pub(crate) fn line(&mut self, what: &str, figure: String) {
        println!("  {what}: {figure}");
        self.lines.push((what.to_owned(), figure));
    }

    /// Adds a remark and prints it.
    pub(crate) fn note(&mut self, note: String) {
        println!("  {note}");
        self.notes.push(note);
    }
}

/// Writes the rows into `bench/RESULTS.md`; rows that were not measured this time keep what stands there.
pub(crate) fn write(rows: &[Row]) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
    let mut sections = kept_sections(&fs::read_to_string(&path).unwrap_or_default());
    let date = run("date", &["-u", "+%Y-%m-%d"])?;
    let commit = run(
        "git",
        &["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "--short", "HEAD"],
    )
    .unwrap_or_default();
    let measured = format!(
        "Measured {} at {} on {}.",
        date.trim(),
        commit.trim(),
        machine::description()
    );
    for row in rows {
        let text = section(row, &measured);
        sections.retain(|(title, _)| *title != row.title);
        sections.push((row.title.clone(), text));
    }
    sections.sort_by_key(|(title, _)| number(title));
    let body: Vec<String> = sections.into_iter().map(|(_, text)| text).collect();
    fs::write(&path, format!("{HEAD}\n{}", body.join("\n")))?;
    println!("\nwritten: bench/RESULTS.md");
    Ok(())
}

const HEAD: &str = "# What was measured\n\n\
Written by `cargo xtask bench`. Server and load share the machine. A ratio is the median over pairs measured in\n\
alternation (ours, other, ours, other, …); raw figures are medians. Ours answers after the disk has written (`fsync`).\n";

fn number(title: &str) -> u32 {
    let digits: String = title
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(u32::MAX)
}

fn kept_sections(text: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title.to_owned(), String::new()));
        }
        if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    for (_, text) in &mut sections {
        *text = format!("{}\n", text.trim_end());
    }
    sections
}

fn section(row: &Row, measured: &str) -> String {
    let mut text = format!(
        "## {}\n\n{measured} Bar → goal: {}.\n\n| what | figure |\n|---|---|\n",
        row.title, row.bar
    );
    for (what, figure) in &row.lines {
        text.extend(["| ", what, " | ", figure, " |\n"]);
    }
    for note in &row.notes {
        text.extend(["\n", note, "\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_measured_again_replaces_its_section_and_leaves_the_others() {
        let text = "# head\n\n## Row 4: a\n\nold\n\n## Row 17: b\n\nkept\n";
        let sections = kept_sections(text);
        assert_eq!(sections.len(), 2);
        assert_eq!(
            sections[1],
            ("Row 17: b".to_owned(), "## Row 17: b\n\nkept\n".to_owned())
        );
        assert_eq!(number("Row 17: b"), 17);
    }
}
