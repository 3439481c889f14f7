//! `cargo xtask fault` and `cargo xtask soak`: programs of the `tests` crate that treat the built program badly.

use crate::args::Args;
use crate::build;
use crate::process;
use crate::workspace::{Profile, Workspace};
use anyhow::{Result, ensure};

/// Builds the program and runs the harness `name` against it; arguments are passed on.
pub fn run(workspace: &Workspace, name: &str, mut args: Args) -> Result<bool> {
    let source = format!("tests/src/bin/{name}");
    let written = workspace.path(format!("{source}.rs")).is_file() || workspace.path(&source).is_dir();
    ensure!(written, "the harness {source}.rs is not written yet");
    let profile = if args.flag("--dev") {
        Profile::Dev
    } else {
        Profile::Release
    };
    let binary = build::anlan(workspace, profile)?;
    let mut cargo = process::cargo(workspace);
    cargo
        .args(["run", "--package", "anlan-tests", "--bin", name, "--"])
        .args(args.rest());
    process::run(cargo.env("ANLAN_BIN", binary))?;
    Ok(true)
}
