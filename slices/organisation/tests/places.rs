//! Divisions, grids, households, people, posts, and who answers.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_foundation::Fault as _;
use anlan_ledger::{View, Work};
use anlan_organisation::facts::{self, DivisionRetired, DutySet, Shift};
use anlan_organisation::model::{Body, Holder, Member, Post, Relation, Resident, Unit};
use anlan_organisation::rules::EventDuties;
use anlan_organisation::service::{ContactInput, GridInput, HouseholdInput, ImportInput, PersonInput};
use anlan_organisation::{NodeShown, Organisation, OrganisationError, OrganisationView, jobs, store};
use anlan_testkit::{TestNode, both_engines};

const TABLE: &str = "code,name\n150100,呼和浩特市\n150125,武川县\n150124,清水河县\n150125100,可可以力更镇\n\
                     150125100003,东官井社区居民委员会\n150125100004,西官井社区居民委员会\n";
const VILLAGE: &str = "150125100003";

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(OrganisationView)]
}

fn organisation(node: &TestNode) -> Organisation {
    Organisation {
        ledger: node.ledger.clone(),
        roles: Arc::new(Roles::parse(include_str!("../../../rules/access.toml")).unwrap()),
        node: NodeShown::default(),
        duties: Arc::new(EventDuties::parse(include_str!("../../../rules/event-duties.toml")).unwrap()),
    }
}

fn as_role<T: Send + 'static>(
    this: &Organisation,
    (role, area): (&str, &str),
    run: impl FnOnce(&Organisation, &mut Work<'_, '_>, &Caller) -> Result<T, OrganisationError> + Send + 'static,
) -> Result<T, OrganisationError> {
    let caller = Caller {
        account: "a".to_owned(),
        name: "某人".to_owned(),
        person: Some("p".to_owned()),
        unit: None,
        post: None,
        grants: vec![Grant::new(role, area)],
        roles: Arc::clone(&this.roles),
    };
    let acting = this.clone();
    this.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| {
            run(&acting, work, &caller)
        })
}

fn import(this: &Organisation, text: &str, mode: &str) -> anlan_organisation::service::ImportReport {
    let input = ImportInput {
        format: "csv".to_owned(),
        text: text.to_owned(),
        mode: mode.to_owned(),
    };
    as_role(this, ("system_admin", ""), move |_, work, by| {
        Organisation::import_divisions(work, by, &input)
    })
    .unwrap()
}

fn unit(this: &Organisation, id_hint: (&str, &str), department: Option<&str>) -> String {
    let unit = Unit {
        name: id_hint.0.to_owned(),
        short_name: id_hint.0.to_owned(),
        kind: match department {
            Some("fire") => "brigade",
            Some("emergency") => "duty_office",
            Some(_) => "department",
            None => "village_committee",
        }
        .to_owned(),
        department: department.map(str::to_owned),
        division: id_hint.1.to_owned(),
        ..Unit::default()
    };
    as_role(this, ("system_admin", ""), move |_, work, by| {
        Organisation::save_unit(work, by, unit, None).map(|saved| saved.id)
    })
    .unwrap()
}

