//! Counted people: every figure before a word for people, with what happened to them.

use std::ops::Range;

use super::Kind;
use super::fate;
use super::figure::{Figure, figures};
use crate::sentences::{Sentence, patterns};
use crate::text::{Text, part};

patterns! {
    /// 死亡人数由8人上升至11人.
    FROM = "(?:由|从)(?:原(?:来|先|报)?(?:的)?|此前(?:的)?|最初(?:的)?|之前(?:的)?)?$";
    ON_TO = "^(?:上升|增加|升|增|增长|下降|减少|降|修正|调整|变更|更正|改|变|更新|核减)?(?:至|到|为)$";
    /// Somebody who is named beside those counted: 司机和2名乘客.
    BESIDE = "(?:^|[^\\d名位个])(?:司机|驾驶员|驾车人|骑车人|骑行人|骑手|船长|机长|车主|房主|户主|店主|老板|妻子|丈夫|儿子|女儿|母亲|父亲|妈妈|爸爸|奶奶|爷爷|老人|\\p{Han}某某?)(?:\\([^()]{0,20}\\))?(?:和|及|与|以及|、|跟)(?:车上|车内|其|另外|另|同车)?(?:的)?$";
    /// Words after which a later clause may tell the end of somebody.
    HARMED = "卷|坠|摔|砸|压|撞|触电|溺|落水|掉|倒|夹|埋|击|绞|困|昏|晕|跌|滑|烧|烫|中毒|刺|捅|砍|冲|挤|碾|烤|窒息|吸入|受|伤|呛";
    GOES_ON = "^(?:吸入|呛|轻|烧|烫|昏|有(?:轻|烧|呛)|受|腿|手|头|腰|胸|面部|双|体温|后|随后|但|最终|最后|终因|因|经|送|当场|不幸|现场|已|均|被|抢救|不治|医|120|急救|到场|确认|其(?:已|被|伤|后|本|身)|救出|救起|打捞)";
    NOT_YET = "未|没|尚|仍|正|待|陆续|部分|全力|努力";
    SUBJECT = "^(?:教员|学员|司机|驾驶员|副驾|乘客|男|女|一|1|老|孩|大人|母亲|父亲|妻|丈夫|店主|\\p{Han}某)";
    INSIDE = "(?:里面|里头|里边|车内|轿厢内|底下|下面)(?:还|共)?(?:有|剩|共有)?$";
    STUCK = "困|卡|埋|压|塌|没出来";
    WORSE = "^[,(](?:伤势|伤情|病情|情况|均|生命|尚未|未脱离|一直|仍)";
    STILL = "还在|正在|仍|没|在底下";
    BRACKETS = "\\([^()]{0,60}\\)";
    LISTED = "^(?:、|和|及|与)\\p{Han}{1,6}$";
    ALL_THEN = "^[,(](?:均|都|全部|皆)";
    WOUND = "骨折|烧伤|烫伤|灼伤|挫伤|擦伤|呛";
    UNHARMED = "无伤|无恙|无碍|毫发|未感染|未死亡|没事";
    UNSURE = "待核实|有待核实|未经证实|尚未证实";
    AMID = "(?:过程|途|期间|时|中)$";
    FINE = "生命危险|平稳|稳定|无大碍";
    MANY = "其中|被困人员|受伤人员|人员伤亡|群众|事故|原因|遇难者|家属|善后|们|多人";
    LEFT = "余$|余下|另(?:有|外)?|其余|其他|剩|仍有|还有|尚有|另有|另外|还剩";
    SEARCHED = "(?:正在|仍在|还在|尚在|正)(?:被)?(?:全力|紧急|持续|抓紧|进一步|加紧|组织)?(?:进行)?(?:挖|刨|扒|捞|破拆|搜救|搜寻|营救|救援|寻找|施救|搜索)|(?:搜救|营救|施救|搜寻|救援)中|确认位置";
    ADDS = "另(?:有|外)?|此外|加上";
    MORE = "又有|又|再有|新增|再增";
    STRONG = "共(?:计|有|造成|致|导致)?[^,]{0,4}$|总(?:计|共|数)|累计|合计|至此|(?:升|增|上升|增加|更新|修正|变更|更正)(?:至|到|为)|人数|达(?:到)?$";
    PRIOR = "(?:此前|先前|之前)(?:的)?(?:已|曾|初步)?(?:通报|报道|报告|上报|统计|发布|公布|称|报|为|失联|失踪|被困|造成|说|掌握|预计)|上期|上次|上报数|较上|前期|前报|原报|最初|初报(?:为|称|的|时|数|人数|死亡|受伤)|早前|原通报|早些时候|一度(?:报|传|称)|起初(?:报|称)|曾(?:报|通报|称)|误报|误传|网传|谣";
    STATES = "造成|致|导致|已有|死亡|截至|截止|目前|酿成|确认|核实";
    PART_OF = "其中|包括|含|分别|当中|(?:人员|者|员|人)中";
    IN_VAIN = "^(?:但|后|最终|终因|因|经|可惜|不幸)[^,]{0,16}(?:抢救无效|不治|身亡|死亡)";
    ALL_OF = "均|全部|都|全都|悉数|无一|先后|相继";
}

