//! What an official document consists of, apart from how it looks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the head is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Masthead {
    /// 红头文件: mark, number, red rule.
    #[default]
    Official,
    /// 快报、专报、简报: mark, issue number, unit on the left and date on the right, red rule.
    Bulletin,
}

/// A stretch of text; one that states a fact names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Id of the fact it states, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
}

impl Run {
    /// Text that states no fact in particular.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            fact: None,
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// Its share of the width.
    #[serde(default = "one")]
    pub width: u32,
}

const fn one() -> u32 {
    1
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// 一、 (level 1), （一） (level 2), 1. (level 3), （1） (level 4).
    Heading {
        /// 1 to 4.
        level: u8,
        /// With its number.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        runs: Vec<Run>,
    },
    /// A table.
    Table {
        /// Above the table; empty for none.
        #[serde(default)]
        caption: String,
        /// The columns.
        columns: Vec<Column>,
        /// Rows of cells, each cell a stretch of runs.
        rows: Vec<Vec<Vec<Run>>>,
    },
}

/// 附件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Annex {
    /// Its title.
    pub title: String,
    /// Its text; an annex without text is only named.
    #[serde(default)]
    pub blocks: Vec<Block>,
}

/// An official document. Empty texts and `null` leave a part out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// How the head is laid out.
    pub masthead: Masthead,
    /// 份号, six digits.
    pub copy_number: Option<String>,
    /// 密级和保密期限.
    pub secrecy: Option<String>,
    /// 紧急程度: 特急 or 加急.
    pub urgency: Option<String>,
    /// 发文机关标志: the red words.
    pub mark: String,
    /// 发文字号 or 期号.
    pub number: String,
    /// 签发人, in documents that go up.
    pub signer: Option<String>,
    /// The unit below the mark of a bulletin.
    pub issuer: String,
    /// The date below the mark of a bulletin.
    pub issued_on: String,
    /// 标题.
    pub title: String,
    /// 主送机关.
    pub addressees: Vec<String>,
    /// 正文.
    pub blocks: Vec<Block>,
    /// 附件.
    pub annexes: Vec<Annex>,
    /// 发文机关署名.
    pub signature: String,
    /// 成文日期.
    pub dated: String,
    /// 附注.
    pub note: String,
    /// 抄送机关.
    pub copied_to: Vec<String>,
    /// 印发机关.
    pub printed_by: String,
    /// 印发日期.
    pub printed_on: String,
}

impl Document {
    /// Every run of the text with the words before it, in reading order: paragraphs and cells of text and annexes.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        let annexed = self.annexes.iter().flat_map(|annex| annex.blocks.iter());
        self.blocks.iter().chain(annexed).flat_map(Block::runs)
    }
}

impl Block {
    /// The runs of a paragraph or of all cells.
    pub fn runs(&self) -> Vec<&Run> {
        match self {
            Self::Heading { .. } => Vec::new(),
            Self::Paragraph { runs } => runs.iter().collect(),
            Self::Table { rows, .. } => rows.iter().flatten().flatten().collect(),
        }
    }

    /// The text without its links.
    pub fn text(&self) -> String {
        match self {
            Self::Heading { text, .. } => text.clone(),
            _ => self.runs().iter().map(|run| run.text.as_str()).collect(),
        }
    }
}
