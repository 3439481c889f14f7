//! The demo city's units, relations, posts and command bodies, made from the plan and the real divisions.

use std::collections::BTreeMap;

use anlan_divisions::{Division, Level};
use anlan_organisation::model::{Body, Member, Relation, Unit};

use super::duty_unit;
use super::plan::{BodyRule, CityUnit, Plan, RelationRule};

/// The city of the demo.
const CITY: &str = "1501";

/// The units by id, in the order of their divisions.
pub(super) struct City {
    pub units: Vec<Unit>,
    index: BTreeMap<String, usize>,
}

/// A division's placeholders filled in.
fn fill(text: &str, code: &str, name: &str) -> String {
    let up = above(code);
    let part = |digits: usize| code.get(..digits).unwrap_or(code);
    text.replace("{up.government}", &format!("gov-{up}"))
        .replace("{up.emergency}", &format!("emergency-{up}"))
        .replace("{up.duty}", &duty_unit(up))
        .replace("{up.fire}", &format!("fire-{up}"))
        .replace("{government}", &format!("gov-{code}"))
        .replace("{emergency}", &format!("emergency-{code}"))
        .replace("{duty}", &duty_unit(code))
        .replace("{fire}", &format!("fire-{code}"))
        .replace("{county}", part(6))
        .replace("{township}", part(9))
        .replace("{code}", code)
        .replace("{name}", name)
}

fn above(code: &str) -> &str {
    let digits = match code.len() {
        12 => 9,
        9 => 6,
        _ => 4,
    };
    code.get(..digits).unwrap_or(CITY)
}

impl City {
    pub(super) fn build(plan: &Plan, divisions: &[Division]) -> Self {
        let mut units: Vec<Unit> = Vec::new();
        for division in divisions {
            units.extend(units_of(plan, division));
        }
        for (number, unit) in units.iter_mut().enumerate() {
            let answers = matches!(
                unit.kind.as_str(),
                "duty_office" | "township_office" | "province" | "brigade"
            );
            if answers || unit.id == "hhht-zongzhiban" {
                unit.duty_phone = Some(numbered(&plan.phones.landline, number));
            }
        }
        let index = units
            .iter()
            .enumerate()
            .map(|(place, unit)| (unit.id.clone(), place))
            .collect();
        Self { units, index }
    }

    pub(super) fn unit(&self, id: &str) -> Option<&Unit> {
        self.index.get(id).and_then(|place| self.units.get(*place))
    }

    /// Every relation of the rules between units that exist.
    pub(super) fn relations(&self, plan: &Plan, divisions: &[Division]) -> Vec<Relation> {
        let mut relations = Vec::new();
        for rule in &plan.relation {
            let ours =
                |division: &&Division| rule.levels.iter().any(|level| level == division.level.as_str());
            for division in divisions.iter().filter(ours) {
                relations.extend(self.relations_in(plan, rule, division));
            }
        }
        relations
    }

    fn relations_in(&self, plan: &Plan, rule: &RelationRule, division: &Division) -> Vec<Relation> {
        let fill = |text: &str| fill(text, division.code.as_str(), &division.name);
        let relation = |(from, to): (String, String)| {
            let (from, to) = (fill(&from), fill(&to));
            let both = self.unit(&from).is_some() && self.unit(&to).is_some() && from != to;
            both.then(|| Relation {
                from_unit: from,
                to_unit: to,
                kind: rule.kind.clone(),
                note: rule.note.clone(),
            })
        };
        pairs(plan, rule).into_iter().filter_map(relation).collect()
    }

    /// Every command body of the rules: one at the city, one in every county with a government of its own.
    pub(super) fn bodies(&self, plan: &Plan, divisions: &[Division]) -> Vec<Body> {
        let mut bodies = Vec::new();
        for rule in &plan.body {
            let ours = |division: &&Division| {
                let exception = plan
                    .county
                    .exception
                    .iter()
                    .any(|odd| odd.division == division.code.as_str());
                !exception && rule.levels.iter().any(|level| level == division.level.as_str())
            };
            bodies.extend(
                divisions
                    .iter()
                    .filter(ours)
                    .map(|division| self.body(rule, division)),
            );
        }
        bodies
    }

    fn body(&self, rule: &BodyRule, division: &Division) -> Body {
        let code = division.code.as_str();
        let fill = |text: &str| fill(text, code, &division.name);
        let (office, help) = ("办公室".to_owned(), "协调".to_owned());
        let mut members = Vec::new();
        members.extend(self.seat("chair", (&rule.chair.unit, &rule.chair.title), code));
        let deputies = rule.deputies.iter();
        members.extend(deputies.filter_map(|seat| self.seat("deputy", (&seat.unit, &seat.title), code)));
        members.extend(self.seat("office", (&rule.office, &office), code));
        let ordinary = rule.members.iter();
        members.extend(ordinary.filter_map(|department| {
            let title = if department == "fire" { help.as_str() } else { "" };
            self.seat("member", (department, title), code)
        }));
        Body {
            id: fill(&rule.id),
            name: fill(&rule.name),
            division: code.to_owned(),
            members,
            event_classes: rule.event_classes.clone(),
            ..Body::default()
        }
    }

