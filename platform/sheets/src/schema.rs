//! Which columns a register has, as data.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Language of what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Lang {
    /// Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// One of two texts.
    pub fn of<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// One of the answers that a column takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// Stable value.
    pub value: String,
    /// Chinese word, as exported.
    pub zh: String,
    /// Other words for it.
    #[serde(default)]
    pub also: Vec<String>,
}

impl Choice {
    /// A choice with its Chinese word.
    pub fn new(value: &str, zh: &str, also: &[&str]) -> Self {
        Self {
            value: value.to_owned(),
            zh: zh.to_owned(),
            also: also.iter().map(|&word| word.to_owned()).collect(),
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[schema(as = SheetKind)]
pub enum Kind {
    /// Words.
    Text {
        /// Characters at most.
        most: usize,
    },
    /// A number or name of identity: letters and digits kept as text, leading zeros too.
    Identity {
        /// Characters at least.
        least: usize,
        /// Characters at most.
        most: usize,
        /// Whether nothing but digits is allowed.
        digits: bool,
    },
    /// A whole number.
    Whole {
        /// At least.
        least: i64,
        /// At most.
        most: i64,
    },
    /// A number.
    Decimal {
        /// At least.
        least: f64,
        /// At most.
        most: f64,
    },
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of a few.
    Choice {
        /// Which.
        choices: Vec<Choice>,
    },
    /// Telephone number.
    Phone,
    /// Something of another register, found by its name or code.
    Reference {
        /// Which register, as the resolver knows it.
        to: String,
    },
}

/// One column of a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SheetColumn)]
pub struct Column {
    /// Stable name.
    pub key: String,
    /// Chinese title.
    pub zh: String,
    /// English title.
    pub en: String,
    /// Other titles that people use.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it holds.
    #[serde(flatten)]
    pub kind: Kind,
    /// Whether every row must have it.
    #[serde(default)]
    pub required: bool,
    /// Units that may stand behind the number, the first being that of the register.
    #[serde(default)]
    pub units: Vec<String>,
    /// Whether it is personal: differences are told without the values, and exports leave it blank.
    #[serde(default)]
    pub sealed: bool,
}

impl Column {
    /// An optional column.
    pub fn new(key: &str, (zh, en): (&str, &str), kind: Kind, also: &[&str]) -> Self {
        Self {
            key: key.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
            also: also.iter().map(|&word| word.to_owned()).collect(),
            kind,
            required: false,
            units: Vec::new(),
            sealed: false,
        }
    }

    /// The same, personal.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.sealed = true;
        self
    }

    /// The same, required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, with units.
    #[must_use]
    pub fn in_units(mut self, units: &[&str]) -> Self {
        self.units = units.iter().map(|&unit| unit.to_owned()).collect();
        self
    }

    /// Its title in a language.
    pub fn title(&self, lang: Lang) -> &str {
        lang.of(&self.zh, &self.en)
    }
}

/// A register's columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Schema {
    /// Stable name of the register.
    pub register: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Its columns in the order of the template.
    pub columns: Vec<Column>,
    /// Keys of the columns by which a row is known again; each is required.
    pub natural_key: Vec<String>,
}

impl Schema {
    /// Place of a column.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// Places of the columns of the natural key.
    pub fn key_positions(&self) -> Vec<usize> {
        self.natural_key
            .iter()
            .filter_map(|key| self.position(key))
            .collect()
    }
}
