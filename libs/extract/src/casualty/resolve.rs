//! From many mentions to one figure of each kind.

use std::ops::Range;

use super::mention::Mention;
use super::zero::Zero;
use super::{Casualties, Kind, named};
use crate::sentences::{Sentence, patterns};
use crate::span::Found;
use crate::text::{Text, part};

/// More dead or missing than this in one report is a slip of copying, not a figure.
const PLAUSIBLE: u64 = 100_000;

patterns! {
    CORRECTED = "更正|核实|核减|修正|勘误|重新|确认为";
    LEFT = "仍|还有|尚有|剩下|剩余";
    OTHERS = "其余|其他|另有|另外";
    FOUND = "找到|发现|打捞|搜救出|搜寻到|遗体|尸体";
    RESULT = "(?:共|事故|最终|已)?(?:造成|致|导致)\\d+人(?:死亡|遇难)[^。]{0,4}\\d+人";
    FRESH = "造成|致|导致|截至|截止|目前|已有|共|最新|更新|核实|升|增";
    THE_HURT_DIED = "(?:后|随后)?,?(?:伤员|伤者|受伤人员|重伤者|重伤员)(?:均|都|全部|也|又)?[^,。\\d]{0,10}(?:抢救无效|不治|伤重)[^,。\\d]{0,6}";
    OF_THE_HURT = "伤员|伤者|重伤者";
    THEN_DIED = "^(?:后|随后|之后|其后)?(?:均|也|都)?(?:经|送医|因|在医院)?[^,。\\d]{0,10}(?:抢救无效|不治|伤重)[^,。\\d]{0,6}(?:死亡|身亡|去世)?";
}

/// A figure on its way to an answer.
#[derive(Debug, Clone)]
struct Settled {
    value: u64,
    range: Range<usize>,
    confidence: u8,
}

/// Settles every kind.
pub(crate) fn resolve(
    text: &Text,
    sentences: &[Sentence],
    mentions: &[Mention],
    zeros: &[Zero],
) -> Casualties {
    let (mentions, implausible) = sift(text, mentions);
    let settle = |kind| settle(&text.digits, sentences, &mentions, kind);
    let mut deaths = settle(Kind::Deaths);
    let mut injured = injured(&mentions, settle(Kind::Injured));
    the_hurt_died(&text.digits, sentences, &mentions, &mut deaths, &mut injured);
    let by_name_only = by_name(text, sentences, Kind::Deaths).filter(|_| deaths.is_none());
    let deaths = deaths.or_else(|| by_name_only.clone());
    if let (Some(dead), Some(hurt)) = (&by_name_only, &mut injured) {
        less_the_named(&text.digits, sentences, dead, hurt);
    }
    let serious = settle(Kind::Serious).or_else(|| by_name(text, sentences, Kind::Serious));
    let injured = injured.or_else(|| by_name(text, sentences, Kind::Injured));
    let none = |kind: Kind| zeros.iter().find(|zero| zero.kind == kind);
    let gone = |kind: Kind, settled: Option<Settled>| {
        let settled = no_longer(kind, settled, zeros, none(kind))?;
        let settled = if kind == Kind::Trapped {
            accounted_for(settled, &mentions, by_name_only.as_ref())
        } else {
            settled
        };
        Some(less_the_found(
            &text.digits,
            sentences,
            &mentions,
            (kind, settled),
        ))
    };
    let found = |settled: Option<Settled>, kind: Kind| {
        let zero = || {
            none(kind).map(|zero| Settled {
                value: 0,
                range: zero.range.clone(),
                confidence: 95,
            })
        };
        let settled = settled.or_else(zero)?;
        Some(Found {
            value: u32::try_from(settled.value).ok()?,
            span: text.span(&settled.range),
            words: text.words(&settled.range),
            confidence: settled.confidence,
        })
    };
    Casualties {
        deaths: found(deaths, Kind::Deaths),
        injured: found(injured, Kind::Injured),
        seriously_injured: found(serious, Kind::Serious),
        missing: found(
            gone(
                Kind::Missing,
                settle(Kind::Missing).or_else(|| by_name(text, sentences, Kind::Missing)),
            ),
            Kind::Missing,
        ),
        trapped: found(gone(Kind::Trapped, settle(Kind::Trapped)), Kind::Trapped),
        evacuated: found(settle(Kind::Evacuated), Kind::Evacuated),
        implausible,
    }
}

