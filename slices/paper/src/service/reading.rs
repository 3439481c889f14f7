//! What people see of a paper: its text, the facts behind it, what does not fit, its pages.

use anlan_access::Caller;
use anlan_documents::Document;
use anlan_store::Tx;

use super::Papers;
use crate::error::PaperError;
use crate::lint::{self, Finding};
use crate::model::{Paper, State};
use crate::sheet::{FactRef, Sheet};
use crate::{rules, store};

/// A paper with everything that stands behind it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The paper.
    pub paper: Paper,
    /// The document as it prints now; frozen once issued.
    pub document: Document,
    /// The facts that its numbers state.
    pub facts: Vec<FactRef>,
    /// What does not fit.
    pub findings: Vec<Finding>,
    /// Digest of the text, which a signature is over.
    pub content_digest: String,
    /// What the caller may do next.
    pub allowed: Vec<&'static str>,
}

/// A paper's document, and what to call its files.
#[derive(Debug, Clone)]
pub struct Printout {
    /// The document.
    pub document: Document,
    /// Name without ending.
    pub name: String,
}

impl Papers {
    /// The sheet of the incident that a paper is about.
    fn sheet(&self, tx: &mut Tx<'_>, paper: &Paper) -> Result<Option<Sheet>, PaperError> {
        let _ = self;
        match &paper.incident {
            Some(incident) => Ok(Sheet::read(tx, incident, u64::MAX >> 1)?),
            None => Ok(None),
        }
    }

    /// What does not fit in a paper.
    pub fn findings(&self, tx: &mut Tx<'_>, paper: &Paper) -> Result<Vec<Finding>, PaperError> {
        let sheet = self.sheet(tx, paper)?;
        let papers = match &paper.incident {
            Some(incident) => store::of_incident(tx, incident)?,
            None => Vec::new(),
        };
        Ok(lint::lint(paper, sheet.as_ref(), &papers))
    }

    /// A paper with everything that stands behind it.
    pub fn show(&self, tx: &mut Tx<'_>, caller: &Caller, paper: Paper) -> Result<Shown, PaperError> {
        let now = self.ledger.clock().now();
        let (year, ..) = now.china_date();
        let document = paper
            .document
            .clone()
            .unwrap_or_else(|| rules::compose(&paper, year, None, now));
        let mut allowed = rules::allowed_acts(&paper, caller.unit.as_deref());
        let place = anlan_access::Object::in_area(&paper.area);
        allowed.retain(|act| caller.may(operation_of(act), place));
        Ok(Shown {
            facts: self.facts_behind(tx, &document)?,
            findings: self.findings(tx, &paper)?,
            content_digest: self.content_digest(&paper.content)?,
            document,
            allowed,
            paper,
        })
    }

    /// The facts that the numbers of a document state, in the order in which they first appear.
    fn facts_behind(&self, tx: &mut Tx<'_>, document: &Document) -> Result<Vec<FactRef>, PaperError> {
        let _ = self;
        let mut facts: Vec<FactRef> = Vec::new();
        let mut sheets: std::collections::BTreeMap<String, Option<Sheet>> = std::collections::BTreeMap::new();
        let ids = document
            .runs()
            .filter_map(|run| run.fact.as_deref())
            .flat_map(|ids| ids.split(' '));
        for id in ids {
            let Some((incident, _)) = id.split_once('/') else {
                continue;
            };
            if facts.iter().any(|fact| fact.id == id) {
                continue;
            }
            if !sheets.contains_key(incident) {
                let sheet = Sheet::read(tx, incident, u64::MAX >> 1)?;
                sheets.insert(incident.to_owned(), sheet);
            }
            let known = sheets
                .get(incident)
                .and_then(|sheet| sheet.as_ref()?.facts.get(id));
            facts.extend(known.cloned());
        }
        Ok(facts)
    }

    /// The document of a paper that the caller may see, and what to call its files.
    pub fn printout(&self, tx: &mut Tx<'_>, caller: &Caller, id: &str) -> Result<Printout, PaperError> {
        let paper = self.visible(tx, caller, id, "paper.read")?;
        let now = self.ledger.clock().now();
        let (year, ..) = now.china_date();
        let document = match (&paper.document, paper.state) {
            (Some(document), State::Issued) => document.clone(),
            _ => rules::compose(&paper, year, None, now),
        };
        let title: String = document
            .title
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .take(40)
            .collect();
        Ok(Printout {
            document,
            name: title,
        })
    }
}

/// The operation that an act needs.
fn operation_of(act: &str) -> &'static str {
    match act {
        "sign" | "return" | "issue" => "paper.sign",
        "receive" => "paper.receive",
        "carry" => "paper.read",
        _ => "paper.draft",
    }
}
