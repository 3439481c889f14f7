//! The dry run: every row read, every fault named by its cell.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cell::{Cell, Sheet, address};
use crate::diff::natural_key;
use crate::head::Layout;
use crate::schema::{Column, Kind, Lang, Schema};
use crate::text;
use crate::value::{self, Problem, Value};

/// One cell at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SheetFinding)]
pub struct Finding {
    /// Row as the sheet numbers it, from 1.
    pub row: usize,
    /// Address, for example `C17`.
    pub cell: String,
    /// Column of the register.
    pub key: String,
    /// Stable code, for example `bad_date`.
    pub code: String,
    /// What stands there.
    pub found: String,
    /// What was expected, in Chinese.
    pub expected_zh: String,
    /// The same in English.
    pub expected_en: String,
    #[serde(skip)]
    pub(crate) place: (usize, usize),
}

impl Finding {
    /// A finding at a place, row and column from 0.
    pub fn at((row, column): (usize, usize), key: &str, found: &str, problem: Problem) -> Self {
        Self {
            row: row + 1,
            cell: address(row, column),
            key: key.to_owned(),
            code: problem.code.to_owned(),
            found: found.chars().take(200).collect(),
            expected_zh: problem.zh,
            expected_en: problem.en,
            place: (row, column),
        }
    }

    /// What was expected, in a language.
    pub fn expected(&self, lang: Lang) -> &str {
        lang.of(&self.expected_zh, &self.expected_en)
    }
}

/// A row that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skipped {
    /// Row as the sheet numbers it, from 1.
    pub row: usize,
    /// `blank`, `sum`, `remark` or `head`.
    pub why: String,
    /// What stands in it first.
    pub text: String,
}

/// A row as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedRow {
    /// Row as the sheet numbers it, from 1.
    pub row: usize,
    /// Values by the place of their column in the schema; `None` where the cell is blank, at fault or not there.
    pub values: Vec<Option<Value>>,
    /// Whether nothing is wrong with it.
    pub good: bool,
}

/// What a dry run found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// Rows of data, good and bad.
    pub rows: Vec<CheckedRow>,
    /// Cells at fault, by row and column.
    pub findings: Vec<Finding>,
    /// Rows passed over.
    pub skipped: Vec<Skipped>,
}

impl Checked {
    /// How many rows are good.
    pub fn good(&self) -> usize {
        self.rows.iter().filter(|row| row.good).count()
    }
}

/// Why a name leads to nothing.
pub type Unresolved = Problem;

/// Finds what a text of a reference column names.
pub trait Resolve {
    /// The thing of register `to` that `text` names; `row` holds what was read of the row so far.
    fn resolve(&self, to: &str, text: &str, row: &[Option<Value>]) -> Result<Value, Unresolved>;
}

/// Reads all rows below the head. `mapping` says in which column of the sheet each key stands.
pub fn check(
    sheet: &Sheet,
    layout: &Layout,
    (schema, mapping): (&Schema, &BTreeMap<String, usize>),
    names: &dyn Resolve,
) -> Checked {
    let mut reader = Reader {
        sheet,
        layout,
        schema,
        columns: schema
            .columns
            .iter()
            .map(|column| mapping.get(&column.key).copied())
            .collect(),
        names,
        covered: covered(sheet),
        told: HashSet::new(),
        checked: Checked::default(),
    };
    for row in layout.head_last + 1..sheet.rows.len() {
        reader.row(row);
    }
    reader.doubles();
    let mut checked = reader.checked;
    checked.findings.sort_by_key(|finding| finding.place);
    checked
}

/// Cells below or beside the first one of a merged region, and where that is.
fn covered(sheet: &Sheet) -> HashMap<(usize, usize), (usize, usize)> {
    let (mut places, depth, width) = (HashMap::new(), sheet.rows.len(), sheet.width());
    for merge in &sheet.merges {
        for row in merge.first.0..=merge.last.0.min(depth) {
            for column in merge.first.1..=merge.last.1.min(width) {
                places.insert((row, column), merge.first);
            }
        }
    }
    places
}

struct Reader<'a> {
    sheet: &'a Sheet,
    layout: &'a Layout,
    schema: &'a Schema,
    columns: Vec<Option<usize>>,
    names: &'a dyn Resolve,
    covered: HashMap<(usize, usize), (usize, usize)>,
    told: HashSet<((usize, usize), &'static str)>,
    checked: Checked,
}

