//! Golden vectors: one a line in `tests/vectors/`, each with the expected answer and its clause.

use std::path::Path;

use anlan_law::{
    AuthorityQuestion, Case, Day, Facts, Form, Grade, Level, LevelAnswer, Moment, Obligation, Party, Phase,
    Power, RuleBook, StartEvent, Times,
};

use super::book::book;

/// One line of a file of vectors.
#[derive(Debug)]
pub(super) struct Vector {
    pub(super) place: String,
    cells: Vec<String>,
    kind: &'static str,
}

const FILES: [&str; 5] = ["grades", "responses-warnings", "reports", "updates", "authority"];

/// Reads all vectors.
pub(super) fn all() -> Vec<Vector> {
    let others = read("others");
    FILES.iter().flat_map(|kind| read(kind)).chain(others).collect()
}

fn read(kind: &'static str) -> Vec<Vector> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/vectors/{kind}.txt"));
    let text = std::fs::read_to_string(file).unwrap();
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|(number, line)| Vector {
            place: format!("tests/vectors/{kind}.txt:{number}: {line}"),
            cells: line.split('|').map(str::to_owned).collect(),
            kind,
        })
        .collect()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn facts(text: &str) -> Facts {
    let pairs = text.split(';').filter(|pair| !pair.is_empty());
    pairs.fold(Facts::default(), |facts, pair| {
        let (measure, value) = pair.split_once('=').unwrap();
        facts.with(measure, value.parse::<f64>().unwrap())
    })
}

fn same(what: &str, expected: &str, found: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    Err(format!("{what}: expected {expected}, found {found}"))
}

fn clause(clause: &str, expected: &str) -> Result<(), String> {
    if clause.starts_with(expected) {
        return Ok(());
    }
    Err(format!("clause: expected {expected}, found {clause}"))
}

impl Vector {
    fn cell(&self, at: usize) -> &str {
        self.cells
            .get(at)
            .map_or_else(|| panic!("{}: too few cells", self.place), String::as_str)
    }

    /// Tells whether the vector is about a rule.
    pub(super) fn names(&self, rule: &str) -> bool {
        self.cells.iter().any(|cell| cell == rule)
    }

    /// Holds the book against the expected answer.
    pub(super) fn check(&self, book: &RuleBook) -> Result<(), String> {
        match self.kind {
            "grades" => self.grade(book),
            "responses-warnings" => self.response(book),
            "reports" => self.report(book),
            "updates" => self.update(book),
            "authority" => self.authority(book),
            _ => self.other(book),
        }
    }

    fn grade(&self, book: &RuleBook) -> Result<(), String> {
        let facts = facts(self.cell(3));
        let case = self.case(&facts);
        if self.cell(4) == "*" {
            let found = book.event_grade(&case).and_then(|answer| answer.level);
            return same("grade", self.cell(5), found.map_or("无", Level::name));
        }
        self.level(&book.grades(&case))
    }

    fn response(&self, book: &RuleBook) -> Result<(), String> {
        let facts = facts(self.cell(3));
        let case = self.case(&facts);
        let warnings = book.warnings(&case);
        if warnings.iter().any(|answer| answer.rule.id == self.cell(4)) {
            return self.level(&warnings);
        }
        self.level(&book.responses(&case))
    }

    fn level<L: Level>(&self, answers: &[LevelAnswer<L>]) -> Result<(), String> {
        let Some(answer) = answers.iter().find(|answer| answer.rule.id == self.cell(4)) else {
            return same("level", self.cell(5), "不适用");
        };
        let found = match answer.level {
            _ if answer.ungraded => "不分级".to_owned(),
            None => "无".to_owned(),
            Some(level) if level.name() == answer.name => answer.name.clone(),
            Some(level) => format!("{}/{}", level.name(), answer.name),
        };
        same("level", self.cell(5), &found)?;
        clause(&answer.rule.clause, self.cell(6))
    }

    fn case<'c>(&'c self, facts: &'c Facts) -> Case<'c> {
        Case {
            division: self.cell(0),
            event_class: self.cell(2),
            facts,
            day: day(self.cell(1)),
        }
    }

    fn report(&self, book: &RuleBook) -> Result<(), String> {
        let facts = facts(self.cell(3));
        let holder: Party = self.cell(4).parse().unwrap();
        let owed = book.obligations(&self.case(&facts), Some(&holder), &Times::default());
        let found = owed
            .iter()
            .find(|owed| owed.rule.id == self.cell(6) && owed.to.to_string() == self.cell(5));
        let Some(found) = found else {
            return same("limit", self.cell(7), "无");
        };
        same("limit", self.cell(7), &limit(found))?;
        let start = match found.start_event {
            StartEvent::Occurred => "发生",
            StartEvent::Learned => "获悉",
            StartEvent::Received => "接报",
        };
        same("start", self.cell(8), start)?;
        let form = match found.form {
            Form::Any => "任意",
            Form::Oral => "口头",
            Form::Written => "书面",
        };
        same("form", self.cell(9), form)?;
        clause(&found.rule.clause, self.cell(10))
    }

    fn update(&self, book: &RuleBook) -> Result<(), String> {
        let facts = facts(self.cell(3));
        let updates = book.updates(&self.case(&facts), &Times::default());
        let Some(found) = updates.iter().find(|update| update.rule.id == self.cell(4)) else {
            return same("span", self.cell(5), "无");
        };
        let suggested = if found.decides { "" } else { "/建议" };
        same(
            "span",
            self.cell(5),
            &format!("{}{suggested}", found.span.words()),
        )?;
        let extension = found
            .extension_days
            .map_or("-".to_owned(), |days| days.to_string());
        same("extension", self.cell(6), &extension)?;
        clause(&found.rule.clause, self.cell(7))
    }