fn person(this: &Organisation, name: &str, unit: &str, number: Option<&str>) -> String {
    let input = PersonInput {
        name: name.to_owned(),
        unit: unit.to_owned(),
        title: "值班员".to_owned(),
        contacts: number
            .map(|number| ContactInput {
                id: None,
                kind: "mobile".to_owned(),
                value: Some(number.to_owned()),
            })
            .into_iter()
            .collect(),
        closed: false,
        expected_version: None,
    };
    as_role(this, ("system_admin", ""), move |this, work, by| {
        this.save_person(work, by, None, &input).map(|saved| saved.id)
    })
    .unwrap()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn caller(this: &Organisation, role: &str, area: &str) -> Caller {
    Caller {
        account: "a".to_owned(),
        name: "某人".to_owned(),
        person: Some("p".to_owned()),
        unit: None,
        post: None,
        grants: vec![Grant::new(role, area)],
        roles: Arc::clone(&this.roles),
    }
}

#[test]
fn a_table_with_faults_changes_nothing_and_names_them_by_row() {
    both_engines(views, |node| {
        let this = organisation(node);
        let broken = format!("{TABLE}1501x,错\n150125100,又一个\n");
        let report = import(&this, &broken, "all");
        assert!(!report.taken);
        let rows: Vec<_> = report
            .faults
            .iter()
            .map(|fault| fault["row"].as_u64().unwrap())
            .collect();
        assert_eq!((report.rows, rows), (8, vec![8, 9]));
        let none = this.ledger.db().read_blocking(store::known_divisions).unwrap();
        assert!(none.is_empty());
        let good = import(&this, &broken, "good");
        assert!(good.taken && good.fresh == 6);
        let again = import(&this, TABLE, "check");
        assert_eq!((again.fresh, again.renamed, again.unchanged), (0, 0, 6));
    });
}

#[test]
fn a_code_is_retired_in_favour_of_another_and_stays_readable() {
    both_engines(views, |node| {
        let this = organisation(node);
        import(&this, TABLE, "all");
        let retire = |code: &str, successor: Option<&str>| {
            let fact = DivisionRetired {
                code: code.to_owned(),
                name: String::new(),
                successor: successor.map(str::to_owned),
                reason: "并入邻村".to_owned(),
            };
            as_role(&this, ("system_admin", ""), move |_, work, by| {
                Organisation::retire_division(work, by, fact, None)
            })
        };
        assert_eq!(
            retire("150125100", None).unwrap_err().code(),
            "division.has_children"
        );
        assert_eq!(
            retire(VILLAGE, Some("150124")).unwrap_err().fields()[0].field,
            "successor"
        );
        retire(VILLAGE, Some("150125100004")).unwrap();
        assert_eq!(retire(VILLAGE, None).unwrap_err().code(), "division.retired");
        let (known, listed) = this
            .ledger
            .db()
            .read_blocking(|tx| {
                let known = store::load_division(tx, VILLAGE)?;
                let listed = store::divisions(tx, Some("150125100"), None, "", 50)?;
                Ok::<_, anlan_store::StoreError>((known, listed))
            })
            .unwrap();
        assert!(known.is_some());
        assert_eq!(listed.len(), 1);
    });
}

#[test]
fn grids_and_households_stand_below_a_village_and_their_people_are_sealed() {
    both_engines(views, |node| {
        let this = organisation(node);
        import(&this, TABLE, "all");
        let committee = unit(&this, ("东官井社区", VILLAGE), None);
        let worker = person(&this, "王小燕", &committee, Some("10000000001"));
        let town = ("township_officer", "150125100");
        let input = GridInput {
            name: "第一网格".to_owned(),
            workers: vec![worker],
            point: None,
            expected_version: None,
        };
        let grid = as_role(&this, town, move |_, work, by| {
            Organisation::add_grid(work, by, VILLAGE, &input)
        })
        .unwrap();
        assert_eq!(grid.id, "15012510000301");
        let household = HouseholdInput {
            label: "3号".to_owned(),
            residents: vec![Resident {
                name: "巴特尔".to_owned(),
                phone: Some("10000000002".to_owned()),
                born: Some(1941),
                needs: Some("行动不便".to_owned()),
            }],
            expected_version: None,
        };
        let code = grid.id.clone();
        let saved = as_role(&this, town, move |_, work, by| {
            Organisation::add_household(work, by, &code, &household)
        })
        .unwrap();
        assert_eq!(saved.id, "150125100003010001");
        let entries = this
            .ledger
            .db()
            .read_blocking(|tx| anlan_ledger::stream_entries(tx, "household/150125100003010001", u64::MAX))
            .unwrap();
        assert!(!entries[0].entry.body.contains("巴特尔"));
        let reveal = |role: (&'static str, &'static str)| {
            as_role(&this, role, |this, work, by| {
                this.reveal_household(work, by, "150125100003010001", "转移人员")
            })
        };
        assert_eq!(
            reveal(("county_officer", "150124")).unwrap_err().code(),
            "access.forbidden"
        );
        assert_eq!(reveal(town).unwrap()[0].name, "巴特尔");
        let close = as_role(&this, town, |_, work, by| {
            Organisation::close_grid(work, by, "15012510000301", "合并网格")
        });
        assert_eq!(close.unwrap_err().code(), "division.has_children");
        as_role(&this, town, |_, work, by| {
            Organisation::close_household(work, by, "150125100003010001", "迁走")
        })
        .unwrap();
        assert_eq!(reveal(town).unwrap_err().code(), "organisation.not_found");
    });
}

#[test]
fn a_number_on_the_line_is_recognised_in_ones_own_area_until_it_is_erased() {
    both_engines(views, |node| {
        let this = organisation(node);
        import(&this, TABLE, "all");
        let committee = unit(&this, ("东官井社区", VILLAGE), None);
        let id = person(&this, "王小燕", &committee, Some("138 0000 1234"));
        let who = |area: &str, number: &str| {
            wait(this.look_up(caller(&this, "county_officer", area), number.to_owned())).unwrap()
        };
        assert_eq!(who("150125", "+86 13800001234")[0].name, "王小燕");
        assert!(who("150124", "13800001234").is_empty());
        assert!(who("150125", "13800001235").is_empty());
        let reading = this.clone();
        let waiting = this
            .ledger
            .db()
            .write_blocking(move |tx| jobs::index_phones(&reading, tx))
            .unwrap();
        assert_eq!(waiting, 0, "who was entered by hand is in the index already");
        let erase = |role: &'static str, reason: &'static str| {
            let id = id.clone();
            as_role(&this, (role, ""), move |_, work, by| {
                Organisation::erase_person(work, by, &id, reason)
            })
        };
        assert_eq!(
            erase("system_admin", "本人要求").unwrap_err().code(),
            "access.forbidden"
        );
        assert!(erase("security_admin", "").is_err(), "only with a reason");
        assert_eq!(who("150125", "13800001234").len(), 1, "nothing was erased");
        erase("security_admin", "本人要求").unwrap();
        assert!(who("150125", "13800001234").is_empty());
        let (again, whom) = (this.clone(), id.clone());
        let refused = as_role(&this, ("commander", ""), move |_, work, by| {
            again.reveal(work, by, (&whom, None), "核对")
        });
        assert!(refused.is_err(), "nobody reads it any more");
        let reading = this.clone();
        let index = this
            .ledger
            .db()
            .write_blocking(move |tx| jobs::index_phones(&reading, tx));
        assert_eq!(index.unwrap(), 0, "nor does it come back into the index");
    });
}

#[test]
fn the_fire_brigade_is_subordinate_to_nobody_but_a_brigade() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    import(&this, TABLE, "all");
    let office = unit(&this, ("市应急指挥中心", "1501"), Some("emergency"));
    let detachment = unit(&this, ("市消防救援支队", "1501"), Some("fire"));
    let brigade = unit(&this, ("武川县消防救援大队", "150125"), Some("fire"));
    let relate = |from: &str, to: &str, kind: &str| {
        let relation = Relation {
            from_unit: from.to_owned(),
            to_unit: to.to_owned(),
            kind: kind.to_owned(),
            note: String::new(),
        };
        as_role(&this, ("system_admin", ""), move |_, work, by| {
            Organisation::relate(work, by, relation)
        })
    };
    let refused = relate(&detachment, &office, "subordinate").unwrap_err();
    assert!(refused.fields()[0].expected.contains("negotiated"));
    relate(&brigade, &detachment, "subordinate").unwrap();
    relate(&detachment, &office, "negotiated").unwrap();
    let mut under = Unit {
        superior: Some(office),
        ..Unit::default()
    };
    let known = detachment.clone();
    let stored = this
        .ledger
        .db()
        .read_blocking(move |tx| store::load_unit(tx, &known))
        .unwrap()
        .unwrap();
    let superior = under.superior.take();
    under = Unit { superior, ..stored };
    let refused = as_role(&this, ("system_admin", ""), move |_, work, by| {
        Organisation::save_unit(work, by, under, None)
    });
    assert_eq!(refused.unwrap_err().fields()[0].field, "superior");
}

