//! Who answers for an area and a kind of event, now: from the duty shift to the post's holder to the deputies, with
//! reasons, and how each unit is reached: by order, by guidance, or by negotiation.

use anlan_foundation::Timestamp;
use anlan_store::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::Organisation;
use crate::error::OrganisationError;
use crate::model::{Body, Holder, Post, Unit};
use crate::rules::{Departments, EventDuty};
use crate::{rules, store};

/// The answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhoAnswers {
    /// Division that was asked about.
    pub area: String,
    /// Its name from the city down.
    pub area_name: String,
    /// Class that was asked about.
    pub event_class: String,
    /// As of when.
    pub at: Timestamp,
    /// 属地: the duty units from the place up to the city; the first that somebody can be reached at is first.
    pub local: Vec<AnsweringUnit>,
    /// 救: who rescues, the lead first.
    pub rescue: Vec<AnsweringUnit>,
    /// 防: who prevents, the lead first.
    pub prevent: Vec<AnsweringUnit>,
    /// The command body that joins both.
    pub body: Option<Body>,
    /// The row of the rules that says so; none when no row fits, and then only `local` is answered.
    pub rule: Option<EventDuty>,
}

/// A unit that answers, and who can be reached there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnsweringUnit {
    /// Unit.
    pub unit_id: String,
    /// Its name.
    pub unit_name: String,
    /// Its division.
    pub division: String,
    /// Its department.
    pub department: Option<String>,
    /// Its published duty telephone.
    pub duty_phone: Option<String>,
    /// `lead`, `with` or `local`.
    pub part: String,
    /// How the area's emergency unit reaches it: `order` 指令, `guidance` 指导 or `negotiated` 协调.
    pub reach: String,
    /// Why this unit: `department_here`, `department_above`, `duty_unit`.
    pub reason: String,
    /// Whom to call, in this order.
    pub chain: Vec<Answering>,
}

/// Somebody who can be called.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Answering {
    /// Person.
    pub person_id: String,
    /// Name.
    pub person_name: String,
    /// Masked mobile number.
    pub mobile_masked: Option<String>,
    /// `on_duty`, `post_holder`, `acting`, `deputy` or `listed`.
    pub reason: String,
    /// Role of the shift, or title of the post.
    pub detail: String,
    /// Until when, for a shift.
    pub until: Option<Timestamp>,
}

impl Organisation {
    /// Who answers for an area and a class of events at an instant.
    pub fn who_answers(
        &self,
        tx: &mut Tx<'_>,
        (area, event_class): (&str, &str),
        at: Timestamp,
    ) -> Result<WhoAnswers, OrganisationError> {
        let division = store::load_division(tx, area)?.ok_or_else(|| OrganisationError::NotFound {
            what: "division",
            id: area.to_owned(),
        })?;
        let levels = rules::levels_up(area);
        let mut local = Vec::new();
        for level in &levels {
            let here = store::units_of(tx, level)?;
            let Some(unit) = here.into_iter().find(rules::is_duty_unit) else {
                continue;
            };
            local.push(self.answering(tx, unit, ("local", "duty_unit"), at)?);
        }
        local.sort_by_key(|unit| unit.chain.is_empty());
        let rule = self.duties.of(event_class).cloned();
        let (mut rescue, mut prevent, mut body) = (Vec::new(), Vec::new(), None);
        if let Some(rule) = &rule {
            rescue = self.side(tx, &levels, &rule.rescue, at)?;
            prevent = self.side(tx, &levels, &rule.prevent, at)?;
            body = command_body(tx, &levels, rule)?;
        }
        Ok(WhoAnswers {
            area: area.to_owned(),
            area_name: division.full_name,
            event_class: event_class.to_owned(),
            at,
            local,
            rescue,
            prevent,
            body,
            rule,
        })
    }

    /// The units of one side: of each department the one nearest to the place.
    fn side(
        &self,
        tx: &mut Tx<'_>,
        levels: &[String],
        side: &Departments,
        at: Timestamp,
    ) -> Result<Vec<AnsweringUnit>, OrganisationError> {
        let mut found = Vec::new();
        let parts = std::iter::once((&side.lead, "lead")).chain(side.with.iter().map(|d| (d, "with")));
        for (department, part) in parts {
            let mut reason = "department_here";
            for level in levels.iter().filter(|level| level.len() <= 6) {
                let units = store::units_of(tx, level)?;
                if let Some(unit) = units.into_iter().find(|unit| rules::acts_for(unit, department)) {
                    found.push(self.answering(tx, unit, (part, reason), at)?);
                    break;
                }
                reason = "department_above";
            }
        }
        Ok(found)
    }

