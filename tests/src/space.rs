//! A full disk: a clear refusal, reading goes on, nothing acknowledged is lost, and work goes on when there is room again.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::acks::{Told, Verdict};
use crate::disk::{Disk, FileSystem};
use crate::http::{Connection, Request};
use crate::kill;
use crate::load::{Client, Plant};
use crate::node::Node;
use crate::place::copy_demo;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Reports taken after the disk was full, out of what the node had set aside.
    pub taken_when_full: usize,
    /// A refusal: status, type of content, code.
    pub refusal: (u16, String, String),
    /// Reads that failed while the disk was full.
    pub failed_reads: Vec<String>,
    /// Whether a report was taken again when there was room.
    pub recovered: bool,
    /// The judgement.
    pub verdict: Verdict,
}

const MEGABYTES: u64 = 256;

/// More reports than any reserve can hold.
const MANY: usize = 40_000;

/// Fills the disk of a demo city at work.
pub fn run(folder: &Path) -> Result<Outcome> {
    let disk = Disk::make(folder, FileSystem::Ext4, MEGABYTES)?;
    copy_demo(disk.path())?;
    let node = Node::demo(disk.path())?;
    let token = node.token_of("county_officer")?;
    let mut client = Client::new("full".to_owned(), token.clone(), 1, Plant::Nothing);
    let mut connection = node.connect()?;
    for _ in 0..20 {
        let told = client.report(&mut connection)?;
        ensure!(
            matches!(told, Told::Recorded(_)),
            "an empty disk, and yet {told:?}"
        );
    }
    let film = disk.fill()?;
    let mut outcome = Outcome::default();
    report_until_refused(&mut client, &mut connection, &mut outcome)?;
    outcome.refusal = refusal(&node, &token)?;
    outcome.failed_reads = failed_reads(&node, &token)?;
    for _ in 0..20 {
        client.report(&mut connection)?;
    }
    std::fs::remove_file(film)?;
    outcome.recovered = recovers(&mut client, &mut connection)?;
    client.settle(&node.address)?;
    node.stop()?;
    outcome.verdict = kill::judge(disk.path(), &client.facts)?;
    Ok(outcome)
}

fn report_until_refused(
    client: &mut Client,
    connection: &mut Connection,
    outcome: &mut Outcome,
) -> Result<()> {
    for _ in 0..MANY {
        match client.report(connection)? {
            Told::Recorded(_) => outcome.taken_when_full += 1,
            _ => return Ok(()),
        }
    }
    Ok(())
}

fn failed_reads(node: &Node, token: &str) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for path in [
        "/api/v1/incidents/board",
        "/api/v1/incidents?limit=50",
        "/api/v1/me",
        "/healthz",
    ] {
        let reply = node.ask(&Request::get(path).bearer(token))?;
        if !reply.is_success() {
            failed.push(format!("{path}: {}", reply.status));
        }
    }
    Ok(failed)
}

fn recovers(client: &mut Client, connection: &mut Connection) -> Result<bool> {
    for _ in 0..100 {
        if matches!(client.report(connection)?, Told::Recorded(_)) {
            return Ok(true);
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(false)
}

fn refusal(node: &Node, token: &str) -> Result<(u16, String, String)> {
    let body = crate::load::report("refused", None);
    let reply = node.ask(
        &Request::post("/api/v1/incidents", &body)
            .bearer(token)
            .key("refused"),
    )?;
    let content = reply.header("content-type").unwrap_or_default().to_owned();
    Ok((reply.status, content, reply.code()))
}
