//! `cargo xtask fuzz`: bad input over the whole HTTP interface, made up by Schemathesis from `docs/openapi.json`.

use crate::ambient;
use crate::args::Args;
use crate::build;
use crate::counts::{self, Counts};
use crate::process;
use crate::ready::Demo;
use crate::services::{Install, packages};
use crate::workspace::{Profile, Workspace};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = "4.32.5";

/// Whose rights the requests are made with: who works, and who examines.
const ROLES: [&str; 2] = ["duty_officer", "auditor"];

/// What every answer must be: no fault of the server, and nothing that the document does not describe.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Operations that never end, or that would end the session the requests are made with.
const LEFT_OUT: &str = r"(/stream|/sessions/current|/me/sessions/\{id\})$";

/// Builds the program and sends bad input to it; unknown arguments are passed on to Schemathesis.
pub fn run(workspace: &Workspace, mut args: Args) -> Result<bool> {
    let install = Install::from_flag(args.flag("--install"));
    let binary = build::anlan(workspace, Profile::Dev)?;
    let counts = check(workspace, &binary, install, &args.rest())?;
    println!("fuzz: {} passed, {} failed", counts.passed, counts.failed);
    Ok(counts.failed == 0)
}

/// Sends bad input to a demo city and counts the operations that took it well.
///
/// Where `PyPI` cannot be reached the step is left out loudly, except in continuous integration, where that is an error.
pub fn check(workspace: &Workspace, binary: &Path, install: Install, extra: &[String]) -> Result<Counts> {
    let program = match schemathesis(workspace, install) {
        Ok(program) => program,
        Err(error) if ambient::in_ci() => return Err(error),
        Err(error) => {
            println!("!!! LEFT OUT: bad input over the whole interface was NOT tested: {error:#}");
            return Ok(Counts {
                passed: 0,
                failed: 0,
                skipped: 1,
            });
        }
    };
    let folder = workspace.target().join("fuzz");
    let demo = Demo::start(binary, &folder)?;
    let mut total = Counts::default();
    for role in ROLES {
        println!("as {role}");
        let report = folder.join(format!("{role}.xml"));
        let token = demo.token_of(role)?;
        let mut requests = requests(&program, &demo, &token);
        requests.current_dir(&folder);
        requests.arg("--report-junit-path").arg(&report).args(extra);
        total += counted(&mut requests, &report)?;
        // Without it most of what was sent would have been refused unread.
        demo.ensure_signed_in(&token)
            .with_context(|| format!("the session of {role} ended while it was made use of"))?;
    }
    Ok(total)
}

/// Returns the command that makes up requests and sends them with the rights of a token; the same ones every time.
fn requests(program: &Path, demo: &Demo, token: &str) -> Command {
    let document = format!("{}/api/openapi.json", demo.address);
    let authorisation = format!("Authorization: Bearer {token}");
    let mut st = Command::new(program);
    st.args(["run", &document, "--header", &authorisation]);
    st.args(["--checks", CHECKS, "--exclude-path-regex", LEFT_OUT]);
    st.args(["--phases", "examples,coverage,fuzzing", "--max-examples", "8"]);
    st.args(["--seed", "1", "--generation-database", "none"]);
    st.args(["--workers", "2", "--request-timeout", "20"]);
    st.args(["--no-color", "--report", "junit"]);
    st
}

fn counted(requests: &mut Command, report: &Path) -> Result<Counts> {
    let watched = process::watch(requests)?;
    let counts = fs::read_to_string(report)
        .map(|text| counts::junit(&text))
        .unwrap_or_default();
    let nothing = watched.success && counts.passed == 0;
    ensure!(
        !nothing,
        "no operation was counted in {}, although Schemathesis was content",
        report.display()
    );
    Ok(counts.with_outcome(watched.success))
}

/// Returns the program `st`, installed into a virtual environment of its own below the build directory.
fn schemathesis(workspace: &Workspace, install: Install) -> Result<PathBuf> {
    let venv = workspace.target().join("venv");
    let program = venv.join("bin/st");
    let stamp = venv.join(format!("schemathesis-{VERSION}"));
    if stamp.is_file() && program.is_file() {
        return Ok(program);
    }
    if make_venv(&venv).is_err() {
        packages::install(install, "Python with venv", &["python3", "python3-venv"])?;
        make_venv(&venv)?;
    }
    let mut pip = Command::new(venv.join("bin/pip"));
    pip.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "1",
        "--timeout",
        "20",
    ]);
    process::output(pip.arg(format!("schemathesis=={VERSION}")))
        .context("Schemathesis could not be fetched from PyPI")?;
    fs::write(&stamp, "")?;
    Ok(program)
}

fn make_venv(venv: &Path) -> Result<()> {
    process::output(Command::new("python3").args(["-m", "venv"]).arg(venv)).map(drop)
}
