//! Peers from `PyPI`, in a virtual environment of their own below `target/`; without them a row says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use anlan_tests::place::run;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// The Python that has the peers.
#[derive(Debug)]
pub(crate) struct Peers {
    python: PathBuf,
    script: PathBuf,
}

impl Peers {
    /// Installs them once; an error says why there are none.
    pub(crate) fn install() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = here.join("../target/bench-peers");
        let python = folder.join("bin/python");
        let wanted = here.join("peers/requirements.txt").to_string_lossy().into_owned();
        if !python.is_file() {
            run("python3", &["-m", "venv", &folder.to_string_lossy()])?;
        }
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            &wanted,
        ];
        run(&python.to_string_lossy(), &pip).context("PyPI gave no peers")?;
        Ok(Self {
            python,
            script: here.join("peers/peers.py"),
        })
    }

    /// Asks one of them; the answer holds `seconds`, one for each round.
    pub(crate) fn ask(&self, name: &str, question: &Value, rounds: usize) -> Result<Value> {
        let file = std::env::temp_dir().join(format!("anlan-bench-{}-{name}.json", std::process::id()));
        std::fs::write(&file, question.to_string())?;
        let said = Command::new(&self.python)
            .arg(&self.script)
            .args([name, &file.to_string_lossy(), &rounds.to_string()])
            .output()?;
        std::fs::remove_file(&file)?;
        ensure!(
            said.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        Ok(serde_json::from_slice(&said.stdout)?)
    }
}

/// A list of figures out of an answer.
pub(crate) fn figures(answer: &Value, name: &str) -> Vec<f64> {
    let list = answer[name].as_array().into_iter().flatten();
    list.filter_map(Value::as_f64).collect()
}
