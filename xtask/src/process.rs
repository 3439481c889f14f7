//! Running other programs: finding them, watching them, reading what they say.

use crate::ambient;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a watched program printed, without colours, and whether it succeeded.
#[derive(Debug)]
pub struct Watched {
    /// Whether the program ended with success.
    pub success: bool,
    /// Everything it printed, standard output before standard error.
    pub text: String,
}

/// Returns a command for `cargo` in the root of the repository.
pub fn cargo(workspace: &Workspace) -> Command {
    let program = ambient::setting("CARGO").unwrap_or_else(|| "cargo".to_owned());
    let mut command = Command::new(program);
    command.current_dir(&workspace.root);
    // What `cargo run` told this program about itself is no news for the crates it builds.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// Looks for an executable file in the directories of `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = ambient::setting("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Tells whether this process runs as root.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self")
        .metadata()
        .is_ok_and(|meta| meta.uid() == 0)
}

/// Runs a command in the foreground and refuses its failure.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", shown(command))
}

/// Runs a command silently and returns its standard output; its standard error becomes the error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    if output.status.success() {
        return String::from_utf8(output.stdout)
            .with_context(|| format!("`{}` printed no text", shown(command)));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    bail!("`{}` failed ({}): {}", shown(command), output.status, said.trim())
}

/// Runs a command in the foreground and keeps a copy of what it prints.
pub fn watch(command: &mut Command) -> Result<Watched> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    let stdout = child.stdout.take().context("no standard output")?;
    let stderr = child.stderr.take().context("no standard error")?;
    let text = std::thread::scope(|scope| {
        let out = scope.spawn(|| copy_lines(stdout));
        let err = scope.spawn(|| copy_lines(stderr));
        let mut text = out.join().unwrap_or_default();
        text.push_str(&err.join().unwrap_or_default());
        text
    });
    let status = child
        .wait()
        .with_context(|| format!("`{}` got lost", shown(command)))?;
    Ok(Watched {
        success: status.success(),
        text: without_colours(&text),
    })
}

/// Adds the flag that keeps cargo's colours when its output is watched and shown at a terminal.
pub fn colour_flag() -> &'static str {
    if std::io::stdout().is_terminal() {
        "--color=always"
    } else {
        "--color=never"
    }
}

fn copy_lines(from: impl Read) -> String {
    let mut copy = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        let text = String::from_utf8_lossy(&line);
        // A closed terminal must not end the tests half-way; the copy still tells how they went.
        drop(std::io::stdout().write_all(text.as_bytes()));
        copy.push_str(&text);
        line.clear();
    }
    copy
}

/// Removes the escape sequences that colour a terminal.
pub fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // `ESC [ … letter`: skip up to the closing letter.
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// Returns the command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let mut line = program.to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{find_program, output, run, watch, without_colours};
    use std::process::Command;

    #[test]
    fn a_failure_names_the_command_and_what_it_said() {
        let error = output(Command::new("sh").args(["-c", "echo no space left >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("no space left"), "{error}");
        assert!(
            run(Command::new("sh").args(["-c", "exit 1"]))
                .unwrap_err()
                .to_string()
                .starts_with("`sh -c exit 1`")
        );
    }

    #[test]
    fn a_watched_program_is_copied_from_both_streams() {
        let watched = watch(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 1"])).unwrap();
        assert!(!watched.success);
        assert_eq!(watched.text, "one\ntwo\n");
    }

    #[test]
    fn colours_are_removed() {
        assert_eq!(
            without_colours("\u{1b}[32;1m12 passed\u{1b}[0m, 安"),
            "12 passed, 安"
        );
    }

    #[test]
    fn programs_are_looked_up_in_the_path() {
        assert!(find_program("sh").is_some());
        assert!(find_program("no-such-program-anywhere").is_none());
    }
}
