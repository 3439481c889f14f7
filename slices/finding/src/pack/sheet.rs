//! The sheet of a finding, as it prints.

use anlan_documents::{Block, Column, Document, Masthead, Run};
use anlan_findings::FindingKind;
use anlan_foundation::Timestamp;

use crate::facts::Line;
use crate::model::{Finding, State};

/// The suspicion in words.
const fn kind_name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Late => "疑似迟报",
        FindingKind::Omitted => "疑似漏报",
        FindingKind::Understated => "疑似少报",
        FindingKind::BackDated => "疑似倒签",
        FindingKind::EditedDown => "疑似上级阅后改小",
    }
}

const fn state_name(state: State) -> &'static str {
    match state {
        State::Open => "待申辩",
        State::Replied => "已申辩，待认定",
        State::NoReply => "逾期未申辩，待认定",
        State::Upheld => "成立",
        State::Unfounded => "不成立",
        State::Excused => "情有可原",
        State::Lifted => "已撤销",
    }
}

fn what_name(what: &str) -> &'static str {
    match what {
        "claim" => "自述获悉",
        "report" => "报告",
        "call" => "来电",
        "sensor" => "监测报警",
        "message" => "信息",
        "resident" => "群众反映",
        "enquiry" => "上级询问",
        "hospital" => "医院数据",
        "statement" => "情况陈述",
        _ => "自行发现",
    }
}

/// Month, day and time in China.
fn time(at: Timestamp) -> String {
    let text = at.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

fn paragraph(text: String) -> Block {
    Block::Paragraph {
        runs: vec![Run::plain(text)],
    }
}

fn heading(text: &str) -> Block {
    Block::Heading {
        level: 1,
        text: text.to_owned(),
    }
}

/// The finding as a document.
pub(super) fn sheet(finding: &Finding, now: Timestamp) -> Document {
    let kind = kind_name(finding.kind);
    let mut blocks = vec![
        heading("一、线索"),
        paragraph(format!(
            "{}（{}）一事，账本记载显示{}{kind}。{}",
            finding.title,
            finding.incident.code,
            finding.unit.name,
            measure(finding)
        )),
        paragraph(format!(
            "应报时限{}分钟（{}）。",
            finding.found.limit_minutes, finding.found.clause
        )),
        heading("二、证据"),
        evidence(finding),
        heading("三、申辩"),
    ];
    if finding.replies.is_empty() {
        blocks.push(paragraph(format!(
            "截至申辩期限{}：{}。",
            time(finding.reply_due_at),
            state_name(finding.state)
        )));
    }
    for reply in &finding.replies {
        let late = if reply.late { "（逾期）" } else { "" };
        blocks.push(paragraph(format!(
            "{}，{}{late}：{}",
            time(reply.at),
            reply.by,
            reply.text
        )));
    }
    blocks.push(heading("四、认定"));
    blocks.push(match &finding.verdict {
        Some(verdict) => paragraph(format!(
            "{}，{}（{}）认定：{}。理由：{}",
            time(verdict.at),
            verdict.by,
            verdict.unit.name,
            state_name(finding.state),
            verdict.reason
        )),
        None => paragraph("尚未认定。本材料只列明疑似线索和证据。".to_owned()),
    });
    Document {
        masthead: Masthead::Bulletin,
        mark: "核查材料".to_owned(),
        number: finding.incident.code.clone(),
        issuer: finding.unit.name.clone(),
        issued_on: time(now).get(..10).unwrap_or_default().to_owned(),
        title: format!("关于{}{kind}线索的核查材料", finding.title),
        blocks,
        ..Document::default()
    }
}

fn measure(finding: &Finding) -> String {
    let found = &finding.found;
    let or_none = |at: Option<Timestamp>| at.map_or_else(|| "无记录".to_owned(), time);
    match (finding.kind, found.figures) {
        (FindingKind::Understated, Some((given, held))) => format!("上报死亡{given}人，当时已掌握{held}人。"),
        (FindingKind::EditedDown, Some((given, held))) => {
            format!("上级阅后，死亡人数由{held}人改为{given}人。")
        }
        (FindingKind::Omitted, _) => format!("最早证据{}，至发现时未见报告。", or_none(found.known_at)),
        _ => format!(
            "自述{}，最早证据{}，账本记录首次报告{}。",
            or_none(found.claimed_at),
            or_none(found.known_at),
            or_none(found.reported_at)
        ),
    }
}

fn evidence(finding: &Finding) -> Block {
    let columns = [("时间", 5), ("何种", 3), ("内容", 9), ("账本条目", 4)];
    let row = |line: &Line| {
        let deaths = line
            .deaths
            .map_or_else(String::new, |deaths| format!("死亡{deaths}人。"));
        let side = if line.side == "claimed" {
            "自述"
        } else {
            "证据"
        };
        let what = format!("{side}：{}", what_name(&line.what));
        let text = format!("{}，{}。{deaths}{}", line.unit.name, line.source, line.text);
        [
            time(line.at),
            what,
            text,
            format!("{} #{}", line.origin, line.seq),
        ]
        .into_iter()
        .map(|cell| vec![Run::plain(cell)])
        .collect()
    };
    Block::Table {
        caption: String::new(),
        columns: columns
            .into_iter()
            .map(|(title, width)| Column {
                title: title.to_owned(),
                width,
            })
            .collect(),
        rows: finding.found.evidence.iter().map(row).collect(),
    }
}
