//! A month of events told to a node, entry by entry, at the times they happened.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_files::{Files, PhotoLimits};
use anlan_finding::{Desk, Downtime, FindingError, FindingView, Findings};
use anlan_findings::{Bounds, Outage};
use anlan_foundation::Timestamp;
use anlan_incident::{Directory, EventClass, IncidentView, Incidents, Limit, UnitRef};
use anlan_ledger::{Actor, View, Work};
use anlan_store::{StoreError, Tx};
use anlan_testkit::TestNode;

pub(crate) const CITY: &str = "1501";
pub(crate) const COUNTY: &str = "150125";

struct Tiers(Vec<EventClass>);

pub(crate) fn unit(id: &str) -> UnitRef {
    // A unit of the month is called like its county with the number of its event behind a hyphen.
    let division = id.split('-').next().unwrap_or(id);
    UnitRef {
        id: id.to_owned(),
        name: format!("单位{id}"),
        division: division.to_owned(),
    }
}

impl Directory for Tiers {
    fn unit(&self, _: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(Some(unit(id)))
    }

    fn superior(&self, _: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        let up = id.get(..id.split('-').next().map_or(0, str::len).saturating_sub(2));
        Ok(up.filter(|up| up.len() >= CITY.len()).map(unit))
    }

    fn division_name(&self, _: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        Ok(Some(format!("区划{code}")))
    }

    fn event_classes(&self) -> &[EventClass] {
        &self.0
    }

    fn first_report_limit(&self, _: &str, _: &str, _: Timestamp) -> Option<Limit> {
        Some(limit(30))
    }
}

pub(crate) fn limit(minutes: u32) -> Limit {
    Limit {
        id: "test".to_owned(),
        clause: "测试".to_owned(),
        minutes,
        start_event: "received".to_owned(),
        immediately: false,
    }
}

/// Outages by unit.
#[derive(Default)]
pub(crate) struct Down(pub(crate) BTreeMap<String, Vec<Outage>>);

impl Downtime for Down {
    fn outages(&self, _: &mut Tx<'_>, unit: &str, _: Timestamp) -> Result<Vec<Outage>, StoreError> {
        Ok(self.0.get(unit).cloned().unwrap_or_default())
    }
}

pub(crate) fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(IncidentView), Arc::new(FindingView)]
}

pub(crate) fn findings(node: &TestNode, down: Down) -> Findings {
    let class = EventClass {
        code: "20100".to_owned(),
        name: "建筑火灾".to_owned(),
        class: "accident".to_owned(),
        initials: String::new(),
        key: None,
    };
    let folder = node.dir.clone().unwrap_or_else(std::env::temp_dir).join("files");
    let incidents = Incidents {
        ledger: node.ledger.clone(),
        directory: Arc::new(Tiers(vec![class])),
        files: Files::new(folder, node.ledger.suite(), PhotoLimits::default()),
    };
    Findings {
        ledger: node.ledger.clone(),
        incidents,
        bounds: Arc::new(Bounds::parse(include_str!("../../../../rules/findings.toml")).unwrap()),
        desk: Arc::new(Desk::parse(include_str!("../../../../rules/finding-desk.toml")).unwrap()),
        downtime: Arc::new(down),
        #[cfg(feature = "pdf")]
        press: anlan_documents::Press::open(None).unwrap(),
    }
}

pub(crate) fn person(role: &str, of: &str) -> Caller {
    let roles = Roles::parse(include_str!("../../../../rules/access.toml")).unwrap();
    Caller {
        account: format!("{role}-{of}"),
        name: format!("{role}{of}"),
        person: Some("p".to_owned()),
        unit: Some(of.to_owned()),
        post: None,
        grants: vec![Grant::new(role, &unit(of).division)],
        roles: Arc::new(roles),
    }
}

pub(crate) fn actor(of: &str) -> Actor {
    anlan_web::actor_of(&person("duty_officer", of))
}

/// Runs an act on findings as somebody.
pub(crate) fn act<T: Send + 'static>(
    node: &TestNode,
    caller: Caller,
    run: impl FnOnce(&Findings, &mut Work<'_, '_>, &Caller) -> Result<T, FindingError> + Send + 'static,
) -> Result<T, FindingError> {
    let all = findings(node, Down::default());
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| run(&all, work, &caller))
}
