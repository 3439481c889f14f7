//! Drawing a draft from the facts.

use std::collections::BTreeMap;

use anlan_access::{Caller, Object, Scope};
use anlan_foundation::{InvalidInput, Timestamp};
use anlan_incident::model::Incident;
use anlan_incident::{UnitRef, store as incidents};
use anlan_ledger::Work;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Papers, record};
use crate::draft::{self, Material, render};
use crate::error::PaperError;
use crate::facts::{Drafted, Fact};
use crate::lint::claims;
use crate::model::{Paper, State};
use crate::sheet::Sheet;
use crate::store;
use crate::templates::KINDS;

/// At most this many incidents stand in a paper about a day.
const MOST: u64 = 200;
const DAY_MINUTES: i64 = 24 * 60;

/// Which paper to draw.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct NewPaper {
    /// `flash`, `first`, `follow_up`, `final`, `daily`, `disaster` or `circular`.
    pub kind: String,
    /// The incident, for papers about one.
    pub incident: Option<String>,
    /// Last instant of the 24 hours that a daily report or a disaster table is about; now when absent.
    pub until: Option<Timestamp>,
    /// The issued paper that this one corrects.
    pub corrects: Option<String>,
}

/// Kinds that are about a day and an area rather than an incident.
fn about_a_day(kind: &str) -> bool {
    matches!(kind, "daily" | "disaster")
}

impl Papers {
    /// 起草: draws a paper from the facts as they stand.
    pub fn draw(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        new: &NewPaper,
    ) -> Result<Paper, PaperError> {
        if !KINDS.contains(&new.kind.as_str()) {
            return Err(InvalidInput::one("kind", "not_a_choice", KINDS.join(", ")).into());
        }
        let unit = self.unit_of(work.tx, caller)?;
        let area = self.area(work, caller, new, &unit)?;
        caller.require("paper.draft", Object::in_area(&area))?;
        let corrected = self.corrected(work, caller, new)?;
        let sheets = self.sheets(work, caller, new, &unit)?;
        let id = work.ids().next().to_string();
        let fact = self.drafted(work, new, unit, (area.clone(), sheets), corrected.as_ref())?;
        record(work, &id, &area, &Fact::Drafted(Box::new(fact)))
    }

    /// The division that the paper concerns: the incident's, or the unit's own.
    fn area(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        new: &NewPaper,
        unit: &UnitRef,
    ) -> Result<String, PaperError> {
        if about_a_day(&new.kind) {
            return Ok(unit.division.clone());
        }
        let needed = || PaperError::from(InvalidInput::one("incident", "required", "the id of an incident"));
        let id = new.incident.as_deref().ok_or_else(needed)?;
        Ok(self
            .incidents
            .visible(work.tx, caller, id, "incident.read")?
            .division)
    }

    fn corrected(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        new: &NewPaper,
    ) -> Result<Option<Paper>, PaperError> {
        let Some(id) = new.corrects.as_deref() else {
            return Ok(None);
        };
        let paper = self.own(work.tx, caller, id, "paper.draft")?;
        if paper.state != State::Issued {
            return Err(PaperError::WrongState(paper.state.word(), "corrected"));
        }
        Ok(Some(paper))
    }

    fn sheets(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        new: &NewPaper,
        unit: &UnitRef,
    ) -> Result<Vec<Sheet>, PaperError> {
        if !about_a_day(&new.kind) {
            let id = new.incident.as_deref().unwrap_or_default();
            return Ok(Sheet::read(work.tx, id, u64::MAX >> 1)?.into_iter().collect());
        }
        caller.require("incident.read", Object::in_area(&unit.division))?;
        let until = new.until.unwrap_or(work.now);
        let since = until.plus_minutes(-DAY_MINUTES);
        let scope = Scope {
            from: unit.division.clone(),
            before: format!("{}:", unit.division),
            department: None,
        };
        let filter = incidents::Filter {
            from: since,
            before: until,
            ..incidents::Filter::all(scope, MOST)
        };
        let found = incidents::list(work.tx, &filter, incidents::Order::Recent)?;
        let classes = self.incidents.directory.event_classes();
        let natural = |code: &str| {
            classes
                .iter()
                .any(|class| class.code == code && class.class == "natural")
        };
        let mut sheets = Vec::new();
        for incident in found.into_iter().rev() {
            if new.kind != "disaster" || natural(&incident.event_class) {
                sheets.extend(Sheet::read(work.tx, &incident.id, u64::MAX >> 1)?);
            }
        }
        Ok(sheets)
    }

