//! `cargo xtask check`: what a change must pass before anybody looks at it.

use crate::args::Args;
use crate::phases::Phases;
use crate::process;
use crate::tidy;
use crate::web;
use crate::workspace::Workspace;
use anyhow::Result;

/// Runs formatting, clippy, documentation and house rules.
pub fn run(workspace: &Workspace, args: Args) -> Result<bool> {
    args.finish()?;
    let mut phases = Phases::default();
    phases.gate("formatting", || formatting(workspace));
    phases.gate("clippy", || clippy(workspace));
    phases.gate("documentation", || documentation(workspace));
    phases.run("house rules", || tidy::check(workspace));
    Ok(phases.finish())
}

/// Checks that rustfmt would change nothing.
pub fn formatting(workspace: &Workspace) -> Result<()> {
    process::run(process::cargo(workspace).args(["fmt", "--all", "--check"]))
}

/// Checks that clippy is silent, tests and examples included.
pub fn clippy(workspace: &Workspace) -> Result<()> {
    web::ensure_folder(workspace)?;
    let mut cargo = process::cargo(workspace);
    process::run(cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn documentation(workspace: &Workspace) -> Result<()> {
    web::ensure_folder(workspace)?;
    let mut cargo = process::cargo(workspace);
    process::run(
        cargo
            .args(["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}
