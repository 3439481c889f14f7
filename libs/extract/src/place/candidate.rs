//! A stretch of text that may be an address, cut to size and weighed.

use std::ops::Range;

use super::gazetteer::{Gazetteer, Level};
use crate::sentences::patterns;
use crate::text::part;

/// Words that end an address, the longest first.
const ENDINGS: &str = concat!(
    "街道办事处|街道|社区|苏木|嘎查|小区|花园|家园|公寓|大厦|大楼|广场|中心|批发市场|市场|商场|商城|超市|酒店|宾馆|饭店|烧烤店|火锅店|餐厅|餐馆|",
    "学校|小学|中学|大学|学院|幼儿园|医院|养老院|福利院|工业园区|工业园|产业园|园区|开发区|高新区|新区|工业区|示范区|保税区|林区|矿区|库区|景区|风景区|湿地|公园|游乐园|乐园|",
    "有限责任公司|股份有限公司|有限公司|分公司|公司|集团|煤业|矿业|工厂|化工厂|电厂|水厂|砖厂|厂区|厂房|板材厂|家具厂|纺织厂|车间|仓库|冷库|油库|加油站|服务区|收费站|变电站|水电站|厂|",
    "煤矿|金矿|铁矿|铜矿|锡矿|矿井|尾矿库|矿|采石场|工地|项目部|项目|标段|合同段|段|路段|路口|交叉口|交汇处|交界处|交口|互通|立交桥|立交|大桥|特大桥|高架桥|高架|桥|隧道口|隧道|",
    "高速公路|高速|国道|省道|县道|乡道|公路|铁路|大道|大街|南街|北街|东街|西街|街|路|巷|胡同|弄|线|号楼|号院|号|号门|北门|南门|东门|西门|栋|幢|单元|室|楼|层|座|",
    "公里\\+\\d+米处|公里处|公里|米处|处|方向|段|口|附近|东侧|西侧|南侧|北侧|周边|旁边|旁|对面|门口|门前|一带|等地|境内|辖区|沿线|海域|水域|水道|航道|锚地|码头|港区|港|河段|江段|江|河|湖|水库|水电站|库|山|岭|岛|村口|",
    "省份|县\\(市、区\\)|县\\(区\\)|县\\(市\\)|省\\(区、市\\)|自治区|自治州|自治县|自治旗|地区|省|市|区|县|旗|盟|州|镇|乡|村|屯|组|社|团场|连|农场|林场|牧场|牧区|草场|草原|基地|机场|车站|站|场|店|厅|院|庄|营|寨|沟|湾|坪|庙|堡|坝|塘|洼|梁|塬|岩|洞|溪|滩|峡|崖|泉|井|池|寺|浦|零售点|销售点|存放点|站点|网点|垃圾场|养殖场|养鸡场|养猪场|企业|店铺|商铺|窑|圪洞|圪旦|圪卜|洼|洲|屿|礁|嘴|坡|岗|头|台|河道|山坡|营子|浩特|塔拉|区间|K\\d+|\\+\\d+|[GS]\\d{1,4}",
    "|度\\)|\\)"
);

