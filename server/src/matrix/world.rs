//! A node with a small city, whose real routes are asked without a network.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anlan_access::{Caller, Grant};
use anlan_foundation::{RandomIds, SharedIds, SystemClock};
use anlan_incident::service::{Called, Taken};
use anlan_ledger::{Actor, Ledger};
use anlan_organisation::facts::{self, ContactFact, GridSet, HouseholdSet, PersonFact};
use anlan_organisation::model::{Division, Grid, Unit};
use anlan_organisation::service::{NewAccount, SignIn, create_account, hash_password};
use anlan_organisation::{Organisation, OrganisationError};
use anlan_web::Edge;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use tower::ServiceExt as _;

use crate::config::Config;
use crate::law::Law;
use crate::monitor::Monitor;
use crate::papers::{Stationery, papers};
use crate::{app, demo, node};

const PASSWORD: &str = "correct-horse-9";
/// Code and level of every place of the small city.
pub(super) const PLACES: [(&str, &str); 10] = [
    ("1501", "city"),
    ("150124", "county"),
    ("150125", "county"),
    ("150124100", "township"),
    ("150125100", "township"),
    ("150125101", "township"),
    ("150124100001", "village"),
    ("150125100001", "village"),
    ("150125100002", "village"),
    ("150125101001", "village"),
];

