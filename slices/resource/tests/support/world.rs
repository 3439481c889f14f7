//! A city with an incident, on a node with simulated time.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_files::{Files, PhotoLimits};
use anlan_foundation::Timestamp;
use anlan_incident::facts::Point;
use anlan_incident::service::{Called, Duty, Event, Taken};
use anlan_incident::{Directory, EventClass, IncidentView, Incidents, Limit, UnitRef};
use anlan_ledger::{View, Work};
use anlan_resource::model::{Entry, Place, Readiness};
use anlan_resource::service::ResourceRules;
use anlan_resource::{ResourceError, ResourceView, Resources};
use anlan_store::{StoreError, Tx};
use anlan_testkit::{START, TestNode};
use serde_json::json;

pub(crate) const CITY: &str = "1501";
pub(crate) const COUNTY: &str = "150125";

struct Town(Vec<EventClass>);

fn unit(id: &str) -> UnitRef {
    UnitRef {
        id: id.to_owned(),
        name: "呼和浩特市应急管理局".to_owned(),
        division: id.to_owned(),
    }
}

impl Directory for Town {
    fn unit(&self, _: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(Some(unit(id)))
    }

    fn superior(&self, _: &mut Tx<'_>, _: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(None)
    }

    fn division_name(&self, _: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        Ok(code.starts_with(CITY).then(|| "呼和浩特市".to_owned()))
    }

    fn event_classes(&self) -> &[EventClass] {
        &self.0
    }

    fn first_report_limit(&self, _: &str, _: &str, _: Timestamp) -> Option<Limit> {
        None
    }

    fn duties(&self, _: &mut Tx<'_>, _: &UnitRef, _: &Event) -> Result<Vec<Duty>, StoreError> {
        Ok(Vec::new())
    }
}

pub(crate) fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(IncidentView), Arc::new(ResourceView)]
}

pub(crate) fn resources(node: &TestNode) -> Resources {
    let class = |code: &str, name: &str| EventClass {
        code: code.to_owned(),
        name: name.to_owned(),
        class: "accident".to_owned(),
        initials: String::new(),
        key: None,
    };
    let folder = node.dir.clone().unwrap_or_else(std::env::temp_dir).join("files");
    let incidents = Incidents {
        ledger: node.ledger.clone(),
        directory: Arc::new(Town(vec![class("20400", "危险化学品事故")])),
        files: Files::new(folder, node.ledger.suite(), PhotoLimits::default()),
    };
    Resources {
        ledger: node.ledger.clone(),
        incidents,
        rules: Arc::new(ResourceRules::shipped().unwrap()),
    }
}

pub(crate) fn person(role: &str, area: &str) -> Caller {
    let roles = Roles::parse(include_str!("../../../../rules/access.toml")).unwrap();
    Caller {
        account: format!("{role}-{area}"),
        name: "李海霞".to_owned(),
        person: Some("p".to_owned()),
        unit: Some(area.to_owned()),
        post: None,
        grants: vec![Grant::new(role, area)],
        roles: Arc::new(roles),
    }
}

pub(crate) fn officer() -> Caller {
    person("duty_officer", CITY)
}

/// Runs an act as somebody.
pub(crate) fn act<T: Send + 'static>(
    node: &TestNode,
    caller: Caller,
    run: impl FnOnce(&Resources, &mut Work<'_, '_>, &Caller) -> Result<T, ResourceError> + Send + 'static,
) -> Result<T, ResourceError> {
    let this = resources(node);
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| {
            run(&this, work, &caller)
        })
}

/// A register's entry in the county.
pub(crate) fn entry(kind: &str, class: &str, code: &str) -> Entry {
    let values = match kind {
        "team" => BTreeMap::from([("people".to_owned(), json!(30))]),
        "expert" => BTreeMap::from([("trade".to_owned(), json!("chemical"))]),
        "shelter" => BTreeMap::from([
            ("phase".to_owned(), json!("one")),
            ("area_m2".to_owned(), json!(1_070_300)),
            ("capacity".to_owned(), json!(452_000)),
        ]),
        _ => BTreeMap::new(),
    };
    Entry {
        kind: kind.to_owned(),
        class: class.to_owned(),
        code: code.to_owned(),
        name: format!("武川县{code}"),
        unit: "武川县应急管理局".to_owned(),
        area: COUNTY.to_owned(),
        address: String::new(),
        place: Some(Place {
            lon: 111.45,
            lat: 41.09,
            given_in: "cgcs2000".to_owned(),
        }),
        readiness: Readiness::Standby,
        source: "普查".to_owned(),
        as_of: START,
        note: String::new(),
        values,
        paperwork: Vec::new(),
    }
}

/// A chemical accident in the county; gives its id.
pub(crate) fn accident(node: &TestNode) -> String {
    let this = resources(node).incidents;
    let caller = officer();
    let taken = Taken {
        title: Some("某化工厂泄漏".to_owned()),
        event_class: "20400".to_owned(),
        division: COUNTY.to_owned(),
        point: Some(Point {
            lon: 111.46,
            lat: 41.1,
        }),
        call: Called {
            channel: Some("phone".to_owned()),
            text: "储罐泄漏".to_owned(),
            ..Called::default()
        },
        ..Taken::default()
    };
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| {
            this.take(work, &caller, &taken)
                .map(|incident| incident.id)
                .map_err(ResourceError::from)
        })
        .unwrap()
}
