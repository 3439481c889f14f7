//! What a register asks for, as data: `rules/resource-registers.toml`.

use regex::Regex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of the values a column may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ColumnChoice)]
pub struct Choice {
    /// Value in the ledger.
    pub id: String,
    /// Chinese words.
    pub zh: String,
    /// English words.
    pub en: String,
}

/// How help of a class is got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// The government orders it.
    Order,
    /// It is not under the government: it is asked for (协商).
    Negotiate,
    /// It comes by a contract.
    Contract,
}

/// A class within a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterClass)]
pub struct Class {
    /// Value in the ledger.
    pub id: String,
    /// Chinese words.
    pub zh: String,
    /// English words.
    pub en: String,
    /// How its help is got, where that is a question.
    pub help: Option<Help>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Number.
    Number,
    /// A day, `2026-07-20`.
    Date,
    /// One of the choices.
    Choice,
    /// Some of the choices.
    Choices,
    /// Yes or no.
    YesNo,
    /// Telephone number of an office; a person's stands in the roster.
    Telephone,
}

/// The figure of the overview that a column counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CountsTowards)]
pub enum Counts {
    /// People.
    People,
    /// Capacity.
    Capacity,
    /// Square metres.
    AreaM2,
}

/// A column of a register: for forms, lists, checks and sheets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterColumn)]
pub struct Column {
    /// Key of the value.
    pub key: String,
    /// Chinese title.
    pub zh: String,
    /// English title.
    pub en: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub value_type: ColumnType,
    /// Whether it must be given.
    #[serde(default)]
    pub required: bool,
    /// Unit of the figure.
    pub unit: Option<String>,
    /// Regular expression that the whole text matches.
    pub pattern: Option<String>,
    /// Least figure.
    pub min: Option<f64>,
    /// Greatest figure; of a text, most characters.
    pub max: Option<f64>,
    /// What may be chosen.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// `trade`: the choices are the trades of the experts.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub choices_from: Option<String>,
    /// The classes that have it; empty is all.
    #[serde(default)]
    pub only: Vec<String>,
    /// The figure of the overview that it counts towards.
    pub counts_as: Option<Counts>,
}

/// A register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Kind of its records.
    pub kind: String,
    /// Chinese title.
    pub zh: String,
    /// English title.
    pub en: String,
    /// Classes.
    #[serde(rename(deserialize = "class"))]
    pub classes: Vec<Class>,
    /// Columns beside those that every record has.
    #[serde(rename(deserialize = "column"))]
    pub columns: Vec<Column>,
}

impl Register {
    /// The class of that id.
    pub fn class(&self, id: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == id)
    }

    /// The columns that a class has.
    pub fn columns_of<'r>(&'r self, class: &'r str) -> impl Iterator<Item = &'r Column> {
        let has =
            move |column: &&Column| column.only.is_empty() || column.only.iter().any(|only| only == class);
        self.columns.iter().filter(has)
    }
}

/// A trade of the experts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    /// Value in the ledger.
    pub id: String,
    /// The field it belongs to: a class of the register of experts.
    pub field: String,
    /// Chinese words.
    pub zh: String,
    /// English words.
    pub en: String,
    /// First digits of the event classes that it answers for.
    pub event_classes: Vec<String>,
}

/// How experts are ranked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Whether the figures are confirmed.
    #[serde(rename = "confidence")]
    _confidence: String,
    /// Factor of an expert whose trade answers for the event.
    pub same_trade: f64,
    /// Factor of another trade of the same field.
    pub same_field: f64,
    /// Factor of any other trade.
    pub other_trade: f64,
    /// Factor of an expert named in a plan for the event.
    pub in_plan: f64,
    /// Factor of one who is not.
    pub not_in_plan: f64,
    /// At this distance the factor is one half.
    pub half_distance_km: f64,
    /// Points of five that an expert without a record counts as.
    pub appraisal_start: f64,
    /// How many appraisals that start weighs as.
    pub appraisal_weight: f64,
}

/// Says why the registers were refused.
#[derive(Debug, thiserror::Error)]
pub enum RegistersError {
    /// Not TOML of the right form.
    #[error("the registers cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A pattern is no regular expression.
    #[error("the pattern of {0} cannot be read: {1}")]
    Pattern(String, regex::Error),
    /// Two of one name.
    #[error("{0} is defined twice")]
    Twice(String),
}

/// All registers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registers {
    /// Registers.
    pub register: Vec<Register>,
    /// Trades of the experts.
    pub trade: Vec<Trade>,
    /// How experts are ranked.
    pub ranking: Ranking,
}

impl Registers {
    /// The registers that ship with the program.
    pub fn shipped() -> Result<Self, RegistersError> {
        Self::parse(include_str!("../../../../rules/resource-registers.toml"))
    }

    /// Reads registers from TOML.
    pub fn parse(text: &str) -> Result<Self, RegistersError> {
        let mut all: Self = toml::from_str(text)?;
        let choice = |trade: &Trade| Choice {
            id: trade.id.clone(),
            zh: trade.zh.clone(),
            en: trade.en.clone(),
        };
        let trades: Vec<Choice> = all.trade.iter().map(choice).collect();
        let mut seen = std::collections::BTreeSet::new();
        for register in &mut all.register {
            if !seen.insert(register.kind.clone()) {
                return Err(RegistersError::Twice(register.kind.clone()));
            }
            for column in &mut register.columns {
                let name = format!("{}.{}", register.kind, column.key);
                if !seen.insert(name.clone()) {
                    return Err(RegistersError::Twice(name));
                }
                if column.choices_from.is_some() {
                    column.choices.clone_from(&trades);
                }
                if let Some(Err(error)) = column.pattern.as_deref().map(Regex::new) {
                    return Err(RegistersError::Pattern(name, error));
                }
            }
        }
        Ok(all)
    }

    /// The register of that kind.
    pub fn get(&self, kind: &str) -> Option<&Register> {
        self.register.iter().find(|register| register.kind == kind)
    }

    /// The trade of that id.
    pub fn trade(&self, id: &str) -> Option<&Trade> {
        self.trade.iter().find(|trade| trade.id == id)
    }
}
