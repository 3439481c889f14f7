//! What the law asks for: several receivers at once, notices, changes; deciding, merging, splitting; silence.

use anlan_incident::facts::WatchSet;
use anlan_incident::service::{Deciding, Splitting, Verifying, Watching, ZeroReporting};
use anlan_incident::{Duty, Event, OnDuty, Stage};

use super::*;

/// Four tiers, above them a duty office and the province, to which the city reports at once.
struct WithLaw {
    tiers: FourTiers,
    stages: Vec<Stage>,
}

impl Directory for WithLaw {
    fn unit(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        self.tiers.unit(tx, id)
    }

    fn superior(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Option<UnitRef>, StoreError> {
        self.tiers.superior(tx, unit)
    }

    fn division_name(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        self.tiers.division_name(tx, code)
    }

    fn event_classes(&self) -> &[EventClass] {
        self.tiers.event_classes()
    }

    fn first_report_limit(&self, division: &str, class: &str, at: Timestamp) -> Option<Limit> {
        self.tiers.first_report_limit(division, class, at)
    }

    fn duties(&self, tx: &mut Tx<'_>, unit: &UnitRef, event: &Event) -> Result<Vec<Duty>, StoreError> {
        let limit = self.first_report_limit("", "", START).unwrap();
        let duty = |kind: &str, to: UnitRef| Duty {
            kind: kind.to_owned(),
            to,
            limit: limit.clone(),
        };
        let outside = |id: &str| UnitRef {
            id: id.to_owned(),
            name: id.to_owned(),
            division: "1501".to_owned(),
        };
        if unit.id == "1501" {
            let mut duties = vec![duty("preliminary_check", unit.clone())];
            duties.extend(["zongzhiban", "yingjiting"].map(|id| duty("first_report", outside(id))));
            if event.figures.get("deaths").is_some_and(|deaths| *deaths >= 3) {
                duties.push(duty("first_report", outside("shizhengfu")));
            }
            return Ok(duties);
        }
        let superior = self.superior(tx, &unit.id)?;
        Ok(superior.map(|to| duty("first_report", to)).into_iter().collect())
    }

    fn stages(&self) -> &[Stage] {
        &self.stages
    }

    fn on_duty(
        &self,
        _: &mut Tx<'_>,
        unit: &str,
        role: &str,
        _: Timestamp,
    ) -> Result<Option<OnDuty>, StoreError> {
        Ok(Some(OnDuty {
            person: format!("{unit}-{role}"),
            name: format!("{role}@{unit}"),
        }))
    }

    fn reporting_units(&self, tx: &mut Tx<'_>, area: &str, level: &str) -> Result<Vec<UnitRef>, StoreError> {
        let all = match level {
            "county" => vec!["150124", "150125"],
            _ => vec!["150125100003", "150125100004", "150124100001"],
        };
        let mut units = Vec::new();
        for id in all.into_iter().filter(|id| id.starts_with(area)) {
            units.extend(self.unit(tx, id)?);
        }
        Ok(units)
    }

    fn daily_report_minute(&self) -> Option<u32> {
        Some(17 * 60)
    }
}

fn lawful(node: &TestNode) -> Incidents {
    let stage = |id: &str, minutes_before: u32, to: &[&str]| Stage {
        id: id.to_owned(),
        minutes_before,
        to: to.iter().map(|role| (*role).to_owned()).collect(),
    };
    let plain = incidents(node);
    Incidents {
        directory: Arc::new(WithLaw {
            tiers: FourTiers(plain.directory.event_classes().to_vec()),
            stages: vec![
                stage("t15", 15, &["officer"]),
                stage("t10", 10, &["officer", "deputy"]),
                stage("t5", 5, &["officer", "deputy", "leader", "above"]),
                stage("t0", 0, &["officer", "deputy", "leader", "above"]),
            ],
        }),
        ..plain
    }
}

/// Runs an act under the law as the officer of a division.
fn doing<T: Send + 'static>(
    node: &TestNode,
    division: &str,
    run: impl FnOnce(&Incidents, &mut Work<'_, '_>, &Caller) -> Result<T, IncidentError> + Send + 'static,
) -> Result<T, IncidentError> {
    let (all, caller) = (lawful(node), officer(division));
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| run(&all, work, &caller))
}

