//! The demo city's people: posts, shifts that change every morning, grid workers and households. All invented.

use anlan_foundation::{Ids as _, SeededIds, Timestamp};
use anlan_ledger::Work;
use anlan_organisation::OrganisationError;
use anlan_organisation::facts::{self, ContactFact, GridSet, HouseholdSet, PersonFact, Shift};
use anlan_organisation::model::{Division, Grid, Holder, Post, Resident, Unit};

use super::city::{City, numbered};
use super::plan::Plan;

/// Days before and after the start of the demo for which shifts are made.
const DAYS_BEFORE: i64 = 3;
const DAYS_AFTER: i64 = 30;
/// Shifts change at half past eight.
const HANDOVER_MINUTES: i64 = 8 * 60 + 30;

/// Somebody of the demo city, before the numbers are sealed.
pub(super) struct Somebody {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub title: String,
    pub area: String,
    pub desk: bool,
}

/// Draws names and numbers from the seed.
pub(super) struct Drawer<'p> {
    pub plan: &'p Plan,
    pub seed: SeededIds,
}

impl Drawer<'_> {
    pub(super) fn number(&self, below: usize) -> usize {
        let mut random = [0; 4];
        self.seed.fill(&mut random);
        let drawn = usize::try_from(u32::from_le_bytes(random)).unwrap_or(0);
        drawn.checked_rem(below).unwrap_or(0)
    }

    fn of<'l>(&self, list: &'l [String]) -> &'l str {
        list.get(self.number(list.len())).map_or("", String::as_str)
    }

    pub(super) fn name(&self) -> String {
        let names = &self.plan.people;
        if self.number(5) == 0 {
            self.of(&names.whole).to_owned()
        } else {
            format!("{}{}", self.of(&names.surnames), self.of(&names.given))
        }
    }
}

/// What was made of a unit's posts.
#[derive(Default)]
pub(super) struct Staff {
    pub people: Vec<Somebody>,
    pub posts: Vec<Post>,
    pub shifts: Vec<Shift>,
}

/// The people of every unit, their posts, and their shifts around `now`. The first of each post are `{unit}-p0`,
/// `{unit}-p1` … in the order of the posts; those who take turns with them follow.
pub(super) fn staff(drawer: &Drawer<'_>, city: &City, now: Timestamp) -> Staff {
    let mut staff = Staff::default();
    for unit in &city.units {
        let Some(rule) = drawer.plan.posts.iter().find(|rule| rule.kind == unit.kind) else {
            continue;
        };
        let mut next = rule.posts.len();
        for (rank, post) in rule.posts.iter().enumerate() {
            let mut ids = vec![format!("{}-p{rank}", unit.id)];
            for _ in 1..post.people {
                ids.push(format!("{}-p{next}", unit.id));
                next += 1;
            }
            for id in &ids {
                staff.people.push(Somebody {
                    id: id.clone(),
                    name: drawer.name(),
                    unit: unit.id.clone(),
                    title: post.title.clone(),
                    area: unit.division.clone(),
                    desk: unit.division.len() <= 6,
                });
            }
            if let Some(role) = &post.duty_role {
                staff.shifts.extend(turns(unit, role, &ids, now));
            }
            staff.posts.push(post_of(unit, &post.title, rank, &ids));
        }
    }
    staff
}

fn post_of(unit: &Unit, title: &str, rank: usize, ids: &[String]) -> Post {
    let holder = |(order, person): (usize, &String)| Holder {
        person: person.clone(),
        kind: if order == 0 { "holder" } else { "deputy" }.to_owned(),
        order: i64::try_from(order).unwrap_or(0),
    };
    Post {
        id: format!("post-{}-{rank}", unit.id),
        unit: unit.id.clone(),
        title: title.to_owned(),
        rank: i64::try_from(rank).unwrap_or(0),
        holders: ids.iter().take(3).enumerate().map(holder).collect(),
        closed: false,
        version: 1,
    }
}

/// Who is alone is always on call; several take turns day by day, each from half past eight to half past eight.
fn turns(unit: &Unit, role: &str, ids: &[String], now: Timestamp) -> Vec<Shift> {
    let shift = |person: &str, since: Timestamp, until: Timestamp| Shift {
        unit: unit.id.clone(),
        person: person.to_owned(),
        role: role.to_owned(),
        since,
        until,
    };
    let first = handover_before(now).plus_minutes(-DAYS_BEFORE * 24 * 60);
    if let [only] = ids {
        let until = first.plus_minutes((DAYS_BEFORE + DAYS_AFTER) * 24 * 60);
        return vec![shift(only, first, until)];
    }
    let offset = unit.id.bytes().map(usize::from).sum::<usize>();
    let days = usize::try_from(DAYS_BEFORE + DAYS_AFTER).unwrap_or(0);
    (0..days)
        .filter_map(|day| {
            let person = ids.get((day + offset).checked_rem(ids.len())?)?;
            let since = first.plus_minutes(i64::try_from(day).ok()? * 24 * 60);
            Some(shift(person, since, since.plus_minutes(24 * 60)))
        })
        .collect()
}

