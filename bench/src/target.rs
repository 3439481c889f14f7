//! The servers under load: a demo city of ours, and the floor.

use std::process::{Child, Command, Stdio};

use anlan_tests::node::Node;
use anlan_tests::place::{Scratch, copy_demo};
use anyhow::{Context as _, Result};

use crate::http;
use crate::machine::family;

/// Our program, serving a demo city of its own.
pub(crate) struct Ours {
    /// The node.
    pub node: Node,
    /// `127.0.0.1:…`
    pub host: String,
    /// Token of a duty officer of the city.
    pub token: String,
    /// Its folder.
    pub scratch: Scratch,
}

impl Ours {
    /// Starts it.
    pub(crate) fn start(name: &str) -> Result<Self> {
        let scratch = Scratch::new(name)?;
        copy_demo(&scratch.join("data"))?;
        let node = Node::demo(&scratch.join("data"))?;
        let host = node.address.trim_start_matches("http://").to_owned();
        let token = node.token_of("county_officer")?;
        Ok(Self {
            node,
            host,
            token,
            scratch,
        })
    }

    /// Its process.
    pub(crate) fn pids(&self) -> Vec<u32> {
        vec![self.node.pid()]
    }

    /// The bytes of a POST of a report with a key of its own.
    pub(crate) fn report(&self) -> crate::client::Make {
        let bearer = format!("Bearer {}", self.token);
        std::sync::Arc::new(move |number| {
            let body = anlan_tests::load::report(&format!("bench-{number}"), None).to_string();
            let key = format!("bench-{number}");
            let headers = [
                ("Authorization", bearer.as_str()),
                ("Idempotency-Key", key.as_str()),
            ];
            crate::client::request("POST", "/api/v1/incidents", &headers, &body)
        })
    }
}

/// The floor: a trivial server in a process of its own.
pub(crate) struct Floor {
    child: Child,
    /// `127.0.0.1:…`
    pub host: String,
}

impl Floor {
    /// Starts it.
    pub(crate) fn start() -> Result<Self> {
        use std::io::BufRead as _;
        let mut child = Command::new(std::env::current_exe()?)
            .arg(http::COMMAND)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().context("no output of the floor")?;
        let mut host = String::new();
        std::io::BufReader::new(out).read_line(&mut host)?;
        Ok(Self {
            child,
            host: host.trim().to_owned(),
        })
    }

    /// Its process.
    pub(crate) fn pids(&self) -> Vec<u32> {
        family(self.child.id())
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
