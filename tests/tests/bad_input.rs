//! Bad input of every sort: refused as problem+json with a reason, never a fault of the server, and nothing is changed.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use anlan_tests::http::{Reply, Request};
use anlan_tests::load::report;
use anlan_tests::node::Node;
use anlan_tests::place::{Scratch, copy_demo};
use serde_json::{Value, json};

struct Desk {
    node: Node,
    token: String,
    incident: String,
    _scratch: Scratch,
}

impl Desk {
    fn new(name: &str) -> Self {
        let scratch = Scratch::new(name).unwrap();
        copy_demo(&scratch.join("data")).unwrap();
        let node = Node::demo(&scratch.join("data")).unwrap();
        let token = node.token_of("county_officer").unwrap();
        let good = Request::post("/api/v1/incidents", &report("good", None)).bearer(&token);
        let incident = node.ask(&good).unwrap().json()["id"].as_str().unwrap().to_owned();
        Self {
            node,
            token,
            incident,
            _scratch: scratch,
        }
    }

    /// Sends bytes as the body of a POST and expects a refusal that changes nothing.
    fn refused(&self, path: &str, body: impl Into<Vec<u8>>, why: &str) -> Reply {
        let request = Request::new("POST", path).json(body).bearer(&self.token);
        self.refused_request(&request, why)
    }

    fn refused_request(&self, request: &Request, why: &str) -> Reply {
        let before = self.node.position().unwrap();
        let reply = self.node.ask(request).unwrap();
        assert!(
            (400..500).contains(&reply.status),
            "{why}: {} {}",
            reply.status,
            reply.text()
        );
        let content = reply.header("content-type").unwrap_or_default();
        assert_eq!(
            content,
            "application/problem+json",
            "{why}: {} {}",
            reply.status,
            reply.text()
        );
        assert!(
            !reply.code().is_empty(),
            "{why}: a refusal without a code: {}",
            reply.text()
        );
        assert_eq!(
            self.node.position().unwrap(),
            before,
            "{why}: something was recorded"
        );
        reply
    }
}

const INCIDENTS: &str = "/api/v1/incidents";

/// A report with one field put in, by a path of names.
fn with(path: &[&str], value: Value) -> Value {
    let mut report = report("bad", None);
    let mut place = &mut report;
    for name in path {
        place = &mut place[*name];
    }
    *place = value;
    report
}

