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
    cargo.args(["build", "--package", "anlan"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    let binary = workspace.binary("anlan", profile);
    ensure!(binary.is_file(), "the package `anlan` builds no program yet");
    Ok(binary)
}
