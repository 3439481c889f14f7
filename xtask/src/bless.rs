//! `cargo xtask bless`: renews what is generated, and accepts the snapshots as they are now.

use crate::args::Args;
use crate::build;
use crate::process;
use crate::web;
use crate::workspace::{Profile, Workspace};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The files the program writes about itself: path and the subcommand that prints it.
pub const PRINTED: [(&str, &str); 2] = [
    ("docs/openapi.json", "openapi"),
    ("config.example.toml", "config-example"),
];

/// The TypeScript types of the HTTP interface, made from `docs/openapi.json`.
pub const TYPES: &str = "web/src/api/schema.gen.ts";

/// Renews the generated files, the snapshots, or (without an argument) both.
pub fn run(workspace: &Workspace, args: Args) -> Result<bool> {
    let what = args.rest();
    match what.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            files(workspace)?;
            snapshots(workspace)?;
        }
        ["files"] => files(workspace)?,
        ["snapshots"] => snapshots(workspace)?,
        other => bail!(
            "bless what? `files`, `snapshots` or nothing for both, not `{}`",
            other.join(" ")
        ),
    }
    Ok(true)
}

fn files(workspace: &Workspace) -> Result<()> {
    let binary = build::anlan(workspace, Profile::Dev)?;
    for (path, command) in PRINTED {
        write_if_changed(workspace, path, &printed(&binary, command)?)?;
    }
    if web::exists(workspace) {
        web::install(workspace)?;
        write_if_changed(workspace, TYPES, &types(workspace)?)?;
    }
    Ok(())
}

/// Asks the program for one of the files it writes about itself.
pub fn printed(binary: &Path, command: &str) -> Result<String> {
    let text = process::output(Command::new(binary).arg(command))?;
    Ok(format!("{}\n", text.trim_end()))
}

/// Makes the TypeScript types of the HTTP interface as it is described in `docs/openapi.json`.
pub fn types(workspace: &Workspace) -> Result<String> {
    // `--no-install`: the version that package-lock.json names, or none.
    let mut npx = Command::new("npx");
    npx.args(["--no-install", "openapi-typescript", "../docs/openapi.json"])
        .current_dir(workspace.path("web"));
    process::output(&mut npx).context("openapi-typescript belongs into web/package.json (devDependencies)")
}

fn write_if_changed(workspace: &Workspace, path: &str, text: &str) -> Result<()> {
    let file = workspace.path(path);
    if fs::read_to_string(&file).is_ok_and(|old| old == text) {
        println!("{path}: current");
        return Ok(());
    }
    let folder = file.parent().context("a generated file lies in a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(&file, text).with_context(|| format!("cannot write {path}"))?;
    println!("{path}: renewed");
    Ok(())
}

fn snapshots(workspace: &Workspace) -> Result<()> {
    web::ensure_folder(workspace)?;
    let mut cargo = process::cargo(workspace);
    cargo.args([
        "test",
        "--workspace",
        "--exclude",
        "anlan-tests",
        "--no-fail-fast",
    ]);
    process::run(cargo.env("ANLAN_BLESS", "1").env("INSTA_UPDATE", "always"))
}
