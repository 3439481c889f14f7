//! The list as a file that a spreadsheet opens: CSV with a byte-order mark, as wide as the caller may see.

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask};
use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::IncidentError;
use crate::http::lists::{ListQuery, fault};
use crate::http::wire::{Figure, IncidentRow, row};
use crate::rules::CASUALTY_KINDS;
use crate::service::Incidents;

/// A file holds at most this many rows.
const MOST_ROWS: u64 = 50_000;
const PAGE: u64 = 500;

/// Which incidents to write, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ExportQuery {
    /// `zh` (default) or `en`.
    lang: Option<String>,
}

/// Column heads and words, Chinese and English.
struct Words {
    heads: [&'static str; 21],
    casualties: [&'static str; 6],
    unknown: &'static str,
    values: &'static [(&'static str, &'static str)],
}

const ZH: Words = Words {
    heads: [
        "编号",
        "标题",
        "事件类别",
        "类别代码",
        "等级",
        "状态",
        "区划",
        "区划代码",
        "地址",
        "经度",
        "纬度",
        "发生时间",
        "获悉时间",
        "接报时间",
        "录入时间",
        "接报单位",
        "现由",
        "未办事项",
        "最近时限",
        "是否超时",
        "账本位置",
    ],
    casualties: ["死亡", "受伤", "重伤", "失踪", "被困", "转移"],
    unknown: "不详",
    values: &[
        ("extraordinary", "特别重大"),
        ("major", "重大"),
        ("large", "较大"),
        ("ordinary", "一般"),
        ("none", "不分级"),
        ("unknown", "未定级"),
        ("received", "已接报"),
        ("reported", "已上报"),
        ("verified", "已核实"),
        ("closed", "已办结"),
        ("dismissed", "不属实"),
        ("merged", "已并案"),
        ("first_report", "初报"),
        ("preliminary_check", "初核"),
        ("follow_up", "续报"),
        ("change_report", "变更说明"),
        ("final_report", "终报"),
        ("yes", "是"),
        ("no", "否"),
    ],
};
const EN: Words = Words {
    heads: [
        "Number",
        "Title",
        "Event class",
        "Class code",
        "Grade",
        "Status",
        "Division",
        "Division code",
        "Address",
        "Longitude",
        "Latitude",
        "Occurred",
        "Learned",
        "Received",
        "Recorded",
        "Taken by",
        "Held by",
        "Owed",
        "Nearest deadline",
        "Overdue",
        "Ledger position",
    ],
    casualties: [
        "Deaths",
        "Injured",
        "Seriously injured",
        "Missing",
        "Trapped",
        "Evacuated",
    ],
    unknown: "unknown",
    values: &[],
};

impl Words {
    fn say<'w>(&'w self, value: &'w str) -> &'w str {
        let mut pairs = self.values.iter();
        pairs
            .find(|(code, _)| *code == value)
            .map_or(value, |(_, word)| *word)
    }

    fn head(&self) -> Vec<String> {
        self.heads
            .iter()
            .chain(&self.casualties)
            .map(|head| (*head).to_owned())
            .collect()
    }

    fn cells(&self, row: &IncidentRow) -> Vec<String> {
        let at = |at: Option<Timestamp>| at.map_or_else(String::new, readable);
        let owed: Vec<String> = row
            .obligations
            .iter()
            .map(|owed| {
                format!(
                    "{} → {} {}",
                    owed.from_unit.name,
                    owed.to_unit.name,
                    self.say(&owed.kind)
                )
            })
            .collect();
        let mut cells = vec![
            row.code.clone(),
            row.title.clone(),
            row.event_class_name.clone(),
            row.event_class.clone(),
            self.say(&row.grade).to_owned(),
            self.say(row.status.name()).to_owned(),
            row.division_name.clone(),
            row.division.clone(),
            row.address.clone().unwrap_or_default(),
            row.point.map_or_else(String::new, |point| point.lon.to_string()),
            row.point.map_or_else(String::new, |point| point.lat.to_string()),
            at(row.occurred_at),
            at(row.learned_at),
            at(row.received_at),
            at(row.recorded_at),
            row.taken_by.name.clone(),
            row.holder.name.clone(),
            owed.join("; "),
            at(row.nearest_due_at),
            self.say(if row.overdue { "yes" } else { "no" }).to_owned(),
            row.position.to_string(),
        ];
        cells.extend(
            CASUALTY_KINDS
                .iter()
                .map(|kind| self.figure(row.casualties.get(*kind))),
        );
        cells
    }

    /// Empty when nobody spoke of it; every value with its source when the sources disagree.
    fn figure(&self, figure: Option<&Figure>) -> String {
        let say =
            |value: Option<u32>| value.map_or_else(|| self.unknown.to_owned(), |value| value.to_string());
        match figure {
            None => String::new(),
            Some(figure) if figure.conflict => {
                let each = figure
                    .values
                    .iter()
                    .map(|s| format!("{} ({})", say(s.value), s.source));
                each.collect::<Vec<_>>().join(" / ")
            }
            Some(figure) => say(figure.value),
        }
    }
}

/// Date and time as spreadsheets read them, in Beijing time.
fn readable(at: Timestamp) -> String {
    let text = at.to_string();
    text.get(..19)
        .map_or_else(String::new, |text| text.replace('T', " "))
}

/// A cell as RFC 4180 wants it; what would be taken for a formula is marked as text.
fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    if value.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", cells.join(","))
}

/// Incidents as a CSV file (UTF-8 with byte-order mark), with the filters of the list; pages do not matter.
#[utoipa::path(get, path = "/api/v1/incidents/export", operation_id = "incident.export", tag = "incidents",
    params(ListQuery, ExportQuery), responses((status = 200, body = String, content_type = "text/csv"),
    (status = 422, body = anlan_web::ProblemBody)))]
pub async fn export(
    Extension(this): Extension<Incidents>,
    ask: Ask<ListQuery>,
    language: Ask<ExportQuery>,
) -> Answer<Response> {
    ask.caller.require_somewhere("incident.read")?;
    let words = match language.query.lang.as_deref() {
        None | Some("zh") => &ZH,
        Some("en") => &EN,
        Some(_) => return Err(fault("lang", "not_a_choice", "zh, en").into()),
    };
    let incidents = this.clone();
    let text = this
        .ledger
        .db()
        .read(move |tx| {
            let listing = ask.query.read(&incidents, tx, &ask.caller)?;
            let total = listing.total(tx)?.unwrap_or(0);
            if total > i64::try_from(MOST_ROWS).unwrap_or(i64::MAX) {
                return Err(IncidentError::ExportTooLong(total, MOST_ROWS));
            }
            let (mut text, mut after) = (format!("\u{FEFF}{}", line(&words.head())), None);
            loop {
                let page = listing.page(tx, after.as_ref(), PAGE)?;
                for incident in &page.incidents {
                    let shown = row(incident, incidents.directory.event_classes(), listing.moment().at);
                    text.push_str(&line(&words.cells(&shown)));
                }
                after = page.next;
                if after.is_none() {
                    return Ok(text);
                }
            }
        })
        .await?;
    let disposition = HeaderValue::from_static("attachment; filename=\"incidents.csv\"");
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        text,
    )
        .into_response())
}
