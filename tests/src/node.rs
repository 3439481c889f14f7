//! A node as a stranger meets it: a process, an address, accounts.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::http::{Connection, Reply, Request};
use crate::place::{program, run};

/// How often the ready file is looked for (two minutes in all).
const LOOKS: u32 = 24_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Makes the program commit without waiting for the disk. For the negative control of the power-cut test only.
pub const WITHOUT_FSYNC: &str = "--control-without-fsync";

/// A running demo node; killed when dropped.
#[derive(Debug)]
pub struct Node {
    /// `http://127.0.0.1:…`
    pub address: String,
    /// The data directory.
    pub data: PathBuf,
    accounts: Vec<Value>,
    child: Child,
}

impl Node {
    /// Starts a demo node over a data directory, which is filled when it is empty, and waits until it serves.
    pub fn demo(data: &Path) -> Result<Self> {
        Self::demo_with(data, &[])
    }

    /// Like [`Node::demo`], with more words on the command line.
    pub fn demo_with(data: &Path, words: &[&str]) -> Result<Self> {
        let (mut node, ready) = Self::spawn(data, words)?;
        node.wait_for(&ready)
            .with_context(|| format!("see {}", beside(data, "log").display()))?;
        Ok(node)
    }

    /// Starts a demo node and does not wait; to be killed while it starts.
    pub fn spawn(data: &Path, words: &[&str]) -> Result<(Self, PathBuf)> {
        let ready = beside(data, "ready.json");
        if ready.exists() {
            fs::remove_file(&ready)?;
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(beside(data, "log"))?;
        let child = Command::new(program()?)
            .args(["demo", "--port", "0"])
            .arg("--data")
            .arg(data)
            .arg("--ready-file")
            .arg(&ready)
            .args(words)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the program")?;
        let node = Self {
            address: String::new(),
            data: data.to_owned(),
            accounts: Vec::new(),
            child,
        };
        Ok((node, ready))
    }

    fn wait_for(&mut self, ready: &Path) -> Result<()> {
        for _ in 0..LOOKS {
            // The file is renamed into place, so what is there is whole.
            if let Ok(text) = fs::read(ready) {
                let value: Value = serde_json::from_slice(&text)?;
                let address = value["address"]
                    .as_str()
                    .context("the ready file names no address")?;
                address.clone_into(&mut self.address);
                self.accounts = value["accounts"].as_array().cloned().unwrap_or_default();
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the node ended before it served ({status})");
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        bail!("the node does not serve after two minutes")
    }

    /// Log-ins of the demo city: name, password, role, unit.
    pub fn accounts(&self) -> &[Value] {
        &self.accounts
    }

    /// Number of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Opens a connection.
    pub fn connect(&self) -> Result<Connection> {
        Connection::open(&self.address).with_context(|| format!("nobody answers at {}", self.address))
    }

    /// Sends one request on a connection of its own.
    pub fn ask(&self, request: &Request) -> Result<Reply> {
        Ok(self.connect()?.ask(request)?)
    }

    /// Roles that somebody of the demo city has, each once.
    pub fn roles(&self) -> Vec<String> {
        let mut roles: Vec<String> = self
            .accounts
            .iter()
            .filter_map(|account| Some(account["role"].as_str()?.to_owned()))
            .collect();
        roles.sort();
        roles.dedup();
        roles
    }

    /// Signs in as the first account with a role and returns its bearer token.
    pub fn token_of(&self, role: &str) -> Result<String> {
        let account = self.accounts.iter().find(|account| account["role"] == role);
        let account = account.with_context(|| format!("the demo has no account with the role {role}"))?;
        let text = |name: &str| account[name].as_str().unwrap_or_default();
        self.sign_in(text("name"), text("password"))
    }

    /// Signs in and returns the bearer token.
    pub fn sign_in(&self, name: &str, password: &str) -> Result<String> {
        let body = json!({ "name": name, "password": password });
        let reply = self.ask(&Request::post("/api/v1/sessions", &body))?;
        ensure!(
            reply.status == 201,
            "signing in: {} {}",
            reply.status,
            reply.text()
        );
        let token = reply.json()["token"].as_str().map(str::to_owned);
        token.context("the session has no token")
    }

    /// Position of the newest entry.
    pub fn position(&self) -> Result<u64> {
        let reply = self.ask(&Request::get("/api/v1/node"))?;
        reply.json()["position"]
            .as_u64()
            .context("the node tells no position")
    }

    /// The node's own time.
    pub fn now(&self) -> Result<anlan_foundation::Timestamp> {
        let reply = self.ask(&Request::get("/api/v1/node"))?;
        let value = reply.json();
        let now = value["now"].as_str().context("the node tells no time")?;
        now.parse().ok().context("the node's time is none")
    }

    /// Kills it as a power cut would end it: without a word (SIGKILL).
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends SIGKILL and does not wait, where others still hold on to the node.
    pub fn end(&self) -> Result<()> {
        run("kill", &["-KILL", &self.child.id().to_string()]).map(drop)
    }

    /// Tells it to stop (SIGTERM) and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        run("kill", &["-TERM", &self.child.id().to_string()])?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the node ended with {status}");
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A file beside the data directory, so that nothing of the test lies on the node's disk.
fn beside(data: &Path, ending: &str) -> PathBuf {
    let name = data.file_name().unwrap_or_default().to_string_lossy();
    data.with_file_name(format!("{name}.{ending}"))
}