patterns! {
    /// Where an address ends at the latest.
    STOP = concat!(
        "发生|突发|突然|暴发|爆发|起火|着火|失火|着了|大火|爆炸|燃爆|闪爆|爆燃|坍塌|倒塌|垮塌|塌方|塌陷|溃坝|相撞|碰撞|追尾|侧翻|翻车|翻入|坠入|坠落|坠毁|撞|遭遇|遭受|遭|",
        "出现|因|疑|由于|受|有|被|将|正在|进行|举行|报告|普降|遭遇|突降|降|时(?:,|追|失|发|突|撞|侧|与|翻|坠|冲|因|,)|为|是|共|造成|导致|致|与侵入|执行|一(?:名|位|辆|户|艘|台|条|起|间|层|片|民|出租|住户|农户|泵|机|村道|公交|快递|货|废|豪|小型|小轿|大货|轨道|拉|快|架|养殖户|辆|列|空置|拾|醉|无名|\\d)|一(?:个|处|家|所)?(?:民房|民宅|住宅|村民|居民家|居民住|农家|平房)|",
        "1(?:名|位|辆|户|艘|台|条|起|间|层|片|女性|男性|男子|女子)|部分(?!区)|多(?:名|栋|处|户|个小区)|陆续|某(?:企业|公司|养殖|屠宰|住户|化工|电子|单位|经营|工厂|制造)|",
        "各地|境内的?多|\\d+(?:\\.\\d+)?万|市民|群众|村民|居民|学生|职工|工人|游客|\\d+名|\\d+人|\\d+户|\\d+辆|\\d+栋|地震台|老|路过|全线|瞬间|降水|强|连续|持续|连日|倾|泄漏|泄露|外泄|断|跳闸|停电|停水|停暖|管道|聚集|溺|落水|登陆|沿海登陆|爆裂|破裂|道路中断|火势|在施工|施工|林火|火势|房塌|墙塌|压了|压住|劫持|征地|农户|那边|这边|刮|取消|停航|起飞|在建|冰面|积水|边坡|滑塌|路基|河水|江水|湖水|水质|最低气温|气温|最大|最小|活动|散场|集会|演出|开学|放学|聚餐|婚宴|就餐|放孔|燃放|接报|接到|接警|分局|续报|初报|终报|快报|救援|高支模|模板|脚手架|吊篮|自来水|\\d+余|\\d+多|堤决|决口|决了|引燃|调压箱|自备井|确诊|收治|陆续|里头|在塔|在烷|在吊|在混|在浇|清理|山体|路面|煤与瓦斯|瓦斯|透水|冒顶|山洪|泥石流|滑坡|流域|井下|查获|排查|涉及|检出|DN\\d|\\d+千伏|\\d+号[^,]{0,3}梯|卡在|耍水|玩耍|\\d{1,2}月\\d|\\d{1,2}日|\\d{4}年|\\d{1,2}[时点]|凌晨|上午|下午|今天|昨天|昨日|今日|今晨|昨晚|今早|籍|行驶|由|从|需|启动|至少|已|目前|失|死|伤|报|确诊|召开|组织|介绍|通报|称[,:]|消息"
    ).replace("部分(?!区)", "部分").as_str();
    TAIL = &format!("(?:{ENDINGS})");
    /// An office is not where it happened.
    OFFICE = "^(?:[^,。;]{0,2}?(?:分局|支局|牌照|号牌|籍)|[^,。;]{0,4}?(?:消防|公安|应急|人民政府|政府|市委|县委|区委|委宣传部|委员会|气象|民政|卫生|卫健|疾控|交警|宣传|教育局|住建|市场监管|市场监督|生态环境|环保|指挥|安监|水利|自然资源|林草|融媒|新闻办|地震局|地震台|电视台|日报|防汛|防指|发布|值班|外办|网信|特警|武警|中队|支队|大队|110|119|120|省委|值班室|官方|当局|媒体|广播|客户端|晚报|新闻|警方|相关部门|有关部门|领导|供电公司))";
    /// An address does not end with an office.
    OFFICE_TAIL = "(?:疾控中心|指挥中心|消防站|政府|[^公]局|委员会|支队|大队|中队|派出所|气象台|电视台|媒体中心|管委会|调度中心|急救中心|救援中心|新闻中心)$";
    /// Places of a template that nobody has filled in.
    BLANKS = "XX|××|\\*\\*|[Xx×某]+(?:省|市|县|区|镇|乡|村|路)";
    /// Words before an address that are not of it.
    LEAD = "^(?:\\s|,|、|:|当地时间|北京时间|就是|那个|刚刚|刚才|我市|我县|我区|我省|我镇|我乡|我旗|我盟|本市|该市|该县|该区|该省|位于|地处|在|于|位|经|途经|行至|行驶至|行驶到|驶至|家住|住|俺是|我是|我们|俺们|报告|报|今年|的|起|许|左右|前后|多|钟|日|致|昨|今|讯|一段时间|以来|午|记者|因|受|近日|日前|现|驶经|地点|接|发生在|发生于|均为|均系|均在|分别为|主要在|从|由|对|向|辖区|我区|全市|称|称在|该)";
    CLIP = "(?:境内的|境内|内的|辖区内|里头|内|里|上|的|东头|西头|和|与|至|往|及|、|,|在|\\s|\\()$";
    COUNTRY = "^(?:全国|我国|中国|境外|蒙古国|美国|日本|该|其|这|那|此|本|同|事发|事故|现场|附近|周边|当地|目前|今|昨|一)";
}

/// An address that may be the place.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub range: Range<usize>,
    pub weight: i32,
    /// The widest division named in it.
    pub widest: Option<Level>,
}

/// Reads an address that begins at a byte and may go on to the end of its sentence.
pub(crate) fn read(digits: &str, start: usize, limit: usize, gazetteer: &Gazetteer) -> Option<Candidate> {
    let start = skip_lead(digits, start, limit);
    let window = part(digits, start..limit);
    let end = start + stop(window, gazetteer);
    let range = trim(digits, start..end, gazetteer)?;
    let range = from_first_name(digits, range, gazetteer);
    let words = part(digits, range.clone());
    let length = words.chars().count();
    if !(2..=60).contains(&length) || BLANKS.is_match(words) || COUNTRY.is_match(words) {
        return None;
    }
    if OFFICE_TAIL.is_match(words) || OFFICE.is_match(part(digits, range.end..limit)) {
        return of_office(digits, range, gazetteer);
    }
    let (weight, widest) = weigh(words, gazetteer);
    (weight > 0).then_some(Candidate {
        range,
        weight,
        widest,
    })
}

