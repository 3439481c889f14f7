//! `cargo xtask demo`: from a fresh clone to the duty room in the browser.

use crate::args::Args;
use crate::build;
use crate::process;
use crate::web;
use crate::workspace::{Profile, Workspace};
use anyhow::{Context as _, Result};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Builds the front end and the program and becomes `anlan demo`, to which unknown arguments are passed on.
pub fn run(workspace: &Workspace, mut args: Args) -> Result<bool> {
    let dev = args.flag("--dev");
    // Release is how the demo runs anyway; whoever says so is right.
    args.flag("--release");
    let profile = if dev { Profile::Dev } else { Profile::Release };
    println!("1/3 front end");
    web::build(workspace)?;
    println!(
        "2/3 program ({})",
        if dev {
            "quick build"
        } else {
            "release build, some minutes the first time"
        }
    );
    let binary = build::anlan(workspace, profile)?;
    let mut demo = Command::new(binary);
    demo.arg("demo").args(args.rest());
    println!("3/3 {} (Ctrl+C ends it)", process::shown(&demo));
    // Becoming the program, rather than starting it, lets every signal reach it.
    let error = demo.exec();
    Err(error).context("cannot start the program")
}
