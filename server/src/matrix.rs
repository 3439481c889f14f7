//! Authority over the real routes: role × area × operation × object, held against a naive reading of the table.

mod world;

use std::collections::{BTreeMap, BTreeSet};

use anlan_access::Grant;
use axum::http::StatusCode;

use world::{PLACES, World, world};

const TABLE: &str = include_str!("../../rules/access.toml");
const AREAS: [&str; 6] = ["", "1501", "150125", "150125100", "150125100001", "150124"];

/// The table as a person reads it: role, and the operations between quotation marks.
fn naive_table() -> Vec<(String, BTreeSet<String>)> {
    let quoted = |line: &str| {
        line.split('"')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut table: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in TABLE.lines() {
        if line.starts_with("id = ") {
            table.push((quoted(line).remove(0), BTreeSet::new()));
        } else if line.starts_with("operations = ") {
            table.last_mut().unwrap().1 = quoted(line).into_iter().collect();
        }
    }
    table
}

/// What was compared, and where the program and the oracle disagree.
#[derive(Default)]
struct Tally {
    cases: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, found: &T, expected: &T, what: &str) {
        self.cases += 1;
        if found != expected {
            self.wrong.push(format!("{what}: {found:?}, not {expected:?}"));
        }
    }

    /// Fails unless enough was compared and all of it agrees; says the first few that do not.
    fn finish(self, at_least: usize) {
        let first: Vec<&String> = self.wrong.iter().take(12).collect();
        assert!(
            self.wrong.is_empty(),
            "{} of {} cases disagree: {first:#?}",
            self.wrong.len(),
            self.cases
        );
        assert!(self.cases >= at_least, "only {} cases", self.cases);
    }
}

/// What a caller with one grant may do, read off the table.
struct Oracle {
    case: String,
    operations: BTreeSet<String>,
    area: String,
}

impl Oracle {
    fn new(role: &str, operations: BTreeSet<String>, area: &str) -> Self {
        Self {
            case: format!("{role} in {area:?}"),
            operations,
            area: area.to_owned(),
        }
    }

    fn somewhere(&self, operation: &str) -> bool {
        self.operations.contains(operation)
    }

    fn may(&self, operation: &str, place: &str) -> bool {
        let inside =
            place.len() >= self.area.len() && place.get(..self.area.len()) == Some(self.area.as_str());
        self.operations.contains(operation) && inside
    }
}

fn ids(list: &serde_json::Value, key: &str) -> BTreeSet<String> {
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item[key].as_str().map(str::to_owned))
        .collect()
}

fn reachable(objects: &BTreeMap<String, String>, oracle: &Oracle, operation: &str) -> BTreeSet<String> {
    let reached = objects.iter().filter(|(_, place)| oracle.may(operation, place));
    reached.map(|(id, _)| id.clone()).collect()
}

/// What lies in a part of the city.
fn within(objects: &BTreeMap<String, String>, area: &str) -> BTreeMap<String, String> {
    let inside = objects.iter().filter(|(_, place)| place.starts_with(area));
    inside.map(|(id, place)| (id.clone(), place.clone())).collect()
}

/// One request about one object, and the operation of the table that it asks for.
struct Asked {
    method: &'static str,
    path: String,
    place: String,
    operation: &'static str,
    body: String,
}

impl Asked {
    fn new(method: &'static str, path: String, place: &str, operation: &'static str, body: &str) -> Self {
        Self {
            method,
            path,
            place: place.to_owned(),
            operation,
            body: body.to_owned(),
        }
    }
}

