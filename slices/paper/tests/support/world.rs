//! A county below a city with its duty rooms, on a node with simulated time.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_files::{Files, PhotoLimits};
use anlan_foundation::Timestamp;
use anlan_incident::facts::CasualtyStated;
use anlan_incident::model::Incident;
use anlan_incident::service::{Called, FollowUp, Taken};
use anlan_incident::service::{Duty, Event};
use anlan_incident::{Directory, EventClass, IncidentError, IncidentView, Incidents, Limit, UnitRef};
use anlan_ledger::{View, Work};
use anlan_paper::model::Paper;
use anlan_paper::service::{NewPaper, Presence};
use anlan_paper::{Confirm, PaperDirectory, PaperError, PaperView, Papers, Templates};
use anlan_store::{StoreError, Tx};
use anlan_testkit::TestNode;
use anlan_web::Failure;

pub(crate) const COUNTY: &str = "150125";
pub(crate) const CITY: &str = "1501";

struct Tiers(Vec<EventClass>);

fn unit(id: &str) -> UnitRef {
    let name = match id {
        COUNTY => "武川县应急管理局",
        CITY => "呼和浩特市应急管理局",
        "gov" => "呼和浩特市人民政府总值班室",
        "province" => "内蒙古自治区应急管理厅",
        _ => "某单位",
    };
    UnitRef {
        id: id.to_owned(),
        name: name.to_owned(),
        division: if id.len() == 6 {
            id.to_owned()
        } else {
            CITY.to_owned()
        },
    }
}

impl Directory for Tiers {
    fn unit(&self, _: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(Some(unit(id)))
    }

    fn superior(&self, _: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok((id == COUNTY).then(|| unit(CITY)))
    }

    fn division_name(&self, _: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        Ok(code.starts_with(CITY).then(|| "呼和浩特市武川县".to_owned()))
    }

    fn event_classes(&self) -> &[EventClass] {
        &self.0
    }

    fn first_report_limit(&self, _: &str, _: &str, _: Timestamp) -> Option<Limit> {
        Some(Limit {
            id: "hohhot".to_owned(),
            clause: "30分钟".to_owned(),
            minutes: 30,
            start_event: "received".to_owned(),
            immediately: false,
        })
    }

    fn duties(&self, _: &mut Tx<'_>, of: &UnitRef, event: &Event) -> Result<Vec<Duty>, StoreError> {
        let to: &[&str] = match of.id.as_str() {
            COUNTY => &[CITY],
            CITY => &["gov", "province"],
            _ => &[],
        };
        let limit = event
            .at
            .and_then(|at| self.first_report_limit(&event.division, &event.class, at));
        Ok(to
            .iter()
            .filter_map(|to| {
                Some(Duty {
                    kind: "first_report".to_owned(),
                    to: unit(to),
                    limit: limit.clone()?,
                })
            })
            .collect())
    }
}

struct Desk;

impl PaperDirectory for Desk {
    fn below(&self, _: &mut Tx<'_>, to: &UnitRef) -> Result<Vec<UnitRef>, StoreError> {
        Ok(if to.id == CITY {
            vec![unit(COUNTY)]
        } else {
            Vec::new()
        })
    }

    fn divisions(&self, _: &mut Tx<'_>, area: &str) -> Result<Vec<(String, String)>, StoreError> {
        let all = [("150124", "清水河县"), (COUNTY, "武川县")];
        let below = all
            .iter()
            .filter(|(code, _)| area == CITY && code.starts_with(area));
        Ok(below
            .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
            .collect())
    }

    fn duty(&self, _: &mut Tx<'_>, _: &UnitRef, _: Timestamp) -> Result<Vec<(String, String)>, StoreError> {
        Ok(vec![
            ("leader".to_owned(), "王志强".to_owned()),
            ("main".to_owned(), "李海霞".to_owned()),
        ])
    }
}

impl Confirm for Desk {
    fn confirm(
        &self,
        _: String,
        _: String,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

pub(crate) fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(IncidentView), Arc::new(PaperView)]
}

pub(crate) fn papers(node: &TestNode) -> Papers {
    let class = |code: &str, name: &str, class: &str| EventClass {
        code: code.to_owned(),
        name: name.to_owned(),
        class: class.to_owned(),
        initials: String::new(),
        key: None,
    };
    let classes = vec![
        class("20100", "建筑火灾", "accident"),
        class("11100", "暴雨内涝", "natural"),
    ];
    let folder = node.dir.clone().unwrap_or_else(std::env::temp_dir).join("files");
    let incidents = Incidents {
        ledger: node.ledger.clone(),
        directory: Arc::new(Tiers(classes)),
        files: Files::new(folder, node.ledger.suite(), PhotoLimits::default()),
    };
    Papers {
        ledger: node.ledger.clone(),
        incidents,
        directory: Arc::new(Desk),
        confirm: Arc::new(Desk),
        templates: Arc::new(Templates::load(None).unwrap()),
        #[cfg(feature = "pdf")]
        press: anlan_documents::Press::open(None).unwrap(),
    }
}

