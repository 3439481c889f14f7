//! What a paper is, and the one fold by which facts change it.

use anlan_documents::Document;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{Content, Drafted, Fact, Head, Issued, TakenIn};

/// When and by whom a fact was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Position in the ledger.
    pub position: u64,
    /// Recording time.
    pub at: Timestamp,
    /// Name of whoever acted.
    pub by: String,
}

/// How far a paper has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 拟稿.
    #[default]
    Draft,
    /// 待签.
    Submitted,
    /// 已签发.
    Signed,
    /// 已印发.
    Issued,
    /// 作废.
    Discarded,
}

impl State {
    /// The word in the tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Signed => "signed",
            Self::Issued => "issued",
            Self::Discarded => "discarded",
        }
    }
}

/// Somebody did something at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Ledger position.
    pub position: u64,
}

impl From<&Recorded> for Stamp {
    fn from(recorded: &Recorded) -> Self {
        Self {
            at: recorded.at,
            by: recorded.by.clone(),
            position: recorded.position,
        }
    }
}

/// An addressee's receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PaperReceipt)]
pub struct Receipt {
    /// Who has it.
    pub unit: UnitRef,
    /// `online` or `carried`.
    pub route: String,
    /// When, and by whom.
    #[serde(flatten)]
    pub stamp: Stamp,
}

/// A paper: the sum of its facts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    /// Id.
    pub id: String,
    /// How far it has come.
    pub state: State,
    /// The incident it is about.
    pub incident: Option<String>,
    /// Number of that incident, for people.
    pub incident_code: Option<String>,
    /// `flash`, `first`, `follow_up`, `final`, `daily`, `disaster` or `circular`.
    pub kind: String,
    /// Name of the kind.
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
    /// Who drafted it.
    pub drafted: Option<Stamp>,
    /// Who submitted it.
    pub submitted: Option<Stamp>,
    /// Who sent it back, and why.
    pub returned: Option<(Stamp, String)>,
    /// Who signed it.
    pub signed: Option<Stamp>,
    /// Digest of the text that was signed.
    pub content_digest: Option<String>,
    /// When it was issued.
    pub issued: Option<Stamp>,
    /// Year of its number.
    pub year: Option<i32>,
    /// Its number within unit, year and series.
    pub number: Option<u32>,
    /// The frozen document.
    pub document: Option<Document>,
    /// Digest of the document.
    pub digest: Option<String>,
    /// Who has received it.
    pub receipts: Vec<Receipt>,
    /// Whether it came from another node by hand, and whether that node's key was known.
    pub carried: Option<bool>,
    /// Units that see it because it was unsigned five minutes before its time; empty otherwise.
    pub shown_to: Vec<UnitRef>,
    /// Position of the newest fact.
    pub position: u64,
    /// Number of facts.
    pub version: u64,
}

impl Paper {
    /// Starts a paper that has no facts yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// Folds one fact in. The same function serves the tables and a rebuild.
    pub fn apply(&mut self, fact: &Fact, recorded: &Recorded) {
        match fact {
            Fact::Drafted(drafted) => self.draft(drafted, recorded),
            Fact::Edited(edited) => self.content.clone_from(&edited.content),
            Fact::Submitted(_) => {
                self.state = State::Submitted;
                self.submitted = Some(recorded.into());
                self.returned = None;
            }
            Fact::Returned(returned) => {
                self.state = State::Draft;
                self.returned = Some((recorded.into(), returned.reason.clone()));
            }
            Fact::Signed(signed) => {
                self.state = State::Signed;
                self.signed = Some(recorded.into());
                self.content_digest = Some(signed.content_digest.clone());
            }
            Fact::Issued(issued) => self.issue(issued, recorded),
            Fact::Received(received) => self.receipts.push(Receipt {
                unit: received.unit.clone(),
                route: received.route.clone(),
                stamp: recorded.into(),
            }),
            Fact::TakenIn(taken) => self.take_in(taken, recorded),
            Fact::UnsignedNearDue(near) => self.shown_to.clone_from(&near.shown_to),
            Fact::Discarded(_) => self.state = State::Discarded,
        }
        self.position = recorded.position;
        self.version += 1;
    }

    fn draft(&mut self, drafted: &Drafted, recorded: &Recorded) {
        self.incident.clone_from(&drafted.incident);
        self.incident_code.clone_from(&drafted.incident_code);
        self.kind.clone_from(&drafted.kind);
        self.kind_name.clone_from(&drafted.kind_name);
        self.serial = drafted.serial;
        self.unit.clone_from(&drafted.unit);
        self.area.clone_from(&drafted.area);
        self.to.clone_from(&drafted.to);
        self.head.clone_from(&drafted.head);
        self.content.clone_from(&drafted.content);
        self.as_of = drafted.as_of;
        self.due_at = drafted.due_at;
        self.corrects.clone_from(&drafted.corrects);
        self.reports_up = drafted.reports_up;
        self.drafted = Some(recorded.into());
    }

    fn issue(&mut self, issued: &Issued, recorded: &Recorded) {
        self.state = State::Issued;
        self.issued = Some(recorded.into());
        self.year = Some(issued.year);
        self.number = Some(issued.number);
        self.document = Some(issued.document.clone());
        self.digest = Some(issued.digest.clone());
        self.to.clone_from(&issued.sent_to);
    }

    fn take_in(&mut self, taken: &TakenIn, recorded: &Recorded) {
        let carried = &taken.carried;
        self.state = State::Issued;
        self.incident.clone_from(&carried.incident);
        self.incident_code.clone_from(&carried.incident_code);
        self.kind.clone_from(&carried.kind);
        self.kind_name.clone_from(&carried.kind_name);
        self.serial = carried.serial;
        self.unit.clone_from(&carried.unit);
        self.area.clone_from(&carried.area);
        self.to.clone_from(&carried.to);
        self.content.title.clone_from(&carried.document.title);
        self.content.blocks.clone_from(&carried.document.blocks);
        self.document = Some(carried.document.clone());
        self.digest = Some(taken.digest.clone());
        self.issued = Some(Stamp {
            at: carried.issued_at,
            by: carried.issued_by.clone(),
            position: recorded.position,
        });
        self.carried = Some(taken.known_key);
        self.receipts.push(Receipt {
            unit: taken.unit.clone(),
            route: "carried".to_owned(),
            stamp: recorded.into(),
        });
    }

    /// Whether the text may still change.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Draft | State::Submitted)
    }

    /// When somebody must be told that nobody has signed, unless that was done.
    pub fn next_alarm(&self, minutes_before: i64) -> Option<Timestamp> {
        let waiting = self.is_open() && self.shown_to.is_empty();
        self.due_at
            .filter(|_| waiting)
            .map(|due| due.plus_minutes(-minutes_before))
    }

    /// The unit's receipt, if it has given one.
    pub fn receipt_of(&self, unit: &str) -> Option<&Receipt> {
        self.receipts.iter().find(|receipt| receipt.unit.id == unit)
    }
}
