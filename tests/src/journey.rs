//! Journeys: a person's way through the pages, in a real browser, told as a script of `web/e2e`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::node::Node;
use crate::place::{Scratch, copy_demo, program};

/// Browsers that are looked for when the test run names none.
const BROWSERS: [&str; 3] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
];

/// The repository, from which the test was built.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

fn browser() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("ANLAN_CHROMIUM") {
        return Ok(PathBuf::from(given));
    }
    let found = BROWSERS.iter().map(PathBuf::from).find(|path| path.is_file());
    found.context("no browser: name one in ANLAN_CHROMIUM, or install chromium")
}

/// A script with its surroundings.
#[derive(Debug)]
pub struct Script {
    command: Command,
    name: String,
}

impl Script {
    /// The script `web/e2e/<name>.mjs`, which keeps its pictures in `target/screenshots`.
    pub fn new(name: &str) -> Result<Self> {
        let root = root();
        let mut command = Command::new("node");
        command
            .current_dir(root.join("web"))
            .arg(format!("e2e/{name}.mjs"))
            .env("ANLAN_CHROMIUM", browser()?)
            .env("ANLAN_BIN", program()?)
            .env("ANLAN_SHOTS", root.join("target/screenshots"));
        Ok(Self {
            command,
            name: name.to_owned(),
        })
    }

    /// Tells the script something more.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The script against a demo node.
    pub fn on(name: &str, node: &Node) -> Result<Self> {
        let accounts = serde_json::to_string(node.accounts())?;
        let script = Self::new(name)?;
        Ok(script
            .env("ANLAN_ADDRESS", &node.address)
            .env("ANLAN_ACCOUNTS", &accounts))
    }

    /// Walks the way; gives what the script said. Whatever it ran into is the error.
    #[expect(
        clippy::print_stdout,
        reason = "figures of a journey belong into the log of the test"
    )]
    pub fn walk(mut self) -> Result<String> {
        let output = self.command.output().context("cannot start node")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{said}");
        let went_wrong = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "journey {}: {}",
            self.name,
            went_wrong.trim()
        );
        Ok(said)
    }
}

/// A demo city of its own for one journey.
pub fn city(name: &str) -> Result<(Scratch, Node)> {
    let scratch = Scratch::new(name)?;
    let data = scratch.join("data");
    copy_demo(&data)?;
    let node = Node::demo(&data)?;
    Ok((scratch, node))
}
