//! Clients that report and follow up, remember what they were told, and repeat what they know nothing of.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anlan_foundation::Timestamp;
use anyhow::{Result, bail};
use serde_json::json;

use crate::acks::{Fact, Told};
use crate::http::{Connection, Reply, Request};
use crate::random::Random;

/// A fault planted into the harness: each must be found, or the harness is blind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// None: the node is judged as it is.
    Nothing,
    /// Some reports are acknowledged before (and never) written, as a lying proxy would.
    AckBeforeWrite,
    /// Requests carry no idempotency key, so that a repeated one has two effects.
    NoKeys,
}

/// How a load goes: whoever started it hears of every answer, and says when the power begins to fail.
#[derive(Debug)]
pub struct Watch {
    answers: Sender<()>,
    cut: AtomicBool,
}

impl Watch {
    /// Makes a watch, and the end at which answers are heard of.
    pub fn new() -> (Self, Receiver<()>) {
        let (answers, heard) = channel();
        let cut = AtomicBool::new(false);
        (Self { answers, cut }, heard)
    }

    /// Says that from now on the power is being cut.
    pub fn cut_begins(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }
}

/// How many times a request is repeated while the node still works on its first copy.
const REPETITIONS: usize = 10_000;

/// How long an answer is waited for before the load counts as stuck.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One client: one connection at a time, one thing at a time.
#[derive(Debug)]
pub struct Client {
    /// What it asked for, and what it was told.
    pub facts: Vec<Fact>,
    /// How many times it was given a kept answer.
    pub replays: usize,
    /// Facts acknowledged while the power was being cut that were not there afterwards.
    pub gone_with_the_power: usize,
    name: String,
    token: String,
    random: Random,
    plant: Plant,
}

impl Client {
    /// Makes a client that is signed in.
    pub fn new(name: String, token: String, seed: u64, plant: Plant) -> Self {
        Self {
            facts: Vec::new(),
            replays: 0,
            gone_with_the_power: 0,
            name,
            token,
            random: Random::new(seed),
            plant,
        }
    }

    /// Reports and follows up until the node is gone or `limit` things were asked; tells `watch` of each answer.
    pub fn work(&mut self, address: &str, now: Timestamp, limit: usize, watch: &Watch) {
        let Ok(mut connection) = Connection::open(address) else {
            return;
        };
        for _ in 0..limit {
            let fact = self.next_fact(now);
            if self.plant == Plant::AckBeforeWrite && self.random.once_in(20) {
                let told = Told::Recorded("never-written".to_owned());
                self.facts.push(Fact { told, ..fact });
                continue;
            }
            let index = self.facts.len();
            self.facts.push(fact);
            if self.random.once_in(12) {
                let Ok(fresh) = self.lose_reply(address, connection, index) else {
                    return;
                };
                connection = fresh;
            }
            if self.say(&mut connection, index).is_err() {
                return;
            }
            if watch.cut.load(Ordering::SeqCst) {
                self.doubt(index);
            }
            // Nobody may be listening any more, which is no reason to stop.
            watch.answers.send(()).ok();
        }
    }

    /// Asks, and the reply is lost on the way: the client hangs up, or a proxy drops what the node has answered.
    fn lose_reply(&mut self, address: &str, mut connection: Connection, index: usize) -> Result<Connection> {
        connection.send(&self.request(index))?;
        if self.random.once_in(2) {
            connection.receive()?;
        }
        Ok(Connection::open(address)?)
    }

    /// Reports once and returns what it was told.
    pub fn report(&mut self, connection: &mut Connection) -> Result<Told> {
        let mark = format!("{}-{}", self.name, self.facts.len());
        let index = self.facts.len();
        self.facts.push(Fact {
            key: format!("key-{mark}"),
            path: "/api/v1/incidents".to_owned(),
            body: report(&mark, None).to_string(),
            told: Told::Nothing,
            overdue: false,
            mark,
        });
        self.say(connection, index)?;
        Ok(self
            .facts
            .get(index)
            .map_or(Told::Nothing, |fact| fact.told.clone()))
    }

    fn next_fact(&mut self, now: Timestamp) -> Fact {
        let mark = format!("{}-{}", self.name, self.facts.len());
        let known: Vec<String> = self.facts.iter().filter_map(incident_of).collect();
        let overdue = self.random.once_in(4);
        let follow_up = self.random.once_in(3).then(|| self.random.pick(&known)).flatten();
        let (path, body, overdue) = match follow_up {
            Some(id) => (
                format!("/api/v1/incidents/{id}/follow-ups"),
                json!({ "text": format!("续报 〔{mark}〕") }),
                false,
            ),
            None => (
                "/api/v1/incidents".to_owned(),
                report(&mark, overdue.then_some(now)),
                overdue,
            ),
        };
        Fact {
            key: format!("key-{mark}"),
            mark,
            path,
            body: body.to_string(),
            told: Told::Nothing,
            overdue,
        }
    }

