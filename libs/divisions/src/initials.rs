//! Pinyin initials.

use pinyin::ToPinyin as _;

/// Gives the pinyin initials in lower case; letters and digits stay, everything else is left out.
///
/// A character with several readings gets the one it has in names of places and persons.
pub fn initials(name: &str) -> String {
    name.chars().filter_map(initial).collect()
}

fn initial(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    c.to_pinyin()?.first_letter().chars().next()
}
