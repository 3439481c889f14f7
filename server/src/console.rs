//! Questions on the terminal, and answers from a pipe when there is no terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};

/// Asks one question on standard error and reads one line from standard input.
pub(crate) fn ask(question: &str) -> anyhow::Result<String> {
    let mut out = std::io::stderr();
    write!(out, "{question}: ")?;
    out.flush()?;
    line(question)
}

/// Asks for what a flag has not given.
pub(crate) fn given_or_asked(given: Option<&String>, question: &str) -> anyhow::Result<String> {
    match given {
        Some(given) => Ok(given.clone()),
        None => ask(question),
    }
}

/// Asks for a secret; on a terminal it is not shown.
pub(crate) fn ask_secret(question: &str) -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(format!("{question}: "))?);
    }
    ask(question)
}

/// Asks for a new secret twice; the two must agree.
pub(crate) fn ask_new_secret(question: &str) -> anyhow::Result<String> {
    let first = ask_secret(question)?;
    let second = ask_secret(&format!("{question} (再输一次 / once more)"))?;
    if first != second {
        bail!("两次输入不一致 (the two do not agree)");
    }
    Ok(first)
}

/// The first line of a file that holds a secret.
pub(crate) fn secret_in(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    match text.lines().next() {
        Some(first) if !first.is_empty() => Ok(first.to_owned()),
        _ => bail!("the first line of {} is empty", file.display()),
    }
}

/// Says on standard error why a command failed, with every cause, in one line.
pub(crate) fn complain(error: &anyhow::Error) {
    drop(writeln!(std::io::stderr(), "错误 (error): {error:#}"));
}

/// Whether somebody sits in front of the terminal.
pub(crate) fn is_terminal() -> bool {
    std::io::stdin().is_terminal()
}

fn line(question: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    if std::io::stdin().lock().read_line(&mut text)? == 0 {
        bail!("no answer to «{question}»: give it as a flag, see --help");
    }
    Ok(text.trim().to_owned())
}
