//! Which of the times is the occurrence, and what it leaves unsaid.

use jiff::civil::{Date, DateTime};
use jiff::{Span as Length, ToSpan as _};

use super::scan::{Expression, Relative};
use super::{Moment, Precision};
use crate::sentences::{Sentence, patterns};
use crate::text::part;

patterns! {
    HAPPENS = concat!(
        "发生|突发|暴发|爆发|起火|着火|失火|火灾|火警|爆炸|爆燃|燃爆|闪爆|自燃|坍塌|倒塌|垮塌|塌方|塌陷|溃坝|相撞|碰撞|追尾|侧翻|翻车|",
        "坠|撞|泄漏|泄露|外泄|中毒|溺水|落水|沉没|翻沉|倾覆|遭遇|遭受|受灾|出现|跳闸|停电|停水|停暖|停运|爆裂|破裂|脱轨|聚集|踩踏|袭击|登陆|",
        "突出|透水|冒顶|冲走|卷走|断裂|倒下|砸|漏|滑坡|泥石流|被困|失联|失踪|呕吐|腹泻|上吐下泻|不适|就医|地震|普降|强降雨|暴雨|暴雪|大风|沙尘|冰雹|雷击|",
        "卡在|困|冒烟|炸|塌|倒|刮|吹|掀|翻|困住|超限|异常|发红|发黄|反映|失控|行凶|持刀|打斗|斗殴|被砍|被捅|踩|拥挤|昏|晕|发现|没了|没气|没救|没抢救|压住|埋|咬|烧|掉|触电|卷入|挤压|污染|死亡|身亡|降雪|寒潮|确诊|诊断|报告|检出|测定|盗采|越狱|驶|堵路|上访|遇险|搁浅|异味|超标|受伤|故障|事故"
    );
    UNTIL = "(?:截至|截止|截止到|截至到|直到|至|到|截|经过|持续到|至今|前|于)(?:目前)?\\(?$";
    PUBLISHED_BEFORE = "(?:发布时间|发布日期|更新时间|时间|日期|来源|发布于|发表于|编辑|发布|更新|印发|\\d{1,2}:\\d{2}|网|日报|晚报|早报|晨报|时报|商报|都市报|青年报|社|讯)[:\\s]*\\(?$";
    PUBLISHED_AFTER = "^(?:上午|下午|晚|\\))?(?:电(?:[^梯动力线缆站瓶器车杆路网气视话厂]|$)|讯|消息|报道|综合|通报|发布|日电|\\)?$|:\\d{2}$)";
    HAPPENED_BEFORE = "(?:事发|发生|发生时间|事故时间|案发|发生于|发生在|始于|接报时间|接警时间|报警时间|开始于|起始于|发震时刻|时间为|起火时间|事发时间)(?:时间)?(?:在|为|于|是|:|约)*$";
    ANSWERED = concat!(
        "^[^,。]{0,9}?(?:到场|到达|抵达|赶到|扑灭|控制|救出|获救|清理|结束|恢复|召开|发布|启动|公布|解除|完成|统计|升井|合龙|关闭|排除|处置完毕|通报|获悉|",
        "找到|打捞|搜救出|成功|介绍|赶赴|前往|派出|调集|宣布|了解到|表示)"
    );
    /// What is done about an event, some words after the time.
    SOUGHT = "^(?:许|左右)?(?:死亡|身亡)|^[^,。]{0,14}?(?:搜到|又搜|挖出|搜出|搜救出|找到|打捞|救出|搜寻到|升井|脱险|获救|抢救无效|不治|遗体|收治|接诊|上岸|离世|去世|转院|途中死亡|突围|撤出|恢复)";
    THEN_BEGAN = "^(?:左右|许|前后)?(?:事发|案发)";
    BEGAN = "发生|突发|暴发|爆发|起火|着火|失火|爆炸|爆燃|闪爆|坍塌|倒塌|垮塌|塌方|塌陷|相撞|碰撞|追尾|侧翻|翻车|坠落|泄漏|透水|冒顶|突出|滑坡|泥石流|遭遇|遭受";
    TOLD = "^[^。]{0,16}?(?:接到|接报|接警|报警|接群众|获悉|接)";
    ONLY_YEAR = "((?:19|20)\\d{2})年";
    SINCE = "^(?:以来|起|开始|左右起)";
    SIGNED = "(?:局|队|部|委|办|府|室|站|中心|公司|院|会|台|社|报|厅)\\s?$";
}