/// Takes out what cannot be: with 45,523,000 dead in a sentence, nothing in it is to be believed.
fn sift(text: &Text, mentions: &[Mention]) -> (Vec<Mention>, Vec<Found<u64>>) {
    let grave = |m: &&Mention| matches!(m.kind, Kind::Deaths | Kind::Missing) && m.value > PLAUSIBLE;
    let bad: Vec<&Mention> = mentions.iter().filter(grave).collect();
    let implausible = bad
        .iter()
        .map(|m| Found {
            value: m.value,
            span: text.span(&m.range),
            words: text.words(&m.range),
            confidence: 0,
        })
        .collect();
    let kept = mentions
        .iter()
        .filter(|m| !bad.iter().any(|b| b.sentence == m.sentence))
        .cloned()
        .collect();
    (kept, implausible)
}

fn settle(digits: &str, sentences: &[Sentence], mentions: &[Mention], kind: Kind) -> Option<Settled> {
    let all: Vec<&Mention> = mentions.iter().filter(|m| m.kind == kind).collect();
    let mut chosen = all;
    if matches!(kind, Kind::Missing | Kind::Trapped) {
        chosen.retain(|m| !m.flags.prior);
    }
    prefer(&mut chosen, |m| !m.flags.prior);
    if kind == Kind::Injured {
        prefer(&mut chosen, |m| m.flags.plain);
    }
    let mut state: Option<Settled> = None;
    for (number, sentence) in sentences.iter().enumerate() {
        let here: Vec<&Mention> = chosen.iter().copied().filter(|m| m.sentence == number).collect();
        let Some(mut next) = within(&here, kind) else {
            continue;
        };
        if kind == Kind::Deaths
            && let Some((people, _)) = named_before(digits, sentence, &here)
        {
            next.value += people;
        }
        let strong = here.iter().any(|m| m.flags.strong && !m.flags.part);
        let more = here.first().is_some_and(|m| m.flags.more) && !strong;
        let words = part(digits, sentence.range.clone());
        state = Some(match state {
            None => next,
            Some(old) => merge(old, next, kind, &Marks { strong, more, words }),
        });
    }
    state
}

/// Keeps the better mentions, where there are any.
fn prefer(mentions: &mut Vec<&Mention>, better: impl Fn(&Mention) -> bool) {
    if mentions.iter().any(|m| better(m)) {
        mentions.retain(|m| better(m));
    }
}

/// People named in the same sentence before those who are counted.
fn named_before(digits: &str, sentence: &Sentence, here: &[&Mention]) -> Option<(u64, Range<usize>)> {
    let first = here.first().filter(|m| !m.flags.strong && !m.flags.part)?;
    named::named(digits, sentence, Kind::Deaths).filter(|(_, range)| range.end < first.range.start)
}

/// One figure for a kind within one sentence.
fn within(here: &[&Mention], kind: Kind) -> Option<Settled> {
    let as_settled = |value: u64, m: &Mention| Settled {
        value,
        range: m.range.clone(),
        confidence: if m.flags.about { 80 } else { 92 },
    };
    let last = *here.last()?;
    if let Some(total) = here.iter().rfind(|m| m.flags.strong && !m.flags.part) {
        return Some(as_settled(total.value, total));
    }
    if matches!(kind, Kind::Missing | Kind::Trapped) {
        let adds = here.len() > 1 && last.flags.adds;
        let value = if adds {
            here.iter().map(|m| m.value).sum()
        } else {
            last.value
        };
        return Some(as_settled(value, last));
    }
    let whole: Vec<&&Mention> = here.iter().filter(|m| !m.flags.part).collect();
    let counted = if whole.is_empty() {
        here.iter().collect()
    } else {
        whole
    };
    let first = **counted.first()?;
    let rest: u64 = counted.iter().skip(1).map(|m| m.value).sum();
    match kind {
        Kind::Evacuated => counted
            .iter()
            .max_by_key(|m| m.value)
            .map(|m| as_settled(m.value, m)),
        Kind::Injured => {
            let plain: u64 = counted.iter().filter(|m| m.flags.plain).map(|m| m.value).sum();
            let most = counted.iter().map(|m| m.value).max().unwrap_or_default();
            let value = if first.value == rest {
                first.value
            } else {
                plain.max(most)
            };
            Some(as_settled(value, first))
        }
        _ if first.value == rest => Some(as_settled(first.value, first)),
        _ => Some(Settled {
            confidence: if counted.len() > 1 {
                82
            } else {
                as_settled(0, first).confidence
            },
            range: first.range.start..if counted.len() > 1 {
                last.range.end
            } else {
                first.range.end
            },
            value: first.value + rest,
        }),
    }
}