/// The division an office belongs to: the place, when the text names no better one.
fn of_office(digits: &str, range: Range<usize>, gazetteer: &Gazetteer) -> Option<Candidate> {
    const POOR: i32 = 2;
    let words = part(digits, range.clone());
    let (mut end, mut widest) = (0, None);
    while let Some((length, level)) = gazetteer.begins(part(words, end..words.len())) {
        (end, widest) = (end + length, widest.or(Some(level)));
    }
    let named = part(words, 0..end).ends_with(['市', '区', '县', '旗', '州', '盟']);
    named.then_some(Candidate {
        range: range.start..range.start + end,
        weight: POOR,
        widest,
    })
}

/// 演唱会散场时新城区体育场北门: the address begins with the first known name when nothing before it is one.
fn from_first_name(digits: &str, range: Range<usize>, gazetteer: &Gazetteer) -> Range<usize> {
    let words = part(digits, range.clone());
    let full = |at: usize| {
        let known = gazetteer.begins(part(words, at..words.len()));
        known.is_some_and(|(_, level)| level != Level::ShortCounty)
    };
    let first = words
        .char_indices()
        .map(|(at, _)| at)
        .take(16)
        .find(|at| full(*at));
    match first {
        // 小黑河镇 is no 黑河.
        Some(at) if at > 3 && weigh(part(words, 0..at), gazetteer).0 == 0 => range.start + at..range.end,
        _ => range,
    }
}

fn skip_lead(digits: &str, mut start: usize, limit: usize) -> usize {
    for _ in 0..6 {
        match LEAD.find(part(digits, start..limit)) {
            Some(lead) if lead.end() > 0 => start += lead.end(),
            _ => break,
        }
    }
    start
}