#[test]
fn a_change_against_an_older_version_is_refused() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    import(&this, TABLE, "all");
    let id = unit(&this, ("市应急指挥中心", "1501"), Some("emergency"));
    let save = |expected: u64| {
        let unit = Unit {
            id: id.clone(),
            name: "市应急指挥中心".to_owned(),
            short_name: "市指挥中心".to_owned(),
            kind: "duty_office".to_owned(),
            division: "1501".to_owned(),
            ..Unit::default()
        };
        as_role(&this, ("system_admin", ""), move |_, work, by| {
            Organisation::save_unit(work, by, unit, Some(expected))
        })
    };
    assert_eq!(save(1).unwrap().version, 2);
    assert_eq!(save(1).unwrap_err().code(), "ledger.version_conflict");
}

/// A post with its holder and a deputy, listed the other way round.
fn director(unit: &str, head: &str, deputy: &str) -> Post {
    let holder = |person: &str, kind: &str, order| Holder {
        person: person.to_owned(),
        kind: kind.to_owned(),
        order,
    };
    Post {
        id: String::new(),
        unit: unit.to_owned(),
        title: "主任".to_owned(),
        rank: 0,
        holders: vec![holder(deputy, "deputy", 1), holder(head, "holder", 0)],
        closed: false,
        version: 0,
    }
}

