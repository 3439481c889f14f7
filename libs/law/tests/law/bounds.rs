//! No threshold stands in Rust: what the law sets is in packs.

use std::path::{Path, PathBuf};

/// The file of conversions of units.
const UNITS: &str = "units.rs";
/// The file of made-up incidents.
const SAMPLE: &str = "sample.rs";

fn sources() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// Gives the numbers of a line of code, without comments and texts.
fn numbers(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    // Every second piece between quotation marks is a text.
    let code: String = code.split('"').step_by(2).collect();
    let words = code.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_threshold_is_a_constant_in_rust() {
    for path in sources()
        .iter()
        .filter(|path| !path.ends_with(UNITS) && !path.ends_with(SAMPLE))
    {
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in (1..).zip(code.lines()) {
            // The civil calendar counts from 1970-01-01.
            let line = line.replace("Date::constant(1970, 1, 1)", "");
            let strange: Vec<String> = numbers(&line)
                .into_iter()
                .filter(|word| !["0", "1", "0_0", "1_0"].contains(&word.as_str()))
                .collect();
            assert!(
                strange.is_empty(),
                "{}:{number}: {strange:?} belongs into a pack of rules/, or into {UNITS} when it converts units",
                path.display()
            );
        }
    }
}