    fn authority(&self, book: &RuleBook) -> Result<(), String> {
        let phase = match self.cell(2) {
            "预防" => Phase::Prevention,
            "预警" => Phase::Warning,
            "处置" => Phase::Response,
            _ => Phase::Recovery,
        };
        let answer = book.authority(&AuthorityQuestion {
            actor: self.cell(3),
            target: self.cell(4),
            phase,
            event_class: self.cell(0),
            division: "1501",
            day: day(self.cell(1)),
        });
        let (power, rule) = match (answer.power, &answer.granted_by, &answer.refused_by) {
            (Some(Power::Order), Some(rule), _) => ("命令", rule.id.as_str()),
            (Some(Power::Request), Some(rule), _) => ("请求", rule.id.as_str()),
            (Some(Power::Notify), Some(rule), _) => ("通知", rule.id.as_str()),
            (_, _, Some(rule)) => ("无/禁止", rule.id.as_str()),
            _ => ("无", "-"),
        };
        same("power", self.cell(5), power)?;
        same("rule", self.cell(6), rule)
    }

    fn other(&self, book: &RuleBook) -> Result<(), String> {
        match self.cell(0) {
            "罚款" => self.fine(book),
            "内容" => self.content(book),
            "职责" => self.duty(book),
            "到期" => self.due(book),
            kind => Err(format!("unknown kind {kind}")),
        }
    }

    fn fine(&self, book: &RuleBook) -> Result<(), String> {
        let grade = Grade::from_name(self.cell(3)).unwrap();
        let fines = book.fines(self.cell(2), grade, "1501", day(self.cell(1)));
        let [fine] = fines.as_slice() else {
            return Err(format!("expected one fine, found {}", fines.len()));
        };
        same("rule", self.cell(4), &fine.rule.id)?;
        same("from", self.cell(5), &fine.row.from_yuan.to_string())?;
        same("to", self.cell(6), &fine.row.to_yuan.to_string())?;
        clause(&fine.rule.clause, self.cell(7))
    }

    fn content(&self, book: &RuleBook) -> Result<(), String> {
        let contents = book.contents(self.cell(3), "1501", self.cell(2), day(self.cell(1)));
        let found = contents.iter().find(|content| content.rule.id == self.cell(4));
        let found = found.ok_or_else(|| format!("no {}", self.cell(4)))?;
        same("items", self.cell(5), &found.items.len().to_string())?;
        same("first", self.cell(6), found.items.first().unwrap())?;
        clause(&found.rule.clause, self.cell(7))
    }

    fn duty(&self, book: &RuleBook) -> Result<(), String> {
        let duties = book.duties("1501", self.cell(2), day(self.cell(1)));
        let found = duties.iter().find(|duty| duty.rule.id == self.cell(3));
        let found = found.ok_or_else(|| format!("no {}", self.cell(3)))?;
        let names = |bodies: &[String], at: usize| bodies.iter().any(|body| body == self.cell(at));
        if !names(&found.prevent, 4) || !names(&found.rescue, 5) {
            return Err(format!("found {:?} and {:?}", found.prevent, found.rescue));
        }
        same(
            "confidence",
            self.cell(6),
            if found.decides { "已确认" } else { "建议" },
        )?;
        clause(&found.rule.clause, self.cell(7))
    }

    fn due(&self, book: &RuleBook) -> Result<(), String> {
        let span = book.span(self.cell(1)).ok_or("no such rule")?;
        same(
            "due",
            self.cell(3),
            &written(book.due(moment(self.cell(2)), span)),
        )?;
        clause(&book.head(self.cell(1)).unwrap().clause, self.cell(4))
    }
}

fn limit(found: &Obligation) -> String {
    let limit = match (found.limit_minutes, found.immediately) {
        (Some(minutes), _) => format!("{minutes}分钟"),
        (None, true) => "立即".to_owned(),
        (None, false) => "及时".to_owned(),
    };
    format!("{limit}{}", if found.decides { "" } else { "/建议" })
}

/// Reads a time in China such as `2026-11-24 03:00`.
pub(super) fn moment(text: &str) -> Moment {
    let time: jiff::civil::DateTime = format!("{}:00", text.replace(' ', "T")).parse().unwrap();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Moment(zone.to_timestamp(time).unwrap().as_microsecond())
}

fn written(moment: Moment) -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let time = zone.to_datetime(jiff::Timestamp::from_microsecond(moment.0).unwrap());
    let text = time.to_string().replace('T', " ");
    text.chars().take("2026-11-24 03:00".len()).collect()
}

#[test]
fn every_vector_holds() {
    let vectors = all();
    assert!(vectors.len() >= 300, "{} vectors", vectors.len());
    let failed = vectors.iter().filter_map(|vector| {
        let why = vector.check(book()).err()?;
        Some(format!("{}\n    {why}", vector.place))
    });
    let failed: Vec<String> = failed.collect();
    assert!(
        failed.is_empty(),
        "{} of {}\n{}",
        failed.len(),
        vectors.len(),
        failed.join("\n")
    );
}

#[test]
fn the_truth_table_of_powers_has_at_least_eighty_cases() {
    assert!(read("authority").len() >= 80);
}