#[test]
fn a_field_of_the_wrong_type_is_named() {
    let desk = Desk::new("bad-types");
    let wrong = [
        (vec!["event_class"], json!(20_100)),
        (vec!["division"], json!(["150125"])),
        (vec!["title"], json!({ "zh": "x" })),
        (vec!["text"], json!(true)),
        (vec!["channel"], json!(1)),
        (vec!["address"], json!(0.5)),
        (vec!["point"], json!("40.8,111.6")),
        (vec!["point"], json!({ "lon": "111.6", "lat": 40.8 })),
        (vec!["casualties"], json!({ "kind": "deaths" })),
        (
            vec!["casualties"],
            json!([{ "kind": "deaths", "value": "三人", "source": "x" }]),
        ),
        (
            vec!["casualties"],
            json!([{ "kind": "deaths", "value": -1, "source": "x" }]),
        ),
        (
            vec!["casualties"],
            json!([{ "kind": "deaths", "value": 1.5, "source": "x" }]),
        ),
        (
            vec!["casualties"],
            json!([{ "kind": "deaths", "value": 5_000_000_000_u64, "source": "x" }]),
        ),
        (vec!["times"], json!([])),
        (vec!["times", "learned"], json!("刚才")),
        (
            vec!["times", "learned"],
            json!({ "at": "2026-13-45T99:99:99+08:00", "source": "x" }),
        ),
        (
            vec!["times", "learned"],
            json!({ "at": 1_790_000_000, "source": "x" }),
        ),
        (vec!["caller"], json!("张三")),
        (vec!["caller", "phone"], json!(13_800_000_000_u64)),
    ];
    for (path, value) in wrong {
        let why = format!("{} = {value}", path.join("."));
        let reply = desk.refused(INCIDENTS, with(&path, value).to_string(), &why);
        assert_eq!(reply.status, 422, "{why}: {}", reply.text());
        let named = reply.json()["fields"][0]["field"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(
            named.starts_with(path[0]),
            "{why}: the field is not named: {}",
            reply.text()
        );
        assert!(
            reply.json()["fields"][0]["expected"].is_string(),
            "{why}: {}",
            reply.text()
        );
    }
}

#[test]
fn a_value_outside_its_bounds_is_named() {
    let desk = Desk::new("bad-values");
    let long = "火".repeat(5_001);
    let wrong = [
        (vec!["event_class"], json!("99999"), "event_class"),
        (vec!["event_class"], json!(""), "event_class"),
        (vec!["division"], json!("999999"), "division"),
        (vec!["division"], json!("1501%"), "division"),
        (vec!["text"], json!(long), "text"),
        (vec!["title"], json!("题".repeat(121)), "title"),
        (vec!["address"], json!("址".repeat(201)), "address"),
        (vec!["channel"], json!("telepathy"), "channel"),
        (vec!["point"], json!({ "lon": 1e308, "lat": 40.0 }), "point"),
        (vec!["point"], json!({ "lon": 111.0, "lat": -90.5 }), "point"),
        (
            vec!["times", "learned"],
            json!({ "at": "2199-01-01T00:00:00+08:00", "source": "x" }),
            "times",
        ),
        (
            vec!["casualties"],
            json!([{ "kind": "souls", "value": 1, "source": "x" }]),
            "casualties",
        ),
    ];
    for (path, value, field) in wrong {
        let why = format!("{} out of bounds", path.join("."));
        let reply = desk.refused(INCIDENTS, with(&path, value).to_string(), &why);
        assert_eq!(reply.status, 422, "{why}: {}", reply.text());
        let named = reply.json()["fields"][0]["field"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(
            named.starts_with(field),
            "{why}: `{named}` is named: {}",
            reply.text()
        );
    }
}

#[test]
fn bytes_that_are_no_json_are_refused() {
    let desk = Desk::new("bad-bytes");
    // 呼和浩特 in GBK.
    let gbk =
        b"{\"event_class\":\"20100\",\"division\":\"150125\",\"text\":\"\xba\xf4\xba\xcd\xba\xc6\xcc\xd8\"}"
            .to_vec();
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let deep_field = format!("{{\"event_class\":\"20100\",\"casualties\":{deep}}}");
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("GBK", gbk),
        ("UTF-16", "{}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec()),
        (
            "a lone surrogate",
            br#"{"event_class":"20100","division":"150125","text":"\ud800"}"#.to_vec(),
        ),
        ("half of a text", br#"{"event_class":"20100","divi"#.to_vec()),
        ("two texts", b"{}{}".to_vec()),
        ("XML", b"<incident/>".to_vec()),
        ("nothing but NUL", vec![0; 64]),
        (
            "a huge exponent",
            br#"{"event_class":"20100","division":"150125","point":{"lon":1e999,"lat":1}}"#.to_vec(),
        ),
        (
            "not a number",
            br#"{"event_class":"20100","division":"150125","point":{"lon":NaN,"lat":1}}"#.to_vec(),
        ),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("null", b"null".to_vec()),
        ("deep nesting", deep.into_bytes()),
        ("deep nesting in a field", deep_field.into_bytes()),
        (
            "a repeated field",
            br#"{"event_class":"20100","event_class":"20200","division":"150125"}"#.to_vec(),
        ),
    ];
    for (why, body) in cases {
        desk.refused(INCIDENTS, body.clone(), why);
        desk.refused("/api/v1/sessions", body.clone(), why);
        desk.refused(&format!("{INCIDENTS}/{}/follow-ups", desk.incident), body, why);
    }
}

#[test]
fn control_characters_are_refused_or_kept_but_never_a_fault() {
    let desk = Desk::new("bad-control");
    for text in [
        "a\u{0}b",
        "\u{1b}[31mred",
        "\u{202e}gnp.exe",
        "\u{fffe}",
        "\u{e000}",
        "👩‍👩‍👧‍👦",
        "é\u{301}\u{301}",
    ] {
        let body = with(&["text"], json!(text)).to_string();
        let reply = desk
            .node
            .ask(&Request::new("POST", INCIDENTS).json(body).bearer(&desk.token))
            .unwrap();
        assert!(reply.status < 500, "{text:?}: {} {}", reply.status, reply.text());
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let desk = Desk::new("bad-large");
    let body = with(&["text"], json!("x".repeat(2 << 20))).to_string();
    let reply = desk.refused(INCIDENTS, body, "two megabytes");
    assert_eq!(reply.status, 413);
}

#[test]
fn acts_on_what_is_not_there_or_with_nonsense_are_refused() {
    let desk = Desk::new("bad-acts");
    let id = desk.incident.as_str();
    let cases = [
        (format!("{INCIDENTS}/no-such/report"), json!({})),
        (format!("{INCIDENTS}/%00/report"), json!({})),
        (format!("{INCIDENTS}/%ff/report"), json!({})),
        (format!("{INCIDENTS}/{}/report", "x".repeat(4_000)), json!({})),
        (
            format!("{INCIDENTS}/{id}/acknowledge"),
            json!({ "report_id": "-1" }),
        ),
        (format!("{INCIDENTS}/{id}/acknowledge"), json!({ "report_id": 1 })),
        (format!("{INCIDENTS}/{id}/acknowledge"), json!({})),
        (
            format!("{INCIDENTS}/{id}/verify"),
            json!({ "verdict": "perhaps" }),
        ),
        (
            format!("{INCIDENTS}/{id}/close"),
            json!({ "outcome": "handled", "text": "" }),
        ),
        (
            format!("{INCIDENTS}/{id}/close"),
            json!({ "outcome": "forgotten", "text": "x" }),
        ),
        (format!("{INCIDENTS}/{id}/follow-ups"), json!({ "text": "" })),
        (
            format!("{INCIDENTS}/{id}/follow-ups"),
            json!({ "text": "x", "expected_version": 999 }),
        ),
        (
            format!("{INCIDENTS}/{id}/follow-ups"),
            json!({ "text": "x", "expected_version": -1 }),
        ),
        (format!("{INCIDENTS}/{id}/reveal-caller"), json!({ "reason": "" })),
    ];
    for (path, body) in cases {
        let why = format!("POST {path:.80} {body}");
        desk.refused(&path, body.to_string(), &why);
    }
}

#[test]
fn queries_with_nonsense_are_refused_or_answered_but_never_a_fault() {
    let desk = Desk::new("bad-queries");
    let id = desk.incident.as_str();
    let paths = [
        format!("{INCIDENTS}?limit=0"),
        format!("{INCIDENTS}?limit=18446744073709551616"),
        format!("{INCIDENTS}?limit=-1"),
        format!("{INCIDENTS}?after=yesterday"),
        format!("{INCIDENTS}?status=%ff"),
        format!("{INCIDENTS}?q=%25%5f%27%22%3b--"),
        format!("{INCIDENTS}?q=%00"),
        format!("{INCIDENTS}?area=%F0%9F%94%A5"),
        format!("{INCIDENTS}?area={}", "1".repeat(6_000)),
        format!("{INCIDENTS}/{id}?as_of=-1"),
        format!("{INCIDENTS}/{id}?as_of=99999999999999999999"),
        format!("{INCIDENTS}/{id}?as_of=18446744073709551615"),
        format!("{INCIDENTS}/{id}?as_of=0"),
        format!("{INCIDENTS}/{id}/timeline?as_of=x"),
        "/api/v1/search?q=%00".to_owned(),
        "/api/v1/search".to_owned(),
        "/api/v1/ledger/entries?before=0&limit=0".to_owned(),
        "/api/v1/ledger/entries?before=18446744073709551615".to_owned(),
    ];
    for path in paths {
        let reply = desk.node.ask(&Request::get(&path).bearer(&desk.token)).unwrap();
        assert!(
            reply.status < 500,
            "{path:.80}: {} {}",
            reply.status,
            reply.text()
        );
        let content = reply.header("content-type").unwrap_or_default();
        let expected = if reply.is_success() {
            "application/json"
        } else {
            "application/problem+json"
        };
        assert_eq!(content, expected, "{path:.80}: {} {}", reply.status, reply.text());
    }
}

#[test]
fn headers_with_nonsense_are_refused() {
    let desk = Desk::new("bad-headers");
    let body = report("header", None);
    let keys: [&[u8]; 4] = [b"", b"two words", "钥匙".as_bytes(), &[b'k'; 201]];
    for key in keys {
        let request = Request::post(INCIDENTS, &body)
            .bearer(&desk.token)
            .header("Idempotency-Key", key);
        let reply = desk.refused_request(&request, "a wrong key");
        assert_eq!(reply.code(), "request.idempotency_key");
    }
    let tokens: [&[u8]; 4] = [b"Bearer", b"Bearer x", b"Basic eDp5", "Bearer 令牌".as_bytes()];
    for token in tokens {
        let request = Request::post(INCIDENTS, &body).header("Authorization", token);
        let reply = desk.refused_request(&request, "a wrong token");
        assert_eq!(reply.status, 401);
    }
}

#[test]
fn what_is_no_request_at_all_closes_the_connection_and_nothing_else() {
    let desk = Desk::new("bad-wire");
    let pieces: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    for piece in pieces {
        let mut connection = desk.node.connect().unwrap();
        connection.send_bytes(piece).unwrap();
        if let Ok(reply) = connection.receive() {
            assert!(reply.status < 500, "{piece:?}: {}", reply.status);
        }
    }
    assert_eq!(desk.node.ask(&Request::get("/healthz")).unwrap().status, 200);
}
