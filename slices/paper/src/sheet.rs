//! The facts of an incident with where each stands in the ledger: what drafts are drawn from and linters compare with.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_incident::model::{self, Incident};
use anlan_incident::{facts as told, store as incidents};
use anlan_ledger::Recorded;
use anlan_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One fact that a paper can state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactRef {
    /// Id: the incident's, a slash, and the fact's within it, for example `…/a4`.
    pub id: String,
    /// `deaths` and the other figures, `occurred` and the other times, or `title`, `place`, `note`.
    pub kind: String,
    /// What it says, as a paper writes it; `null` when its source does not know.
    pub value: Option<String>,
    /// Who says so.
    pub source: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Feed of the ledger in which it stands.
    pub origin: String,
    /// Number of the entry in that feed.
    pub seq: u64,
    /// Ledger position here.
    pub position: u64,
    /// The fact that replaced it.
    pub superseded_by: Option<String>,
}

/// An incident and its facts by id.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The incident, folded up to the position.
    pub incident: Incident,
    /// Its facts, by id.
    pub facts: BTreeMap<String, FactRef>,
}

/// Id of a fact of an incident.
pub fn fact_id(incident: &str, letter: char, number: usize) -> String {
    format!("{incident}/{letter}{number}")
}

impl Sheet {
    /// Reads an incident's entries up to a position and notes where each fact stands; `None` when there are none.
    pub fn read(tx: &mut Tx<'_>, id: &str, position: u64) -> Result<Option<Self>, StoreError> {
        let entries = incidents::entries(tx, id, position)?;
        Self::fold(id, &entries)
    }

    /// Folds entries, noting after each what it added.
    pub fn fold(id: &str, entries: &[Recorded]) -> Result<Option<Self>, StoreError> {
        let mut sheet = Self {
            incident: Incident::new(id),
            facts: BTreeMap::new(),
        };
        for recorded in entries {
            let read = told::Fact::read(&recorded.entry.kind, &recorded.entry.body);
            let Some(fact) = read.map_err(|error| StoreError::Value(error.to_string()))? else {
                continue;
            };
            let meta = model::Recorded {
                position: recorded.position,
                at: recorded.at(),
                by: recorded.actor().name.clone().unwrap_or_default(),
            };
            let before = (
                sheet.incident.assertions.len(),
                sheet.incident.times.len(),
                sheet.incident.notes.len(),
            );
            sheet.incident.apply(&fact, &meta);
            sheet.note_new(before, recorded);
        }
        let superseded: Vec<(String, String)> = sheet
            .incident
            .assertions
            .iter()
            .filter_map(|a| {
                let number = |n: u32| usize::try_from(n).unwrap_or(0);
                let by = a.superseded_by?;
                Some((fact_id(id, 'a', number(a.number)), fact_id(id, 'a', number(by))))
            })
            .collect();
        for (old, new) in superseded {
            if let Some(fact) = sheet.facts.get_mut(&old) {
                fact.superseded_by = Some(new);
            }
        }
        Ok((sheet.incident.version > 0).then_some(sheet))
    }