    fn drafted(
        &self,
        work: &mut Work<'_, '_>,
        new: &NewPaper,
        unit: UnitRef,
        (area, sheets): (String, Vec<Sheet>),
        corrected: Option<&Paper>,
    ) -> Result<Drafted, PaperError> {
        let template = self
            .templates
            .get(&new.kind)
            .ok_or_else(|| PaperError::NotFound(new.kind.clone()))?;
        let earlier = match &new.incident {
            Some(incident) => store::of_incident(work.tx, incident)?,
            None => Vec::new(),
        };
        let same = earlier
            .iter()
            .filter(|paper| paper.kind == new.kind && paper.state != State::Discarded);
        let serial = u32::try_from(same.count()).unwrap_or(0) + 1;
        let incident = sheets
            .first()
            .map(|sheet| sheet.incident.clone())
            .filter(|_| new.incident.is_some());
        let due_at = incident.as_ref().and_then(|incident| due(incident, &unit));
        let as_of = sheets
            .iter()
            .map(|sheet| sheet.incident.position)
            .max()
            .unwrap_or(0);
        let to = self.receivers(work, new, (&unit, incident.as_ref()))?;
        let until = new.until.unwrap_or(work.now);
        let material = Material {
            serial,
            now: work.now,
            sheets,
            classes: self.class_names(),
            divisions: self.directory.divisions(work.tx, &unit.division)?,
            duty: self.directory.duty(work.tx, &unit, work.now)?,
            window: (until.plus_minutes(-DAY_MINUTES), until),
            corrects: corrected.map(number_and_title),
            told_before: told_before(&earlier),
            unit: unit.clone(),
        };
        let values = draft::context(&material);
        let mut content = render::content(&self.templates, template, &values)?;
        if let Some((number, title)) = &material.corrects {
            content.change_note = format!("本报更正{number}《{title}》");
        }
        Ok(Drafted {
            incident: new.incident.clone(),
            incident_code: incident.as_ref().map(|incident| incident.code.clone()),
            kind: new.kind.clone(),
            kind_name: template.name.clone(),
            serial,
            area,
            to,
            head: render::head(&self.templates, template, &values, &unit.name)?,
            unit,
            content,
            as_of,
            due_at: due_at.filter(|_| template.reports_up),
            corrects: new.corrects.clone(),
            reports_up: template.reports_up,
        })
    }

    /// A circular goes down, everything else to those that the unit reports to.
    fn receivers(
        &self,
        work: &mut Work<'_, '_>,
        new: &NewPaper,
        (unit, incident): (&UnitRef, Option<&Incident>),
    ) -> Result<Vec<UnitRef>, PaperError> {
        if new.kind == "circular" {
            return Ok(self.directory.below(work.tx, unit)?);
        }
        super::above(&self.incidents, work.tx, unit, incident)
    }

    fn class_names(&self) -> BTreeMap<String, String> {
        let classes = self.incidents.directory.event_classes().iter();
        classes
            .map(|class| (class.code.clone(), class.name.clone()))
            .collect()
    }
}

/// When the first report that a unit still owes about an incident is due.
fn due(incident: &Incident, unit: &UnitRef) -> Option<Timestamp> {
    let owed = incident.pending().filter(|owed| owed.from_unit.id == unit.id);
    owed.map(|owed| owed.due_at).min()
}

fn number_and_title(paper: &Paper) -> (String, String) {
    let number = paper.document.as_ref().map(|document| document.number.clone());
    (number.unwrap_or_default(), paper.content.title.clone())
}

/// The figures as the papers issued so far state them, the newest of each.
fn told_before(earlier: &[Paper]) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    for paper in earlier.iter().filter(|paper| paper.state == State::Issued) {
        for claim in claims::claims(&paper.content)
            .into_iter()
            .filter(|claim| !claim.disputed)
        {
            told.insert(claim.kind.to_owned(), claim.value.to_string());
        }
    }
    told
}