fn take_at(node: &TestNode, division: &str) -> String {
    doing(node, division, |all, work, caller| {
        all.take(work, caller, &taken())
    })
    .unwrap()
    .id
}

fn report(node: &TestNode, division: &str, id: &str) -> Incident {
    let id = id.to_owned();
    doing(node, division, move |all, work, caller| {
        all.report_up(work, caller, &id, &ReportUp::default())
    })
    .unwrap()
}

fn says(node: &TestNode, division: &str, id: &str, deaths: u32) -> Incident {
    let (id, source) = (id.to_owned(), format!("单位{division}"));
    doing(node, division, move |all, work, caller| {
        let stated = CasualtyStated {
            kind: "deaths".to_owned(),
            value: Some(deaths),
            source,
            supersedes: Vec::new(),
        };
        all.state_casualty(work, caller, &id, stated)
    })
    .unwrap()
}

fn open(incident: &Incident, from: &str) -> Vec<(String, String)> {
    let ours = incident.pending().filter(|owed| owed.from_unit.id == from);
    ours.map(|owed| (owed.kind.clone(), owed.to_unit.id.clone()))
        .collect()
}

#[test]
fn the_city_checks_and_then_tells_both_receivers_in_one_act() {
    both_engines(views, |node| {
        let id = take_at(node, "150125");
        let reported = report(node, "150125", &id);
        let pair = |kind: &str, to: &str| (kind.to_owned(), to.to_owned());
        let both = [
            pair("first_report", "zongzhiban"),
            pair("first_report", "yingjiting"),
        ];
        assert_eq!(open(&reported, "1501")[0], pair("preliminary_check", "1501"));
        assert_eq!(open(&reported, "1501")[1..], both);
        node.clock.advance_minutes(5);
        let checking = id.clone();
        let checked = doing(node, "1501", move |all, work, caller| {
            let found = Verifying {
                verdict: "true".to_owned(),
                ..Verifying::default()
            };
            all.verify(work, caller, &checking, &found)
        })
        .unwrap();
        assert_eq!(open(&checked, "1501"), both);
        let told = report(node, "1501", &id);
        assert!(open(&told, "1501").is_empty());
        let last = told.reports.last().unwrap();
        assert_eq!(last.to_units.len(), 2);
        let met: Vec<_> = told
            .obligations
            .iter()
            .filter(|o| o.from_unit.id == "1501")
            .map(|o| o.met_at)
            .collect();
        assert_eq!(met, [Some(START.plus_minutes(5)); 3]);
        assert_eq!(
            told.holder.id, "1501",
            "telling others does not give the work away"
        );
    });
}

#[test]
fn notices_go_out_once_each_to_more_people_the_nearer_the_deadline_is() {
    both_engines(views, |node| {
        let id = take_at(node, "150125");
        let mut all = jobs::jobs(&lawful(node));
        all.retain(|job| job.name() == "incident.deadline");
        let runner = Runner::come_up(&node.ledger, all).unwrap();
        let notices = || {
            let id = id.clone();
            let stored = node
                .ledger
                .db()
                .read_blocking(move |tx| store::load(tx, &id))
                .unwrap()
                .unwrap();
            let given = stored.obligations[0].notices.iter();
            given
                .map(|notice| (notice.stage.clone(), notice.recipients.len()))
                .collect::<Vec<_>>()
        };
        let mut expected = Vec::new();
        for (minutes, stage, people) in [(16, "t15", 1), (5, "t10", 2), (5, "t5", 4), (5, "overdue", 4)] {
            node.clock.advance_minutes(minutes);
            runner.round_blocking().unwrap();
            runner.round_blocking().unwrap();
            expected.push((stage.to_owned(), people));
            assert_eq!(notices(), expected);
        }
        node.clock.advance_minutes(24 * 60);
        runner.round_blocking().unwrap();
        node.clock.advance_minutes(-48 * 60);
        runner.round_blocking().unwrap();
        assert_eq!(notices(), expected, "a clock that jumps fires nothing twice");
    });
}

#[test]
fn a_report_in_time_silences_the_notices_that_would_have_come() {
    both_engines(views, |node| {
        let id = take_at(node, "150125");
        let reported = report(node, "150125", &id);
        assert!(reported.obligations[0].notices.is_empty());
        let first = reported.next_alarm().unwrap();
        assert_eq!(first, START.plus_minutes(15), "the next alarm is the city's");
    });
}

