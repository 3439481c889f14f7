//! Text as it is compared.

/// Full-width signs as half-width ones: `13` becomes `13`, `(` becomes `(`, the ideographic blank a blank.
pub(crate) fn half_width(text: &str) -> String {
    text.chars().map(half).collect()
}

fn half(letter: char) -> char {
    match letter {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

/// Text without blanks at its ends and without signs that cannot be seen.
pub(crate) fn clean(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}'))
        .collect();
    let blank = |c: char| c.is_whitespace() || c == '\u{3000}' || c == '\u{a0}';
    seen.trim_matches(blank).to_owned()
}

/// Text of digits and signs as it is read: half-width, without blanks at its ends.
pub(crate) fn digits(text: &str) -> String {
    clean(&half_width(text)).trim().to_owned()
}

/// A title as it is compared, and the unit that stood behind it in brackets: `*数量(顶)` gives `数量` and `顶`.
pub(crate) fn title(text: &str) -> (String, Option<String>) {
    let plain = half_width(text).to_lowercase();
    let (mut name, mut unit, mut inside) = (String::new(), String::new(), false);
    for letter in plain.chars() {
        match letter {
            '(' | '[' | '【' => inside = true,
            ')' | ']' | '】' => inside = false,
            _ if inside => unit.push(letter),
            '*' | '★' | ':' | '、' | '"' | '_' | '\u{200b}' | '\u{feff}' => {}
            _ if letter.is_whitespace() => {}
            _ => name.push(letter),
        }
    }
    let unit = unit.trim().to_owned();
    (name, (!unit.is_empty()).then_some(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_compared_without_its_ornaments() {
        assert_eq!(title("* 数 量(顶)"), ("数量".to_owned(), Some("顶".to_owned())));
        assert_eq!(title("Expiry Date").0, "expirydate");
    }

    #[test]
    fn full_width_digits_are_digits() {
        assert_eq!(digits(" 150102 "), "150102");
    }
}
