//! Words that say that nobody was hurt. Only they make a 0.

use std::ops::Range;

use super::Kind;
use crate::sentences::{Sentence, patterns};
use crate::text::part;

patterns! {
    NONE = concat!(
        "(?:暂无|均无|未有|尚无|并无|无|未|没有|没|零|不会)(?:造成|发生|出现|发现|导致|引发|产生|一)?(?:任何)?",
        "(?:人员|人|群众|乘客|旅客|居民|村民|学生|游客|工人|职工|师生)*(?:的)?",
        "((?:伤亡|死伤|死亡|受伤|失联|失踪|被困|重伤|重症|遇难|伤)",
        "(?:[、和及或与](?:以及)?(?:人员)?(?:伤亡|死亡|受伤|失联|失踪|被困|重症|重伤|中毒|财产损失))*)"
    );
    NO_NEWS = "^(?:的?报告|情况|的?消息|人数|数字|信息|风险|危险|口|势|情|员|者)";
    /// 消防人员已将其救出: all who were trapped, when no number is said.
    SAVED = "(?:已|被|成功|安全|顺利|将其|将他们?|将她们?|将被困人员|将被困者)[^\\d]{0,5}(?:救出|获救|脱困|脱险|升井|救起|解救|得救|抬出)";
    COUNTED = "(\\d+)(名|个|位|人)?$";
    NOT_ALL = "\\d|仍|尚|未|部分|陆续|全力|正在|努力|力争|组织|展开|多|数|等|先后|期间|其中|有人|如|若";
    GONE = concat!(
        "(?:被困|失联|失踪|被埋|受困|落水)?(?:人员|群众|矿工|工人|游客|旅客|者)?[^,。\\d]{0,8}(?:全部|均|都|悉数|全数)(?:已|被|已被)?",
        "(?:安全)?(?:找到|获救|救出|脱险|升井|脱困|获解救|被救|遇难|落地|撤出|抬出|归队|返回|联系上|搜救出|确认|打捞)"
    );
}

/// A kind of harm that is said to be none.
#[derive(Debug, Clone)]
pub(crate) struct Zero {
    pub kind: Kind,
    pub range: Range<usize>,
    /// How many are said to be all.
    pub all: Option<u64>,
}

/// Finds all that is said to be none, and those of the trapped and missing who are no longer so.
pub(crate) fn zeros(digits: &str, sentences: &[Sentence]) -> Vec<Zero> {
    let mut zeros = Vec::new();
    for sentence in sentences.iter().filter(|sentence| !sentence.background) {
        let words = part(digits, sentence.range.clone());
        for found in NONE.captures_iter(words) {
            let (Some(whole), Some(harm)) = (found.get(0), found.get(1)) else {
                continue;
            };
            let rest = part(words, whole.end()..words.len());
            if NO_NEWS.is_match(rest) && !rest.starts_with("情况发生") {
                continue;
            }
            let range = sentence.range.start + whole.start()..sentence.range.start + whole.end();
            let kinds = [
                ("伤亡", vec![Kind::Deaths, Kind::Injured]),
                ("死伤", vec![Kind::Deaths, Kind::Injured]),
                ("死亡", vec![Kind::Deaths]),
                ("遇难", vec![Kind::Deaths]),
                ("受伤", vec![Kind::Injured]),
                ("失", vec![Kind::Missing]),
                ("被困", vec![Kind::Trapped]),
                ("重", vec![Kind::Serious]),
            ];
            let mut said: Vec<Kind> = kinds
                .into_iter()
                .filter(|(word, _)| harm.as_str().contains(word))
                .flat_map(|(_, kinds)| kinds)
                .collect();
            if harm.as_str() == "伤" {
                said.push(Kind::Injured);
            }
            zeros.extend(said.into_iter().map(|kind| Zero {
                kind,
                range: range.clone(),
                all: None,
            }));
        }
        for clause in &sentence.clauses {
            let words = part(digits, clause.clone());
            if SAVED.is_match(words) && !NOT_ALL.is_match(words) {
                zeros.push(Zero {
                    kind: Kind::Rescued,
                    range: clause.clone(),
                    all: None,
                });
            }
        }
        for found in GONE.find_iter(words) {
            let range = sentence.range.start + found.start()..sentence.range.start + found.end();
            zeros.push(Zero {
                kind: Kind::Rescued,
                range,
                all: counted(part(words, 0..found.start()), found.as_str()),
            });
        }
    }
    zeros
}

/// 3人均已找到: how many are all; 4点钟全部救出 counts nobody.
fn counted(ahead: &str, words: &str) -> Option<u64> {
    let found = COUNTED.captures(ahead)?;
    let people = found.get(2).is_some() || words.starts_with(['人', '名', '个', '位', '具']);
    found.get(1).filter(|_| people)?.as_str().parse().ok()
}