    fn note_new(&mut self, (figures, times, notes): (usize, usize, usize), recorded: &Recorded) {
        let id = self.incident.id.clone();
        let mut found = Vec::new();
        if figures == 0 && times == 0 && self.incident.version == 1 {
            let source = self.incident.taken_by.name.clone();
            let place = place_of(&self.incident);
            for (number, kind, value) in [
                (1, "title", self.incident.title.clone()),
                (2, "place", place),
                (3, "words", self.incident.text.clone()),
            ] {
                found.push((
                    fact_id(&id, 'i', number),
                    kind.to_owned(),
                    Some(value),
                    source.clone(),
                ));
            }
        }
        for (index, a) in self.incident.assertions.iter().enumerate().skip(figures) {
            let value = a.stated.value.map(|value| value.to_string());
            found.push((
                fact_id(&id, 'a', index + 1),
                a.stated.kind.clone(),
                value,
                a.stated.source.clone(),
            ));
        }
        for (index, t) in self.incident.times.iter().enumerate().skip(times) {
            let value = Some(chinese_time(t.stated.at, &t.stated.precision));
            found.push((
                fact_id(&id, 't', index + 1),
                t.stated.kind.clone(),
                value,
                t.stated.source.clone(),
            ));
        }
        for (index, n) in self.incident.notes.iter().enumerate().skip(notes) {
            found.push((
                fact_id(&id, 'n', index + 1),
                "note".to_owned(),
                Some(n.text.clone()),
                n.by.clone(),
            ));
        }
        for (fact, kind, value, source) in found {
            let stands = FactRef {
                id: fact.clone(),
                kind,
                value,
                source,
                at: recorded.at(),
                by: recorded.actor().name.clone().unwrap_or_default(),
                origin: recorded.entry.origin.clone(),
                seq: recorded.entry.seq,
                position: recorded.position,
                superseded_by: None,
            };
            self.facts.insert(fact, stands);
        }
    }

    /// The current statements of a figure, with their fact ids.
    pub fn figure(&self, kind: &str) -> Vec<&FactRef> {
        self.incident
            .current(kind)
            .iter()
            .filter_map(|a| {
                let number = usize::try_from(a.number).unwrap_or(0);
                self.facts.get(&fact_id(&self.incident.id, 'a', number))
            })
            .collect()
    }

    /// The first statement of a time, by which the clocks go.
    pub fn time(&self, kind: &str) -> Option<&FactRef> {
        let index = self
            .incident
            .times
            .iter()
            .position(|time| time.stated.kind == kind)?;
        self.facts.get(&fact_id(&self.incident.id, 't', index + 1))
    }
}

/// The division with the address, without saying the division twice.
pub fn place_of(incident: &Incident) -> String {
    let address = incident.address.as_deref().unwrap_or_default();
    let division = incident.division_name.as_str();
    // People begin an address with the township or the county that the division's name ends with.
    let said_twice = division.char_indices().find_map(|(at, _)| {
        let end = division.get(at..).filter(|end| end.chars().count() > 1)?;
        address.strip_prefix(end)
    });
    format!("{division}{}", said_twice.unwrap_or(address))
}

/// An instant in the words of a paper, no more exact than its precision: `11月24日3时12分`, `11月24日3时许`.
pub fn chinese_time(at: Timestamp, precision: &str) -> String {
    let (_, month, day) = at.china_date();
    let (hour, minute) = clock(at);
    match precision {
        "day" => format!("{month}月{day}日"),
        "hour" => format!("{month}月{day}日{hour}时许"),
        "about" => format!("{month}月{day}日{hour}时{minute}分许"),
        _ => format!("{month}月{day}日{hour}时{minute}分"),
    }
}

/// Hour and minute in China.
pub fn clock(at: Timestamp) -> (i64, i64) {
    let minutes = at.plus_minutes(8 * 60).as_micros().div_euclid(60_000_000);
    let of_day = minutes.rem_euclid(24 * 60);
    (of_day / 60, of_day % 60)
}

/// A day in the words of a paper: `2026年11月24日`.
pub fn chinese_day(at: Timestamp) -> String {
    let (year, month, day) = at.china_date();
    format!("{year}年{month}月{day}日")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_no_more_exactly_than_it_is_known() {
        let at: Timestamp = "2026-11-24T03:05:59+08:00".parse().unwrap();
        assert_eq!(chinese_time(at, "minute"), "11月24日3时5分");
        assert_eq!(chinese_time(at, "hour"), "11月24日3时许");
        assert_eq!(chinese_time(at, "about"), "11月24日3时5分许");
        assert_eq!(chinese_time(at, "day"), "11月24日");
        assert_eq!(chinese_day(at), "2026年11月24日");
    }
}
