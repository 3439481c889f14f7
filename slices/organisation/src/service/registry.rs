//! Units, relations, command bodies and posts as the system administrator keeps them.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::Work;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Organisation;
use super::accounts::{check_reason, check_version};
use crate::error::OrganisationError;
use crate::model::{Body, Post, Relation, Unit};
use crate::{facts, rules, store};

/// What was saved, and its version from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Saved {
    /// Its id or code.
    pub id: String,
    /// Goes back as `expected_version`.
    pub version: u64,
}

fn missing(what: &'static str, id: &str) -> OrganisationError {
    OrganisationError::NotFound {
        what,
        id: id.to_owned(),
    }
}

/// Refuses unless the caller may change what belongs to a division.
pub(super) fn may_write(caller: &Caller, division: &str) -> Result<(), OrganisationError> {
    Ok(caller.require("organisation.write", Object::in_area(division))?)
}

impl Organisation {
    /// Makes a unit, or changes the one of that id; the id is made when it is empty.
    pub fn save_unit(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        mut unit: Unit,
        expected: Option<u64>,
    ) -> Result<Saved, OrganisationError> {
        may_write(caller, &unit.division)?;
        rules::check_unit(&unit)?;
        let version = if unit.id.is_empty() {
            unit.id = work.ids().next().to_string();
            0
        } else {
            let known = store::load_unit(work.tx, &unit.id)?.ok_or_else(|| missing("unit", &unit.id))?;
            may_write(caller, &known.division)?;
            check_version(&format!("unit/{}", unit.id), known.version, expected)?;
            known.version
        };
        Self::check_unit_places(work, &unit)?;
        unit.version = version + 1;
        let saved = Saved {
            id: unit.id.clone(),
            version: unit.version,
        };
        let (stream, area) = (format!("unit/{}", unit.id), unit.division.clone());
        let fact = facts::UnitsSet {
            units: vec![unit],
            relations: Vec::new(),
        };
        work.record(&stream, facts::UNITS_SET, &area, &fact)?;
        Ok(saved)
    }

    fn check_unit_places(work: &mut Work<'_, '_>, unit: &Unit) -> Result<(), OrganisationError> {
        let mut checks = Checks::new();
        let state = store::division_state(work.tx, &unit.division)?;
        if state.is_none_or(|state| state.retired_at.is_some()) {
            checks.fault(
                "division",
                "unknown",
                "the code of a division that is not retired",
            );
        }
        if let Some(superior) = &unit.superior {
            let above = store::load_unit(work.tx, superior)?;
            let loops = *superior == unit.id;
            match above {
                None => checks.fault("superior", "unknown", "a unit of GET /api/v1/units"),
                Some(_) if loops => checks.fault("superior", "not_a_choice", "another unit"),
                Some(above) => rules::check_fire(&mut checks, "superior", unit, &above),
            }
        }
        Ok(checks.finish()?)
    }

    /// Relates two units, or changes on what their relation rests.
    pub fn relate(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        relation: Relation,
    ) -> Result<(), OrganisationError> {
        let (from, to) = Self::both_units(work, &relation)?;
        may_write(caller, &from.division)?;
        let mut checks = Checks::new();
        let kinds = ["subordinate", "guidance", "negotiated"];
        if !kinds.contains(&relation.kind.as_str()) {
            checks.fault("kind", "not_a_choice", kinds.join(", "));
        }
        checks.text("note", &relation.note, 0, 200);
        checks.require(from.id != to.id, "to_unit", "another unit");
        if relation.kind == "subordinate" {
            rules::check_fire(&mut checks, "kind", &from, &to);
        }
        checks.finish()?;
        let fact = facts::UnitsSet {
            units: Vec::new(),
            relations: vec![relation],
        };
        let stream = format!("unit/{}", from.id);
        work.record(&stream, facts::UNITS_SET, &from.division, &fact)?;
        Ok(())
    }

    fn both_units(work: &mut Work<'_, '_>, relation: &Relation) -> Result<(Unit, Unit), OrganisationError> {
        let from = store::load_unit(work.tx, &relation.from_unit)?;
        let to = store::load_unit(work.tx, &relation.to_unit)?;
        let mut checks = Checks::new();
        if from.is_none() {
            checks.fault("from_unit", "unknown", "a unit of GET /api/v1/units");
        }
        if to.is_none() {
            checks.fault("to_unit", "unknown", "a unit of GET /api/v1/units");
        }
        checks.finish()?;
        from.zip(to).ok_or_else(|| missing("unit", &relation.from_unit))
    }

