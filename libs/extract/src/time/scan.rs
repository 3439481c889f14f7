//! Every expression of a date or a time in a text.

use std::ops::Range;

use regex::Captures;

use super::Precision;
use crate::sentences::patterns;
use crate::text::part;

patterns! {
    DATED = &format!("(?:{DATE})(?:{GAP}(?:{CLOCK_OF_DAY}))?");
    CLOCK = CLOCK_ALONE;
    HEAD_CLOCK = "^(?:[^\\d,。]{0,10}[:,]|\\d{1,2}[·./]?\\d{2} )?([01]\\d|2[0-3])([0-5]\\d)[, ]?(?:接|报|\\p{Han}{2})";
    NAMED_DAY = "(?:^|[“\"‘']|[^\\d.])(\\d{1,2})[·•・](\\d{1,2})[”\"’']?(?:较大|重大|特别重大|一般)?[^,。\\d]{0,24}?(?:事故|事件|火灾|爆炸|闪爆|爆燃|坍塌|洪水|山洪|滑坡|泥石流|泄漏|灾害|救援)";
    LABEL = "(1(?:19|10|20|22)|12345):(\\d{1,2}[时点])";
    JUST_NOW = "刚刚|刚才|几分钟前|这会儿";
    BARE_PART = "后半夜|前半夜|大半夜|半夜|凌晨|大清早|一大早|清晨|早上|上午|前晌|中午|晌午|下午|后晌|傍晚|晚上|夜里|黑夜|深夜";
}

const DATE: &str = concat!(
    r"(?:(?P<y>\d{4})年|(?P<y2>\d{2})年|(?P<yr>今年|去年|前年))?(?P<m>\d{1,2})月(?:份)?",
    r"(?:(?P<d>\d{1,2})(?:(?:日|号)?(?:[-—至~到、](?:\d{1,2}月)?\d{1,2}(?:日|号))|日|号|))?",
    r"|(?P<iy>(?:19|20)\d{2})[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})日?(?:T)?",
    r"|(?P<dd>\d{1,2})日(?:[-—至~到]\d{1,2}日)?",
    r"|(?P<rel>今天|今日|今晨|今早|今晚|今夜|今儿(?:个)?|今天|昨天|昨日|昨晚|昨夜|昨儿(?:个)?|昨晨|昨早|夜来|前天|前日|前晚|前夜|大前天|当日|当天|当晚|当夜|次日|翌日|同日)(?:\((?P<pd>\d{1,2})(?:日|号)?\))?",
);
const GAP: &str = r"(?:\((?:周|星期|礼拜)[^)]{1,4}\)|(?:周|星期)[一二三四五六日天])?,?\s?(?:当地时间|北京时间)?(?:大约|大概|约|在|的|,)?";
const CLOCK_OF_DAY: &str = concat!(
    r"(?P<part>凌晨|后半夜|前半夜|大半夜|半夜|清晨|早晨|大清早|一大早|大早|清早|早上|早间|今早|早|上午|前晌|头晌|晌午|中午|正午|午间|午后|下午|后晌|傍晚|擦黑|黄昏|晚间|晚上|晚|夜间|夜里头?|黑夜|黑里|黑将来|夜晚|深夜|午夜|夜|黎明)?",
    r"(?:大约|大概|约|在)?(?:(?P<h>\d{1,2})(?:时|点钟|点|:)(?:(?P<half>半)|(?P<q>[13])刻|零?(?P<mi>\d{1,2})(?:分(?:\d{1,2}秒)?|:\d{2})?|(?P<sharp>整))?)?",
);
const CLOCK_ALONE: &str = concat!(
    r"(?P<part>凌晨|后半夜|前半夜|大半夜|半夜|清晨|早晨|大清早|一大早|早上|早|上午|前晌|头晌|中午|晌午|午后|下午|后晌|傍晚|晚间|晚上|晚|夜间|夜里头?|黑夜|黑里|深夜|午夜)?(?:大约|大概|约)?",
    r"(?P<h>\d{1,2})(?:时|点钟|点|:)(?:(?P<half>半)|(?P<q>[13])刻|零?(?P<mi>\d{1,2})(?:分(?:\d{1,2}秒)?|:\d{2})?|(?P<sharp>整))?(?P<about>许|左右|来钟|多钟|多|前后|余|钟|,)?",
);

/// A date or time as it stands in a text.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    pub range: Range<usize>,
    pub year: Option<i16>,
    pub month: Option<i8>,
    pub day: Option<i8>,
    /// 今日, 昨晚 …: days from the day of speaking.
    pub relative: Option<Relative>,
    pub part: Option<Part>,
    pub hour: Option<i8>,
    pub minute: Option<i8>,
    /// 24时: the day after.
    pub next_day: bool,
}

/// A day named by its distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relative {
    /// Days before the day of speaking.
    Ago(i8),
    /// Days after the day spoken of last.
    After(i8),
    /// 刚刚: when it was told.
    Now,
    /// Years before this one.
    YearsAgo(i16),
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    SmallHours,
    LateNight,
    Early,
    Morning,
    Noon,
    Afternoon,
    Dusk,
    Evening,
    Night,
    Midnight,
}