#[test]
fn graver_figures_bring_a_further_receiver_and_a_change_to_report() {
    both_engines(views, |node| {
        let id = take_at(node, "150125");
        report(node, "150125", &id);
        report(node, "1501", &id);
        node.clock.advance_minutes(40);
        let grave = says(node, "150125", &id, 3);
        let owed = open(&grave, "1501");
        assert!(owed.contains(&("first_report".to_owned(), "shizhengfu".to_owned())));
        assert!(owed.contains(&("change_report".to_owned(), "yingjiting".to_owned())));
        let new = grave
            .pending()
            .find(|owed| owed.to_unit.id == "shizhengfu")
            .unwrap();
        assert_eq!(
            new.started_at,
            START.plus_minutes(40),
            "its clock starts with the fact that caused it"
        );
        assert_eq!(
            says(node, "150125", &id, 3).obligations.len(),
            grave.obligations.len(),
            "nothing is owed twice"
        );
        let told = report(node, "1501", &id);
        assert!(open(&told, "1501").is_empty());
        assert_eq!(told.reports.last().unwrap().changes[0].to, Some(3));
    });
}

#[test]
fn a_conflict_is_decided_by_a_person_with_a_reason_and_the_loser_stays_readable() {
    both_engines(views, |node| {
        let id = take_at(node, "150125");
        says(node, "150125", &id, 2);
        let both = says(node, "1501", &id, 3);
        assert_eq!(both.current("deaths").len(), 2);
        let decide = |chosen: u32, reason: &'static str| {
            let id = id.clone();
            doing(node, "1501", move |all, work, caller| {
                let deciding = Deciding {
                    kind: "deaths".to_owned(),
                    chosen,
                    reason: reason.to_owned(),
                };
                all.decide_figure(work, caller, &id, &deciding)
            })
        };
        assert_eq!(decide(1, "").unwrap_err().fields()[0].field, "reason");
        assert_eq!(decide(9, "核对医院名单").unwrap_err().fields()[0].field, "chosen");
        let decided = decide(1, "核对医院名单").unwrap();
        assert_eq!(decided.current("deaths").len(), 1);
        assert_eq!(decided.assertions[1].superseded_by, Some(1));
        assert_eq!(decided.decisions[0].by, "值班员1501");
        assert_eq!(
            decide(1, "再来一次").unwrap_err().fields()[0].field,
            "kind",
            "nothing is left to decide"
        );
    });
}

#[test]
fn two_incidents_that_are_one_are_merged_and_both_stay_readable() {
    both_engines(views, |node| {
        let (first, second) = (take_at(node, "150125"), take_at(node, VILLAGE));
        says(node, "150125", &first, 1);
        says(node, VILLAGE, &second, 2);
        report(node, "150125", &first);
        let (ending, lasting) = (second.clone(), first.clone());
        let merged = doing(node, "1501", move |all, work, caller| {
            all.merge(work, caller, &ending, (&lasting, "同一地点同一时间"))
        })
        .unwrap();
        assert_eq!((merged.calls.len(), merged.assertions.len()), (2, 2));
        assert_eq!(merged.calls[1].origin.as_deref(), Some(second.as_str()));
        assert!(
            merged.pending().any(|owed| owed.from_unit.id == VILLAGE),
            "the village's clock goes on"
        );
        let id = second.clone();
        let ended = node
            .ledger
            .db()
            .read_blocking(move |tx| store::load(tx, &id))
            .unwrap()
            .unwrap();
        assert_eq!(ended.status, Status::Merged);
        assert_eq!(ended.assertions.len(), 1, "its own file stays as it was");
        let again = second.clone();
        let refused = doing(node, "1501", move |all, work, caller| {
            all.merge(work, caller, &again, (&first, "又来"))
        });
        assert_eq!(refused.unwrap_err().code(), "incident.closed");
    });
}

