//! `anlan extract`, and the reading of a pasted text at the intake: the grammar's answer with the law's grade.

use std::io::Write as _;
use std::path::PathBuf;

use anlan_divisions::{Division, mentioned, short_name};
use anlan_extract::{Found, Gazetteer, Grade, Reading, Row};
use anlan_foundation::{Clock as _, SystemClock, Timestamp};
use anlan_incident::http::extract::{
    Counted, InDivision, Kind, Said, SuggestedGrade, Understanding, Understood,
};
use anlan_law::{Case, Day, Facts, LevelAnswer, RuleBook};
use anlan_store::{StoreError, Tx};
use anyhow::Context as _;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::law::Law;

/// Reads reports out of a file, one JSON object a line, and writes what each says.
#[derive(Debug, Args)]
pub(crate) struct Extract {
    /// File with a line `{"id","text","received_at"?}` for each report; other keys are ignored.
    #[arg(long)]
    jsonl: PathBuf,
    /// Folder with the city's own rule packs.
    #[arg(long)]
    rules: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Line {
    id: serde_json::Value,
    text: String,
    #[serde(default)]
    received_at: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    id: serde_json::Value,
    #[serde(flatten)]
    row: Row,
}

/// Reads the whole file first: a bad line is named, and then nothing is written.
pub(crate) fn run(task: &Extract) -> anyhow::Result<()> {
    anlan_extract::warm();
    let law = Law::load(task.rules.as_deref())?;
    let text =
        std::fs::read_to_string(&task.jsonl).with_context(|| format!("reading {}", task.jsonl.display()))?;
    let gazetteer = Gazetteer::default();
    let mut answers = Vec::new();
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let answer = answer(&law.book, &gazetteer, line)
            .with_context(|| format!("{}:{}", task.jsonl.display(), number + 1))?;
        answers.push(answer);
    }
    let mut out = std::io::stdout().lock();
    for answer in answers {
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

fn answer(book: &RuleBook, gazetteer: &Gazetteer, line: &str) -> anyhow::Result<Answer> {
    let line: Line = serde_json::from_str(line)
        .context("expected a JSON object with `id`, `text` and, if known, `received_at`")?;
    let received = line.received_at.as_deref().map(instant).transpose()?;
    let reading = anlan_extract::extract(&line.text, received.map(on_the_clock), gazetteer);
    let computed = computed(book, &reading, received.unwrap_or_else(|| SystemClock.now()));
    let computed = computed.and_then(|answer| answer.level).and_then(as_said);
    Ok(Answer {
        id: line.id,
        row: Row::new(&reading, computed),
    })
}

/// Reads an instant with its offset, or one of China's clock without, or a day.
fn instant(text: &str) -> anyhow::Result<Timestamp> {
    let text = text.trim();
    let shapes = [
        text.to_owned(),
        format!("{text}+08:00"),
        format!("{text}:00+08:00"),
        format!("{text}T00:00:00+08:00"),
    ];
    let read = |shape: &String| shape.replacen(' ', "T", 1).parse::<Timestamp>().ok();
    shapes
        .iter()
        .find_map(read)
        .with_context(|| format!("received_at `{text}` is not an instant such as 2026-11-24T08:30:00+08:00"))
}

/// The instant as the clocks of China show it.
fn on_the_clock(at: Timestamp) -> jiff::civil::DateTime {
    let instant = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::constant(8).to_datetime(instant)
}

fn as_said(grade: anlan_law::Grade) -> Option<Grade> {
    use anlan_law::Level as _;
    Grade::of(grade.name())
}

/// The grade that the law computes; none while the text tells of nobody.
fn computed(book: &RuleBook, reading: &Reading, now: Timestamp) -> Option<LevelAnswer<anlan_law::Grade>> {
    let kind = &reading.event_type.as_ref()?.value;
    let rules = kind.graded_by.as_deref()?;
    let facts = facts(reading)?;
    let ask = |day: Day| {
        let case = Case {
            division: "",
            event_class: &kind.law_class,
            facts: &facts,
            day,
        };
        book.grades(&case)
            .into_iter()
            .filter(|answer| answer.rule.id.starts_with(rules) && answer.level.is_some())
            // With the dead unknown and the missing known, a rule that does not count the missing knows nothing.
            .filter(|answer| {
                facts.get("deaths").is_some() || facts.get("missing").is_none() || answer.provisional
            })
            .max_by_key(|answer| answer.level)
    };
    let occurred = reading.occurred.as_ref().and_then(|at| at.value.date());
    let then = occurred.and_then(|date| date.to_string().parse::<Day>().ok());
    // Before its law, an event is measured by today's, so that old reports can be compared.
    then.and_then(ask).or_else(|| ask(today(now)?))
}

fn today(now: Timestamp) -> Option<Day> {
    let (year, month, day) = now.china_date();
    format!("{year:04}-{month:02}-{day:02}").parse().ok()
}

fn facts(reading: &Reading) -> Option<Facts> {
    let people = &reading.casualties;
    let mut facts = Facts::default();
    let injured = people.injured.as_ref();
    for (measure, found) in [
        ("deaths", &people.deaths),
        ("missing", &people.missing),
        ("seriously_injured", &people.seriously_injured),
        ("evacuated", &people.evacuated),
    ] {
        if let Some(found) = found {
            facts.set(measure, f64::from(found.value));
        }
    }
    let kind = &reading.event_type.as_ref()?.value;
    if let Some(injured) = injured.filter(|_| kind.class.starts_with('3')) {
        facts.set("poisoned", f64::from(injured.value));
    }
    if let Some(tenths) = reading.magnitude_tenths {
        facts.set("magnitude", f64::from(tenths) / 10.0);
    }
    let harmed = people.deaths.is_some() || people.missing.is_some() || injured.is_some();
    (harmed || people.seriously_injured.is_some()).then_some(facts)
}

/// Reads texts for the intake.
pub(crate) struct Reader {
    law: Law,
}

impl Reader {
    /// A reader with the law in force.
    pub(crate) fn new(law: &Law) -> Self {
        Self { law: law.clone() }
    }

    /// The conditions that were met; when none was, the figures they were measured by.
    fn why(&self, answer: &LevelAnswer<anlan_law::Grade>, reading: &Reading) -> Vec<String> {
        if !answer.why.readable.is_empty() {
            return answer.why.readable.clone();
        }
        let facts = facts(reading).unwrap_or_default();
        let name = |id: &str| {
            let measure = self.law.book.measures().find(|measure| measure.id == id)?;
            Some((measure.name.clone(), measure.unit.clone()))
        };
        facts
            .iter()
            .filter_map(|(id, value)| name(id).map(|(name, unit)| format!("{name} {value} {unit}")))
            .collect()
    }

    fn grade(&self, reading: &Reading, now: Timestamp) -> Option<SuggestedGrade> {
        let computed = computed(&self.law.book, reading, now);
        let stated = reading.stated_grade.as_ref();
        let grade = stated
            .map(|found| found.value)
            .or_else(|| as_said(computed.as_ref()?.level?))?;
        Some(SuggestedGrade {
            grade: grade.as_str().to_owned(),
            stated: stated.map(|found| said(found, found.value.as_str().to_owned())),
            computed: computed
                .as_ref()
                .and_then(|c| as_said(c.level?))
                .map(|g| g.as_str().to_owned()),
            rule: computed.as_ref().map(|c| c.rule.id.clone()),
            clause: computed.as_ref().map(|c| c.rule.clause.clone()),
            why: computed.as_ref().map_or_else(Vec::new, |c| self.why(c, reading)),
            provisional: computed.is_some_and(|c| c.provisional || !c.decides),
        })
    }
}

fn said<T>(found: &Found<T>, value: String) -> Said {
    Said {
        value,
        start: found.span.char_start,
        end: found.span.char_end,
        words: found.words.clone(),
        confidence: found.confidence,
    }
}

impl Understanding for Reader {
    fn read(&self, tx: &mut Tx<'_>, text: &str, received: Timestamp) -> Result<Understood, StoreError> {
        let divisions = crate::directory::divisions(tx)?;
        let gazetteer = Gazetteer::with(
            divisions
                .iter()
                .flat_map(|division| [division.name.as_str(), short_name(&division.name)]),
        );
        let reading = anlan_extract::extract(text, Some(on_the_clock(received)), &gazetteer);
        let class = reading.event_type.as_ref().and_then(|found| {
            let class = self
                .law
                .classes
                .iter()
                .find(|class| class.code == found.value.class)?;
            Some((class.code.clone(), class.name.clone()))
        });
        Ok(Understood {
            event_type: reading
                .event_type
                .as_ref()
                .map(|found| said(found, found.value.name.clone())),
            event_class: class.as_ref().map(|(code, _)| code.clone()),
            event_class_name: class.map(|(_, name)| name),
            place: reading
                .place
                .as_ref()
                .map(|found| said(found, found.value.clone())),
            division: in_division(text, &reading, &divisions),
            occurred: reading
                .occurred
                .as_ref()
                .map(|found| said(found, found.value.to_string())),
            occurred_at: reading
                .occurred
                .as_ref()
                .and_then(|found| instant(&found.value.date_time()?.to_string()).ok()),
            occurred_precision: reading
                .occurred
                .as_ref()
                .map(|found| found.value.precision.as_str().to_owned()),
            casualties: counted(&reading),
            unit: reading
                .unit
                .as_ref()
                .map(|found| said(found, found.value.clone())),
            cause: reading
                .cause
                .as_ref()
                .map(|found| said(found, found.value.clone())),
            grade: self.grade(&reading, received),
            doubts: reading
                .casualties
                .implausible
                .iter()
                .map(|found| said(found, found.value.to_string()))
                .collect(),
            drill: reading.drill,
        })
    }
}

/// The division of the place; of the whole text when the place names none.
fn in_division(text: &str, reading: &Reading, divisions: &[Division]) -> Option<InDivision> {
    let of_place = reading.place.as_ref().and_then(|place| {
        let found = mentioned(&place.value, divisions)?;
        Some((found, place.span.char_start, place.span.char_end))
    });
    let of_text = || {
        let found = mentioned(text, divisions)?;
        let (start, end) = (found.start, found.end);
        Some((found, start, end))
    };
    let (found, start, end) = of_place.or_else(of_text)?;
    let division = divisions.iter().find(|division| division.code == found.code)?;
    Some(InDivision {
        code: division.code.as_str().to_owned(),
        name: division.name.clone(),
        full_name: division.full_name.clone(),
        start,
        end,
        words: found.words,
        confidence: found.confidence,
    })
}

fn counted(reading: &Reading) -> Vec<Counted> {
    let people = &reading.casualties;
    [
        (Kind::Deaths, &people.deaths),
        (Kind::Injured, &people.injured),
        (Kind::SeriouslyInjured, &people.seriously_injured),
        (Kind::Missing, &people.missing),
        (Kind::Trapped, &people.trapped),
        (Kind::Evacuated, &people.evacuated),
    ]
    .into_iter()
    .filter_map(|(kind, found)| {
        let found = found.as_ref()?;
        Some(Counted {
            kind,
            value: found.value,
            start: found.span.char_start,
            end: found.span.char_end,
            words: found.words.clone(),
            confidence: found.confidence,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> anyhow::Result<serde_json::Value> {
        let law = Law::load(None)?;
        Ok(serde_json::to_value(answer(
            &law.book,
            &Gazetteer::default(),
            line,
        )?)?)
    }

    #[test]
    fn a_line_is_answered_with_the_grade_that_the_law_computes() {
        let line = r#"{"id": 7, "text": "昨晚11时许,武川县哈乐镇一民房起火,造成3人死亡、1人受伤。", "received_at": "2026-11-24T08:00:00+08:00", "source": "x"}"#;
        let answer = read(line).unwrap();
        assert_eq!(answer["id"], 7);
        assert_eq!(answer["event_type"], "火灾");
        assert_eq!(answer["place"], "武川县哈乐镇");
        assert_eq!(answer["occurred_at"], "2026-11-23T23:00");
        assert_eq!(answer["occurred_precision"], "hour");
        assert_eq!((&answer["deaths"], &answer["injured"]), (&3.into(), &1.into()));
        assert_eq!(answer["missing"], serde_json::Value::Null);
        assert_eq!(answer["grade"], "较大");
    }

    #[test]
    fn what_the_text_does_not_say_is_not_graded() {
        let answer =
            read(r#"{"id": "a", "text": "某市今晨一居民楼起火,消防已到场,伤亡情况不明。"}"#).unwrap();
        assert_eq!(answer["grade"], serde_json::Value::Null);
        assert_eq!(answer["deaths"], serde_json::Value::Null);
    }

    #[test]
    fn a_bad_line_says_what_was_expected() {
        for (line, expected) in [
            ("{", "expected a JSON object"),
            (r#"{"id": 1}"#, "text"),
            (
                r#"{"id": 1, "text": "", "received_at": "soon"}"#,
                "received_at `soon`",
            ),
        ] {
            let refused = format!("{:#}", read(line).unwrap_err());
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
