//! `cargo xtask bench`: the benchmarks, always on a release build.

use crate::args::Args;
use crate::build;
use crate::process;
use crate::workspace::{Profile, Workspace};
use anyhow::Result;

/// Builds the program and the benchmarks and runs the rows asked for (all without arguments).
pub fn run(workspace: &Workspace, args: Args) -> Result<bool> {
    let binary = build::anlan(workspace, Profile::Release)?;
    let mut cargo = process::cargo(workspace);
    cargo
        .args(["run", "--release", "--package", "anlan-bench", "--"])
        .args(args.rest());
    process::run(cargo.env("ANLAN_BIN", binary))?;
    Ok(true)
}