#[test]
fn what_belongs_to_another_incident_is_split_off_and_no_longer_counts_here() {
    both_engines(views, |node| {
        let id = take_at(node, "150125");
        let calling = id.clone();
        doing(node, "150125", move |all, work, caller| {
            let call = Called {
                text: "另一个镇也着火了".to_owned(),
                casualties: vec![CasualtyStated {
                    kind: "injured".to_owned(),
                    value: Some(4),
                    source: "来电人".to_owned(),
                    supersedes: Vec::new(),
                }],
                ..Called::default()
            };
            all.add_call(work, caller, &calling, &call)
        })
        .unwrap();
        let split = |calls: Vec<u32>| {
            let id = id.clone();
            doing(node, "1501", move |all, work, caller| {
                let splitting = Splitting {
                    title: "另一起火".to_owned(),
                    calls,
                    assertions: vec![1],
                    reason: "地点不同".to_owned(),
                    ..Splitting::default()
                };
                all.split(work, caller, &id, &splitting)
            })
        };
        assert_eq!(
            split(vec![1, 2]).unwrap_err().fields()[0].field,
            "calls",
            "one call must stay"
        );
        assert_eq!(split(vec![7]).unwrap_err().fields()[0].field, "calls");
        let new = split(vec![2]).unwrap();
        assert_eq!((new.calls.len(), new.current("injured").len()), (1, 1));
        assert_eq!(new.split_from.as_ref().unwrap().id, id);
        assert!(
            !new.obligations.is_empty(),
            "the new incident is owed to be reported, too"
        );
        let reading = id.clone();
        let source = node
            .ledger
            .db()
            .read_blocking(move |tx| store::load(tx, &reading))
            .unwrap()
            .unwrap();
        assert!(source.current("injured").is_empty());
        assert_eq!(source.assertions.len(), 1, "and yet it stays readable");
    });
}

#[test]
fn silence_is_shown_with_its_age_and_never_as_a_zero() {
    both_engines(views, |node| {
        let watching = Watching {
            title: "暴雨红色预警".to_owned(),
            area: "150125".to_owned(),
            until: None,
            every_minutes: 60,
        };
        take_at(node, VILLAGE);
        let watch: WatchSet = doing(node, "1501", move |all, work, caller| {
            all.watch(work, caller, &watching)
        })
        .unwrap();
        node.clock.advance_minutes(40);
        doing(node, "150125100003", move |all, work, caller| {
            let zero = ZeroReporting {
                watch: Some(watch.id),
                text: String::new(),
            };
            all.report_zero(work, caller, &zero)
        })
        .unwrap();
        node.clock.advance_minutes(50);
        let all = lawful(node);
        let now = node.ledger.clock().now();
        let city = node
            .ledger
            .db()
            .read_blocking(move |tx| all.city(tx, &officer("1501"), (now, store::NOW)))
            .unwrap();
        let silent: Vec<_> = city.watches[0]
            .silent
            .iter()
            .map(|s| (s.unit.id.as_str(), s.silent_minutes))
            .collect();
        assert_eq!(
            silent,
            [("150125100004", 90)],
            "the other village spoke 50 minutes ago"
        );
        assert_eq!(
            city.watches[0].silent[0].last_heard_at, None,
            "never heard from is not zero"
        );
        let county = city
            .counties
            .iter()
            .find(|county| county.unit.id == "150125")
            .unwrap();
        assert_eq!((county.last_heard_at, county.silent_minutes), (None, None));
        assert_eq!(
            (county.daily.as_str(), county.open, county.overdue),
            ("due", 1, 1)
        );
        assert_eq!(county.nearest_due_at, Some(START.plus_minutes(30)));
    });
}

#[test]
fn a_thousand_open_deadlines_fire_once_each() {
    let node = TestNode::on_sqlite("thousand", Suite::Intl, views());
    let all = lawful(&node);
    for _ in 0..10 {
        let (all, caller) = (all.clone(), officer("150125"));
        node.ledger
            .command_blocking(anlan_web::actor_of(&caller), move |work| {
                (0..100).try_for_each(|_| all.take(work, &caller, &taken()).map(drop))
            })
            .unwrap();
    }
    node.clock.advance_minutes(31);
    let mut deadlines = jobs::jobs(&all);
    deadlines.retain(|job| job.name() == "incident.deadline");
    let runner = Runner::come_up(&node.ledger, deadlines).unwrap();
    let fired: Vec<u64> = (0..2).map(|_| runner.round_blocking().unwrap().fired).collect();
    assert_eq!(fired, [1000, 0]);
    let passed = node
        .ledger
        .db()
        .read_blocking(|tx| anlan_ledger::head(tx, "test"))
        .unwrap();
    assert_eq!(passed.1, 2000);
}