/// Requests about every single object; the ones that would change something are faulty on purpose, for authority is
/// asked before the input is looked at: a fault in it shows that the caller was let in.
fn requests(world: &World) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (id, place) in &world.incidents {
        for tail in ["", "/timeline"] {
            let path = format!("/api/v1/incidents/{id}{tail}");
            asked.push(Asked::new("GET", path, place, "incident.read", ""));
        }
    }
    for (code, place) in &world.households {
        let reveal = format!("/api/v1/households/{code}/reveal");
        let why = r#"{"reason":"核对"}"#;
        asked.push(Asked::new("POST", reveal, place, "household.reveal", why));
        let grid = code.get(..14).unwrap();
        let path = format!("/api/v1/grids/{grid}/households");
        asked.push(Asked::new(
            "POST",
            path,
            place,
            "household.write",
            r#"{"label":""}"#,
        ));
        let path = format!("/api/v1/divisions/{place}/grids");
        asked.push(Asked::new("POST", path, place, "grids.write", r#"{"name":""}"#));
    }
    for (code, _) in PLACES {
        let path = format!("/api/v1/people/p-{code}/reveal");
        let why = r#"{"reason":"联络"}"#;
        asked.push(Asked::new("POST", path, code, "organisation.reveal", why));
        // Nobody is erased here: whoever may is told that a reason is missing.
        let path = format!("/api/v1/people/p-{code}/erase");
        asked.push(Asked::new(
            "POST",
            path,
            code,
            "organisation.erase",
            r#"{"reason":""}"#,
        ));
        let unit = format!(r#"{{"name":"某局","short_name":"局","kind":"nothing","division":"{code}"}}"#);
        let path = "/api/v1/units".to_owned();
        asked.push(Asked::new("POST", path, code, "organisation.write", &unit));
    }
    asked
}

/// Asks for single objects.
async fn singles(world: &World, token: &str, oracle: &Oracle, tally: &mut Tally) {
    for asked in requests(world) {
        let (status, _) = world.ask(token, asked.method, &asked.path, &asked.body).await;
        let let_in = status.is_success() || status == StatusCode::UNPROCESSABLE_ENTITY;
        let refused = matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        let what = format!(
            "{} {} {} {}: {status}",
            oracle.case, asked.method, asked.path, asked.place
        );
        tally.compare(&(let_in, refused), &(!refused, !let_in), &what);
        tally.compare(&let_in, &oracle.may(asked.operation, &asked.place), &what);
    }
}

/// Asks for lists with their counts, part of the city by part.
async fn lists(world: &World, token: &str, oracle: &Oracle, tally: &mut Tally) {
    for area in PLACES.iter().map(|(code, _)| *code).chain([""]) {
        let incidents = within(&world.incidents, area);
        let expected = reachable(&incidents, oracle, "incident.read");
        let path = format!("/api/v1/incidents?limit=200&area={area}");
        let (_, list) = world.ask(token, "GET", &path, "").await;
        let what = format!("{} {path}", oracle.case);
        tally.compare(&ids(&list, "id"), &expected, &what);
        let total = list["total"].as_u64().unwrap_or(0);
        tally.compare(
            &total,
            &u64::try_from(expected.len()).unwrap(),
            &format!("{what}: total"),
        );
        let path = format!("/api/v1/incidents/board?area={area}");
        let (_, board) = world.ask(token, "GET", &path, "").await;
        tally.compare(&ids(&board, "id"), &expected, &format!("{} {path}", oracle.case));
        let path = format!("/api/v1/households?limit=200&area={area}");
        let (_, list) = world.ask(token, "GET", &path, "").await;
        let expected = reachable(&within(&world.households, area), oracle, "household.read");
        tally.compare(&ids(&list, "code"), &expected, &format!("{} {path}", oracle.case));
    }
}

/// Asks the search, the exports and the list of accounts.
async fn wholes(world: &World, token: &str, oracle: &Oracle, tally: &mut Tally) {
    let case = &oracle.case;
    let seen = reachable(&world.incidents, oracle, "incident.read");
    let (_, hits) = world
        .ask(token, "GET", "/api/v1/search?q=%E7%81%AB%E6%83%85", "")
        .await;
    let found = ids(&hits, "id");
    tally.compare(
        &found.is_subset(&seen),
        &true,
        &format!("{case}: the search tells of {found:?}"),
    );
    tally.compare(
        &found.is_empty(),
        &seen.is_empty(),
        &format!("{case}: the search"),
    );
    let sheet = world.text(token, "/api/v1/incidents/export").await;
    for (id, place) in &world.incidents {
        let named = sheet.contains(&format!("火情 {place},")) || sheet.contains(&format!("火情 {place}\""));
        tally.compare(
            &named,
            &seen.contains(id),
            &format!("{case}: the table of incidents, {place}"),
        );
    }
    let (status, _) = world.ask(token, "GET", "/api/v1/ledger/export", "").await;
    // The file holds the whole feed, so it is for those who may have all of the node's area.
    let may = oracle.may("ledger.export", "1501");
    tally.compare(
        &status.is_success(),
        &may,
        &format!("{case}: the ledger's export: {status}"),
    );
    let (_, accounts) = world.ask(token, "GET", "/api/v1/accounts", "").await;
    for account in accounts.as_array().into_iter().flatten() {
        let area = account["grants"][0]["area"].as_str().unwrap_or("");
        let may = oracle.may("accounts.read", area);
        tally.compare(&may, &true, &format!("{case} sees an account of {area}"));
    }
}

/// Every entry of the ledger, and where it lies.
async fn entries(world: &World) -> Vec<(u64, String)> {
    let filter = anlan_ledger::EntryFilter {
        area_before: "\u{10FFFF}".to_owned(),
        limit: 400,
        ..anlan_ledger::EntryFilter::default()
    };
    let read = move |tx: &mut anlan_store::Tx<'_>| anlan_ledger::entries(tx, &filter);
    let found = world.organisation.ledger.db().read(read).await.unwrap();
    let mut entries: Vec<(u64, String)> = found
        .into_iter()
        .map(|recorded| (recorded.position, recorded.entry.area))
        .collect();
    entries.sort();
    entries
}

/// Follows the stream from the beginning up to the last entry that the caller may see.
async fn stream(world: &World, token: &str, oracle: &Oracle, tally: &mut Tally) {
    let seen_by_oracle = |(_, area): &&(u64, String)| oracle.may("stream.read", area);
    let all = entries(world).await;
    let expected: Vec<u64> = all
        .iter()
        .filter(seen_by_oracle)
        .map(|(at, _)| *at)
        .take(40)
        .collect();
    let answer = world.open(token, "GET", "/api/v1/stream?after=0", "").await;
    let may = oracle.somewhere("stream.read");
    tally.compare(
        &answer.status().is_success(),
        &may,
        &format!("{}: the stream", oracle.case),
    );
    if !answer.status().is_success() {
        return;
    }
    let mut body = answer.into_body().into_data_stream();
    let (mut text, mut seen) = (String::new(), Vec::<u64>::new());
    while seen.len() < expected.len() {
        let next = std::future::poll_fn(|context| {
            futures_core::Stream::poll_next(std::pin::Pin::new(&mut body), context)
        });
        // What the program holds back would never come; then this says so instead of waiting.
        let Ok(Some(Ok(frame))) = tokio::time::timeout(std::time::Duration::from_secs(5), next).await else {
            break;
        };
        text.push_str(&String::from_utf8_lossy(&frame));
        let numbers = text
            .lines()
            .filter_map(|line| line.strip_prefix("id: ")?.parse().ok());
        seen = numbers.collect();
    }
    seen.truncate(expected.len());
    for (number, position) in expected.iter().enumerate() {
        let shown = seen.get(number).copied();
        tally.compare(
            &shown,
            &Some(*position),
            &format!("{}: the stream at {number}", oracle.case),
        );
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

async fn everything(world: &World, token: &str, oracle: &Oracle, tally: &mut Tally) {
    singles(world, token, oracle, tally).await;
    lists(world, token, oracle, tally).await;
    wholes(world, token, oracle, tally).await;
    stream(world, token, oracle, tally).await;
}

#[test]
fn what_the_routes_allow_is_what_the_table_says() {
    let world = world("routes");
    let mut tally = Tally::default();
    runtime().block_on(async {
        let mut number = 0;
        for (role, operations) in naive_table() {
            for area in AREAS {
                number += 1;
                let token = world.token(number, Some(Grant::new(&role, area))).await;
                let oracle = Oracle::new(&role, operations.clone(), area);
                everything(&world, &token, &oracle, &mut tally).await;
            }
        }
    });
    tally.finish(5_000);
}

#[test]
fn a_table_that_says_otherwise_is_found_out_in_single_objects_lists_search_export_and_stream() {
    let world = world("planted");
    let (found_narrower, found_wider) = runtime().block_on(async {
        let token = world.token(1, Some(Grant::new("duty_officer", "150125"))).await;
        let rights = |role: &str| {
            let mut table = naive_table().into_iter();
            table.find(|(name, _)| name == role).unwrap().1
        };
        let mut less = rights("duty_officer");
        less.remove("incident.read");
        less.remove("stream.read");
        let mut narrower = Tally::default();
        let oracle = Oracle::new("duty_officer", less, "150125");
        everything(&world, &token, &oracle, &mut narrower).await;
        let mut wider = Tally::default();
        let oracle = Oracle::new("duty_officer", rights("duty_officer"), "1501");
        singles(&world, &token, &oracle, &mut wider).await;
        lists(&world, &token, &oracle, &mut wider).await;
        (narrower.wrong, wider.wrong)
    });
    for place in [
        "/timeline",
        "total",
        "board",
        "the search",
        "the table of incidents",
        "the stream",
    ] {
        let found = found_narrower.iter().any(|what| what.contains(place));
        assert!(
            found,
            "a right too many is not seen in {place}: {found_narrower:#?}"
        );
    }
    assert!(
        found_wider.len() > 20,
        "an area too small is not seen: {found_wider:#?}"
    );
}

#[test]
fn every_operation_of_the_interface_is_guarded() {
    let world = world("guards");
    let document: serde_json::Value = serde_json::from_str(include_str!("../../docs/openapi.json")).unwrap();
    let runtime = runtime();
    let mut missing = Vec::new();
    let mut open = Vec::new();
    let bare = runtime.block_on(world.token(0, None));
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let guard = world.organisation.roles.guard(id);
            let real = filled(path);
            let method = method.to_uppercase();
            match guard {
                None => missing.push(id.to_owned()),
                Some(anlan_access::Guard::Open) => open.push(id.to_owned()),
                // Signing out of a session that is none ends nothing.
                Some(anlan_access::Guard::SignedIn) if id == "sessions.end" => {}
                Some(anlan_access::Guard::SignedIn) => {
                    let (status, _) = runtime.block_on(world.ask("nobody", &method, &real, "{}"));
                    assert_eq!(status, StatusCode::UNAUTHORIZED, "{id} without a session");
                }
                Some(anlan_access::Guard::Needs(_)) => {
                    let (status, _) = runtime.block_on(world.ask("nobody", &method, &real, "{}"));
                    assert_eq!(status, StatusCode::UNAUTHORIZED, "{id} without a session");
                    let (status, answer) = runtime.block_on(world.ask(&bare, &method, &real, "{}"));
                    assert!(
                        !status.is_success(),
                        "{id} for an account without grants: {status} {answer}"
                    );
                    assert!(!status.is_server_error(), "{id}: {status}");
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "put these into rules/access.toml");
    // This list only shrinks.
    assert!(
        open.iter().all(|id| OPEN.contains(&id.as_str())),
        "open to anybody: {open:?}"
    );
}

/// A path with a number in the place of every parameter.
fn filled(path: &str) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.filter_map(|piece| piece.split_once('}'));
    rest.fold(first, |path, (_, after)| format!("{path}1{after}"))
}

/// What anybody may call.
const OPEN: [&str; 4] = ["node.show", "sessions.open", "setup.state", "setup.init"];
