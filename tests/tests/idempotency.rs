//! One key, one effect: however often, from however many sides, with however many replies lost.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anlan_tests::acks::marks;
use anlan_tests::feed;
use anlan_tests::http::{Connection, Request};
use anlan_tests::load::report;
use anlan_tests::node::Node;
use anlan_tests::place::{Scratch, copy_demo};
use anlan_tests::random::Random;

const CLIENTS: usize = 5;
const KEYS: usize = 1_000;
const RETRIES: usize = 10;

fn demo(name: &str) -> (Scratch, Node) {
    let scratch = Scratch::new(name).unwrap();
    copy_demo(&scratch.join("data")).unwrap();
    let node = Node::demo(&scratch.join("data")).unwrap();
    (scratch, node)
}

fn take(token: &str, mark: &str, key: &str) -> Request {
    Request::post("/api/v1/incidents", &report(mark, None))
        .bearer(token)
        .key(key)
}

/// Sends one request ten times; some replies are lost on the way. Returns the id that every answer names.
fn retry(address: &str, request: &Request, random: &mut Random) -> String {
    let mut connection = Connection::open(address).unwrap();
    let mut ids = Vec::new();
    for _ in 0..RETRIES {
        if random.once_in(5) {
            connection.send(request).unwrap();
            connection = Connection::open(address).unwrap();
            continue;
        }
        let reply = connection.ask(request).unwrap();
        match reply.status {
            201 => ids.push(reply.json()["id"].as_str().unwrap().to_owned()),
            409 => assert_eq!(reply.code(), "idempotency.in_flight"),
            other => panic!("{other}: {}", reply.text()),
        }
    }
    ids.dedup();
    assert!(ids.len() <= 1, "one key, several incidents: {ids:?}");
    ids.pop().unwrap_or_default()
}

/// Takes keys as long as there are some.
fn retry_all(address: &str, token: &str, next: &AtomicUsize, seed: u64) {
    let mut random = Random::new(seed);
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if number >= KEYS {
            return;
        }
        let request = take(token, &format!("k{number}"), &format!("key-{number}"));
        retry(address, &request, &mut random);
    }
}

#[test]
fn a_thousand_keys_sent_ten_times_each_have_a_thousand_effects() {
    let (scratch, node) = demo("keys");
    let token = node.token_of("county_officer").unwrap();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (next, token, address) = (&next, token.as_str(), node.address.as_str());
            scope.spawn(move || retry_all(address, token, next, u64::try_from(client).unwrap()));
        }
    });
    node.stop().unwrap();
    let entries = feed::read(&scratch.join("data"), &scratch.join("feed.jsonl")).unwrap();
    let marks = marks(&entries);
    assert_eq!(marks.len(), KEYS);
    let twice: Vec<_> = marks.iter().filter(|(_, streams)| streams.len() != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn the_same_retries_without_keys_have_more_effects_so_the_count_can_fail() {
    let (scratch, node) = demo("keyless");
    let token = node.token_of("county_officer").unwrap();
    let body = report("keyless", None);
    let request = Request::post("/api/v1/incidents", &body).bearer(&token);
    let mut connection = node.connect().unwrap();
    for _ in 0..3 {
        assert_eq!(connection.ask(&request).unwrap().status, 201);
    }
    node.stop().unwrap();
    let entries = feed::read(&scratch.join("data"), &scratch.join("feed.jsonl")).unwrap();
    assert_eq!(marks(&entries)["keyless"].len(), 3);
}

#[test]
fn a_key_used_for_another_request_is_refused_and_the_first_answer_stands() {
    let (_scratch, node) = demo("key-reuse");
    let token = node.token_of("county_officer").unwrap();
    let first = node.ask(&take(&token, "first", "k")).unwrap();
    assert_eq!(first.status, 201);
    let position = node.position().unwrap();
    let other_body = node.ask(&take(&token, "second", "k")).unwrap();
    assert_eq!(
        (other_body.status, other_body.code().as_str()),
        (422, "idempotency.mismatch")
    );
    let id = first.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/incidents/{id}/report");
    let other_path = Request::post(&path, &report("first", None))
        .bearer(&token)
        .key("k");
    assert_eq!(node.ask(&other_path).unwrap().status, 422);
    let again = node.ask(&take(&token, "first", "k")).unwrap();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.json()["id"], id);
    assert_eq!(node.position().unwrap(), position);
}

#[test]
fn the_same_key_of_two_accounts_is_two_keys() {
    let (_scratch, node) = demo("key-accounts");
    let county = node.token_of("county_officer").unwrap();
    let city = node.token_of("duty_officer").unwrap();
    let one = node.ask(&take(&county, "county", "shared")).unwrap();
    let two = node.ask(&take(&city, "city", "shared")).unwrap();
    assert_eq!((one.status, two.status), (201, 201));
    assert_ne!(one.json()["id"], two.json()["id"]);
}

#[test]
fn equal_requests_at_once_have_one_effect_and_the_later_ones_wait_or_are_told_to() {
    let (_scratch, node) = demo("key-race");
    let token = node.token_of("county_officer").unwrap();
    let before = node.position().unwrap();
    let mut told_to_wait = 0;
    for number in 0..200 {
        let request = take(&token, &format!("race-{number}"), &format!("race-{number}"));
        let mut sides: Vec<Connection> = (0..4).map(|_| node.connect().unwrap()).collect();
        for side in &mut sides {
            side.send(&request).unwrap();
        }
        let replies: Vec<_> = sides.iter_mut().map(|side| side.receive().unwrap()).collect();
        assert!(replies.iter().any(|reply| reply.status == 201));
        assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)));
        told_to_wait += replies.iter().filter(|reply| reply.status == 409).count();
    }
    assert_eq!(node.position().unwrap(), before + 200);
    assert!(told_to_wait > 0, "four equal requests at once never met");
}

#[test]
fn an_answer_is_kept_over_a_kill() {
    let (scratch, node) = demo("key-kill");
    let token = node.token_of("county_officer").unwrap();
    let first = node.ask(&take(&token, "kept", "k")).unwrap();
    node.kill().unwrap();
    let node = Node::demo(&scratch.join("data")).unwrap();
    let again = node.ask(&take(&token, "kept", "k")).unwrap();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.body, first.body, "the very same answer");
}
