//! Text in which stretches name the facts they state.
//!
//! Between a template and the document a linked stretch is marked with three private characters, which are taken out of
//! everything that people wrote.

use anlan_documents::Run;

const OPEN: char = '\u{E000}';
const MIDDLE: char = '\u{E001}';
const CLOSE: char = '\u{E002}';

/// Text without the characters that mark links.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|letter| !matches!(*letter, OPEN | MIDDLE | CLOSE))
        .collect()
}

/// Marks a stretch as stating a fact.
pub fn link(fact: &str, text: &str) -> String {
    format!("{OPEN}{}{MIDDLE}{}{CLOSE}", clean(fact), clean(text))
}

/// Takes marked text apart.
pub fn runs(text: &str) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        push(&mut all, clean(before), None);
        match after.split_once(CLOSE) {
            Some((inside, after)) => {
                let (fact, words) = inside.split_once(MIDDLE).unwrap_or(("", inside));
                push(
                    &mut all,
                    clean(words),
                    Some(clean(fact)).filter(|fact| !fact.is_empty()),
                );
                rest = after;
            }
            None => rest = after,
        }
    }
    push(&mut all, clean(rest), None);
    all
}

fn push(all: &mut Vec<Run>, text: String, fact: Option<String>) {
    if text.is_empty() {
        return;
    }
    match all.last_mut() {
        Some(last) if last.fact.is_none() && fact.is_none() => last.text.push_str(&text),
        _ => all.push(Run { text, fact }),
    }
}

/// The paragraphs of a filled text: one for each line that says something.
pub fn paragraphs(text: &str) -> Vec<Vec<Run>> {
    text.lines()
        .map(|line| runs(line.trim()))
        .filter(|runs| runs.iter().any(|run| !run.text.trim().is_empty()))
        .collect()
}

/// Links a text that somebody edited: what still stands there as before, in the same order, keeps its fact.
pub fn relink(before: &[Run], text: &str) -> Vec<Run> {
    let text = clean(text);
    let mut all = Vec::new();
    let mut rest = text.as_str();
    for run in before.iter().filter(|run| run.fact.is_some()) {
        let Some((head, tail)) = split_at_stretch(rest, &run.text) else {
            continue;
        };
        push(&mut all, head.to_owned(), None);
        push(&mut all, run.text.clone(), run.fact.clone());
        rest = tail;
    }
    push(&mut all, rest.to_owned(), None);
    all
}

/// Finds a stretch that is not the middle of a longer number: the 3 of `13人` is not the 3 that was linked.
fn split_at_stretch<'t>(text: &'t str, stretch: &str) -> Option<(&'t str, &'t str)> {
    let is_number = stretch.chars().all(|letter| letter.is_ascii_digit());
    let whole = |at: usize| {
        let before = text.get(..at).and_then(|head| head.chars().last());
        let after = text
            .get(at + stretch.len()..)
            .and_then(|tail| tail.chars().next());
        let joins =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit() || letter == '.');
        !is_number || !(joins(before) || joins(after))
    };
    let (at, _) = text.match_indices(stretch).find(|(at, _)| whole(*at))?;
    Some((text.get(..at)?, text.get(at + stretch.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linked_number_comes_apart_from_the_words_around_it() {
        let text = format!("死亡{}人", link("i/a1", "3"));
        let parts = runs(&text);
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[1].fact.as_deref(), Some("i/a1"));
    }

    #[test]
    fn what_people_wrote_cannot_forge_a_link() {
        assert_eq!(runs(&clean(&link("x", "9"))), vec![Run::plain("x9")]);
    }

    #[test]
    fn an_edited_paragraph_keeps_the_links_of_what_still_stands() {
        let before = runs(&format!(
            "死亡{}人、受伤{}人",
            link("i/a1", "3"),
            link("i/a2", "5")
        ));
        let after = relink(&before, "已致13人受轻伤,死亡3人、受伤6人");
        let linked: Vec<_> = after.iter().filter(|run| run.fact.is_some()).collect();
        assert_eq!(linked.len(), 1);
        assert_eq!(
            (linked[0].text.as_str(), linked[0].fact.as_deref()),
            ("3", Some("i/a1"))
        );
        assert_eq!(
            after.iter().map(|run| run.text.as_str()).collect::<String>(),
            "已致13人受轻伤,死亡3人、受伤6人"
        );
    }
}