pub(crate) fn person(role: &str, unit: &str) -> Caller {
    let roles = Roles::parse(include_str!("../../../../rules/access.toml")).unwrap();
    Caller {
        account: format!("{role}-{unit}"),
        name: if role == "leader_on_duty" {
            "王志强"
        } else {
            "李海霞"
        }
        .to_owned(),
        person: Some("p".to_owned()),
        unit: Some(unit.to_owned()),
        post: None,
        grants: vec![Grant::new(role, if unit.len() == 6 { unit } else { CITY })],
        roles: Arc::new(roles),
    }
}

pub(crate) fn officer(unit: &str) -> Caller {
    person("duty_officer", unit)
}

pub(crate) fn leader(unit: &str) -> Caller {
    person("leader_on_duty", unit)
}

/// Runs an act on papers as somebody.
pub(crate) fn act<T: Send + 'static>(
    node: &TestNode,
    caller: Caller,
    run: impl FnOnce(&Papers, &mut Work<'_, '_>, &Caller) -> Result<T, PaperError> + Send + 'static,
) -> Result<T, PaperError> {
    let all = papers(node);
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| run(&all, work, &caller))
}

pub(crate) fn said(kind: &str, value: Option<u32>, source: &str, supersedes: &[u32]) -> CasualtyStated {
    let json =
        serde_json::json!({ "kind": kind, "value": value, "source": source, "supersedes": supersedes });
    serde_json::from_value(json).unwrap()
}

/// A fire in the county, with figures as given.
pub(crate) fn fire(node: &TestNode, casualties: Vec<CasualtyStated>) -> Incident {
    let taken = Taken {
        event_class: "20100".to_owned(),
        division: COUNTY.to_owned(),
        title: Some("武川县民房火灾".to_owned()),
        address: Some("可可以力更镇某村".to_owned()),
        call: Called {
            text: "厨房起火，有人被困".to_owned(),
            casualties,
            ..Called::default()
        },
        ..Taken::default()
    };
    incident_act(node, move |all, work, caller| all.take(work, caller, &taken))
}

fn incident_act(
    node: &TestNode,
    run: impl FnOnce(&Incidents, &mut Work<'_, '_>, &Caller) -> Result<Incident, IncidentError> + Send + 'static,
) -> Incident {
    let all = papers(node).incidents;
    let caller = officer(COUNTY);
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| run(&all, work, &caller))
        .unwrap()
}

/// New figures come in.
pub(crate) fn follow_up(node: &TestNode, id: &str, text: &str, casualties: Vec<CasualtyStated>) -> Incident {
    let id = id.to_owned();
    let follow_up: FollowUp = FollowUp {
        text: text.to_owned(),
        casualties,
        ..FollowUp::default()
    };
    incident_act(node, move |all, work, caller| {
        all.follow_up(work, caller, &id, &follow_up)
    })
}

pub(crate) fn draw(
    node: &TestNode,
    caller: Caller,
    kind: &str,
    incident: Option<&str>,
) -> Result<Paper, PaperError> {
    let new = NewPaper {
        kind: kind.to_owned(),
        incident: incident.map(str::to_owned),
        ..NewPaper::default()
    };
    act(node, caller, move |all, work, caller| {
        all.draw(work, caller, &new)
    })
}

pub(crate) fn sign(node: &TestNode, caller: Caller, id: &str) -> Result<Paper, PaperError> {
    let id = id.to_owned();
    act(node, caller, move |all, work, caller| {
        let presence = Presence {
            method: "pin".to_owned(),
            seen_digest: None,
        };
        all.sign(work, caller, &id, &presence)
    })
}

/// The words of a paper's text.
pub(crate) fn words(paper: &Paper) -> String {
    paper
        .content
        .blocks
        .iter()
        .map(|block| block.text() + "\n")
        .collect()
}

pub(crate) fn incident(node: &TestNode, id: &str) -> Incident {
    let id = id.to_owned();
    act(node, officer(COUNTY), move |_, work, _| {
        Ok(anlan_incident::store::load(work.tx, &id)?.unwrap())
    })
    .unwrap()
}