impl Part {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "凌晨" | "黎明" => Self::SmallHours,
            "后半夜" => Self::LateNight,
            "清晨" | "早晨" | "大清早" | "一大早" | "大早" | "清早" | "早上" | "早间" | "今早" | "早"
            | "晨" => Self::Early,
            "上午" | "前晌" | "头晌" => Self::Morning,
            "中午" | "正午" | "晌午" | "午间" => Self::Noon,
            "午后" | "下午" | "后晌" => Self::Afternoon,
            "傍晚" | "黄昏" | "擦黑" => Self::Dusk,
            "晚间" | "晚上" | "晚" | "夜晚" => Self::Evening,
            "夜间" | "夜里" | "夜里头" | "黑夜" | "黑里" | "黑将来" | "夜" => Self::Night,
            "深夜" | "午夜" | "半夜" | "大半夜" | "前半夜" => Self::Midnight,
            _ => return None,
        })
    }

    /// The hour that stands for it.
    pub(crate) const fn hour(self) -> i8 {
        match self {
            Self::SmallHours => 3,
            Self::LateNight => 2,
            Self::Early => 7,
            Self::Morning => 9,
            Self::Noon => 12,
            Self::Afternoon => 15,
            Self::Dusk => 18,
            Self::Evening | Self::Night => 20,
            Self::Midnight => 23,
        }
    }

    /// The hour of 24 that a spoken hour means; true when it is of the next day.
    const fn clock(self, hour: i8) -> (i8, bool) {
        match (self, hour) {
            (Self::SmallHours | Self::LateNight, 12) => (0, false),
            (Self::Evening | Self::Night | Self::Midnight, 12) => (0, true),
            (Self::Night | Self::Midnight, 1..=5) => (hour, false),
            (Self::Noon, 1..=3)
            | (Self::Afternoon | Self::Dusk | Self::Evening | Self::Night | Self::Midnight, 1..=11) => {
                (hour + 12, false)
            }
            _ => (hour, false),
        }
    }
}

impl Expression {
    pub(crate) const fn has_date(&self) -> bool {
        self.day.is_some() || self.month.is_some() || matches!(self.relative, Some(Relative::Ago(_)))
    }

    pub(crate) const fn precision(&self) -> Precision {
        if matches!(self.relative, Some(Relative::Now)) {
            return Precision::Hour;
        }
        match (self.minute, self.hour, self.part) {
            (Some(_), _, _) => Precision::Minute,
            (None, Some(_), _) => Precision::Hour,
            (None, None, Some(_)) => Precision::PartOfDay,
            _ if self.day.is_none() && self.month.is_some() => Precision::Month,
            _ => Precision::Day,
        }
    }
}

/// Finds all expressions, in order.
pub(crate) fn scan(digits: &str) -> Vec<Expression> {
    // 119:12时01分 is no 19:12.
    let masked = LABEL.replace_all(digits, "$1,$2");
    let digits = masked.as_ref();
    let mut found: Vec<Expression> = DATED
        .captures_iter(digits)
        .filter_map(|captures| dated(digits, &captures))
        .collect();
    for captures in CLOCK.captures_iter(digits) {
        let Some(expression) = clock(digits, &captures) else {
            continue;
        };
        let inside = |other: &Expression| {
            other.range.start < expression.range.end && expression.range.start < other.range.end
        };
        if !found.iter().any(inside) {
            found.push(expression);
        }
    }
    for expression in loose(digits) {
        let inside = |other: &Expression| {
            other.range.start < expression.range.end && expression.range.start < other.range.end
        };
        if !found.iter().any(inside) {
            found.push(expression);
        }
    }
    found.sort_by_key(|expression| expression.range.start);
    found
}

/// 0608 at the head of a note, “6·11” before the word accident, 刚刚, and a part of a day without its day.
fn loose(digits: &str) -> Vec<Expression> {
    let blank = |range: Range<usize>| Expression {
        range,
        year: None,
        month: None,
        day: None,
        relative: None,
        part: None,
        hour: None,
        minute: None,
        next_day: false,
    };
    let mut found = Vec::new();
    if let Some(head) = HEAD_CLOCK.captures(digits)
        && let (Some(hour), Some(minute)) = (head.get(1), head.get(2))
    {
        found.push(Expression {
            hour: hour.as_str().parse().ok(),
            minute: minute.as_str().parse().ok(),
            ..blank(hour.start()..minute.end())
        });
    }
    for named in NAMED_DAY.captures_iter(digits) {
        let (Some(month), Some(day)) = (named.get(1), named.get(2)) else {
            continue;
        };
        found.push(Expression {
            month: month.as_str().parse().ok().filter(|m| (1..=12).contains(m)),
            day: day.as_str().parse().ok().filter(|d| (1..=31).contains(d)),
            ..blank(month.start()..day.end())
        });
    }
    found.retain(|e| e.hour.is_some() || e.month.is_some() && e.day.is_some());
    for now in JUST_NOW.find_iter(digits) {
        found.push(Expression {
            relative: Some(Relative::Now),
            ..blank(now.range())
        });
    }
    for bare in BARE_PART.find_iter(digits) {
        found.push(Expression {
            part: Part::of(bare.as_str()),
            ..blank(bare.range())
        });
    }
    found
}

