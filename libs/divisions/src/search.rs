//! How well a division answers what somebody types.

use crate::division::short_name;
use crate::initials::initials;

/// Ranks an answer to a search; the better is the lesser value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// The very code.
    Code,
    /// The very name, full or short.
    Name,
    /// The name begins with it.
    NamePrefix,
    /// The initials begin with it.
    InitialsPrefix,
    /// The name contains it.
    Contains,
}

/// Tells how well a name and its initials answer a query; letters may be of either case, blanks around it are ignored.
///
/// The initials may be those of the short name (see [`short_name`]); a longer query is held against those of the whole
/// name, so `gzf` and `gzfsq` both find 公主府社区居委会.
pub fn matches(query: &str, name: &str, short_initials: &str) -> Option<Rank> {
    let query = query.trim();
    if query.is_empty() {
        return None;
    }
    if query == name || query == short_name(name) {
        return Some(Rank::Name);
    }
    if name.starts_with(query) {
        return Some(Rank::NamePrefix);
    }
    let typed = query.to_ascii_lowercase();
    let further = || typed.starts_with(short_initials) && initials(name).starts_with(&typed);
    if short_initials.starts_with(&typed) || further() {
        return Some(Rank::InitialsPrefix);
    }
    name.contains(query).then_some(Rank::Contains)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn better_answers_come_first() {
        let rank = |query| matches(query, "公主府社区居委会", "gzf");
        assert_eq!(rank("公主府社区居委会"), Some(Rank::Name));
        assert_eq!(rank(" 公主府 "), Some(Rank::Name));
        assert_eq!(rank("公主"), Some(Rank::NamePrefix));
        assert_eq!(rank("公主府社区"), Some(Rank::NamePrefix));
        assert_eq!(rank("GZ"), Some(Rank::InitialsPrefix));
        assert_eq!(rank("gzfsq"), Some(Rank::InitialsPrefix));
        assert_eq!(rank("主府"), Some(Rank::Contains));
        assert_eq!(rank("gzfx"), None);
        assert_eq!(rank("zf"), None);
        assert_eq!(rank("  "), None);
        assert!(Rank::Code < Rank::Name && Rank::InitialsPrefix < Rank::Contains);
    }

    proptest! {
        #[test]
        fn every_beginning_of_a_name_finds_it(name in "[\u{4e00}-\u{9fa5}a-z0-9]{1,12}", length in 1usize..12) {
            let typed: String = name.chars().take(length).collect();
            prop_assert!(matches(&typed, &name, &initials(short_name(&name))) <= Some(Rank::NamePrefix));
            let typed = initials(&typed);
            if !typed.is_empty() {
                prop_assert!(matches(&typed, &name, &initials(short_name(&name))).is_some());
            }
        }
    }
}
