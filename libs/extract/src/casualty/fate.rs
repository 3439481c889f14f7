//! The words that say what happened to people, after a figure or before it.

use super::Kind;
use crate::sentences::patterns;

patterns! {
    DEATH = "死亡|遇难|丧生|身亡|罹难|殒命|殉职|殉难|牺牲|不治|溺亡|毙命|离世|去世|亡故|已死|致死|(?:烧|压|淹|砸|撞|冻|毒|炸|摔|砍|捅|打|轧|碾|踩|挤|咬|电|闷|熏|呛|埋|刺|枪杀致|窒息而|不幸)死|确认死亡|没抢救过来|没(?:有)?呼吸|没心跳|呼吸心跳停止|咽气|不行了|断气|殁|过世|溺毙|遇害|被害|被杀害|(?:无|没有|没了|失去|已无)生命(?:体征|迹象|特征)|生命体征消失|遗体|尸体|死者|当场(?:死|没了|没)|已经没了|没救过来|没抢救过来|没救活|没气|(?:人)?没了$|人亡$|死[、和及]?$|^死(?:[、,了]|$)|死了";
    MISSING = "(?:没有|未|没|未能|无法)(?:再)?(?:联系|取得联系|联络)(?:上|到)?|没见着|找不(?:到|着|见)|没找(?:见|着)|没了?影|未见$|走失|失踪|失联|下落不明|失去联系|失去联络|未找到|没找到|生死不明|无法联系|联系不上|联系不到|音讯全无|去向不明|去向未知|未发现踪迹|被?(?:洪水|山洪|泥石流|河水|江水|水|巨浪|大浪)?(?:冲走|卷走)";
    SERIOUS = "重伤|危重|病危|重症|(?:伤|病)(?:势|情|者)?(?:均|都|比较|较为|较|很|最|十分|相对)?(?:为)?(?:严重|危重|偏重|较重)|(?:伤|病)(?:势|情)[^,]{0,3}重$|伤得(?:很|挺)?重|生命垂危|命危$|命危[^险]|重度|ICU|监护室|(?:未|没)(?:有)?脱离(?:生命)?危险|(?:^|[^没])有生命危险|(?:情况|情形|病情|伤情|伤势)[^,]{0,2}(?:危急|危重|严重|危险)|昏迷不醒|命悬|[伤折]重$|症状[^,]{0,2}重|^(?:个)?(?:较|比较|最)?重的|深昏迷|伤重";
    MINOR = "^(?:个)?轻$|损伤轻微|轻微损伤|擦破|破点?皮|没甚大事|没(?:啥|什么)大事|轻伤|轻微伤|擦伤|皮外伤|轻症|轻微受伤|轻度|伤(?:势|情)(?:均|都|比较|较为|较)?轻";
    INJURED = "[砸摔划刺咬撞挫压炸击割电踩扎夹轧碾捅砍打抓烫烧灼冻扭拉]伤|摔断|断(?:了)?(?:腿|胳膊|手|肋)|断腿|骨折|崴|失温|中暑|(?:拉|送|抬|转)[^,]{0,8}(?:医院|卫生院|急救)|120拉|拉走|头晕|恶心|受伤|受了伤|伤者|伤员|负伤|烧伤|烫伤|烧烫伤|灼伤|冻伤|砸伤|摔伤|划伤|刺伤|咬伤|撞伤|挫伤|压伤|炸伤|击伤|割伤|电伤|伤情|挂彩|烫了|中毒|送医|送至?医院|送往[^,]{0,12}(?:医院|卫生院|救治|治疗|就医)|送到[^,]{0,12}(?:医院|卫生院)|送院|就医|就诊|求诊|入院|住院|留院|留医|医治|在院|接受治疗|救治|治疗|抢救|身体不适|不适|诊治|到[^,]{0,8}医院|呕吐|腹泻|腹痛|发热|吸入|呛|^伤(?:[、和及]|$)|伤[、和及]?$|患者|患病|发病|晕倒|昏迷|骨折|感染|无生命危险|生命体征(?:平稳|稳定)|出现症状|症状";
    TRAPPED = "没刨出来|没(?:有)?(?:跑|逃|走|爬|挖|救)?出来|未(?:能)?(?:逃|跑|救|挖|走)出|(?:还|都|仍|就)?在(?:底下|里头|里面|下面|井下)|埋(?:在|里)|迷路|围困|围住|等待救援|等救援|待救|待援|屋顶等待|在(?:井|坑|沟|车|屋|房|楼)(?:里|内|底)|爬上(?:车|房|屋|树)顶|被困|被埋|被压|受困|受阻|困在|困于|困住|掩埋|埋压|卡在|被堵|堵在|未升井|没(?:能)?上来|下不来|上不来|出不来|未逃出|被卡";
    EVACUATED = "疏散|转移|[^及未愿]撤离|^撤离|撤出|安置|避险|搬离|避让|撤至|撤到|撤往|撵出来";
    RESCUED = "救下|挖出|刨出|扒出|拽出|拉出|抬出|接出|捞上|打捞出|突围|返回|获救|救出|救起|脱险|脱困|升井|生还|逃生|逃出|上岸|出院|返校|获解救|自救|找到|营救|出井|未受伤|没有受伤|安然无恙|安全(?:升井|返回|上岸|离开)";

    /// 尚待脱困: not yet out.
    AWAITED = "尚待|等待|有待|尚未|未能|待脱";
    /// 被困40分钟后疏散: out again.
    LATER_OUT = "后[^,]{0,4}(?:疏散|撤离|转移)";
    NOT_FOUND = "未|没|尚|正在";
    /// One figure for the dead and the missing.
    JOINT = "(?:死亡|遇难|死)[、和及或/]?(?:失踪|失联)|(?:失踪|失联)[、和及或/]?(?:死亡|遇难)";

    /// Dead and hurt in one figure.
    BEFORE_BOTH = &before("死伤|伤亡");
    BEFORE_DEATH = &before("死亡|遇难|丧生|身亡|罹难|牺牲|殉职|溺亡|死者|致死|遗体|尸体|亡|死");
    BEFORE_MISSING = &before("失踪|失联|下落不明|失去联系|冲走|卷走|沉下去");
    BEFORE_SERIOUS = &before("重伤|ICU(?:抢救|救治|治疗)?|重症|危重症|危重|病危|重伤员|重伤者|重度伤|极重伤");
    BEFORE_MINOR = &before("轻伤|轻微伤|轻症");
    BEFORE_INJURED = &before("受伤|拉走|送走|砍伤|刺伤|砸伤|撞伤|烫伤|伤者|伤员|烧伤|中毒|就诊|就医|住院|送医|收治|患者|送医治疗|救治|入院|治疗|致伤|伤");
    BEFORE_TRAPPED = &before("被困|受困|被埋|埋进|埋了|压了|压了一家|埋了一家|困住一家|埋压|掩埋|困住|困着|困了|埋住|埋着|压住|压着|卡住|遇险|被埋压|埋");
    BEFORE_RESCUED = &before("挖出|刨出|扒出|捞上来|救出来|搜出|救下|打捞出|打捞上岸|救出|救起|搜救出|获救|营救|解救|找到|发现|升井|脱险|生还|搜救");
    SAVED = "(?:救出|解救|营救|救援|搜救|搜救出)(?:了)?(?:全部)?(?:被困|受困|被埋|遇险)(?:人员|群众|游客|工人|矿工|者)?$";
    BEFORE_EVACUATED = "(?:接出来|撤出来|转移出来|接出|疏散|转移|撤离|安置|避险|撤出|撤|避让)(?:了)?(?:(?:周边|附近|半径|方圆)?\\d+(?:\\.\\d+)?(?:公里|米|千米)(?:范围)?(?:以)?(?:内)?的?)?[^\\d,。;:()]{0,18}(?:约)?(?:\\d+(?:\\.\\d+)?万?(?:余|多)?户、?)?(?:约|共|共计|近|超|超过|:|达)?$";

    /// People who help are not hurt.
    HELPERS = "^[^,。]{0,6}?(?:医护|医务|医生|护士|救援|消防|民警|武警|官兵|指战员|干部|队员|专家|工作人员|志愿者|民兵|党员|抢险|救护|交警|警力|公安|战士|扑火|扑救|应急)";
    /// What helpers are sent to do.
    SENT = "(?:出动|调派|调集|派出|组织|投入|集结|增派|抽调|安排|动员|发动|抽派|协调|组成|配备|指派)[^,。\\d]{0,12}$";
    /// Something that happened only to the load of a vehicle or to a plan.
    CAPACITY = "(?:核载|实载|载客|准载|限载|核定|定员|编制|限乘|可容纳|常住人口|总人口|辖区人口|在校生|参演|可坐)[^,。\\d]{0,6}$";
}