/// A node with a small city in which something lies at every place.
pub(super) struct World {
    router: Router,
    pub(super) organisation: Organisation,
    /// Incident id → place.
    pub(super) incidents: BTreeMap<String, String>,
    /// Household code → place.
    pub(super) households: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn setup() -> Actor {
    Actor {
        kind: "node".to_owned(),
        ..Actor::default()
    }
}

fn people_and_places(ledger: &Ledger) -> BTreeMap<String, String> {
    let households = PLACES.iter().filter(|(code, _)| code.len() == 12);
    let households: BTreeMap<String, String> = households
        .map(|(code, _)| (format!("{code}010001"), (*code).to_owned()))
        .collect();
    let codes: Vec<String> = households.keys().cloned().collect();
    ledger
        .command_blocking(setup(), move |work| {
            let divisions = PLACES.map(|(code, level)| division(code, level)).to_vec();
            work.record(
                "divisions",
                facts::DIVISIONS_SET,
                "1501",
                &facts::DivisionsSet { divisions },
            )?;
            let units = PLACES.map(|(code, _)| unit(code)).to_vec();
            let relations = Vec::new();
            work.record(
                "units",
                facts::UNITS_SET,
                "1501",
                &facts::UnitsSet { units, relations },
            )?;
            for (number, (code, _)) in PLACES.iter().enumerate() {
                let id = format!("p-{code}");
                let value = work.seal(&format!("person/{id}"), &format!("1000000{number:04}"))?;
                let person = PersonFact {
                    id,
                    name: format!("某人{number}"),
                    unit: format!("duty-{code}"),
                    area: (*code).to_owned(),
                    contacts: vec![ContactFact {
                        id: "mobile".to_owned(),
                        kind: "mobile".to_owned(),
                        value,
                    }],
                    ..PersonFact::default()
                };
                work.record(
                    "people",
                    facts::PEOPLE_SET,
                    code,
                    &facts::PeopleSet { people: vec![person] },
                )?;
            }
            for code in codes {
                record_household(work, &code)?;
            }
            Ok::<_, OrganisationError>(())
        })
        .unwrap();
    households
}

fn record_household(work: &mut anlan_ledger::Work<'_, '_>, code: &str) -> Result<(), OrganisationError> {
    let (grid, village) = (code.get(..14).unwrap(), code.get(..12).unwrap());
    let set = GridSet {
        grid: Grid {
            code: grid.to_owned(),
            village: village.to_owned(),
            name: "第一网格".to_owned(),
            workers: Vec::new(),
            closed: false,
            version: 1,
        },
        full_name: "第一网格".to_owned(),
        point: None,
    };
    work.record(&format!("grid/{grid}"), facts::GRID_SET, grid, &set)?;
    let stream = format!("household/{code}");
    let household = HouseholdSet {
        code: code.to_owned(),
        grid: grid.to_owned(),
        label: "1号".to_owned(),
        size: 1,
        need_help: 0,
        members: work.seal(&stream, r#"[{"name":"某户主"}]"#)?,
        closed: false,
    };
    work.record(&stream, facts::HOUSEHOLD_SET, code, &household)?;
    Ok(())
}

fn division(code: &str, level: &str) -> Division {
    Division {
        code: code.to_owned(),
        name: format!("地{code}"),
        level: level.to_owned(),
        parent: String::new(),
        full_name: format!("地{code}"),
        initials: String::new(),
        lon: None,
        lat: None,
    }
}

fn unit(code: &str) -> Unit {
    Unit {
        id: format!("duty-{code}"),
        name: format!("值班{code}"),
        short_name: format!("值班{code}"),
        kind: "duty_office".to_owned(),
        department: Some("emergency".to_owned()),
        division: code.to_owned(),
        superior: (code != "1501").then(|| "duty-1501".to_owned()),
        ..Unit::default()
    }
}

pub(super) fn world(name: &str) -> World {
    let folder = std::env::temp_dir().join(format!("anlan-matrix-{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    let identity = demo::identity();
    let ids: SharedIds = Arc::new(RandomIds::new(Arc::new(SystemClock)));
    node::create(&folder, &identity, &ids).unwrap();
    let config = Config::in_folder(&folder);
    let ledger = node::open(&config).unwrap();
    let households = people_and_places(&ledger);
    let law = Law::load(None).unwrap();
    let (organisation, incidents) = app::slices(&ledger, &identity, &law, &folder).unwrap();
    let mut made = BTreeMap::new();
    for (code, _) in PLACES {
        let taker = Caller {
            account: "taker".to_owned(),
            name: "接报".to_owned(),
            person: Some("p".to_owned()),
            unit: Some(format!("duty-{code}")),
            post: None,
            grants: vec![Grant::new("duty_officer", "")],
            roles: Arc::clone(&organisation.roles),
        };
        let report = Taken {
            event_class: "20100".to_owned(),
            division: code.to_owned(),
            title: Some(format!("火情 {code}")),
            call: Called {
                text: "厨房起火".to_owned(),
                ..Called::default()
            },
            ..Taken::default()
        };
        let this = incidents.clone();
        let outcome = ledger.command_blocking(anlan_web::actor_of(&taker), move |work| {
            this.take(work, &taker, &report)
        });
        made.insert(outcome.unwrap().id, code.to_owned());
    }
    let runner = anlan_jobs::Runner::come_up(&ledger, Vec::new()).unwrap();
    let monitor = Monitor::new(ledger.clone(), runner);
    let edge = Edge::new(ledger, Arc::new(organisation.clone()));
    let papers = papers(&organisation, &incidents, Stationery::default()).unwrap();
    let router = app::router(&monitor, edge, identity, law, organisation.clone(), papers).unwrap();
    World {
        router,
        organisation,
        incidents: made,
        households,
        folder,
    }
}

impl World {
    /// Makes an account with one grant and signs in; `None` stands for an account without any.
    pub(super) async fn token(&self, number: usize, grant: Option<Grant>) -> String {
        let new = NewAccount {
            name: format!("account-{number}"),
            display_name: "某账户".to_owned(),
            password: PASSWORD.to_owned(),
            person: Some(format!("somebody-{number}")),
            unit: Some("duty-1501".to_owned()),
            post: None,
            grants: grant.into_iter().collect(),
        };
        let (roles, name) = (Arc::clone(&self.organisation.roles), new.name.clone());
        let hash = hash_password(PASSWORD).unwrap();
        self.organisation
            .ledger
            .command(setup(), None, move |work| {
                create_account(work, &roles, &new, &hash)
            })
            .await
            .unwrap();
        let sign_in = SignIn {
            name,
            password: PASSWORD.to_owned(),
            ..SignIn::default()
        };
        self.organisation.sign_in(sign_in).await.unwrap().token
    }

    pub(super) async fn open(&self, token: &str, method: &str, path: &str, body: &str) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(super) async fn ask(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> (StatusCode, serde_json::Value) {
        let answer = self.open(token, method, path, body).await;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 16 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    pub(super) async fn text(&self, token: &str, path: &str) -> String {
        let answer = self.open(token, "GET", path, "").await;
        let bytes = axum::body::to_bytes(answer.into_body(), 16 << 20).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