fn shift(unit: String, person: &str, now: anlan_foundation::Timestamp) -> Shift {
    Shift {
        unit,
        person: person.to_owned(),
        role: "main".to_owned(),
        since: now.plus_minutes(-10),
        until: now.plus_minutes(10),
    }
}

fn flood_body(water: String) -> Body {
    Body {
        name: "武川县防汛抗旱指挥部".to_owned(),
        division: "150125".to_owned(),
        members: vec![Member {
            role: "member".to_owned(),
            name: "武川县水务局".to_owned(),
            unit: Some(water),
            ..Member::default()
        }],
        event_classes: vec!["11".to_owned()],
        ..Body::default()
    }
}

#[test]
fn who_answers_is_on_duty_then_in_the_post_then_the_deputy() {
    both_engines(views, |node| {
        let this = organisation(node);
        import(&this, TABLE, "all");
        let office = unit(&this, ("武川县应急管理局值班室", "150125"), Some("emergency"));
        let water = unit(&this, ("武川县水务局", "150125"), Some("water"));
        let fire = unit(&this, ("市消防救援支队", "1501"), Some("fire"));
        let (on, head, deputy) = (
            person(&this, "白云", &office, Some("10000000011")),
            person(&this, "苏和", &office, None),
            person(&this, "娜仁", &office, None),
        );
        person(&this, "高林", &fire, None);
        let (post, body) = (director(&office, &head, &deputy), flood_body(water));
        let now = this.ledger.clock().now();
        let shift = shift(office, &on, now);
        as_role(&this, ("system_admin", ""), move |_, work, by| {
            Organisation::save_post(work, by, post, None)?;
            Organisation::save_body(work, by, body, None)?;
            work.record(
                "duty",
                facts::DUTY_SET,
                "150125",
                &DutySet { shifts: vec![shift] },
            )?;
            Ok(())
        })
        .unwrap();
        let asking = this.clone();
        let answer = this
            .ledger
            .db()
            .read_blocking(move |tx| asking.who_answers(tx, (VILLAGE, "11400"), now))
            .unwrap();
        let chain: Vec<_> = answer.rescue[0]
            .chain
            .iter()
            .map(|step| (step.person_id.as_str(), step.reason.as_str()))
            .collect();
        assert_eq!(
            chain,
            [
                (on.as_str(), "on_duty"),
                (head.as_str(), "post_holder"),
                (deputy.as_str(), "deputy")
            ]
        );
        assert_eq!(answer.prevent[0].department.as_deref(), Some("water"));
        let brigade = answer
            .rescue
            .iter()
            .find(|unit| unit.department.as_deref() == Some("fire"))
            .unwrap();
        assert_eq!(
            (brigade.reach.as_str(), brigade.reason.as_str()),
            ("negotiated", "department_above")
        );
        assert_eq!(brigade.chain[0].reason, "listed");
        assert_eq!(answer.rule.unwrap().classes, ["11"]);
    });
}

#[test]
fn every_event_class_has_somebody_who_prevents_and_somebody_who_rescues() {
    let duties = EventDuties::parse(include_str!("../../../rules/event-duties.toml")).unwrap();
    let classes = include_str!("../../../rules/event-classes.toml");
    let codes = classes
        .lines()
        .filter_map(|line| line.trim().strip_prefix("{ code = \"")?.get(..5));
    let mut asked = 0;
    for code in codes {
        assert!(duties.of(code).is_some(), "{code}");
        asked += 1;
    }
    assert!(asked >= 30);
    assert_eq!(duties.of("11400").unwrap().prevent.lead, "water");
    assert_eq!(duties.of("20300").unwrap().prevent.lead, "housing");
}

#[test]
fn tables_of_the_directory_are_a_pure_view_of_the_entries() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    import(&this, TABLE, "all");
    let committee = unit(&this, ("东官井社区", VILLAGE), None);
    person(&this, "王小燕", &committee, Some("10000000001"));
    as_role(&this, ("system_admin", ""), |_, work, by| {
        let grid = GridInput {
            name: "第一网格".to_owned(),
            workers: Vec::new(),
            point: Some((111.4, 41.1)),
            expected_version: None,
        };
        Organisation::add_grid(work, by, VILLAGE, &grid)
    })
    .unwrap();
    let replica = TestNode::new(views());
    anlan_ledger::replay(&node.ledger, &replica.ledger, 0).unwrap();
    let (_, differences) = anlan_ledger::compare(&node.target, &replica.target, &views()).unwrap();
    assert_eq!(differences, Vec::new());
}