struct Marks<'t> {
    strong: bool,
    more: bool,
    words: &'t str,
}

/// Decides between what was said before and what a later sentence says.
fn merge(old: Settled, new: Settled, kind: Kind, marks: &Marks<'_>) -> Settled {
    let corrected = CORRECTED.is_match(marks.words);
    if marks.more && kind == Kind::Deaths && new.value < old.value.max(2) * 10 && new.value != old.value {
        return Settled {
            value: old.value + new.value,
            range: new.range,
            confidence: 75,
        };
    }
    let fresh = marks.strong || FRESH.is_match(marks.words);
    let replaces = match kind {
        Kind::Missing | Kind::Trapped => fresh || new.value > old.value || LEFT.is_match(marks.words),
        Kind::Injured => new.value >= old.value || corrected && fresh || RESULT.is_match(marks.words),
        _ => new.value >= old.value || corrected && fresh,
    };
    if replaces { new } else { old }
}

/// The injured are those said to be, or the seriously and lightly injured together.
fn injured(mentions: &[Mention], stated: Option<Settled>) -> Option<Settled> {
    let degrees: Vec<&Mention> = mentions
        .iter()
        .filter(|m| matches!(m.kind, Kind::Serious | Kind::Minor) && !m.flags.prior && !m.flags.cases)
        .collect();
    let last = degrees.iter().map(|m| m.sentence).max();
    let latest: Vec<&&Mention> = degrees.iter().filter(|m| Some(m.sentence) == last).collect();
    let of = |kind| {
        let here: Vec<&Mention> = latest.iter().map(|m| **m).filter(|m| m.kind == kind).collect();
        within(&here, kind)
    };
    let (serious, minor) = (of(Kind::Serious), of(Kind::Minor));
    let sum = serious.as_ref().map_or(0, |s| s.value) + minor.as_ref().map_or(0, |m| m.value);
    let start = latest.first().map(|m| m.range.start);
    let end = latest.last().map(|m| m.range.end);
    match stated {
        Some(stated) if stated.value >= sum => {
            let apart = serious.is_some() && minor.is_none() && beside(mentions, &stated, &latest)
                || wounds_beside(mentions, &stated, &latest);
            Some(Settled {
                value: if apart { stated.value + sum } else { stated.value },
                ..stated
            })
        }
        stated if sum > 0 => Some(Settled {
            value: sum + helpers(mentions, stated.as_ref(), &latest),
            range: start?..end?,
            confidence: 88,
        }),
        stated => stated,
    }
}

/// 1人重伤、4人受伤: the seriously injured stand beside the others, not among them.
fn beside(mentions: &[Mention], stated: &Settled, latest: &[&&Mention]) -> bool {
    latest.iter().all(|m| {
        let same = mentions
            .iter()
            .any(|i| i.kind == Kind::Injured && i.range == stated.range && i.sentence == m.sentence);
        same && !m.flags.part && m.range.end <= stated.range.start
    })
}

/// 后伤员经抢救无效死亡: the injured are among the dead now.
fn the_hurt_died(
    digits: &str,
    sentences: &[Sentence],
    mentions: &[Mention],
    deaths: &mut Option<Settled>,
    injured: &mut Option<Settled>,
) {
    let Some(hurt) = injured else { return };
    let everybody = |m: &Mention| {
        let all = m.kind == Kind::Deaths && m.flags.everybody && m.value == hurt.value;
        all && m.range.start >= hurt.range.end
    };
    if mentions.iter().any(everybody) {
        hurt.value = 0;
        return;
    }
    for sentence in sentences
        .iter()
        .filter(|s| !s.background && s.range.end > hurt.range.end)
    {
        let from = sentence.range.start.max(hurt.range.end);
        let words = part(digits, from..sentence.range.end);
        let Some(told) = end_of_the_hurt(words, hurt.range.end >= sentence.range.start) else {
            continue;
        };
        let ahead = part(words, 0..told.start);
        if ahead.chars().rev().take(6).any(|c| c.is_ascii_digit()) {
            continue;
        }
        let beside = |m: &&Mention| {
            m.kind == Kind::Deaths
                && sentences
                    .get(m.sentence)
                    .is_some_and(|s| s.range.contains(&hurt.range.start))
        };
        let before: u64 = mentions.iter().filter(beside).map(|m| m.value).sum();
        let known = deaths.as_ref().map_or(0, |d| d.value);
        let start = deaths.as_ref().map_or(hurt.range.start, |d| d.range.start);
        *deaths = Some(Settled {
            value: known.max(before + hurt.value),
            range: start..from + told.end,
            confidence: 75,
        });
        hurt.value = 0;
        return;
    }
    let died = |m: &&Mention| {
        let words = part(digits, m.range.clone());
        let later = m.kind == Kind::Deaths && m.range.start >= hurt.range.end;
        later && (m.flags.part && among(mentions, m) || OF_THE_HURT.is_match(words))
    };
    let gone: u64 = mentions.iter().filter(died).map(|m| m.value).sum();
    if gone > 0 && gone <= hurt.value {
        hurt.value -= gone;
    } else {
        split_up(mentions, hurt);
    }
}