fn before(words: &str) -> String {
    format!(
        "(?:{words})(?:的)?(?:人数|人员|患者|病例|人口|群众|学生|职工|工人|矿工|游客|旅客|总数|员|者)?(?:已经|已|共计|共|现|合计|累计|目前|则|也|仍)?(?:上升|增加|升|增|修正|更新|变更|调整|更正|减少|降)?(?:至|到|为|达到|达|了|是|有|约|计|近|超过|超|:|各|逾|仅|至少|不少于|不低于|由|从|\\s)*$"
    )
}

/// What the words after a figure say; the worst fate decides.
pub(crate) fn after(words: &str) -> Option<Kind> {
    if JOINT.is_match(words) {
        return Some(Kind::Joint);
    }
    if DEATH.is_match(words) {
        return Some(Kind::Deaths);
    }
    if let Some(missing) = MISSING.find(words) {
        // 失踪人员被打捞上岸: missing no longer.
        let found = RESCUED
            .find_iter(words)
            .any(|found| found.start() >= missing.end());
        if found && !NOT_FOUND.is_match(words) {
            return Some(Kind::Rescued);
        }
        // 被困失去联系: known to be down there.
        let trapped = TRAPPED
            .find(words)
            .is_some_and(|trapped| trapped.start() < missing.start());
        return Some(if trapped { Kind::Trapped } else { Kind::Missing });
    }
    let harmed = [(&SERIOUS, Kind::Serious), (&MINOR, Kind::Minor)];
    if let Some((_, kind)) = harmed.into_iter().find(|(words_of, _)| words_of.is_match(words)) {
        return Some(kind);
    }
    if let Some(rescued) = RESCUED.find(words)
        && !AWAITED.is_match(words)
        && INJURED
            .find(words)
            .is_none_or(|hurt| hurt.start() <= rescued.start() || words.contains("无伤"))
    {
        return Some(Kind::Rescued);
    }
    let rest = [
        (&EVACUATED, Kind::Evacuated),
        (&TRAPPED, Kind::Trapped),
        (&INJURED, Kind::Injured),
    ];
    let first = rest
        .into_iter()
        .filter_map(|(words_of, kind)| Some((words_of.find(words)?.start(), kind)))
        .min_by_key(|(at, _)| *at)?
        .1;
    if first == Kind::Trapped && LATER_OUT.is_match(words) {
        return Some(Kind::Evacuated);
    }
    // 15名伤员转移至医院: carried to a doctor, not out of danger.
    if first == Kind::Evacuated && INJURED.is_match(words) {
        return Some(Kind::Injured);
    }
    Some(first)
}

