//! Templates: data files (TOML with minijinja texts) that say what a paper of a kind looks like.
//!
//! A city replaces any of them by a file in a folder; a broken file is refused with its name and line.

use std::collections::BTreeMap;
use std::path::Path;

use anlan_documents::Masthead;
use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;
use toml::Spanned;

mod check;

/// The templates that ship with the program.
const BUILT_IN: &[(&str, &str)] = &[
    ("flash.toml", include_str!("../templates/flash.toml")),
    ("first.toml", include_str!("../templates/first.toml")),
    ("follow_up.toml", include_str!("../templates/follow_up.toml")),
    ("final.toml", include_str!("../templates/final.toml")),
    ("daily.toml", include_str!("../templates/daily.toml")),
    ("disaster.toml", include_str!("../templates/disaster.toml")),
    ("circular.toml", include_str!("../templates/circular.toml")),
];
/// Macros that all templates may use.
const COMMON: (&str, &str) = ("common.jinja", include_str!("../templates/common.jinja"));

/// The kinds of papers; each has one template.
pub const KINDS: [&str; 7] = [
    "flash",
    "first",
    "follow_up",
    "final",
    "daily",
    "disaster",
    "circular",
];

/// Says why a template was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct TemplateError {
    /// File name.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// A template as its file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// One of [`KINDS`].
    pub kind: Spanned<String>,
    /// Name for people, for example 突发事件信息专报（初报）.
    pub name: String,
    /// How the head is laid out.
    pub masthead: Masthead,
    /// 发文机关标志.
    pub mark: Spanned<String>,
    /// 发文字号, with `{{ year }}` and `{{ number }}`.
    pub number: Spanned<String>,
    /// Numbers are counted within this series.
    pub series: String,
    /// 紧急程度.
    #[serde(default)]
    pub urgency: Option<String>,
    /// 密级.
    #[serde(default)]
    pub secrecy: Option<String>,
    /// Whether the unit's office is named at the foot.
    #[serde(default)]
    pub colophon: bool,
    /// Whether issuing it reports upward.
    #[serde(default)]
    pub reports_up: bool,
    /// 标题.
    pub title: Spanned<String>,
    /// 抄送, one name each.
    #[serde(default)]
    pub copied_to: Vec<Spanned<String>>,
    /// 附注.
    #[serde(default)]
    pub note: Option<Spanned<String>>,
    /// The parts of the text, in order.
    #[serde(rename = "block")]
    pub blocks: Vec<Part>,
}

/// A part of the text; one that comes out empty is left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Level of a heading, 1 to 4; a paragraph when absent.
    #[serde(default)]
    pub heading: Option<Spanned<u8>>,
    /// The words; a line break begins a paragraph.
    #[serde(default)]
    pub text: Option<Spanned<String>>,
    /// A table instead of words.
    #[serde(default)]
    pub table: Option<TablePart>,
}

/// A table with one row for each item of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TablePart {
    /// Above the table.
    #[serde(default)]
    pub caption: Option<Spanned<String>>,
    /// Name of the list.
    pub rows: Spanned<String>,
    /// Heads of the columns.
    pub columns: Vec<anlan_documents::Column>,
    /// Words of the cells, with `row`.
    pub cells: Vec<Spanned<String>>,
}

/// All templates, checked.
#[derive(Clone)]
pub struct Templates {
    by_kind: BTreeMap<String, Template>,
    environment: Environment<'static>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.by_kind.keys()).finish()
    }
}

impl Templates {
    /// Loads the built-in templates and, over them, those of a folder.
    pub fn load(folder: Option<&Path>) -> Result<Self, TemplateError> {
        let mut files: Vec<(String, String)> = Vec::new();
        let mut common = (COMMON.0.to_owned(), COMMON.1.to_owned());
        for (file, text) in BUILT_IN {
            files.push(((*file).to_owned(), (*text).to_owned()));
        }
        if let Some(folder) = folder {
            for (file, text) in read_folder(folder)? {
                if file.ends_with("common.jinja") {
                    common = (file, text);
                } else {
                    files.push((file, text));
                }
            }
        }
        Self::from_files(&common, &files)
    }

    /// Checks and compiles files, given as name and text; of two for the same kind the later one holds.
    pub fn from_files(common: &(String, String), files: &[(String, String)]) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment
            .add_template_owned("common".to_owned(), common.1.clone())
            .map_err(|error| check::in_text(&common.0, 1, &error))?;
        let mut by_kind = BTreeMap::new();
        for (file, text) in files {
            let template = check::read(file, text)?;
            check::prove(&environment, file, text, &template)?;
            by_kind.insert(template.kind.get_ref().clone(), template);
        }
        Ok(Self { by_kind, environment })
    }

    /// The template of a kind.
    pub fn get(&self, kind: &str) -> Option<&Template> {
        self.by_kind.get(kind)
    }

    /// All templates by kind.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        KINDS.iter().filter_map(|kind| self.by_kind.get(*kind))
    }

    /// Puts values into a text of a template.
    pub fn fill(&self, text: &str, values: &minijinja::Value) -> Result<String, minijinja::Error> {
        fill(&self.environment, text, values)
    }
}

/// Every text sees the common macros as `say`.
fn fill(
    environment: &Environment<'_>,
    text: &str,
    values: &minijinja::Value,
) -> Result<String, minijinja::Error> {
    let whole = format!("{{% import 'common' as say %}}{text}");
    environment.render_str(&whole, values)
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, TemplateError> {
    let refuse = |file: &Path, error: std::io::Error| TemplateError {
        file: file.display().to_string(),
        line: 1,
        reason: error.to_string(),
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| refuse(folder, error))? {
        paths.push(entry.map_err(|error| refuse(folder, error))?.path());
    }
    paths.sort();
    let is_template = |path: &&std::path::PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending == Some("toml") || path.file_name().is_some_and(|name| name == "common.jinja")
    };
    paths
        .iter()
        .filter(is_template)
        .map(|path| {
            let text = std::fs::read_to_string(path).map_err(|error| refuse(path, error))?;
            Ok((path.display().to_string(), text))
        })
        .collect()
}