/// Where a text says that the hurt died; `here` when it goes on in the sentence that counted them.
fn end_of_the_hurt(words: &str, here: bool) -> Option<Range<usize>> {
    let next = words.strip_prefix(',').filter(|_| here);
    let said = |at: usize, told: regex::Match<'_>| at + told.start()..at + told.end();
    THE_HURT_DIED
        .find(words)
        .map(|told| said(0, told))
        .or_else(|| Some(said(1, THEN_DIED.find(next?)?)))
        .filter(|told| {
            let ahead = part(words, 0..told.end);
            !["危险", "其中", "某", "1"]
                .iter()
                .any(|word| ahead.contains(word))
        })
}

/// 3人中毒,2人死亡,1人救治: the figures that follow are what became of the three.
fn split_up(mentions: &[Mention], hurt: &mut Settled) {
    let Some(head) = mentions
        .iter()
        .find(|m| m.kind == Kind::Injured && m.range == hurt.range)
    else {
        return;
    };
    let later = |m: &&Mention| m.sentence == head.sentence && m.range.start >= head.range.end;
    let of = |kinds: &[Kind]| -> u64 {
        let those = mentions.iter().filter(later).filter(|m| kinds.contains(&m.kind));
        those.map(|m| m.value).sum()
    };
    let (dead, hurt_still) = (
        of(&[Kind::Deaths]),
        of(&[Kind::Injured, Kind::Serious, Kind::Minor]),
    );
    let all = |m: &Mention| {
        m.kind == Kind::Deaths
            && m.value == hurt.value
            && m.range.start >= head.range.end
            && m.flags.everybody
    };
    if mentions.iter().any(all) {
        hurt.value = 0;
        return;
    }
    if dead > 0 && hurt_still > 0 && dead + hurt_still == hurt.value {
        hurt.value = hurt_still;
    }
}

/// 5人受伤,其中1人经抢救无效死亡: the dead are part of the injured when no other total of the dead is said.
fn among(mentions: &[Mention], dead: &Mention) -> bool {
    let here = |m: &&Mention| m.sentence == dead.sentence && m.range.start < dead.range.start;
    let before: Vec<&Mention> = mentions.iter().filter(here).collect();
    before
        .iter()
        .rfind(|m| !m.flags.part)
        .or(before.first())
        .is_some_and(|m| m.kind == Kind::Injured)
        && !before.iter().any(|m| m.kind == Kind::Deaths)
}

fn by_name(text: &Text, sentences: &[Sentence], kind: Kind) -> Option<Settled> {
    sentences
        .iter()
        .filter(|sentence| !sentence.background)
        .find_map(|sentence| named::named(&text.digits, sentence, kind))
        .map(|(value, range)| Settled {
            value,
            range,
            confidence: 65,
        })
}

/// The trapped and missing who have all been found or saved since.
fn no_longer(kind: Kind, settled: Option<Settled>, zeros: &[Zero], none: Option<&Zero>) -> Option<Settled> {
    let settled = settled?;
    let saved = zeros
        .iter()
        .filter(|zero| zero.kind == Kind::Rescued || none.is_some() && zero.kind == kind)
        .filter(|zero| zero.all.is_none_or(|all| all >= settled.value))
        .find(|zero| zero.range.end > settled.range.start);
    Some(match saved {
        Some(zero) => Settled {
            value: 0,
            range: settled.range.start..zero.range.end,
            confidence: 80,
        },
        None => settled,
    })
}