/// Where the address must end: before a word that tells what happened, or at a comma.
fn stop(window: &str, gazetteer: &Gazetteer) -> usize {
    let mut depth = 0_i32;
    let mut end = window.len();
    for (at, c) in window.char_indices() {
        match c {
            '(' if keeps_bracket(part(window, at..window.len())) => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ',' if at > 0 && goes_on(window, at, gazetteer) => {}
            ',' | '。' | ':' | '(' | ')' | '\n' | ' ' | '“' | '”' | '"' if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let mut from = 0;
    while let Some(found) = STOP.find(part(window, from..end)) {
        let at = from + found.start();
        if let Some(over) = within_name(window, at, gazetteer) {
            from = over;
            continue;
        }
        return at;
    }
    end
}

/// 武川,可镇大兴昌村: the township follows the county after a comma.
fn goes_on(window: &str, comma: usize, gazetteer: &Gazetteer) -> bool {
    let mut at = 0;
    while let Some((length, _)) = gazetteer.begins(part(window, at..comma)) {
        at += length;
    }
    at == comma && NEXT_UNIT.is_match(part(window, comma + 1..window.len()))
}

/// A bracket that belongs to an address: a section of a road, degrees, or a kind of division.
fn keeps_bracket(rest: &str) -> bool {
    let inside = rest.split(')').next().unwrap_or_default();
    inside.chars().count() <= 24
        && (inside.ends_with('段')
            || inside.contains(['米', 'K']) && inside.contains(['出', '往', '方'])
            || inside.len() <= 14 && inside.contains('市')
            || matches!(inside, "(区" | "(市" | "(县"))
}

/// Names that begin with a stop word.
const NAMES: [&str; 19] = [
    "救援中心",
    "活动中心",
    "老院",
    "老中心",
    "强镇",
    "有限",
    "有色",
    "从化",
    "老街",
    "老城",
    "老年",
    "老干部",
    "老龙",
    "老虎",
    "因民",
    "将军",
    "将乐",
    "连续梁",
    "被服",
];

/// A stop word may be part of a name: 有限公司, 死海路, 降央乡.
fn within_name(window: &str, at: usize, gazetteer: &Gazetteer) -> Option<usize> {
    let rest = part(window, at..window.len());
    if let Some(word) = NAMES.iter().find(|word| rest.starts_with(**word)) {
        return Some(at + word.len());
    }
    if let Some(name) = NAMED_SO.find(rest) {
        return Some(at + name.end());
    }
    let starts = part(window, 0..at)
        .char_indices()
        .rev()
        .take(5)
        .map(|(start, _)| start);
    for start in starts.chain([at]) {
        if let Some((length, level)) = gazetteer.begins(part(window, start..window.len()))
            && level != Level::ShortCounty
            && start + length > at
        {
            return Some(start + length);
        }
    }
    None
}

/// Cuts what follows the last word an address can end with.
fn trim(digits: &str, range: Range<usize>, gazetteer: &Gazetteer) -> Option<Range<usize>> {
    let words = part(digits, range.clone());
    let mut end = TAIL.find_iter(words).last().map_or(0, |tail| tail.end());
    while let Some((length, _)) = gazetteer.begins(part(words, end..words.len())) {
        end += length;
    }
    // 一家火锅店后厨: the site that is named so is enough.
    if let Some(site) = SOME_SITE.find_iter(part(words, 0..end)).last() {
        end = site.end();
    }
    // 四组唐家溪: a short name of a hamlet may follow.
    let rest = part(words, end..words.len());
    if (1..=3).contains(&rest.chars().count())
        && rest.chars().all(crate::text::is_han)
        && !rest.contains([
            '的', '内', '上', '里', '后', '东', '与', '和', '一', '了', '边', '中',
        ])
    {
        end = words.len();
    }
    while let Some(clip) = CLIP.find(part(words, 0..end)) {
        end = clip.start();
    }
    (end > 0).then_some(range.start..range.start + end)
}

patterns! {
    SOME_SITE = "一(?:家|处|所|个|座|栋|幢)?\\p{Han}{0,10}?(?:企业|厂|公司|工地|项目|超市|饭店|火锅店|烧烤店|餐馆|酒店|商店|店铺|商铺|店|存放点|零售点|仓库|市场|场|矿|楼|小区|自建房|学校|学院|中学|小学|园)";
    NEXT_UNIT = "^\\p{Han}{1,5}(?:镇|乡|街道|苏木|社区|村|小区|路|街|园|店|厂|景区|广场)";
    NAMED_SO = "^[将报从强断共为老由降称有受]\\p{Han}{0,2}?(?:镇|乡|村|街道|路|街|社区|苏木|嘎查|大道|屯|庄)";
    OPENS_ROAD = "^(?:[GS]\\d{1,4}|\\p{Han}{1,6}?(?:高速|国道|省道|铁路|线\\p{Han}))";
    TOWN = "(?:镇|乡|街道|苏木|办事处)";
    VILLAGE = "(?:村|社区|嘎查|屯|组|社|营子)";
    ROAD = "(?:路|街|大道|巷|胡同|高速|国道|省道|公路|铁路|桥|隧道|线)";
    NUMBERED = "\\d+(?:号|栋|幢|公里|单元|米|KM|km|\\+)|K\\d+|[GS]\\d+";
    SITE = "(?:景区|湖|海|馆|动物园|服务区|隧道|机场|校|小区|花园|公司|厂|矿|市场|大厦|广场|学校|小学|中学|医院|酒店|工地|项目|尾矿库|园|海域|水道|站|河|江|库|店|沟|湾)";
    OWN_UNIT = "^[^\\d,]{1,9}?(?:省|市|县|区|旗|盟|州|镇|乡|街道|苏木|村|路|街|高速|国道|公司|矿|厂|小区|社区|线|水道|海域|江|河|站|大道|动物园|植物园|公园|景区|水库|湖|大桥|隧道|大厦|广场|市场|酒店|中学|小学|学校|林场|牧场|农场|开发区|园区|工业区|新区|度假区|风景区|保护区|体育场|体育馆|商场|商城|万达|村|山(?:北|南|东|西|上|脚|坡|林)|服务区|收费站|互通|工业园|物流园|机场|港)";
}

/// More units and more known names make a better address.
fn weigh(words: &str, gazetteer: &Gazetteer) -> (i32, Option<Level>) {
    let mut weight = 0;
    let mut widest: Option<Level> = None;
    let mut at = 0;
    let mut first = true;
    while at < words.len() {
        let rest = part(words, at..words.len());
        let known = gazetteer.begins(rest).filter(|(_, level)| {
            *level != Level::ShortCounty || first || widest.is_some_and(|w| w < Level::ShortCounty)
        });
        if let Some((length, level)) = known {
            weight += match level {
                Level::Province | Level::City | Level::ShortCounty => 3,
                Level::County | Level::Local => 4,
            };
            weight += i32::from(first) * 3;
            widest = Some(widest.map_or(level, |w| w.min(level)));
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        first = false;
    }
    if OPENS_ROAD.is_match(words) {
        weight += 5;
    }
    let marks = [(&TOWN, 3), (&VILLAGE, 2), (&ROAD, 2), (&NUMBERED, 3), (&SITE, 2)];
    let has = |pattern: &std::sync::LazyLock<regex::Regex>| pattern.is_match(words);
    weight += marks.iter().filter(|(p, _)| has(p)).map(|(_, w)| *w).sum::<i32>();
    if widest.is_none() && !OWN_UNIT.is_match(words) && !NUMBERED.is_match(words) {
        return (0, None);
    }
    (weight, widest)
}
