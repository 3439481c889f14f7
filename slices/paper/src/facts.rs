//! The ledger facts of a paper.

use anlan_documents::{Block, Document, Masthead};
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The part of a paper that its letterhead and its kind decide; nobody edits it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PaperHead)]
pub struct Head {
    /// How the head is laid out.
    pub masthead: Masthead,
    /// 发文机关标志.
    pub mark: String,
    /// Pattern of the number, for example `呼应急专报〔{year}〕{number}号`.
    pub number: String,
    /// 发文机关署名.
    pub signature: String,
    /// 印发机关; empty leaves the colophon out.
    pub printed_by: String,
    /// Numbers are counted within the unit, the year and this series.
    pub series: String,
}

/// The part of a paper that people may edit until it is signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// 标题.
    pub title: String,
    /// 紧急程度.
    pub urgency: Option<String>,
    /// 密级.
    pub secrecy: Option<String>,
    /// 主送, by name as printed.
    pub addressees: Vec<String>,
    /// 正文.
    pub blocks: Vec<Block>,
    /// 抄送.
    pub copied_to: Vec<String>,
    /// 附注.
    #[serde(default)]
    pub note: String,
    /// 变更说明: what differs from earlier papers, and why.
    #[serde(default)]
    pub change_note: String,
}

/// 起草: a paper was drawn from the facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The incident it is about; none for papers about a day or an area.
    pub incident: Option<String>,
    /// Number of the incident, for people.
    pub incident_code: Option<String>,
    /// `flash`, `first`, `follow_up`, `final`, `daily`, `disaster` or `circular`.
    pub kind: String,
    /// Name of the kind, as it was then.
    pub kind_name: String,
    /// Which of its kind within the incident, from 1.
    pub serial: u32,
    /// The unit whose paper it is.
    pub unit: UnitRef,
    /// Division it concerns.
    pub area: String,
    /// Whom it goes to.
    pub to: Vec<UnitRef>,
    /// Head.
    pub head: Head,
    /// Text.
    pub content: Content,
    /// Ledger position of the facts it was drawn from.
    pub as_of: u64,
    /// When the report that it fulfils is due.
    pub due_at: Option<Timestamp>,
    /// The paper that it corrects.
    pub corrects: Option<String>,
    /// Whether issuing it reports upward.
    pub reports_up: bool,
}

/// 修改: the text was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// The whole text as it now stands.
    pub content: Content,
}

/// 送签: the paper awaits the leader on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Findings that the officer was shown, by code.
    pub findings: Vec<String>,
}

/// 退回: the leader sent it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Why.
    pub reason: String,
}

/// 签发: the leader signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Digest of the text that was signed.
    pub content_digest: String,
    /// How the leader proved to be present: `pin` or `password`.
    pub method: String,
    /// Findings that the leader was shown, by code.
    pub findings: Vec<String>,
}

/// 印发: the paper has a number and is frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Year of the number.
    pub year: i32,
    /// Number within unit, year and series.
    pub number: u32,
    /// The whole document; PDF and Word are made from it and from nothing else.
    pub document: Document,
    /// Digest of the document.
    pub digest: String,
    /// Whom it was sent to.
    pub sent_to: Vec<UnitRef>,
}

/// 签收: an addressee has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Who.
    pub unit: UnitRef,
    /// `online`, or `carried` for a file or text that came by hand.
    pub route: String,
    /// Digest of what was received.
    pub digest: String,
}

/// 接收入库: a paper of another node was carried here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    /// What was carried.
    pub carried: crate::carry::Carried,
    /// Digest of the document, computed here.
    pub digest: String,
    /// Whether the sender's key was known here; otherwise a person compared its fingerprint by telephone.
    pub known_key: bool,
    /// Who took it in.
    pub unit: UnitRef,
}

/// Five minutes before its report is due nobody had signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsignedNearDue {
    /// When the report is due.
    pub due_at: Timestamp,
    /// The units that are shown it from now on: its own deputies, and the level above.
    pub shown_to: Vec<UnitRef>,
}

/// 作废: a draft was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discarded {
    /// Why.
    pub reason: String,
}

/// Everything that can happen to a paper.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// See [`Drafted`].
    Drafted(Box<Drafted>),
    /// See [`Edited`].
    Edited(Box<Edited>),
    /// See [`Submitted`].
    Submitted(Submitted),
    /// See [`Returned`].
    Returned(Returned),
    /// See [`Signed`].
    Signed(Signed),
    /// See [`Issued`].
    Issued(Box<Issued>),
    /// See [`Received`].
    Received(Received),
    /// See [`TakenIn`].
    TakenIn(Box<TakenIn>),
    /// See [`UnsignedNearDue`].
    UnsignedNearDue(UnsignedNearDue),
    /// See [`Discarded`].
    Discarded(Discarded),
}

impl Fact {
    /// The versioned kind under which the fact stands in the ledger.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Drafted(_) => "paper.drafted.v1",
            Self::Edited(_) => "paper.edited.v1",
            Self::Submitted(_) => "paper.submitted.v1",
            Self::Returned(_) => "paper.returned.v1",
            Self::Signed(_) => "paper.signed.v1",
            Self::Issued(_) => "paper.issued.v1",
            Self::Received(_) => "paper.received.v1",
            Self::TakenIn(_) => "paper.taken_in.v1",
            Self::UnsignedNearDue(_) => "paper.unsigned_near_due.v1",
            Self::Discarded(_) => "paper.discarded.v1",
        }
    }

    /// Reads the fact of an entry; `None` for a kind this program does not know.
    pub fn read(kind: &str, body: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match kind {
            "paper.drafted.v1" => Self::Drafted(serde_json::from_str(body)?),
            "paper.edited.v1" => Self::Edited(serde_json::from_str(body)?),
            "paper.submitted.v1" => Self::Submitted(serde_json::from_str(body)?),
            "paper.returned.v1" => Self::Returned(serde_json::from_str(body)?),
            "paper.signed.v1" => Self::Signed(serde_json::from_str(body)?),
            "paper.issued.v1" => Self::Issued(serde_json::from_str(body)?),
            "paper.received.v1" => Self::Received(serde_json::from_str(body)?),
            "paper.taken_in.v1" => Self::TakenIn(serde_json::from_str(body)?),
            "paper.unsigned_near_due.v1" => Self::UnsignedNearDue(serde_json::from_str(body)?),
            "paper.discarded.v1" => Self::Discarded(serde_json::from_str(body)?),
            _ => return Ok(None),
        }))
    }
}

impl Serialize for Fact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Drafted(fact) => fact.serialize(serializer),
            Self::Edited(fact) => fact.serialize(serializer),
            Self::Submitted(fact) => fact.serialize(serializer),
            Self::Returned(fact) => fact.serialize(serializer),
            Self::Signed(fact) => fact.serialize(serializer),
            Self::Issued(fact) => fact.serialize(serializer),
            Self::Received(fact) => fact.serialize(serializer),
            Self::TakenIn(fact) => fact.serialize(serializer),
            Self::UnsignedNearDue(fact) => fact.serialize(serializer),
            Self::Discarded(fact) => fact.serialize(serializer),
        }
    }
}
