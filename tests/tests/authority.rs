//! Every operation of the OpenAPI document is guarded: nothing without a session, nothing that a role does not have.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use anlan_tests::http::Request;
use anlan_tests::node::Node;
use anlan_tests::place::{Scratch, copy_demo};
use serde_json::{Value, json};

/// Operations that anybody may ask for; signing out of a session that is none ends nothing.
const OPEN: [&str; 3] = ["sessions.open", "sessions.end", "node.show"];

/// What passes for good input, by the names of fields.
const GOOD: [(&str, &str); 6] = [
    ("event_class", "20100"),
    ("division", "150125"),
    ("outcome", "handled"),
    ("verdict", "true"),
    ("reason", "核对联系人"),
    ("report_id", "1"),
];

/// Operations whose refusal must be one of authority, not of input.
const STRICT: [&str; 6] = [
    "incident.take",
    "incident.report",
    "incident.close",
    "incident.verify",
    "incident.reveal",
    "incident.follow_up",
];

struct Operation {
    id: String,
    method: String,
    path: String,
    body: Option<Value>,
}

fn demo(name: &str) -> (Scratch, Node) {
    let scratch = Scratch::new(name).unwrap();
    copy_demo(&scratch.join("data")).unwrap();
    let node = Node::demo(&scratch.join("data")).unwrap();
    (scratch, node)
}

/// The operations, with paths filled in and bodies that fit their schemas.
fn operations(node: &Node) -> Vec<Operation> {
    let document = node.ask(&Request::get("/api/openapi.json")).unwrap().json();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, described) in methods.as_object().unwrap() {
            let Some(id) = described["operationId"].as_str() else {
                continue;
            };
            let schema = &described["requestBody"]["content"]["application/json"]["schema"];
            let body = (!schema.is_null()).then(|| example(&document, schema, 0));
            operations.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: filled(path, described),
                body,
            });
        }
    }
    operations
}

/// The path with something in the place of every parameter, and required query parameters.
fn filled(path: &str, described: &Value) -> String {
    let mut filled = String::new();
    for piece in path.split_inclusive(['{', '}']) {
        match piece.strip_suffix('}') {
            Some(_) => filled.push('1'),
            None => filled.push_str(piece.trim_end_matches('{')),
        }
    }
    let parameters = described["parameters"].as_array().cloned().unwrap_or_default();
    let required = parameters
        .iter()
        .filter(|p| p["in"] == "query" && p["required"] == true);
    for (number, parameter) in required.enumerate() {
        filled.push(if number == 0 { '?' } else { '&' });
        filled.extend([parameter["name"].as_str().unwrap_or_default(), "=1"]);
    }
    filled
}

/// A value that fits a schema, as small as can be.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > 8 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
        return example(
            document,
            &document.pointer(name).cloned().unwrap_or_default(),
            depth + 1,
        );
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = json!({});
        for part in parts {
            if let (Some(whole), Some(more)) = (
                whole.as_object_mut(),
                example(document, part, depth + 1).as_object(),
            ) {
                whole.extend(more.clone());
            }
        }
        return whole;
    }
    if let Some(first) = schema["oneOf"]
        .as_array()
        .and_then(|choices| choices.iter().next_back())
    {
        return example(document, first, depth + 1);
    }
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str())
        .unwrap_or("object");
    match kind {
        "string" if schema["format"] == "date-time" => json!("2026-01-01T00:00:00+08:00"),
        "string" => json!("x"),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let value = |field: &str| match GOOD.iter().find(|(name, _)| *name == field) {
                Some((_, good)) => json!(good),
                None => example(document, &schema["properties"][field], depth + 1),
            };
            let fields = required.iter().filter_map(Value::as_str);
            let pairs = fields.map(|field| (field.to_owned(), value(field)));
            Value::Object(pairs.collect())
        }
    }
}

fn request(operation: &Operation) -> Request {
    let request = Request::new(&operation.method, &operation.path);
    match &operation.body {
        Some(body) => request.json(body.to_string()),
        None => request,
    }
}

#[test]
fn no_operation_answers_without_a_session() {
    let (_scratch, node) = demo("authority-none");
    let before = node.position().unwrap();
    let operations = operations(&node);
    assert!(
        operations.len() >= 30,
        "only {} operations are described",
        operations.len()
    );
    let mut wrong = Vec::new();
    for operation in operations
        .iter()
        .filter(|operation| !OPEN.contains(&operation.id.as_str()))
    {
        let sides = [
            request(operation),
            request(operation).bearer("made-up"),
            request(operation).header("Cookie", "anlan_session=made-up"),
        ];
        for (side, request) in sides.iter().enumerate() {
            let reply = node.ask(request).unwrap();
            // A browser of another site is told that it is one before anything else.
            let refused = reply.status == 401 || (side == 2 && reply.code() == "session.foreign_site");
            if !refused {
                wrong.push(format!(
                    "{} {}: {}",
                    operation.method, operation.path, reply.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(node.position().unwrap(), before);
}

#[test]
fn no_role_does_what_it_was_not_given() {
    let (_scratch, node) = demo("authority-roles");
    let operations = operations(&node);
    let mut all = BTreeSet::new();
    let mut people = Vec::new();
    for role in node.roles() {
        let token = node.token_of(&role).unwrap();
        let me = node
            .ask(&Request::get("/api/v1/me").bearer(&token))
            .unwrap()
            .json();
        let may: BTreeSet<String> = me["operations"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|operation| Some(operation.as_str()?.to_owned()))
            .collect();
        all.extend(may.clone());
        people.push((role, token, may));
    }
    let before = node.position().unwrap();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for operation in operations.iter().filter(|operation| all.contains(&operation.id)) {
        for (role, token, _) in people.iter().filter(|(_, _, may)| !may.contains(&operation.id)) {
            tried += 1;
            let reply = node.ask(&request(operation).bearer(token)).unwrap();
            let by_authority = matches!(reply.status, 403 | 404);
            let by_input = reply.status == 422 && !STRICT.contains(&operation.id.as_str());
            if !by_authority && !by_input {
                wrong.push(format!(
                    "{role}: {} {}: {} {}",
                    operation.method,
                    operation.path,
                    reply.status,
                    reply.text()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried >= 60, "only {tried} refusals were tried");
    assert_eq!(node.position().unwrap(), before);
}