    fn seat(&self, role: &str, (unit, title): (&str, &str), code: &str) -> Option<Member> {
        let id = if unit.starts_with('{') {
            fill(unit, code, "")
        } else {
            format!("{unit}-{code}")
        };
        let unit = self.unit(&id)?;
        Some(Member {
            role: role.to_owned(),
            name: unit.name.clone(),
            title: title.to_owned(),
            unit: Some(unit.id.clone()),
            person: None,
        })
    }
}

/// A pattern with a running number, such as `100{n:08}`.
pub(super) fn numbered(pattern: &str, number: usize) -> String {
    pattern
        .replace("{n:08}", &format!("{number:08}"))
        .replace("{n:07}", &format!("{number:07}"))
}

/// The ends of a rule; one that names each department stands for one pair a department.
fn pairs(plan: &Plan, rule: &RelationRule) -> Vec<(String, String)> {
    if !rule.from.contains("{department}") {
        return vec![(rule.from.clone(), rule.to.clone())];
    }
    let departments = plan.department.iter().map(|department| &department.code);
    departments
        .filter(|code| rule.only.is_empty() || rule.only.contains(code))
        .filter(|code| !rule.except.contains(code))
        .map(|code| {
            let from = rule.from.replace("{department}", &format!("{code}-{{code}}"));
            let up = if rule.to == "{up.department}" {
                format!("{code}-{CITY}")
            } else {
                rule.to.clone()
            };
            (from, up)
        })
        .collect()
}

fn made(unit: &CityUnit, code: &str, name: &str) -> Unit {
    let full = fill(&unit.name, code, name);
    Unit {
        id: fill(&unit.id, code, name),
        short_name: unit.short_name.clone().unwrap_or_else(|| full.clone()),
        name: full,
        kind: unit.kind.clone(),
        department: unit.department.clone(),
        division: code.to_owned(),
        superior: unit.superior.as_ref().map(|superior| fill(superior, code, name)),
        ..Unit::default()
    }
}

fn units_of(plan: &Plan, division: &Division) -> Vec<Unit> {
    let (code, name) = (division.code.as_str(), division.name.as_str());
    match division.level {
        Level::Village => plan
            .village
            .units
            .iter()
            .map(|unit| made(unit, code, name))
            .collect(),
        Level::Township => {
            let street = name.ends_with("街道") || name.ends_with("街道办事处");
            let mut units: Vec<Unit> = plan
                .township
                .units
                .iter()
                .map(|unit| made(unit, code, name))
                .collect();
            for unit in units.iter_mut().filter(|unit| unit.kind == "government") {
                let office = if name.ends_with("办事处") {
                    ""
                } else {
                    "办事处"
                };
                unit.name = if street {
                    format!("{name}{office}")
                } else {
                    format!("{name}人民政府")
                };
                unit.short_name.clone_from(&unit.name);
            }
            units
        }
        Level::County => county_units(plan, code, name),
        _ => {
            let mut units: Vec<Unit> = plan.unit.iter().map(|unit| made(unit, code, name)).collect();
            units.extend(departments(plan, code, name, |_| true));
            units
        }
    }
}

fn county_units(plan: &Plan, code: &str, name: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = plan
        .county
        .units
        .iter()
        .map(|unit| made(unit, code, name))
        .collect();
    let exception = plan.county.exception.iter().find(|odd| odd.division == code);
    if let Some(odd) = exception {
        for unit in units.iter_mut().filter(|unit| unit.kind == "government") {
            unit.name.clone_from(&odd.government);
            unit.short_name.clone_from(&odd.government);
        }
    }
    units.extend(departments(plan, code, name, |department| {
        exception.is_none_or(|odd| odd.departments.iter().any(|known| known == department))
    }));
    units
}

fn departments(plan: &Plan, code: &str, name: &str, has: impl Fn(&str) -> bool) -> Vec<Unit> {
    let district = plan.county.districts.iter().any(|known| known == code);
    plan.department
        .iter()
        .filter(|department| has(&department.code))
        .map(|department| {
            let full = match &department.district {
                Some(branch) if district => branch.replace("{name}", name),
                _ if code == CITY => format!("{name}{}", department.city),
                _ => format!("{name}{}", department.county),
            };
            Unit {
                id: format!("{}-{code}", department.code),
                name: full,
                short_name: format!("{name}{}", department.short),
                kind: "department".to_owned(),
                department: Some(department.code.clone()),
                division: code.to_owned(),
                ..Unit::default()
            }
        })
        .collect()
}