    /// Ends a relation.
    pub fn end_relation(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        relation: &Relation,
        reason: &str,
    ) -> Result<(), OrganisationError> {
        check_reason(reason)?;
        let (from, _) = Self::both_units(work, relation)?;
        may_write(caller, &from.division)?;
        let same = |known: &Relation| {
            (&known.from_unit, &known.to_unit, &known.kind)
                == (&relation.from_unit, &relation.to_unit, &relation.kind)
        };
        let known = store::relations(work.tx, &from.id)?;
        let Some((known, _)) = known.into_iter().find(|(known, _)| same(known)) else {
            return Err(missing("relation", &relation.from_unit));
        };
        let fact = facts::RelationEnded {
            relation: known,
            reason: reason.to_owned(),
        };
        let stream = format!("unit/{}", from.id);
        work.record(&stream, facts::RELATION_ENDED, &from.division, &fact)?;
        Ok(())
    }

    /// Makes a command body, or changes the one of that id.
    pub fn save_body(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        mut body: Body,
        expected: Option<u64>,
    ) -> Result<Saved, OrganisationError> {
        may_write(caller, &body.division)?;
        rules::check_body(&body)?;
        let mut checks = Checks::new();
        for (index, member) in body.members.iter().enumerate() {
            if let Some(unit) = &member.unit
                && store::load_unit(work.tx, unit)?.is_none()
            {
                checks.fault(
                    format!("members.{index}.unit"),
                    "unknown",
                    "a unit of GET /api/v1/units",
                );
            }
            if let Some(person) = &member.person
                && store::load_person(work.tx, person)?.is_none()
            {
                checks.fault(
                    format!("members.{index}.person"),
                    "unknown",
                    "a person of GET /api/v1/people",
                );
            }
        }
        checks.finish()?;
        let version = if body.id.is_empty() {
            body.id = work.ids().next().to_string();
            0
        } else {
            let known = store::load_body(work.tx, &body.id)?.ok_or_else(|| missing("body", &body.id))?;
            may_write(caller, &known.division)?;
            check_version(&format!("body/{}", body.id), known.version, expected)?;
            known.version
        };
        body.version = version + 1;
        let saved = Saved {
            id: body.id.clone(),
            version: body.version,
        };
        let (stream, area) = (format!("body/{}", body.id), body.division.clone());
        work.record(&stream, facts::BODY_SET, &area, &facts::BodySet { body })?;
        Ok(saved)
    }

    /// Makes a post, or changes the one of that id: who holds it, who stands in, in which order.
    pub fn save_post(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        mut post: Post,
        expected: Option<u64>,
    ) -> Result<Saved, OrganisationError> {
        rules::check_post(&post)?;
        let unit = store::load_unit(work.tx, &post.unit)?;
        let unit = unit.ok_or_else(|| InvalidInput::one("unit", "unknown", "a unit of GET /api/v1/units"))?;
        may_write(caller, &unit.division)?;
        let mut checks = Checks::new();
        for (index, holder) in post.holders.iter().enumerate() {
            if store::load_person(work.tx, &holder.person)?.is_none_or(|person| person.closed) {
                let field = format!("holders.{index}.person");
                checks.fault(
                    field,
                    "unknown",
                    "a person of GET /api/v1/people who has not left",
                );
            }
        }
        checks.finish()?;
        let version = if post.id.is_empty() {
            post.id = work.ids().next().to_string();
            0
        } else {
            let known = store::load_post(work.tx, &post.id)?.ok_or_else(|| missing("post", &post.id))?;
            check_version(&format!("post/{}", post.id), known.version, expected)?;
            known.version
        };
        post.version = version + 1;
        let saved = Saved {
            id: post.id.clone(),
            version: post.version,
        };
        let stream = format!("post/{}", post.id);
        work.record(&stream, facts::POST_SET, &unit.division, &facts::PostSet { post })?;
        Ok(saved)
    }
}