/// A counted mention of people.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub kind: Kind,
    pub value: u64,
    /// From figure to the word that tells the fate.
    pub range: Range<usize>,
    /// Where its figure begins.
    pub figure: usize,
    pub sentence: usize,
    pub flags: Flags,
}

/// How a mention is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks of one phrase")]
pub(crate) struct Flags {
    /// 其中: a part of what was said before.
    pub part: bool,
    /// 共, 累计, 升至: a total.
    pub strong: bool,
    /// 又有: comes on top of what was said in earlier sentences.
    pub more: bool,
    /// 另有: comes on top of what was said in this sentence.
    pub adds: bool,
    /// 此前通报: no longer so.
    pub prior: bool,
    /// Two hundred or so.
    pub about: bool,
    /// 全部, 均.
    pub everybody: bool,
    /// Hurt in plain words, not only under treatment.
    pub plain: bool,
    /// 骨折, 烧伤: one kind of wound.
    pub wound: bool,
    /// Firemen and others who came to help.
    pub helper: bool,
    /// 3例: cases of a disease.
    pub cases: bool,
}

/// Reads all mentions, in order.
pub(crate) fn scan(text: &Text, sentences: &[Sentence]) -> Vec<Mention> {
    let digits = text.digits.as_str();
    let mut mentions = Vec::new();
    for (number, sentence) in sentences.iter().enumerate() {
        if !sentence.background {
            scan_sentence(digits, number, sentence, &mut mentions);
        }
    }
    mentions
}

fn scan_sentence(digits: &str, number: usize, sentence: &Sentence, mentions: &mut Vec<Mention>) {
    let figures = figures(digits, sentence);
    let mut reader = Reader {
        digits,
        number,
        sentence,
        pending: None,
        taken: 0,
    };
    let mut clauses = sentence.clauses.iter().peekable();
    for (index, figure) in figures.iter().enumerate() {
        while let Some(clause) = clauses.next_if(|clause| clause.end <= figure.range.start) {
            reader.all_of(clause, &figures, mentions);
        }
        let next = figures
            .get(index + 1)
            .map_or(sentence.range.end, |next| next.range.start);
        reader.read(figure, next, mentions);
    }
    for clause in clauses {
        reader.all_of(clause, &figures, mentions);
    }
}

/// 死亡人数由8人上升至11人: the second figure stands for the first.
fn risen(digits: &str, ahead: &str, mentions: &mut Vec<Mention>) -> Option<Kind> {
    let last = mentions.last().filter(|_| ON_TO.is_match(ahead))?;
    let from = FROM.is_match(part(digits, 0..last.figure));
    from.then(|| mentions.pop().map(|m| m.kind)).flatten()
}

struct Reader<'t> {
    digits: &'t str,
    number: usize,
    sentence: &'t Sentence,
    /// People listed before, whose fate is said of all together: start and number.
    pending: Option<(usize, u64)>,
    /// End of the fate word already used.
    taken: usize,
}

