//! Building the program.

use crate::process;
use crate::web;
use crate::workspace::{Profile, Workspace};
use anyhow::{Result, ensure};
use std::path::PathBuf;

/// Builds the program `anlan` and returns where it lies.
pub fn anlan(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    web::ensure_folder(workspace)?;
    let mut cargo = process::cargo(workspace);
    // A quick build shares its features, and so what is built, with the tests; a release is built for itself alone.
    match profile {
        Profile::Dev => cargo.args(["build", "--workspace", "--bins"]),
        Profile::Release => cargo.args(["build", "--package", "anlan", "--release"]),
    };
    process::run(&mut cargo)?;
    let binary = workspace.binary("anlan", profile);
    ensure!(binary.is_file(), "the package `anlan` builds no program yet");
    Ok(binary)
}