fn number<T: std::str::FromStr>(captures: &Captures<'_>, name: &str) -> Option<T> {
    captures.name(name)?.as_str().parse().ok()
}

fn dated(digits: &str, captures: &Captures<'_>) -> Option<Expression> {
    let whole = captures.get(0)?;
    let before = part(digits, 0..whole.start()).chars().next_back();
    let after = part(digits, whole.end()..digits.len());
    let short_year = number::<i16>(captures, "y2").map(|y| if y < 70 { 2000 + y } else { 1900 + y });
    let year = number(captures, "y").or(number(captures, "iy")).or(short_year);
    let month = number::<i8>(captures, "m").or(number(captures, "im"));
    let day = ["d", "id", "dd", "pd"]
        .iter()
        .find_map(|name| number::<i8>(captures, name));
    if before.is_some_and(|c| c.is_ascii_digit() || c == '.') && captures.name("rel").is_none() {
        return None;
    }
    let sound = month.is_none_or(|m| (1..=12).contains(&m)) && day.is_none_or(|d| (1..=31).contains(&d));
    // 3月以内, 5个月 and 6月龄 are lengths of time.
    let length = day.is_none() && month.is_some() && (after.starts_with('龄') || after.starts_with('大'));
    let relative = relative(captures);
    if !sound || length || captures.name("dd").is_some() && before == Some('每') {
        return None;
    }
    let mut expression = Expression {
        range: whole.range(),
        year,
        month,
        day,
        relative: relative.map(|(relative, _)| relative),
        part: None,
        hour: None,
        minute: None,
        next_day: false,
    };
    let part_of = captures.name("part").and_then(|p| Part::of(p.as_str()));
    set_clock(
        &mut expression,
        captures,
        part_of.or(relative.and_then(|(_, part)| part)),
    );
    Some(expression)
}

fn relative(captures: &Captures<'_>) -> Option<(Relative, Option<Part>)> {
    if let Some(year) = captures.name("yr") {
        let years = match year.as_str() {
            "今年" => 0,
            "去年" => 1,
            _ => 2,
        };
        return Some((Relative::YearsAgo(years), None));
    }
    let word = captures.name("rel")?.as_str();
    let part = match word.chars().nth(1) {
        Some('晨' | '早') => Some(Part::Early),
        Some('晚') => Some(Part::Evening),
        Some('夜') => Some(Part::Night),
        _ => None,
    };
    let relative = match word.chars().next()? {
        '今' => Relative::Ago(0),
        '大' => Relative::Ago(3),
        '昨' | '夜' => Relative::Ago(1),
        '前' => Relative::Ago(2),
        '次' | '翌' => Relative::After(1),
        _ => Relative::After(0),
    };
    Some((relative, part))
}

fn clock(digits: &str, captures: &Captures<'_>) -> Option<Expression> {
    let whole = captures.get(0)?;
    let before = part(digits, 0..whole.start()).chars().next_back();
    let after = part(digits, whole.end()..digits.len());
    let words = whole.as_str();
    let spelt = words.contains(['时', '点']);
    let seconds = before == Some(':') && !spelt;
    if seconds || before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '每' | '第')) {
        return None;
    }
    // 3点建议 is a list, 1:500 a ratio, 24时监控 a length.
    let counted = captures.name("part").is_some()
        || captures.name("mi").is_some()
        || captures.name("about").is_some()
        || words.contains('时')
        || captures.name("half").is_some();
    let ratio = words.contains(':') && captures.name("mi").is_none_or(|mi| mi.as_str().len() != 2);
    if !counted || ratio || after.starts_with("多小时") {
        return None;
    }
    let mut expression = Expression {
        range: whole.range(),
        year: None,
        month: None,
        day: None,
        relative: None,
        part: None,
        hour: None,
        minute: None,
        next_day: false,
    };
    let part_of = captures.name("part").and_then(|p| Part::of(p.as_str()));
    set_clock(&mut expression, captures, part_of);
    expression.hour.is_some().then_some(expression)
}

fn set_clock(expression: &mut Expression, captures: &Captures<'_>, part_of: Option<Part>) {
    expression.part = part_of;
    let Some(hour) = number::<i8>(captures, "h").filter(|hour| (0..=24).contains(hour)) else {
        return;
    };
    let quarter = number::<i8>(captures, "q").map(|q| q * 15);
    let half = captures.name("half").map(|_| 30);
    expression.minute = number::<i8>(captures, "mi")
        .or(quarter)
        .or(half)
        .or(captures.name("sharp").map(|_| 0))
        .filter(|minute| (0..60).contains(minute));
    let (hour, next_day) = match part_of {
        _ if hour == 24 => (0, true),
        Some(part) => part.clock(hour),
        None => (hour, false),
    };
    (expression.hour, expression.next_day) = (Some(hour), next_day);
}