impl Reader<'_> {
    fn read(&mut self, figure: &Figure, next: usize, mentions: &mut Vec<Mention>) {
        let end = figure.clause.end.min(next);
        let words = part(self.digits, figure.unit.end..end);
        let from = self.clause_start(figure).max(self.taken.min(figure.range.start));
        let ahead = part(self.digits, from..figure.range.start);
        let own = match part(self.digits, figure.unit.clone()) {
            "死" | "亡" | "具" | "遇难" => Some(Kind::Deaths),
            "伤" | "受伤" => Some(Kind::Injured),
            "失踪" | "失联" => Some(Kind::Missing),
            "重伤" => Some(Kind::Serious),
            "轻伤" => Some(Kind::Minor),
            "被困" => Some(Kind::Trapped),
            _ => figure.own,
        };
        let risen = own
            .is_none()
            .then(|| risen(self.digits, ahead, mentions))
            .flatten();
        let so_far = part(self.digits, self.sentence.range.start..figure.range.start);
        let inside = INSIDE.is_match(ahead) && STUCK.is_match(so_far) && words.chars().count() <= 2;
        let ahead_kind = risen
            .or_else(|| fate::before_figure(ahead))
            .or_else(|| inside.then_some(Kind::Trapped))
            .filter(|_| own.is_none());
        let (kind, reach) = match (own, ahead_kind) {
            (Some(own), _) => (Some(own), figure.unit.end),
            (None, Some(kind)) => self.ahead_or_after(kind, (ahead, words), figure, (end, next)),
            (None, None) => self.after(words, figure, (end, next)),
        };
        let Some(kind) = Self::still_searched(kind, (ahead, words), mentions) else {
            self.hold(words, figure);
            return;
        };
        if self.is_no_harm(kind, words, ahead, figure) {
            self.pending = None;
            return;
        }
        let (start, before) = self.pending.take().unwrap_or((figure.range.start, 0));
        self.taken = reach;
        let mut flags = self.flags(figure, words);
        flags.strong |= risen.is_some();
        let beside = u64::from(!matches!(kind, Kind::Evacuated | Kind::Rescued) && BESIDE.is_match(ahead));
        let start = if ahead_kind == Some(kind) {
            start - fate::length_before(ahead)
        } else {
            start
        };
        let told = part(self.digits, start..reach.max(figure.unit.end));
        let end = start + told.trim_end_matches(['、', '和', '及', ',', '与', ' ']).len();
        let range = start.min(figure.range.start)..end;
        mentions.push(Mention {
            kind,
            value: figure.value.saturating_add(before).saturating_add(beside),
            range,
            figure: figure.range.start,
            sentence: self.number,
            flags,
        });
    }

    /// 死亡3人受伤5人: the word before counts; 被困3人已死亡: the end of the story counts.
    fn ahead_or_after(
        &self,
        kind: Kind,
        (ahead, words): (&str, &str),
        figure: &Figure,
        (end, next): (usize, usize),
    ) -> (Option<Kind>, usize) {
        let belongs_to_next = end == next && next < self.sentence.range.end;
        let worse = fate::after(words).filter(|after| *after == Kind::Deaths && !belongs_to_next);
        let found_again = matches!(kind, Kind::Missing | Kind::Trapped)
            && !belongs_to_next
            && fate::after(words) == Some(Kind::Rescued)
            && !NOT_YET.is_match(words);
        match worse {
            _ if kind == Kind::Evacuated && AMID.is_match(ahead) && fate::after(words).is_some() => {
                (fate::after(words), end)
            }
            _ if found_again => self
                .story(end, next)
                .filter(|(told, _)| *told == Kind::Deaths)
                .map_or((Some(Kind::Rescued), figure.unit.end), |(told, reach)| {
                    (Some(told), reach)
                }),
            Some(worse) if kind != Kind::Deaths => (Some(worse), end),
            _ if kind == Kind::Rescued && fate::after(words) == Some(Kind::Injured) => {
                (Some(Kind::Injured), end)
            }
            _ if kind == Kind::Rescued && self.harm_after(end, next, figure).is_some() => self
                .harm_after(end, next, figure)
                .map_or((Some(kind), figure.unit.end), |(told, reach)| (Some(told), reach)),
            _ if kind == Kind::Rescued => self
                .story(end, next)
                .filter(|(told, _)| self.harm_told(*told, end))
                .map_or((Some(kind), figure.unit.end), |(told, reach)| (Some(told), reach)),
            _ => (Some(kind), figure.unit.end),
        }
    }

    fn after(&self, words: &str, figure: &Figure, (end, next): (usize, usize)) -> (Option<Kind>, usize) {
        let own = fate::after(words);
        if own == Some(Kind::Injured)
            && let Some((Kind::Serious, reach)) = self.story(end, next)
            && WORSE.is_match(part(self.digits, end..reach))
        {
            return (Some(Kind::Serious), reach);
        }
        if own.is_some_and(|kind| kind != Kind::Rescued) {
            return (own, end);
        }
        if own == Some(Kind::Rescued)
            && let Some((told, reach)) = self.harm_after(end, next, figure)
        {
            return (Some(told), reach);
        }
        let one = figure.value == 1 && !words.is_empty();
        if own.is_none() && figure.value <= 3 && (one || HARMED.is_match(words)) {
            return self
                .end_of(end, next)
                .map_or((None, end), |(told, reach)| (Some(told), reach));
        }
        // 一千多人,紧急疏散: what happened is said in the next clause.
        let rest = part(self.digits, end..self.sentence.range.end);
        let idle = (words.chars().count() <= 2 || ALL_THEN.is_match(rest)) && end == figure.clause.end;
        let told = self.story(end, next).filter(|(kind, _)| {
            *kind == Kind::Deaths && own.is_some() || own.is_none() && idle && *kind != Kind::Rescued
        });
        match told {
            Some((kind, reach)) => (Some(kind), reach),
            None => (own, end),
        }
    }

    /// Harm that a clause tells of somebody found: death, or in brackets a wound.
    fn harm_told(&self, told: Kind, end: usize) -> bool {
        let bracket = part(self.digits, end..self.sentence.range.end).starts_with('(');
        told == Kind::Deaths || bracket && matches!(told, Kind::Injured | Kind::Serious | Kind::Minor)
    }

    /// What a following clause without a figure says.
    fn story(&self, end: usize, next: usize) -> Option<(Kind, usize)> {
        let clause = self.sentence.clauses.iter().find(|clause| clause.start >= end)?;
        if clause.end > next || clause.start > end + 2 {
            return None;
        }
        let words = part(self.digits, clause.clone());
        let other = SUBJECT.is_match(words) && !ALL_OF.is_match(words);
        (words.chars().count() <= 24 && !words.starts_with('无') && !other)
            .then(|| fate::after(words))
            .flatten()
            .map(|kind| (kind, clause.end))
    }

    /// 救出6人,均受伤; 救起1人(体温过低,在医院): what is told of those who were saved.
    fn harm_after(&self, end: usize, next: usize, figure: &Figure) -> Option<(Kind, usize)> {
        let bracket = part(self.digits, end..self.sentence.range.end).starts_with('(');
        let later = self
            .sentence
            .clauses
            .iter()
            .filter(|clause| clause.start >= end && clause.end <= next)
            .take(3);
        for clause in later {
            let words = part(self.digits, clause.clone());
            let all = ALL_OF.is_match(words) || bracket || figure.value == 1 && GOES_ON.is_match(words);
            let fine = FINE.is_match(words) && !words.contains(['伤', '医']);
            let told = fate::after(words)
                .filter(|kind| matches!(kind, Kind::Deaths | Kind::Injured | Kind::Serious | Kind::Minor));
            if all && !fine && !words.starts_with('无') && told.is_some() {
                return Some((told?, clause.end));
            }
        }
        None
    }

    /// 一名工人被机器卷入,送医后,因伤势过重死亡: the end of somebody, some clauses later.
    fn end_of(&self, end: usize, next: usize) -> Option<(Kind, usize)> {
        let grave =
            |kind: &Kind| matches!(kind, Kind::Deaths | Kind::Serious | Kind::Missing | Kind::Injured);
        let later = self
            .sentence
            .clauses
            .iter()
            .filter(|clause| clause.start >= end && clause.end <= next);
        let told: Vec<(Kind, usize)> = later
            .take(4)
            .map(|clause| (part(self.digits, clause.clone()), clause.end))
            .filter(|(words, _)| GOES_ON.is_match(words) && !MANY.is_match(words))
            .filter_map(|(words, end)| Some((fate::after(words).filter(grave)?, end)))
            .collect();
        let died = told.iter().find(|(kind, _)| *kind == Kind::Deaths);
        died.or(told.first()).copied()
    }

    /// Where the words before a figure begin; 死亡:3人 is one phrase.
    fn clause_start(&self, figure: &Figure) -> usize {
        let start = figure.clause.start;
        let labelled = |clause: &&Range<usize>| clause.end < start && clause.end + 1 == start;
        if !part(self.digits, 0..start).ends_with(':') {
            return start;
        }
        let label = self.sentence.clauses.iter().find(labelled);
        label
            .filter(|label| part(self.digits, (*label).clone()).chars().count() <= 8)
            .map_or(start, |label| label.start)
    }

    /// 其余2人正在搜救: still missing, or still trapped when that was said of them.
    fn still_searched(
        kind: Option<Kind>,
        (ahead, words): (&str, &str),
        mentions: &[Mention],
    ) -> Option<Kind> {
        let searched = SEARCHED.is_match(words) && LEFT.is_match(ahead);
        if !matches!(kind, None | Some(Kind::Rescued)) || !searched {
            return kind;
        }
        let before = mentions.iter().rev().map(|m| m.kind);
        before
            .filter(|kind| matches!(kind, Kind::Missing | Kind::Trapped))
            .chain([if words.contains('寻') {
                Kind::Missing
            } else {
                Kind::Trapped
            }])
            .next()
    }

    /// Keeps people whose fate has not been said yet: 1名导游、1名游客当场死亡.
    fn hold(&mut self, words: &str, figure: &Figure) {
        let goes_on = LISTED.is_match(words)
            || ["、", "和", "及", "与", "以及", "跟"]
                .iter()
                .any(|word| words.ends_with(word));
        let bare = !words.contains("户") && words.chars().count() <= 16;
        self.pending = (goes_on && bare).then(|| {
            let (start, before) = self.pending.unwrap_or((figure.range.start, 0));
            (start, before + figure.value)
        });
    }

    fn is_no_harm(&self, kind: Kind, words: &str, ahead: &str, figure: &Figure) -> bool {
        let cases = part(self.digits, figure.unit.clone()) == "例";
        if cases && !matches!(kind, Kind::Deaths | Kind::Serious) {
            return true;
        }
        let so_far = part(self.digits, self.sentence.range.start..figure.range.start);
        let inside = so_far.matches('(').count() > so_far.matches(')').count();
        if inside && kind == Kind::Trapped {
            return true;
        }
        if UNSURE.is_match(words) {
            return true;
        }
        if matches!(kind, Kind::Injured | Kind::Deaths) && UNHARMED.is_match(words) {
            return true;
        }
        if words.contains("未受伤") || words.contains("没有受伤") {
            return true;
        }
        let soft = matches!(kind, Kind::Injured | Kind::Trapped | Kind::Evacuated);
        let hurt = words.contains('伤') || words.contains("中毒");
        let helper =
            (!hurt || words.contains("救治")) && fate::HELPERS.is_match(words) && !words.contains("等待救援");
        soft && (helper || kind != Kind::Evacuated && !hurt && fate::SENT.is_match(ahead))
    }

    fn flags(&self, figure: &Figure, words: &str) -> Flags {
        let ahead = part(self.digits, figure.clause.start..figure.range.start);
        let so_far = part(self.digits, self.sentence.range.start..figure.range.start);
        let opened = so_far.matches('(').count() > so_far.matches(')').count();
        let open = BRACKETS.replace_all(so_far, "");
        let strong = STRONG.is_match(ahead);
        Flags {
            part: opened || PART_OF.is_match(so_far) && !strong,
            strong,
            more: MORE.is_match(ahead),
            adds: ADDS.is_match(ahead) && !STILL.is_match(words),
            prior: PRIOR.is_match(ahead) || PRIOR.is_match(&open) && !STATES.is_match(ahead),
            about: figure.about,
            everybody: ALL_OF.is_match(words),
            plain: ["受伤", "轻伤", "烧伤", "中毒", "伤"]
                .iter()
                .any(|w| words.contains(w))
                || words.is_empty(),
            wound: WOUND.is_match(words) && !words.contains("受伤"),
            helper: fate::HELPERS.is_match(words),
            cases: part(self.digits, figure.unit.clone()) == "例",
        }
    }

    /// 被困8人全部找到,均已遇难: all who were counted last.
    fn all_of(&mut self, clause: &Range<usize>, figures: &[Figure], mentions: &mut Vec<Mention>) {
        let words = part(self.digits, clause.clone());
        let counted = figures.iter().any(|figure| clause.contains(&figure.range.start));
        let told = ALL_OF.is_match(words) || IN_VAIN.is_match(words);
        if counted || !told || !fate::DEATH.is_match(words) || words.starts_with("无") {
            return;
        }
        let figure = figures.iter().rfind(|figure| figure.range.end <= clause.start);
        let told_of = |figure: &&Figure| !mentions.iter().any(|m| m.range.end > figure.range.start);
        let value = match (figure.filter(told_of), mentions.last()) {
            // 6名儿童溺水,经打捞上岸后全部抢救无效死亡: nothing was said of them but the number.
            (Some(figure), _) if ALL_OF.is_match(words) || figure.value <= 2 => figure.value,
            (None, Some(last)) if self.number - last.sentence <= 2 => {
                let vain = !ALL_OF.is_match(words) && (last.kind == Kind::Injured || last.value > 2);
                if vain || matches!(last.kind, Kind::Evacuated | Kind::Deaths) {
                    return;
                }
                last.value
            }
            _ => return,
        };
        let mention = Mention {
            kind: Kind::Deaths,
            value,
            range: clause.clone(),
            figure: clause.start,
            sentence: self.number,
            flags: Flags {
                plain: true,
                everybody: true,
                ..Flags::default()
            },
        };
        mentions.push(mention);
    }
}