    fn request(&self, index: usize) -> Request {
        let fact = self.facts.get(index);
        let (path, body, key) = fact.map_or(("", "", ""), |f| {
            (f.path.as_str(), f.body.as_str(), f.key.as_str())
        });
        let request = Request::new("POST", path).json(body).bearer(&self.token);
        if self.plant == Plant::NoKeys {
            request
        } else {
            request.key(key)
        }
    }

    /// Asks for one fact, again and again while the node says that it is at it.
    fn say(&mut self, connection: &mut Connection, index: usize) -> Result<()> {
        let request = self.request(index);
        for _ in 0..REPETITIONS {
            let reply = connection.ask(&request)?;
            if reply.status == 409 && reply.code() == "idempotency.in_flight" {
                std::thread::yield_now();
                continue;
            }
            if reply.header("idempotency-replayed") == Some("true") {
                self.replays += 1;
            }
            let told = told(&reply);
            if let Some(fact) = self.facts.get_mut(index) {
                if let (Told::Recorded(before), Told::Recorded(now)) = (&fact.told, &told)
                    && before != now
                {
                    bail!(
                        "{}: recorded as {before}, and when asked again as {now}",
                        fact.mark
                    );
                }
                if matches!(&fact.told, Told::Unsure(before) if told != Told::Recorded(before.clone())) {
                    self.gone_with_the_power += 1;
                }
                fact.told = told;
            }
            return Ok(());
        }
        bail!("a request is being worked on for ever")
    }

    /// An answer that came while the power was being cut is one that a dead machine would not have given.
    fn doubt(&mut self, index: usize) {
        if let Some(fact) = self.facts.get_mut(index)
            && let Told::Recorded(id) = &fact.told
        {
            fact.told = Told::Unsure(id.clone());
        }
    }

    /// Repeats everything the client knows nothing of, and now and then something that it does know.
    pub fn settle(&mut self, address: &str) -> Result<usize> {
        let mut connection = Connection::open(address)?;
        let mut repeated = 0;
        for index in 0..self.facts.len() {
            let unknown = self
                .facts
                .get(index)
                .is_some_and(|fact| matches!(fact.told, Told::Nothing | Told::Unsure(_)));
            let again =
                self.plant == Plant::Nothing && index + 40 > self.facts.len() && self.random.once_in(20);
            if unknown || again {
                self.say(&mut connection, index)?;
                repeated += 1;
            }
        }
        let open = self.facts.iter().find(|fact| fact.told == Told::Nothing);
        match open {
            Some(fact) => bail!(
                "{} is neither recorded nor refused by a node that serves",
                fact.mark
            ),
            None => Ok(repeated),
        }
    }

    /// Facts that the client was told are recorded.
    pub fn recorded(&self) -> usize {
        self.facts
            .iter()
            .filter(|fact| matches!(fact.told, Told::Recorded(_)))
            .count()
    }
}

/// What an answer says; a fault of the server says nothing, since what it left behind is not known.
fn told(reply: &Reply) -> Told {
    let code = reply.code();
    if reply.is_success() {
        return Told::Recorded(reply.json()["id"].as_str().unwrap_or_default().to_owned());
    }
    if reply.status < 500 || code == "store.disk_full" {
        return Told::Refused(reply.status, code);
    }
    Told::Nothing
}

fn incident_of(fact: &Fact) -> Option<String> {
    match &fact.told {
        Told::Recorded(id) if fact.path.ends_with("/incidents") && id != "never-written" => Some(id.clone()),
        _ => None,
    }
}

/// A report by telephone to the county of Wuchuan; learned so long ago that its limit is over, when `overdue_at` is given.
pub fn report(mark: &str, overdue_at: Option<Timestamp>) -> serde_json::Value {
    let mut report = json!({
        "channel": "phone",
        "event_class": "20100",
        "division": "150125",
        "text": format!("群众来电称厂房冒烟 〔{mark}〕"),
        "caller": { "name": "某群众", "phone": "10000001234" },
    });
    if let (Some(now), Some(report)) = (overdue_at, report.as_object_mut()) {
        let long_ago = |minutes| json!({ "at": now.plus_minutes(minutes).to_string(), "source": "来电人" });
        report.insert(
            "times".to_owned(),
            json!({ "occurred": long_ago(-100), "learned": long_ago(-95), "received": long_ago(-90) }),
        );
    }
    report
}