/// 15名矿工被困, then 14 found dead and 1 missing: nobody is trapped any more.
fn accounted_for(trapped: Settled, mentions: &[Mention], named: Option<&Settled>) -> Settled {
    let later = mentions.iter().filter(|m| m.range.start > trapped.range.start);
    let told: u64 = later
        .filter(|m| !matches!(m.kind, Kind::Trapped | Kind::Evacuated) && m.value <= trapped.value)
        .map(|m| m.value)
        .sum();
    let told = told
        + named
            .filter(|dead| dead.range.start > trapped.range.start)
            .map_or(0, |dead| dead.value);
    if trapped.value > 0 && told >= trapped.value {
        return Settled {
            value: 0,
            confidence: 70,
            ..trapped
        };
    }
    trapped
}

/// 6人被困,已救出4人: two are left. Who is said to be left has been counted after the others were saved.
fn less_the_found(
    digits: &str,
    sentences: &[Sentence],
    mentions: &[Mention],
    (kind, settled): (Kind, Settled),
) -> Settled {
    let Some(sentence) = sentences
        .iter()
        .position(|s| s.range.contains(&settled.range.start))
    else {
        return settled;
    };
    let clause = sentences.get(sentence).and_then(|s| {
        let found = s.clauses.iter().find(|c| c.contains(&settled.range.start));
        found.map(|clause| part(digits, clause.start..settled.range.end))
    });
    let left = clause.is_some_and(|words| LEFT.is_match(words) || OTHERS.is_match(words));
    let out = |m: &&Mention| {
        let body = m.kind == Kind::Deaths
            && kind == Kind::Missing
            && FOUND.is_match(clause_of(digits, sentences, m));
        (m.kind == Kind::Rescued && !m.flags.prior || body)
            && m.range.start >= settled.range.end
            && (!left || m.sentence > sentence)
            && !(body && m.flags.part)
    };
    let mut found = 0;
    for number in sentence..sentences.len() {
        let here: Vec<&Mention> = mentions
            .iter()
            .filter(out)
            .filter(|m| m.sentence == number)
            .collect();
        let sum: u64 = here.iter().filter(|m| !m.flags.part).map(|m| m.value).sum();
        let all = here.iter().map(|m| m.value).max().unwrap_or_default();
        found = found.max(sum.max(all));
    }
    if found == 0 || found > settled.value {
        return settled;
    }
    Settled {
        value: settled.value - found,
        confidence: 75,
        ..settled
    }
}

/// The words of the clause a mention stands in, up to its end.
fn clause_of<'t>(digits: &'t str, sentences: &[Sentence], mention: &Mention) -> &'t str {
    let sentence = sentences.get(mention.sentence);
    let clause = sentence.and_then(|s| s.clauses.iter().find(|c| c.contains(&mention.range.start)));
    clause.map_or("", |clause| part(digits, clause.start..mention.range.end))
}

/// 3人中毒,其中张某、高某死亡: the named dead are among the hurt.
fn less_the_named(digits: &str, sentences: &[Sentence], dead: &Settled, hurt: &mut Settled) {
    let together = sentences
        .iter()
        .any(|s| s.range.contains(&dead.range.start) && s.range.contains(&hurt.range.start));
    let between = part(digits, hurt.range.end..dead.range.end.max(hurt.range.end));
    if together && between.contains("其中") && dead.value <= hurt.value {
        hurt.value -= dead.value;
    }
}

/// 伤员之外, 1名消防员手部烫伤: helpers who were hurt come on top of the parts.
fn helpers(mentions: &[Mention], stated: Option<&Settled>, latest: &[&&Mention]) -> u64 {
    let of = |stated: &Settled| {
        let found = mentions
            .iter()
            .find(|m| m.kind == Kind::Injured && m.range == stated.range)?;
        let apart = latest.iter().all(|m| m.sentence != found.sentence);
        (apart && found.flags.helper).then_some(stated.value)
    };
    stated.and_then(of).unwrap_or_default()
}

/// 3人骨折,2人轻伤: a kind of wound is no total.
fn wounds_beside(mentions: &[Mention], stated: &Settled, latest: &[&&Mention]) -> bool {
    let head = mentions
        .iter()
        .find(|m| m.kind == Kind::Injured && m.range == stated.range);
    head.is_some_and(|head| {
        head.flags.wound
            && latest
                .iter()
                .all(|m| m.sentence == head.sentence && !m.flags.part && !m.flags.strong)
    })
}
