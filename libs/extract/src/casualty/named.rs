//! People named instead of counted: 司机王某当场死亡, 老两口, 教员重伤.

use std::ops::Range;

use super::Kind;
use super::fate;
use crate::sentences::{Sentence, patterns};
use crate::text::part;

patterns! {
    BRACKETS = "\\([^()]{0,40}\\)";
    ONE = "(?:驾驶员|司机|飞行员|机长|船长|船员|押运员|骑手|保安|厨师|护工|店员|民工|外卖员|教师|老师|教员|学员|副驾驶?|班长|队长|队员|住户|乘客|骑车人|骑行人|男子|女子|男的|女的|工人|员工|职工|村民|老人|学生|儿童|男孩|女孩|男童|女童|女工|矿工|患者|伤者|死者|当事人|路人|行人|护士|牧民|农民|渔民|孩子|娃娃|儿媳妇?|媳妇|老伴|男主人|女主人|户主|店主|老板|业主|木工|电工|焊工|锅炉工|司炉工|操作工|老汉|大爷|大妈|妇女|\\p{Han}某某?|\\p{Han}[×xX*]{1,2}|(?:致|使|将|令)其|他|她)[^,。\\d]{0,16}$";
    /// A clause that goes on with what became of somebody.
    GOES_ON = "^(?:后|但|最终|终因|因|经|送|当场|不幸|现场|已)[^,]{0,14}$|^$";
    ANYBODY = "驾驶员|司机|乘客|男子|女子|工人|员工|职工|村民|老人|学生|男孩|女孩|男童|女童|女工|矿工|患者|行人|牧民|孩子|木工|电工|焊工|\\p{Han}某|\\p{Han}[×xX*]{1,2}";
    EMERGENCY = "120|119|110";
    NAMES = "\\p{Han}某某?|\\p{Han}[×xX*]{1,2}";
    /// 工人刘建军、侯二小被砸身亡.
    LISTED = "(?:司机|驾驶员|工人|员工|职工|村民|学生|乘客|矿工|船员|行人|牧民|队员)(\\p{Han}{2,3}(?:[、和]\\p{Han}{2,3})+?)(?:被|当场|经|因|送|先后|均|都|不幸|死|受|重|轻)";
    MANY = "人员|们|群众|多名|数名|等人|多人|部分|数十|若干|有人|原因|时间|家属|赔偿|善后|事故|情况|身份|病例|人数|遇难者|消防|救援";
    TWO = "夫妇|夫妻|老两口|两口子|父子|母女|父女|母子|兄弟|姐妹|姐弟|兄妹|祖孙|爷孙";
    HURT = "受伤|轻伤|重伤|烧伤|烫伤|烫了|摔伤|砸伤|骨折|ICU|重症|危重|病危|120拉走|拉走了";
    BADLY = "重伤|ICU|重症|伤势(?:较|很|严)?重|病危|危重";
    LOST = "失联|失踪|下落不明|走失";
    DIES = "死亡|身亡|遇难|溺亡|不治|离世|丧生|当场没了|没了|没气了?|没抢救过来|没呼吸|牺牲|殉职";
}

/// The words that tell of a kind.
fn story(kind: Kind) -> &'static regex::Regex {
    match kind {
        Kind::Deaths => &DIES,
        Kind::Serious => &BADLY,
        Kind::Missing => &LOST,
        _ => &HURT,
    }
}

/// People of one kind that a sentence names, with the place of the words.
pub(crate) fn named(digits: &str, sentence: &Sentence, kind: Kind) -> Option<(u64, Range<usize>)> {
    let words = part(digits, sentence.range.clone());
    let story = story(kind);
    let bare = BRACKETS.replace_all(words, "");
    let mut people = 0;
    let mut before = "";
    let mut told: Vec<&str> = Vec::new();
    for clause in bare.split([',', ':', '\n']) {
        let found = of_clause(clause, before, kind);
        let who = story.find(clause).map_or("", |at| part(clause, 0..at.start()));
        if found > 0 && !told.contains(&who) {
            people += found;
            told.push(who);
        }
        before = clause;
    }
    let at = story.find(words)?;
    let clause = sentence
        .clauses
        .iter()
        .find(|clause| clause.end >= sentence.range.start + at.end())?;
    (people > 0).then(|| (people, clause.clone()))
}

/// People of a clause; its subject may stand in the clause before: 木工张某坠落,经120确认已死亡.
fn of_clause(clause: &str, before: &str, kind: Kind) -> u64 {
    let Some(told) = story(kind).find(clause) else {
        return 0;
    };
    let own = part(clause, 0..told.start());
    let own = if own.chars().any(|c| c.is_ascii_digit()) {
        own.rsplit_once('、').map_or(own, |(_, last)| last)
    } else {
        own
    };
    let borrowed = kind == Kind::Deaths && GOES_ON.is_match(own);
    let ahead = if borrowed { before } else { own };
    let counted = EMERGENCY
        .replace_all(ahead, "")
        .chars()
        .any(|c| c.is_ascii_digit());
    let listed = LISTED.captures(clause).and_then(|list| list.get(1));
    let subject = if borrowed {
        ANYBODY.is_match(ahead)
    } else {
        ONE.is_match(ahead) || TWO.is_match(ahead) || listed.is_some()
    };
    if (counted && !borrowed)
        || MANY.is_match(clause)
        || !subject
        || own.contains(['无', '未', '没']) && !own.contains("抢救无效")
    {
        return 0;
    }
    if kind != Kind::Deaths && fate::DEATH.is_match(clause) {
        return 0;
    }
    let in_list = listed.map_or(0, |list| list.as_str().matches(['、', '和']).count() + 1);
    let names = NAMES.find_iter(ahead).count().max(in_list);
    let names = u64::try_from(names).unwrap_or(1);
    names.max(if TWO.is_match(ahead) { 2 } else { 1 })
}
