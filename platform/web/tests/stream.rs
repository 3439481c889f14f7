//! The live stream over a socket: a stalled reader delays nobody, everybody sees what is theirs, and nobody reads on
//! with a session that has ended.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anlan_access::{Caller, Grant, Roles};
use anlan_ledger::{Actor, Ledger, LedgerError};
use anlan_testkit::TestNode;
use anlan_web::{AuthError, Authenticator, Edge, stream_router};

/// A token is the area that its holder may see; the word `over` is a session that ends when it is told to.
struct Areas {
    roles: Arc<Roles>,
    over: Arc<AtomicBool>,
}

impl Authenticator for Areas {
    fn authenticate(
        &self,
        token: String,
    ) -> Pin<Box<dyn Future<Output = Result<Caller, AuthError>> + Send + '_>> {
        Box::pin(async move {
            if self.over.load(Ordering::SeqCst) {
                return Err(AuthError::Ended);
            }
            Ok(Caller {
                account: token.clone(),
                name: token.clone(),
                person: None,
                unit: None,
                post: None,
                grants: vec![Grant::new("duty_officer", &token)],
                roles: Arc::clone(&self.roles),
            })
        })
    }
}

struct Served {
    node: TestNode,
    address: SocketAddr,
    over: Arc<AtomicBool>,
    _runtime: tokio::runtime::Runtime,
}

fn serve() -> Served {
    let node = TestNode::new(Vec::new());
    let over = Arc::new(AtomicBool::new(false));
    let areas = Areas {
        roles: Arc::new(Roles::parse(include_str!("../../../rules/access.toml")).unwrap()),
        over: Arc::clone(&over),
    };
    let edge = Edge::new(node.ledger.clone(), Arc::new(areas));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(listener, stream_router().with_state(edge)).await });
    Served {
        node,
        address,
        over,
        _runtime: runtime,
    }
}

impl Served {
    fn follow(&self, area: &str, last: Option<u64>) -> BufReader<TcpStream> {
        let mut socket = TcpStream::connect(self.address).unwrap();
        let last = last.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        write!(
            socket,
            "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {area}\r\n{last}\r\n"
        )
        .unwrap();
        BufReader::new(socket)
    }

    fn say(&self, area: &'static str, times: usize) {
        for _ in 0..times {
            say(&self.node.ledger, area);
        }
    }
}

fn say(ledger: &Ledger, area: &'static str) {
    ledger
        .command_blocking(Actor::default(), move |work| {
            work.record("s", "test.said.v1", area, &"x").map(drop)
        })
        .map_err(|error: LedgerError| error)
        .unwrap();
}

/// The ids of the next events, in the order in which they come.
fn ids(reader: &mut BufReader<TcpStream>, count: usize) -> Vec<u64> {
    let lines = reader.lines().map_while(Result::ok);
    lines
        .filter_map(|line| line.strip_prefix("id: ").map(|id| id.parse().unwrap()))
        .take(count)
        .collect()
}

fn until_hello(reader: &mut BufReader<TcpStream>) {
    let mut lines = reader.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("event: hello")));
}

/// Far more than the socket, the stream and the shared memory can hold.
const MANY: usize = 6_000;

#[test]
fn a_stalled_reader_delays_neither_the_writers_nor_another_reader_and_reads_on_later() {
    let served = serve();
    let mut stalled = served.follow("1501", Some(0));
    until_hello(&mut stalled);
    let mut quick = served.follow("1501", None);
    until_hello(&mut quick);
    let (all, first) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| ids(&mut quick, MANY));
        served.say("150125", MANY);
        let all = reading.join().unwrap();
        (all, ids(&mut stalled, MANY))
    });
    let expected: Vec<u64> = (1..=u64::try_from(MANY).unwrap()).collect();
    assert_eq!(
        all, expected,
        "the quick reader saw everything while the other stood still"
    );
    assert_eq!(
        first, expected,
        "the slow one misses nothing and sees nothing twice"
    );
}

#[test]
fn everybody_sees_what_is_theirs_from_where_they_left_off() {
    let served = serve();
    for _ in 0..10 {
        served.say("150125", 1);
        served.say("150122", 1);
    }
    assert_eq!(
        ids(&mut served.follow("150125", Some(0)), 10),
        [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
    );
    assert_eq!(ids(&mut served.follow("150122", Some(16)), 2), [18, 20]);
    assert_eq!(ids(&mut served.follow("1501", Some(18)), 2), [19, 20]);
}

#[test]
fn a_stream_ends_with_its_session() {
    let served = serve();
    let mut reader = served.follow("1501", Some(0));
    served.say("1501", 1);
    assert_eq!(ids(&mut reader, 1), [1]);
    served.over.store(true, Ordering::SeqCst);
    served.node.clock.advance_minutes(1);
    served.say("1501", 1);
    assert_eq!(
        ids(&mut reader, 1),
        [0_u64; 0],
        "the connection is closed without another entry"
    );
}
