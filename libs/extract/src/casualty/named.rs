//! People named instead of counted: 司机王某当场死亡, 老两口.

use std::ops::Range;

use super::Kind;
use super::fate;
use crate::sentences::{Sentence, patterns};
use crate::text::part;

patterns! {
    BRACKETS = "\\([^()]{0,40}\\)";
    ONE = "(?:驾驶员|司机|乘客|骑车人|骑行人|男子|女子|工人|员工|职工|村民|老人|学生|儿童|男孩|女孩|男童|女童|女工|矿工|患者|伤者|死者|当事人|路人|行人|护士|牧民|农民|渔民|孩子|老汉|大爷|大妈|妇女|\\p{Han}某某?|其|他|她)[^,。\\d]{0,16}$";
    NAMES = "\\p{Han}某某?";
    MANY = "人员|们|群众|多名|数名|等人|多人|部分|数十|若干|有人|原因|时间|家属|赔偿|善后|事故|情况|身份|病例|人数|遇难者|消防|救援";
    TWO = "夫妇|夫妻|老两口|两口子|父子|母女|父女|母子|兄弟|姐妹|姐弟|兄妹|祖孙|爷孙";
    HURT = "受伤|轻伤|重伤|烧伤|烫伤|烫了|摔伤|砸伤|骨折";
    DIES = "死亡|身亡|遇难|溺亡|不治|离世|丧生|当场没了|没了|牺牲|殉职";
}

/// People of one kind that a sentence names, with the place of the words.
pub(crate) fn named(digits: &str, sentence: &Sentence, kind: Kind) -> Option<(u64, Range<usize>)> {
    let words = part(digits, sentence.range.clone());
    let story = match kind {
        Kind::Deaths => &*DIES,
        _ => &*HURT,
    };
    let bare = BRACKETS.replace_all(words, "");
    let mut people = 0;
    for clause in bare.split([',', '、', ':', '\n']) {
        let Some(fate) = story.find(clause) else { continue };
        let ahead = part(clause, 0..fate.start());
        let counted = ahead.chars().any(|c| c.is_ascii_digit()) || MANY.is_match(clause);
        if counted || !ONE.is_match(ahead) && !TWO.is_match(ahead) || ahead.contains('无') {
            continue;
        }
        if kind != Kind::Deaths && fate::DEATH.is_match(clause) {
            continue;
        }
        let names = u64::try_from(NAMES.find_iter(ahead).count()).unwrap_or(1);
        let pair = if TWO.is_match(ahead) { 2 } else { 1 };
        people = if people == 0 { names.max(pair) } else { people };
    }
    let at = story.find(words)?;
    let clause = sentence
        .clauses
        .iter()
        .find(|clause| clause.end >= sentence.range.start + at.end())?;
    (people > 0).then(|| (people, clause.clone()))
}