    fn answering(
        &self,
        tx: &mut Tx<'_>,
        unit: Unit,
        (part, reason): (&str, &str),
        at: Timestamp,
    ) -> Result<AnsweringUnit, OrganisationError> {
        let chain = self.chain(tx, &unit, at)?;
        let relations = store::relations(tx, &unit.id)?;
        let kinds: Vec<&str> = relations
            .iter()
            .filter(|(relation, _)| relation.from_unit == unit.id)
            .map(|(relation, _)| relation.kind.as_str())
            .collect();
        let reach = rules::reach(&unit, &kinds);
        Ok(AnsweringUnit {
            unit_id: unit.id,
            unit_name: unit.name,
            division: unit.division,
            department: unit.department,
            duty_phone: unit.duty_phone,
            part: part.to_owned(),
            reach: reach.to_owned(),
            reason: reason.to_owned(),
            chain,
        })
    }

    /// Whom to call at a unit: who is on duty, then who holds its posts, then who stands in, then who is listed.
    fn chain(
        &self,
        tx: &mut Tx<'_>,
        unit: &Unit,
        at: Timestamp,
    ) -> Result<Vec<Answering>, OrganisationError> {
        let mut chain: Vec<Answering> = Vec::new();
        for (duty, mobile) in store::duty_of_unit(tx, &unit.id, at)? {
            let duty = self.shown_duty(tx, duty, mobile.as_ref())?;
            chain.push(Answering {
                person_id: duty.person_id,
                person_name: duty.person_name,
                mobile_masked: duty.mobile_masked,
                reason: "on_duty".to_owned(),
                detail: duty.duty_role,
                until: Some(duty.until),
            });
        }
        let posts = store::posts(tx, &unit.id)?;
        for (holder, post) in in_order(&posts) {
            let known = chain.iter().any(|step| step.person_id == holder.person);
            if known {
                continue;
            }
            let reason = if holder.kind == "holder" {
                "post_holder"
            } else {
                &holder.kind
            };
            if let Some(step) = self.step(tx, &holder.person, (reason, &post.title))? {
                chain.push(step);
            }
        }
        if chain.is_empty() {
            for person in store::people(tx, &unit.division, Some(&unit.id), "", 3)? {
                let [id, _, _, _, title] = &person.texts;
                let (id, title) = (id.clone(), title.clone());
                chain.extend(self.step(tx, &id, ("listed", &title))?);
            }
        }
        Ok(chain)
    }

    fn step(
        &self,
        tx: &mut Tx<'_>,
        person: &str,
        (reason, detail): (&str, &str),
    ) -> Result<Option<Answering>, OrganisationError> {
        let Some(stored) = store::load_person(tx, person)?.filter(|person| !person.closed) else {
            return Ok(None);
        };
        let shown = self.shown(tx, stored)?;
        Ok(Some(Answering {
            person_id: shown.id,
            person_name: shown.name,
            mobile_masked: shown.mobile_masked,
            reason: reason.to_owned(),
            detail: detail.to_owned(),
            until: None,
        }))
    }
}

/// Holders first, then those who act for them, then deputies; within a kind by rank of the post and order.
fn in_order(posts: &[Post]) -> Vec<(&Holder, &Post)> {
    let mut all: Vec<(&Holder, &Post)> = posts
        .iter()
        .flat_map(|post| post.holders.iter().map(move |holder| (holder, post)))
        .collect();
    let kind = |holder: &Holder| match holder.kind.as_str() {
        "holder" => 0,
        "acting" => 1,
        _ => 2,
    };
    all.sort_by_key(|(holder, post)| (kind(holder), post.rank, holder.order));
    all
}

fn command_body(
    tx: &mut Tx<'_>,
    levels: &[String],
    rule: &EventDuty,
) -> Result<Option<Body>, OrganisationError> {
    let Some(prefix) = &rule.body else { return Ok(None) };
    for level in levels.iter().filter(|level| level.len() <= 6) {
        let bodies = store::bodies(tx, level)?;
        let ours = |body: &Body| body.division == *level && body.id.starts_with(prefix.as_str());
        if let Some(body) = bodies.into_iter().find(ours) {
            return Ok(Some(body));
        }
    }
    Ok(None)
}
