//! Making a node: unit, division and first administrator. The command line and the first-run page both come here.

use std::sync::Arc;

use anlan_access::Grant;
use anlan_divisions::{DivisionCode, Level};
use anlan_foundation::{Checks, InvalidInput, RandomIds, SharedClock, SharedIds, SystemClock};
use anlan_ledger::{Actor, Suite, Work};
use anlan_organisation::model::{Division, Unit};
use anlan_organisation::service::{self, NewAccount};
use anlan_organisation::{OrganisationError, facts};

use crate::config::Config;
use crate::node::{self, NodeFile};

/// Divisions are recorded so many to an entry.
const ROWS: usize = 1_000;

/// What a new node is made of.
#[derive(Debug, Clone)]
pub(crate) struct NewNode {
    /// Name of the unit, for example 呼和浩特市应急管理局.
    pub unit: String,
    /// Statistical code of its division, for example 1501.
    pub division: String,
    /// Name of its division, for example 呼和浩特市.
    pub division_name: String,
    /// Log-in name of the first administrator.
    pub admin: String,
    /// Name of the person behind it.
    pub admin_person: String,
    /// The administrator's password.
    pub password: String,
    /// Cryptographic suite.
    pub suite: Suite,
}

impl NewNode {
    /// Checks all fields and names those at fault: `unit`, `division`, `division_name`, `admin`, `admin_person`, `password`.
    pub(crate) fn check(&self) -> Result<(), InvalidInput> {
        let mut checks = Checks::new();
        checks.text("unit", &self.unit, 2, 60);
        checks.text("division_name", &self.division_name, 2, 60);
        if self.level().is_none() {
            checks.fault(
                "division",
                "bad_format",
                "a statistical code: 4 digits for a city, 6 for a county, 9 for a township, 12 for a village",
            );
        }
        let own = checks.finish();
        // The account's own rules have other names for what this form asks.
        let account = service::check_account(&self.account()).map_err(|mut invalid| {
            for fault in &mut invalid.fields {
                match fault.field.as_str() {
                    "name" => "admin".clone_into(&mut fault.field),
                    "display_name" => "admin_person".clone_into(&mut fault.field),
                    _ => {}
                }
            }
            invalid
        });
        match (own, account) {
            (Err(mut own), Err(account)) => {
                own.fields.extend(account.fields);
                Err(own)
            }
            (own, account) => own.and(account),
        }
    }

    fn level(&self) -> Option<Level> {
        let code: DivisionCode = self.division.parse().ok()?;
        (code.as_str() == self.division).then(|| code.level())
    }

    fn account(&self) -> NewAccount {
        NewAccount {
            name: self.admin.clone(),
            display_name: self.admin_person.clone(),
            password: self.password.clone(),
            person: Some("admin".to_owned()),
            unit: Some("unit".to_owned()),
            post: None,
            grants: vec![Grant::new("security_admin", "")],
        }
    }
}

/// Makes a node in an empty or absent data directory; gives its identity.
///
/// A failure leaves nothing behind.
pub(crate) fn make(config: &Config, new: &NewNode) -> anyhow::Result<NodeFile> {
    new.check()?;
    node::refuse_if_taken(&config.data)?;
    let hash = service::hash_password(&new.password)?;
    let clock: SharedClock = Arc::new(SystemClock);
    let ids: SharedIds = Arc::new(RandomIds::new(clock));
    let node = NodeFile {
        origin: format!("{}-{}", new.division, ids.next().simple()),
        name: new.unit.clone(),
        division: new.division.clone(),
        division_name: new.division_name.clone(),
        suite: new.suite,
        demo: false,
    };
    node::create(&config.data, &node, &ids)?;
    record(config, new, &node, hash).inspect_err(|_| node::discard(&config.data))?;
    Ok(node)
}

fn record(config: &Config, new: &NewNode, node: &NodeFile, hash: String) -> anyhow::Result<()> {
    let ledger = node::open(config)?;
    let roles = crate::app::roles()?;
    let setup = setup_actor();
    let (account, level) = (new.account(), new.level().unwrap_or(Level::City));
    let place = node.clone();
    ledger.command_blocking(setup, move |work| {
        record_place(work, &place, level)?;
        record_person(work, &place, &account.display_name)?;
        service::create_account(work, &roles, &account, &hash)?;
        Ok::<_, OrganisationError>(())
    })?;
    ledger.close();
    Ok(())
}