/// Finds the time of the occurrence.
pub(crate) fn occurred(
    digits: &str,
    sentences: &[Sentence],
    expressions: &[Expression],
    received: Option<DateTime>,
) -> Option<(Moment, Expression, u8)> {
    let scored: Vec<(i32, &Expression)> = expressions
        .iter()
        .enumerate()
        .map(|(index, expression)| (score(digits, sentences, expressions, index), expression))
        .collect();
    let usable = |e: &Expression| {
        let bare = e.day.is_none() && e.month.is_none() && e.hour.is_none();
        !(bare && received.is_none() && !matches!(e.relative, Some(Relative::Ago(_) | Relative::After(_))))
    };
    let scored: Vec<(i32, &Expression)> = scored.into_iter().filter(|(_, e)| usable(e)).collect();
    let best = scored.iter().map(|(score, _)| *score).max()?;
    if best < 0 {
        return None;
    }
    let (_, chosen) = scored.iter().find(|(score, _)| *score == best)?;
    let mut chosen = (*chosen).clone();
    lend_date(&mut chosen, &scored);
    let speaking = speaking_day(&scored, received);
    if let Some(received) = received {
        near_receipt(digits, &mut chosen, received);
        told_now(&mut chosen, received);
    }
    let mut moment = complete(&chosen, &scored, speaking, received);
    if moment.year.is_none() && moment.month.is_some() {
        let only = ONLY_YEAR
            .captures(digits)
            .and_then(|c| c.get(1)?.as_str().parse().ok());
        moment.year = only;
    }
    if moment.month.is_none() && moment.day.is_none() && moment.hour.is_none() {
        return None;
    }
    let certainty = if moment.date().is_some() { 92 } else { 75 };
    Some((moment, chosen, if best < 6 { certainty - 20 } else { certainty }))
}

fn score(digits: &str, sentences: &[Sentence], expressions: &[Expression], index: usize) -> i32 {
    let Some(expression) = expressions.get(index) else {
        return -100;
    };
    let range = &expression.range;
    let Some(sentence) = sentences
        .iter()
        .find(|s| s.range.start <= range.start && range.start < s.range.end)
    else {
        return -100;
    };
    let before = part(digits, sentence.range.start.min(range.start)..range.start);
    let after = part(digits, range.end..sentence.range.end.max(range.end));
    let mut score = match expression.precision() {
        Precision::Minute => 3,
        Precision::Hour => 2,
        Precision::PartOfDay => 1,
        _ => 0,
    };
    if expression.relative == Some(Relative::Now) {
        score -= 1;
    }
    if !expression.has_date() && expression.hour.is_none() && expression.relative.is_none() {
        score -= 3;
    }
    score += i32::from(index == 0) * 2 + i32::from(expression.has_date()) * 2;
    if sentence.background {
        score -= 12;
    }
    let until = UNTIL.is_match(before) && !before.ends_with("冬至") && !before.ends_with("夏至");
    if until {
        score -= if before.ends_with('于') || before.ends_with('前') {
            1
        } else {
            10
        };
    }
    if published(digits, sentence, expression, before, after) {
        score -= 12;
    }
    if HAPPENED_BEFORE.is_match(before) {
        score += 9;
    }
    let next = expressions
        .get(index + 1)
        .map_or(usize::MAX, |next| next.range.start);
    let near = part(after, 0..floor(after, next.saturating_sub(range.end).min(240)));
    let told = told(near, after);
    score + if until && score < 0 { told.min(0) } else { told }
}

