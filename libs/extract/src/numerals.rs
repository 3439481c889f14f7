//! Chinese numerals before units become figures: 三十九人 is read as 39人, 三合村 stays what it is.

/// Words a numeral is a figure before.
const UNITS: &[&str] = &[
    "人",
    "名",
    "个",
    "位",
    "具",
    "口人",
    "例",
    "死",
    "伤",
    "亡",
    "月",
    "日",
    "号",
    "时",
    "点",
    "刻",
    "秒",
    "户",
    "余",
    "多",
    "来",
    "岁",
    "失踪",
    "失联",
    "重伤",
    "轻伤",
    "头",
    "只",
    "级",
    "公里",
    "米",
    "公顷",
    "学生",
    "村民",
    "儿童",
    "辆",
    "周",
    "次",
    "死者",
    "矿工",
    "工人",
    "乘客",
    "患者",
    "遇难",
    "女性",
    "男性",
    "女子",
    "男子",
    "女工",
    "老人",
    "孩子",
    "司机",
    "驾驶员",
];
/// Words that make a numeral before a unit no figure.
const NO_FIGURE: &[&str] = &[
    "一时间",
    "一点也",
    "一号线",
    "一日三",
    "一次性",
    "一级",
    "一人高",
    "一来",
];

/// Writes numerals before units in figures, and tells for every byte which characters it stands for.
pub(crate) fn in_figures(plain: &[char]) -> (String, Vec<(usize, usize)>) {
    let mut text = String::with_capacity(plain.len() * 3);
    let mut at = Vec::with_capacity(plain.len() * 3);
    let mut index = 0;
    while index < plain.len() {
        let rest = plain.get(index..).unwrap_or_default();
        let before = index.checked_sub(1).and_then(|i| plain.get(i)).copied();
        if let Some(people) = pair(rest, before) {
            at.extend(std::iter::repeat_n((index, index + 1), people.len()));
            text.push_str(people);
            index += 1;
        } else if let Some((length, value)) = figure(rest, before) {
            let figures = value.to_string();
            at.extend(std::iter::repeat_n((index, index + length), figures.len()));
            text.push_str(&figures);
            index += length;
        } else if let Some(&c) = rest.first() {
            at.extend(std::iter::repeat_n((index, index + 1), c.len_utf8()));
            text.push(c);
            index += 1;
        }
    }
    (text, at)
}

/// 俩 and 仨 are two and three people; so is a numeral that ends a note: 救出来两, 里面还有一.
fn pair(rest: &[char], before: Option<char>) -> Option<&'static str> {
    let counted = rest.get(1).is_some_and(|c| matches!(c, '人' | '个' | '名'));
    if before.is_some_and(is_numeral) || rest.get(1) == Some(&'口') {
        return None;
    }
    let last = rest.get(1).is_none_or(|c| matches!(c, ',' | '。' | ';' | ' '));
    if last && before.is_some_and(|b| matches!(b, '来' | '有' | '剩')) {
        return match rest.first()? {
            '一' => Some("1人"),
            '两' | '俩' => Some("2人"),
            '三' | '仨' => Some("3人"),
            '四' => Some("4人"),
            '五' => Some("5人"),
            _ => None,
        };
    }
    match (rest.first()?, counted) {
        ('俩', true) => Some("2"),
        ('俩', false) => Some("2人"),
        ('仨', true) => Some("3"),
        ('仨', false) => Some("3人"),
        _ => None,
    }
}

fn figure(rest: &[char], before: Option<char>) -> Option<(usize, u64)> {
    if !rest.first().is_some_and(|c| is_numeral(*c)) || before.is_some_and(|b| is_numeral(b) || b == '第') {
        return None;
    }
    let length = rest.iter().take(12).take_while(|c| is_numeral(**c)).count();
    let run = rest.get(..length)?;
    let after: String = rest.get(length..)?.iter().take(3).collect();
    let whole: String = rest.iter().take(length + 2).collect();
    // 一家三口: a family of three.
    if before == Some('家') && after.starts_with('口') {
        return value(run).map(|value| (length, value));
    }
    if NO_FIGURE.iter().any(|word| whole.starts_with(word)) || before.is_some_and(|b| b.is_ascii_digit()) {
        return None;
    }
    let clock = before.is_some_and(|b| matches!(b, '时' | '点'));
    // 六点四十,: the minutes go without their word.
    let bare = length >= 2
        && after
            .chars()
            .next()
            .is_none_or(|c| ",。、;许左多的 我有在发,".contains(c));
    let minutes = clock && (after.starts_with('分') || bare);
    let year = after.starts_with('年') && length == 4;
    if !(minutes || year || UNITS.iter().any(|unit| after.starts_with(unit))) {
        return None;
    }
    // 十一时 is eleven o'clock, but 五四路 and 星期三上午 are names.
    if before.is_some_and(|b| matches!(b, '期' | '几' | '数')) {
        return None;
    }
    value(run).map(|value| (length, value))
}

pub(crate) const fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '零' | '一'
            | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '廿'
    )
}

fn digit(c: char) -> Option<u64> {
    "零一二三四五六七八九"
        .chars()
        .position(|d| d == c)
        .or((c == '两').then_some(2))
        .and_then(|d| u64::try_from(d).ok())
}

/// Reads a numeral: by places (二零二零) or by ranks (二百五十四); 三五 (three to five) is none.
fn value(run: &[char]) -> Option<u64> {
    if run.iter().all(|c| digit(*c).is_some()) {
        let by_places = run.len() == 1 || run.len() == 4 || run.contains(&'零');
        return by_places.then(|| {
            run.iter()
                .fold(0, |sum, c| sum * 10 + digit(*c).unwrap_or_default())
        });
    }
    let (mut total, mut section, mut last): (u64, u64, Option<u64>) = (0, 0, None);
    for &c in run {
        if let Some(d) = digit(c) {
            if last.is_some_and(|l| l != 0) {
                return None;
            }
            last = Some(d);
            continue;
        }
        if c == '万' {
            total = (section + last.unwrap_or_default()).max(1) * 10_000;
            section = 0;
        } else {
            let rank = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1_000,
                _ => 20,
            };
            section += if c == '廿' {
                20
            } else {
                last.filter(|l| *l > 0).unwrap_or(1) * rank
            };
        }
        last = None;
    }
    Some(total + section + last.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        in_figures(&text.chars().collect::<Vec<_>>()).0
    }

    #[test]
    fn numerals_before_units_are_figures() {
        for (words, figures) in [
            ("三十九人受伤", "39人受伤"),
            ("八月一日晚十一时许", "8月1日晚11时许"),
            ("二百五十四名遇难者", "254名遇难者"),
            ("一千多人", "1000多人"),
            ("百余名群众", "100余名群众"),
            ("零时三十分", "0时30分"),
            ("两死一伤", "2死1伤"),
            ("二零二零年四月", "2020年4月"),
            ("十分严重", "十分严重"),
            ("三合村二道河", "三合村二道河"),
            ("星期三上午", "星期三上午"),
            ("三五人", "三五人"),
            ("数十人", "数十人"),
        ] {
            assert_eq!(read(words), figures);
        }
    }
}
