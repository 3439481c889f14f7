//! J14 to step 4: an empty directory, the wizard, the first administrator.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anlan_tests::journey::Script;
use anlan_tests::place::{Scratch, program, run, run_program};
use anyhow::{Context as _, Result, ensure};

#[test]
fn journey_j14_an_empty_directory_becomes_a_node_with_a_guarded_administrator() -> Result<()> {
    let scratch = Scratch::new("journey-j14")?;
    let data = scratch.join("data");
    let mut child = Command::new(program()?)
        .args(["serve", "--port", "0"])
        .arg("--data")
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    // The reader stays open: the program goes on to write when it serves the node.
    let outcome = walk(&mut lines);
    run("kill", &["-TERM", &child.id().to_string()])?;
    child.wait()?;
    outcome?;
    let words = ["ledger", "verify", "--data", &data.to_string_lossy()];
    let said = run_program(&words)?;
    ensure!(said.contains("账本完整"), "{said}");
    Ok(())
}

/// Reads address and token off the console and walks through the wizard.
fn walk(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Result<()> {
    let (mut address, mut token) = (None, None);
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, found)) = line.split_once("安澜 Anlan: ") {
            address = Some(found.trim().to_owned());
        }
        if let Some((_, found)) = line.split_once("token): ") {
            token = Some(found.trim().to_owned());
            break;
        }
    }
    let (address, token) = (address.context("no address")?, token.context("no token")?);
    let script = Script::new("j14")?
        .env("ANLAN_ADDRESS", &address)
        .env("ANLAN_TOKEN", &token);
    script.walk().map(drop)
}