/// What the words right before a figure say.
pub(crate) fn before_figure(words: &str) -> Option<Kind> {
    if BEFORE_EVACUATED.is_match(words) {
        return Some(Kind::Evacuated);
    }
    if BEFORE_BOTH.is_match(words) {
        return Some(Kind::Joint);
    }
    let kind = [
        (&BEFORE_DEATH, Kind::Deaths),
        (&BEFORE_MISSING, Kind::Missing),
        (&BEFORE_SERIOUS, Kind::Serious),
        (&BEFORE_MINOR, Kind::Minor),
        (&SAVED, Kind::Rescued),
        (&BEFORE_TRAPPED, Kind::Trapped),
        (&BEFORE_INJURED, Kind::Injured),
        (&BEFORE_RESCUED, Kind::Rescued),
    ]
    .into_iter()
    .find(|(words_of, _)| words_of.is_match(words))?
    .1;
    let joint = JOINT
        .find_iter(words)
        .last()
        .is_some_and(|j| words.len() - j.end() < 12);
    Some(if joint { Kind::Joint } else { kind })
}

/// Bytes of the words right before a figure that tell of it.
pub(crate) fn length_before(words: &str) -> usize {
    [
        &BEFORE_EVACUATED,
        &BEFORE_DEATH,
        &BEFORE_MISSING,
        &BEFORE_SERIOUS,
        &BEFORE_MINOR,
        &BEFORE_TRAPPED,
        &BEFORE_INJURED,
    ]
    .into_iter()
    .find_map(|words_of| words_of.find(words))
    .map_or(0, |found| words.len() - found.start())
}