fn record_place(work: &mut Work<'_, '_>, node: &NodeFile, level: Level) -> Result<(), OrganisationError> {
    let division = Division {
        code: node.division.clone(),
        name: node.division_name.clone(),
        level: level.to_string(),
        parent: String::new(),
        full_name: node.division_name.clone(),
        initials: anlan_divisions::initials(&node.division_name),
        lon: None,
        lat: None,
    };
    let unit = Unit {
        id: "unit".to_owned(),
        name: node.name.clone(),
        short_name: node.name.clone(),
        kind: "duty_office".to_owned(),
        department: Some("emergency".to_owned()),
        division: node.division.clone(),
        ..Unit::default()
    };
    let area = node.division.as_str();
    work.record(
        "divisions",
        facts::DIVISIONS_SET,
        area,
        &facts::DivisionsSet {
            divisions: vec![division],
        },
    )?;
    work.record(
        "units",
        facts::UNITS_SET,
        area,
        &facts::UnitsSet {
            units: vec![unit],
            relations: Vec::new(),
        },
    )?;
    Ok(())
}

fn record_person(work: &mut Work<'_, '_>, node: &NodeFile, name: &str) -> Result<(), OrganisationError> {
    let person = facts::PersonFact {
        id: "admin".to_owned(),
        name: name.to_owned(),
        unit: "unit".to_owned(),
        title: "安全管理员".to_owned(),
        area: node.division.clone(),
        ..facts::PersonFact::default()
    };
    let people = facts::PeopleSet { people: vec![person] };
    work.record("people", facts::PEOPLE_SET, &node.division, &people)?;
    Ok(())
}

fn setup_actor() -> Actor {
    Actor {
        kind: "node".to_owned(),
        rule: Some("node.init".to_owned()),
        ..Actor::default()
    }
}

/// Records the table of divisions below the node's own, before anybody signs in.
pub(crate) fn take_divisions(config: &Config, table: Vec<anlan_divisions::Division>) -> anyhow::Result<()> {
    if table.is_empty() {
        return Ok(());
    }
    let area = table
        .first()
        .map(|top| top.code.as_str().to_owned())
        .unwrap_or_default();
    let rows: Vec<Division> = table.into_iter().map(division).collect();
    let ledger = node::open(config)?;
    ledger.command_blocking(setup_actor(), move |work| {
        for part in rows.chunks(ROWS) {
            let divisions = part.to_vec();
            work.record(
                "divisions",
                facts::DIVISIONS_SET,
                &area,
                &facts::DivisionsSet { divisions },
            )?;
        }
        Ok::<_, OrganisationError>(())
    })?;
    ledger.close();
    Ok(())
}

fn division(row: anlan_divisions::Division) -> Division {
    Division {
        code: row.code.as_str().to_owned(),
        name: row.name,
        level: row.level.to_string(),
        parent: row
            .parent
            .map(|parent| parent.as_str().to_owned())
            .unwrap_or_default(),
        full_name: row.full_name,
        initials: row.initials,
        lon: row.lon,
        lat: row.lat,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A node that all checks pass.
    pub(crate) fn sound() -> NewNode {
        NewNode {
            unit: "某市应急管理局".to_owned(),
            division: "1501".to_owned(),
            division_name: "某市".to_owned(),
            admin: "admin".to_owned(),
            admin_person: "安全管理员".to_owned(),
            password: "correct-horse-7".to_owned(),
            suite: Suite::Intl,
        }
    }

    #[test]
    fn every_field_at_fault_is_named_as_the_form_names_it() {
        assert_eq!(sound().check(), Ok(()));
        let wrong = NewNode {
            unit: String::new(),
            division: "15x".to_owned(),
            division_name: String::new(),
            admin: "a b".to_owned(),
            admin_person: String::new(),
            password: "short".to_owned(),
            suite: Suite::Gm,
        };
        let faults = wrong.check().unwrap_err().fields;
        for field in [
            "unit",
            "division",
            "division_name",
            "admin",
            "admin_person",
            "password",
        ] {
            assert!(
                faults.iter().any(|fault| fault.field == field),
                "{field}: {faults:?}"
            );
        }
    }

    #[test]
    fn a_node_is_made_once_and_a_refused_one_leaves_nothing() {
        let folder = std::env::temp_dir().join(format!("anlan-setup-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        let config = Config::in_folder(&folder);
        let weak = NewNode {
            password: "admin".to_owned(),
            ..sound()
        };
        assert!(make(&config, &weak).is_err());
        assert!(!folder.exists());
        let made = make(&config, &sound()).unwrap();
        assert!(made.origin.starts_with("1501-") && !made.demo);
        assert!(make(&config, &sound()).is_err(), "there is a node already");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
