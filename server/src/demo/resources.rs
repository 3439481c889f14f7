//! What can help in the demo city: the report's totals, split exactly from the seed; the rest invented.

mod make;

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_ledger::{Ledger, Work};
use anlan_resource::facts::{self, DeedsDone, Done, RecordsSet, Roster, RostersSet};
use anlan_resource::model::{Deed, Entry, Member};
use anlan_resource::service::seal_roster;
use anlan_resource::{ResourceError, Resources};
use serde::Deserialize;
use serde_json::Value;

use self::make::Maker;
use super::city::numbered;
use super::people::Drawer;
use super::setup;

const RESOURCES: &str = include_str!("../../../demo/hohhot/resources.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stock {
    #[serde(rename = "label")]
    _label: String,
    team: Vec<TeamRule>,
    experts: ExpertRule,
    shelters: ShelterRule,
    depot: Vec<DepotRule>,
    many: Vec<ManyRule>,
    aircraft: AircraftRule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamRule {
    class: String,
    count: usize,
    people: u64,
    r#where: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    names: Vec<String>,
    run_by: String,
    skills: Vec<String>,
    kit: String,
    muster_minutes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpertRule {
    trades: BTreeMap<String, usize>,
    titles: Vec<String>,
    employers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShelterRule {
    area_m2: u64,
    capacity: u64,
    built: Vec<BuiltRule>,
    planned: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltRule {
    name: String,
    class: String,
    area: String,
    lon: f64,
    lat: f64,
    weight: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepotRule {
    code: String,
    class: String,
    name: String,
    area: String,
    area_m2: u64,
    #[serde(default)]
    shared_with: String,
    lon: Option<f64>,
    lat: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManyRule {
    kind: String,
    class: String,
    count: usize,
    name: String,
    #[serde(default)]
    values: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AircraftRule {
    name: String,
    operator: String,
    model: String,
    agreement: String,
}

/// Splits a total by weights into whole parts that add up to it exactly; the largest remainders get what is left.
pub(super) fn split(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u64 = weights.iter().sum();
    let share = |weight: &u64| (total * weight).checked_div(sum).unwrap_or(0);
    let mut parts: Vec<u64> = weights.iter().map(share).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let rest = |place: &usize| (total * weights[*place]).checked_rem(sum).unwrap_or(0);
    order.sort_by_key(|place| std::cmp::Reverse(rest(place)));
    let left = total - parts.iter().sum::<u64>();
    for place in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[place] += 1;
    }
    parts
}

/// A record with its people and what was done with it.
pub(super) struct Made {
    pub id: String,
    pub entry: Entry,
    pub members: Vec<Member>,
    pub deeds: Vec<Deed>,
}

/// Records everything that can help.
pub(super) fn record(
    ledger: &Ledger,
    resources: &Resources,
    drawer: &Drawer<'_>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let stock: Stock = toml::from_str(RESOURCES)?;
    let maker = Maker::new(drawer, now)?;
    let mut made = maker.teams(&stock.team);
    made.extend(maker.experts(&stock.experts));
    made.extend(maker.shelters(&stock.shelters));
    made.extend(maker.depots(&stock.depot));
    made.extend(stock.many.iter().flat_map(|rule| maker.many(rule)));
    made.push(maker.aircraft(&stock.aircraft));
    let phones = drawer.plan.phones.mobile.clone();
    let this = resources.clone();
    ledger.command_blocking(setup(), move |work| -> Result<(), ResourceError> {
        record_entries(work, &this, &made)?;
        record_rosters(work, &phones, &made)?;
        let done = |made: &Made| {
            let id = made.id.clone();
            made.deeds
                .clone()
                .into_iter()
                .map(move |deed| Done { id: id.clone(), deed })
        };
        let deeds: Vec<Done> = made.iter().flat_map(done).collect();
        for batch in deeds.chunks(500) {
            let deeds = batch.to_vec();
            work.record("resources", facts::DEEDS_DONE, "1501", &DeedsDone { deeds })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn record_entries(
    work: &mut Work<'_, '_>,
    resources: &Resources,
    made: &[Made],
) -> Result<(), ResourceError> {
    for made in made {
        anlan_resource::rules::check_entry(&resources.rules.registers, &made.entry, work.now)?;
    }
    for batch in made.chunks(200) {
        let named = |made: &Made| resources.named(made.id.clone(), made.entry.clone());
        let records = batch.iter().map(named).collect();
        work.record("resources", facts::RECORDS_SET, "1501", &RecordsSet { records })?;
    }
    Ok(())
}

fn record_rosters(work: &mut Work<'_, '_>, phones: &str, made: &[Made]) -> Result<(), ResourceError> {
    let (mut rosters, mut number): (Vec<Roster>, usize) = (Vec::new(), 2_000_000);
    for made in made.iter().filter(|made| !made.members.is_empty()) {
        let mut members = made.members.clone();
        for member in &mut members {
            member.phone = numbered(phones, number);
            number += 1;
        }
        rosters.push(seal_roster(work, &made.id, &members)?);
    }
    for batch in rosters.chunks(20) {
        let rosters = batch.to_vec();
        work.record("resources", facts::ROSTERS_SET, "1501", &RostersSet { rosters })?;
    }
    Ok(())
}