/// What the words after a time say of it.
fn told(near: &str, after: &str) -> i32 {
    let answered = ANSWERED.find(after);
    let happens = HAPPENS.find(near);
    let mut score = 0;
    if let Some(answered) = answered
        && happens.is_none_or(|happens| happens.start() >= answered.end())
    {
        return -7;
    }
    if let Some(sought) = SOUGHT.find(after)
        && BEGAN
            .find(after)
            .is_none_or(|began| began.start() >= sought.end())
    {
        return -12;
    }
    if TOLD.is_match(after) {
        score += 1;
    }
    if THEN_BEGAN.is_match(after) {
        score += 4;
    }
    if SINCE.is_match(after) {
        score += 4;
    }
    match happens {
        Some(found) if found.start() < 120 => score + 6,
        Some(_) => score + 4,
        None => score,
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Tells whether a time is that of the paper and not of the event.
fn published(digits: &str, sentence: &Sentence, expression: &Expression, before: &str, after: &str) -> bool {
    if PUBLISHED_BEFORE.is_match(before) && expression.relative.is_none() && !HAPPENED_BEFORE.is_match(before)
    {
        return true;
    }
    let goes_on = part(digits, sentence.range.end..digits.len()).starts_with(' ');
    if PUBLISHED_AFTER.is_match(after)
        && !HAPPENS.is_match(after)
        && !(after.is_empty() && (goes_on || !expression.has_date()))
    {
        return true;
    }
    // A date that ends the text, alone or after the name of an office, signs it.
    let lone = after.trim_matches([')', ' ', '\n', '.']).is_empty();
    let last = part(digits, sentence.range.end..digits.len())
        .trim()
        .chars()
        .count()
        < 12;
    let ahead = before.trim_end_matches(['(', ' ']);
    lone && last
        && (ahead.is_empty() || SIGNED.is_match(before) || before.ends_with('('))
        && expression.part.is_none()
}

/// 事发在上午10时许: the day is the one spoken of before.
fn lend_date(chosen: &mut Expression, scored: &[(i32, &Expression)]) {
    let partner = |at_least: i32| {
        scored
            .iter()
            .filter(|(score, other)| *score >= at_least && other.day.is_some())
            .filter(|(_, other)| other.range.start < chosen.range.start)
            .map(|(_, other)| *other)
            .next_back()
    };
    if let Some(Relative::After(days)) = chosen.relative {
        if let Some(day) = partner(-9) {
            (chosen.year, chosen.month, chosen.day) = (day.year, day.month, day.day.map(|d| d + days));
            chosen.relative = None;
        }
    } else if !chosen.has_date()
        && let Some(day) = partner(0)
    {
        (chosen.year, chosen.month, chosen.day) = (day.year, day.month, day.day);
        chosen.relative = day.relative;
    }
}

/// 刚刚 is when it was told; 后半夜 without a day is the last one before.
fn told_now(chosen: &mut Expression, received: DateTime) {
    if chosen.relative == Some(Relative::Now) && chosen.hour.is_none() {
        let date = received.date();
        (chosen.year, chosen.month, chosen.day) = (Some(date.year()), Some(date.month()), Some(date.day()));
        (chosen.hour, chosen.minute) = (Some(received.hour()), Some(received.minute()));
    } else if let Some(part) = chosen.part
        && !chosen.has_date()
        && chosen.hour.is_none()
    {
        chosen.relative = Some(Relative::Ago(i8::from(part.hour() > received.hour() + 1)));
    }
}

/// A clock time without a day is the last such time before the receipt; 7点20 said at 19:41 is the evening's.
fn near_receipt(digits: &str, chosen: &mut Expression, received: DateTime) {
    let Some(hour) = chosen
        .hour
        .filter(|_| !chosen.has_date() && chosen.relative.is_none())
    else {
        return;
    };
    let now = i16::from(received.hour()) * 60 + i16::from(received.minute());
    let minute = i16::from(chosen.minute.unwrap_or(0));
    let spoken = part(digits, chosen.range.clone()).contains('点') && chosen.part.is_none();
    let at = |hour: i8| i16::from(hour) * 60 + minute;
    let evening = spoken && hour < 12 && at(hour + 12) <= now + 5;
    let hour = if evening { hour + 12 } else { hour };
    chosen.hour = Some(hour);
    chosen.relative = Some(Relative::Ago(i8::from(at(hour) > now + 5)));
}

/// The day the text was spoken or printed: as the text says, else when it was received.
fn speaking_day(scored: &[(i32, &Expression)], received: Option<DateTime>) -> Option<Calendar> {
    let printed = scored
        .iter()
        .filter(|(score, e)| *score < 0 && e.day.is_some() && e.month.is_some())
        .max_by_key(|(_, e)| e.year.is_some());
    let received = received.map(|at| Calendar::from(at.date()));
    match printed {
        Some((_, e)) => Some(Calendar {
            year: e.year.or_else(|| received.and_then(|r| r.year)),
            month: e.month,
            day: e.day,
        }),
        None => received,
    }
}

/// A day of which the year may be missing.
#[derive(Debug, Clone, Copy)]
struct Calendar {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

impl From<Date> for Calendar {
    fn from(date: Date) -> Self {
        Self {
            year: Some(date.year()),
            month: Some(date.month()),
            day: Some(date.day()),
        }
    }
}

impl Calendar {
    /// The day so many days before; without a year, 2023 stands for it.
    fn ago(self, days: i8) -> Option<Self> {
        let date = Date::new(self.year.unwrap_or(2023), self.month?, self.day?).ok()?;
        let back: Length = i64::from(days).days();
        let then = Self::from(date.checked_sub(back).ok()?);
        Some(Self {
            year: self.year.and(then.year),
            ..then
        })
    }
}

fn complete(
    chosen: &Expression,
    scored: &[(i32, &Expression)],
    speaking: Option<Calendar>,
    received: Option<DateTime>,
) -> Moment {
    let (mut year, mut month, mut day) = (chosen.year, chosen.month, chosen.day);
    match (chosen.relative, speaking) {
        (Some(Relative::Ago(days)), Some(today)) if day.is_none() => {
            if let Some(then) = today.ago(days) {
                (year, month, day) = (then.year, then.month, then.day);
            }
        }
        (Some(Relative::YearsAgo(years)), Some(today)) => year = today.year.map(|y| y - years),
        _ => {}
    }
    if month.is_none()
        && let (Some(day), Some(today)) = (day, speaking)
    {
        let before = today.day.is_some_and(|d| day > d);
        month = today.month.map(|m| if before { (m + 10) % 12 + 1 } else { m });
        year = year.or(today.year.map(|y| {
            if before && today.month == Some(1) {
                y - 1
            } else {
                y
            }
        }));
    }
    if year.is_none() {
        year = year_of(
            month,
            day,
            scored,
            speaking.or(received.map(|at| Calendar::from(at.date()))),
        );
    }
    let precision = chosen.precision();
    let hour = chosen.hour.or_else(|| {
        chosen
            .part
            .filter(|_| chosen.hour.is_none())
            .map(super::scan::Part::hour)
    });
    let moment = Moment {
        year,
        month,
        day,
        hour,
        minute: chosen.minute,
        precision,
    };
    if chosen.next_day { next_day(moment) } else { moment }
}

fn next_day(moment: Moment) -> Moment {
    let date = Date::new(
        moment.year.unwrap_or(2023),
        moment.month.unwrap_or(1),
        moment.day.unwrap_or(1),
    );
    let Some(then) = date.ok().and_then(|date| date.tomorrow().ok()) else {
        return moment;
    };
    Moment {
        year: moment.year.map(|_| then.year()),
        month: moment.month.map(|_| then.month()),
        day: moment.day.map(|_| then.day()),
        ..moment
    }
}

/// The year that is not said: that of the paper, unless the day would then lie after it.
fn year_of(
    month: Option<i8>,
    day: Option<i8>,
    scored: &[(i32, &Expression)],
    today: Option<Calendar>,
) -> Option<i16> {
    let elsewhere = scored
        .iter()
        .filter(|(score, e)| e.year.is_some() && *score > -13)
        .map(|(_, e)| Calendar {
            year: e.year,
            month: e.month,
            day: e.day,
        })
        .next_back();
    let known = today.filter(|day| day.year.is_some()).or(elsewhere)?;
    let later = month
        .zip(known.month)
        .is_some_and(|(m, k)| m > k || m == k && day.zip(known.day).is_some_and(|(d, kd)| d > kd + 1));
    known.year.map(|year| if later { year - 1 } else { year })
}
