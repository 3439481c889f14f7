//! Papers as they go over the wire.

use anlan_documents::Document;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::Content;
use crate::lint::Finding;
use crate::model::{Paper, Receipt, Stamp, State};
use crate::service::Shown;
use crate::sheet::FactRef;

/// A paper in a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaperRow {
    /// Id.
    pub id: String,
    /// How far it has come.
    pub state: State,
    /// Kind.
    pub kind: String,
    /// Name of the kind.
    pub kind_name: String,
    /// Which of its kind within the incident.
    pub serial: u32,
    /// Title.
    pub title: String,
    /// Its number as printed, once issued.
    pub number: Option<String>,
    /// The incident it is about.
    pub incident: Option<String>,
    /// Number of the incident, for people.
    pub incident_code: Option<String>,
    /// The unit whose paper it is.
    pub unit: UnitRef,
    /// Division it concerns.
    pub area: String,
    /// Whom it goes to.
    pub to: Vec<UnitRef>,
    /// When the report that it fulfils is due.
    pub due_at: Option<Timestamp>,
    /// Whether it was unsigned five minutes before its time, and so is shown to the level above.
    pub near_due: bool,
    /// When and by whom it was drafted.
    pub drafted: Option<Stamp>,
    /// When and by whom it was submitted.
    pub submitted: Option<Stamp>,
    /// When and by whom it was signed.
    pub signed: Option<Stamp>,
    /// When and by whom it was issued.
    pub issued: Option<Stamp>,
    /// Who has received it.
    pub receipts: Vec<Receipt>,
    /// The paper that it corrects.
    pub corrects: Option<String>,
    /// Set when it was carried here by hand: whether the sender's key was known.
    pub carried: Option<bool>,
    /// Number of facts, for `expected_version`.
    pub version: u64,
    /// Ledger position of the newest fact.
    pub position: u64,
}

impl From<&Paper> for PaperRow {
    fn from(paper: &Paper) -> Self {
        Self {
            id: paper.id.clone(),
            state: paper.state,
            kind: paper.kind.clone(),
            kind_name: paper.kind_name.clone(),
            serial: paper.serial,
            title: paper.content.title.clone(),
            number: paper.document.as_ref().map(|document| document.number.clone()),
            incident: paper.incident.clone(),
            incident_code: paper.incident_code.clone(),
            unit: paper.unit.clone(),
            area: paper.area.clone(),
            to: paper.to.clone(),
            due_at: paper.due_at,
            near_due: !paper.shown_to.is_empty() && paper.is_open(),
            drafted: paper.drafted.clone(),
            submitted: paper.submitted.clone(),
            signed: paper.signed.clone(),
            issued: paper.issued.clone(),
            receipts: paper.receipts.clone(),
            corrects: paper.corrects.clone(),
            carried: paper.carried,
            version: paper.version,
            position: paper.position,
        }
    }
}

/// A paper with everything that stands behind it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaperDetail {
    /// What lists show too.
    #[serde(flatten)]
    pub row: PaperRow,
    /// Why it was sent back, if it was.
    pub returned: Option<String>,
    /// The text that people edit.
    pub content: Content,
    /// The document as it prints.
    pub document: Document,
    /// The facts that its numbers state.
    pub facts: Vec<FactRef>,
    /// What does not fit.
    pub findings: Vec<Finding>,
    /// Digest of the text; send it with the signature, so that nothing else is signed than what was shown.
    pub content_digest: String,
    /// Digest of the issued document.
    pub digest: Option<String>,
    /// What may be done next.
    pub allowed: Vec<String>,
}

impl From<Shown> for PaperDetail {
    fn from(shown: Shown) -> Self {
        Self {
            row: (&shown.paper).into(),
            returned: shown.paper.returned.map(|(_, reason)| reason),
            content: shown.paper.content,
            document: shown.document,
            facts: shown.facts,
            findings: shown.findings,
            content_digest: shown.content_digest,
            digest: shown.paper.digest,
            allowed: shown.allowed.into_iter().map(str::to_owned).collect(),
        }
    }
}