impl Reader<'_> {
    fn origin(&self, row: usize, column: usize) -> (usize, usize) {
        self.covered.get(&(row, column)).copied().unwrap_or((row, column))
    }

    fn row(&mut self, row: usize) {
        if let Some((why, text)) = self.passed_over(row) {
            self.checked.skipped.push(Skipped {
                row: row + 1,
                why: why.to_owned(),
                text: text.chars().take(100).collect(),
            });
            return;
        }
        let mut values: Vec<Option<Value>> = vec![None; self.schema.columns.len()];
        let mut good = true;
        let schema = self.schema;
        for (place, column) in schema.columns.iter().enumerate() {
            let Some(at) = self.columns.get(place).copied().flatten() else {
                // A required column that the sheet does not have is said once, by the mapping; no row is good without it.
                good &= !column.required;
                continue;
            };
            let origin = self.origin(row, at);
            match self.value(column, origin, &values) {
                Ok(value) => {
                    if let Some(slot) = values.get_mut(place) {
                        *slot = value;
                    }
                }
                Err(problem) => {
                    good = false;
                    self.tell(origin, &column.key, problem);
                }
            }
        }
        self.checked.rows.push(CheckedRow {
            row: row + 1,
            values,
            good,
        });
    }

    fn value(
        &self,
        column: &Column,
        at: (usize, usize),
        row: &[Option<Value>],
    ) -> Result<Option<Value>, Problem> {
        let cell = self.sheet.at(at.0, at.1);
        if nothing(cell) {
            return if column.required {
                Err(required(column))
            } else {
                Ok(None)
            };
        }
        let value = value::parse(column, cell, self.sheet.from_1904)?;
        match (&column.kind, &value) {
            (Kind::Reference { to }, Value::Text(text)) => self.names.resolve(to, text, row).map(Some),
            _ => Ok(Some(value)),
        }
    }

    /// One cell is told of once, also when a merged region carries it into many rows.
    fn tell(&mut self, at: (usize, usize), key: &str, problem: Problem) {
        if self.told.insert((at, problem.code)) {
            let found = self.sheet.at(at.0, at.1).shown();
            self.checked.findings.push(Finding::at(at, key, &found, problem));
        }
    }

    fn passed_over(&self, row: usize) -> Option<(&'static str, String)> {
        if self.sheet.is_blank(row) {
            return Some(("blank", String::new()));
        }
        let cells = self.sheet.rows.get(row)?;
        let first = cells.iter().find(|cell| !cell.is_blank())?;
        let (said, plain) = (text::clean(&first.shown()), text::title(&first.shown()).0);
        let filled = cells.iter().filter(|cell| !cell.is_blank()).count();
        if is_sum(&plain) && self.lacks_key(row) {
            return Some(("sum", said));
        }
        let remark = [
            "备注",
            "说明",
            "注",
            "填表",
            "制表",
            "审核",
            "填报",
            "单位负责人",
            "联系人",
            "remark",
            "note",
        ];
        let begins = remark.iter().any(|word| plain.starts_with(word));
        if self.lacks_key(row) && (begins || filled == 1 && said.chars().count() > 12) {
            return Some(("remark", said));
        }
        let titles = self.layout.titles.iter().enumerate();
        let mut shown = titles.filter(|(_, parts)| !parts.is_empty());
        let same = |(at, parts): (usize, &Vec<String>)| {
            let cell = text::title(&self.sheet.at(row, at).shown()).0;
            parts.last().is_some_and(|part| text::title(part).0 == cell)
        };
        (filled > 1 && shown.all(same)).then_some(("head", said))
    }

    /// Whether a column of the natural key is blank in a row.
    fn lacks_key(&self, row: usize) -> bool {
        let mut places = self.schema.key_positions().into_iter();
        places.any(|place| {
            let at = self.columns.get(place).copied().flatten();
            at.is_none_or(|at| {
                let (row, column) = self.origin(row, at);
                nothing(self.sheet.at(row, column))
            })
        })
    }

    /// Marks rows whose natural key an earlier row has.
    fn doubles(&mut self) {
        let keys = self.schema.key_positions();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut found = Vec::new();
        for row in &mut self.checked.rows {
            let Some(key) = natural_key(&keys, &row.values) else {
                continue;
            };
            if let Some(earlier) = seen.get(&key) {
                row.good = false;
                found.push((row.row, *earlier));
            } else {
                seen.insert(key, row.row);
            }
        }
        let last = keys
            .last()
            .and_then(|place| self.schema.columns.get(*place).zip(self.columns.get(*place)));
        let Some((column, Some(at))) = last else { return };
        let (key, at) = (column.key.clone(), *at);
        for (row, earlier) in found {
            let problem = Problem::new(
                "duplicate",
                format!("每行只出现一次:与第 {earlier} 行重复"),
                format!("each row once: row {earlier} is the same"),
            );
            self.tell((row - 1, at), &key, problem);
        }
    }
}

/// Blank, or a stroke that people write for "nothing".
fn nothing(cell: &Cell) -> bool {
    let stroke = |text: &str| matches!(text::clean(text).as_str(), "-" | "—" | "——" | "/" | "\\" | "--");
    cell.is_blank() || matches!(cell, Cell::Text(text) if stroke(text))
}

fn is_sum(plain: &str) -> bool {
    let words = [
        "合计",
        "总计",
        "小计",
        "共计",
        "本页小计",
        "累计",
        "total",
        "subtotal",
        "sum",
    ];
    words
        .iter()
        .any(|word| plain == *word || plain.starts_with(word) && plain.chars().count() <= 8)
}

fn required(column: &Column) -> Problem {
    Problem::new(
        "required",
        format!("必填:{}", column.zh),
        format!("required: {}", column.en),
    )
}