/// The last half past eight in China before an instant.
fn handover_before(now: Timestamp) -> Timestamp {
    const DAY: i64 = 24 * 60 * 60;
    let china = now.as_millis() / 1000 + 8 * 60 * 60 - HANDOVER_MINUTES * 60;
    let morning = china - china.rem_euclid(DAY) + HANDOVER_MINUTES * 60 - 8 * 60 * 60;
    Timestamp::from_seconds(morning)
}

/// Records people with their numbers sealed, in batches.
pub(super) fn record(
    work: &mut Work<'_, '_>,
    plan: &Plan,
    people: &[Somebody],
    first: usize,
) -> Result<(), OrganisationError> {
    for (batch, somebodies) in people.chunks(500).enumerate() {
        let mut facts = Vec::new();
        for (index, somebody) in somebodies.iter().enumerate() {
            let number = first + batch * 500 + index;
            let subject = format!("person/{}", somebody.id);
            let mut contacts = vec![ContactFact {
                id: "mobile".to_owned(),
                kind: "mobile".to_owned(),
                value: work.seal(&subject, &numbered(&plan.phones.mobile, number))?,
            }];
            if somebody.desk {
                contacts.push(ContactFact {
                    id: "office".to_owned(),
                    kind: "office".to_owned(),
                    value: work.seal(&subject, &numbered(&plan.phones.landline, 5_000_000 + number))?,
                });
            }
            facts.push(PersonFact {
                id: somebody.id.clone(),
                name: somebody.name.clone(),
                unit: somebody.unit.clone(),
                title: somebody.title.clone(),
                area: somebody.area.clone(),
                mobile: None,
                contacts,
                closed: false,
            });
        }
        work.record(
            "people",
            facts::PEOPLE_SET,
            "1501",
            &facts::PeopleSet { people: facts },
        )?;
    }
    Ok(())
}

/// Grids of the villages of some townships; the workers also report for 民政 and 地震, as one person.
pub(super) fn grids(drawer: &Drawer<'_>, villages: &[&Division]) -> (Vec<GridSet>, Vec<Somebody>) {
    let plan = &drawer.plan.grids;
    let (mut grids, mut workers) = (Vec::new(), Vec::new());
    for village in villages {
        for number in 1..=plan.per_village {
            let code = format!("{}{number:02}", village.code);
            let worker = Somebody {
                id: format!("grid-{code}-w"),
                name: drawer.name(),
                unit: super::duty_unit(&village.code),
                title: plan.title.clone(),
                area: village.code.clone(),
                desk: false,
            };
            let name = format!(
                "第{}网格",
                ["一", "二", "三", "四"].get(number - 1).copied().unwrap_or("五")
            );
            grids.push(GridSet {
                full_name: format!("{}{name}", village.full_name),
                grid: Grid {
                    code,
                    village: village.code.clone(),
                    name,
                    workers: vec![worker.id.clone()],
                    closed: false,
                    version: 1,
                },
                point: village.lon.zip(village.lat),
            });
            workers.push(worker);
        }
    }
    (grids, workers)
}

/// Records the households of a grid.
pub(super) fn households(
    work: &mut Work<'_, '_>,
    drawer: &Drawer<'_>,
    grid: &str,
) -> Result<(), OrganisationError> {
    for number in 1..=drawer.plan.grids.households {
        let code = format!("{grid}{number:04}");
        let residents: Vec<Resident> = (0..=drawer.number(4))
            .map(|place| resident(drawer, place, number))
            .collect();
        let stream = format!("household/{code}");
        let text = serde_json::to_string(&residents)
            .map_err(|error| anlan_ledger::LedgerError::Fact(error.to_string()))?;
        let needing = residents
            .iter()
            .filter(|resident| resident.needs.is_some())
            .count();
        let fact = HouseholdSet {
            code: code.clone(),
            grid: grid.to_owned(),
            label: format!("{}号", number * 2 - 1),
            size: i64::try_from(residents.len()).unwrap_or(0),
            need_help: i64::try_from(needing).unwrap_or(0),
            members: work.seal(&stream, &text)?,
            closed: false,
        };
        work.record(&stream, facts::HOUSEHOLD_SET, &code, &fact)?;
    }
    Ok(())
}

fn resident(drawer: &Drawer<'_>, place: usize, number: usize) -> Resident {
    let plan = drawer.plan;
    let old = drawer.number(6) == 0;
    let born = if old {
        1936 + drawer.number(18)
    } else {
        1960 + drawer.number(60)
    };
    let needs = plan.grids.needs.get(drawer.number(plan.grids.needs.len()));
    Resident {
        name: drawer.name(),
        phone: (place == 0).then(|| numbered(&plan.phones.mobile, 9_000_000 + number)),
        born: i32::try_from(born).ok(),
        needs: needs.filter(|_| old).cloned(),
    }
}
