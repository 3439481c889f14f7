//! Understanding the text of a call: every value with the words it came from, for the intake to suggest.

use anlan_foundation::{Checks, Timestamp};
use anlan_store::{StoreError, Tx};
use anlan_web::{Answer, Command};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::IncidentError;
use crate::service::Incidents;

/// No longer text is read.
const LONGEST: usize = 20_000;

/// Reads texts; the server provides it.
pub trait Understanding: Send + Sync {
    /// Says what a text that was received at an instant tells.
    fn read(&self, tx: &mut Tx<'_>, text: &str, received: Timestamp) -> Result<Understood, StoreError>;
}

/// A text to read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TextToRead {
    /// The text, at most 20,000 characters.
    pub text: String,
    /// When it was received; now when absent. Resolves 昨晚 and missing years.
    pub received_at: Option<Timestamp>,
}

/// A value with the words it came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Said {
    /// The value.
    pub value: String,
    /// First character of its words in the text.
    pub start: usize,
    /// Character after its words.
    pub end: usize,
    /// Its words, cleaned.
    pub words: String,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 死亡.
    Deaths,
    /// 受伤.
    Injured,
    /// 重伤.
    SeriouslyInjured,
    /// 失踪.
    Missing,
    /// 被困.
    Trapped,
    /// 转移.
    Evacuated,
}

/// A figure; what the text does not say is not in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Counted {
    /// What is counted.
    pub kind: Kind,
    /// How many; 0 only when the text says that there are none.
    pub value: u32,
    /// First character of its words in the text.
    pub start: usize,
    /// Character after its words.
    pub end: usize,
    /// Its words, cleaned.
    pub words: String,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
}

/// A division of the node's table that the text names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InDivision {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Full name.
    pub full_name: String,
    /// First character of its words in the text.
    pub start: usize,
    /// Character after its words.
    pub end: usize,
    /// Its words.
    pub words: String,
    /// How sure the reading is, 0 to 100.
    pub confidence: u8,
}

/// A grade to suggest, with its why. Nobody is bound by it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuggestedGrade {
    /// 特别重大, 重大, 较大 or 一般.
    pub grade: String,
    /// The words, when the text states it.
    pub stated: Option<Said>,
    /// What the law computes from the figures.
    pub computed: Option<String>,
    /// The rule it is computed by.
    pub rule: Option<String>,
    /// Where that stands.
    pub clause: Option<String>,
    /// The conditions that led to it, in words.
    pub why: Vec<String>,
    /// Set when the missing make the difference, or the rule only suggests.
    pub provisional: bool,
}

/// What a text says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Understood {
    /// Type of event in the words of reports.
    pub event_type: Option<Said>,
    /// Code of the event class.
    pub event_class: Option<String>,
    /// Its Chinese name.
    pub event_class_name: Option<String>,
    /// Place in words.
    pub place: Option<Said>,
    /// The division it lies in, when it is one of this node's.
    pub division: Option<InDivision>,
    /// When it happened, `2024-01-27T18:13` with `?` for what is not known.
    pub occurred: Option<Said>,
    /// The same as an instant, when the day is known.
    pub occurred_at: Option<Timestamp>,
    /// `minute`, `hour`, `part of day`, `day` or `month`.
    pub occurred_precision: Option<String>,
    /// The figures.
    pub casualties: Vec<Counted>,
    /// The unit it happened in.
    pub unit: Option<Said>,
    /// The words that tell the cause.
    pub cause: Option<Said>,
    /// The grade to suggest.
    pub grade: Option<SuggestedGrade>,
    /// Figures that cannot be right and are left out.
    pub doubts: Vec<Said>,
    /// Set when the text tells of an exercise.
    pub drill: bool,
}

/// Reads a text; records nothing.
#[utoipa::path(post, path = "/api/v1/extract", operation_id = "incident.extract", tag = "incidents",
    request_body = TextToRead, responses((status = 200, body = Understood), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn read(
    Extension(this): Extension<Incidents>,
    command: Command<TextToRead>,
) -> Answer<Json<Understood>> {
    command.caller.require_somewhere("incident.take")?;
    let TextToRead { text, received_at } = command.input;
    let mut checks = Checks::new();
    checks.text("text", &text, 1, LONGEST);
    checks.finish().map_err(IncidentError::from)?;
    let received = received_at.unwrap_or_else(|| this.ledger.clock().now());
    let directory = std::sync::Arc::clone(&this.directory);
    let understood = this
        .ledger
        .db()
        .read(move |tx| {
            let reader = directory.understanding();
            reader.map(|reader| reader.read(tx, &text, received)).transpose()
        })
        .await
        .map_err(IncidentError::from)?;
    Ok(Json(
        understood.ok_or_else(|| IncidentError::NotFound("extract".to_owned()))?,
    ))
}
