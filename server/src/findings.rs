//! The findings desk, put together.

use std::sync::Arc;

use anlan_finding::service::OwnNode;
use anlan_finding::{Desk, Findings};
use anlan_findings::Bounds;
use anlan_paper::Papers;

/// What makes a finding.
const BOUNDS: &str = include_str!("../../rules/findings.toml");
/// How the desk works.
const DESK: &str = include_str!("../../rules/finding-desk.toml");

/// The use cases of findings, beside the papers, whose press they print with.
pub(crate) fn findings(papers: &Papers) -> anyhow::Result<Findings> {
    Ok(Findings {
        ledger: papers.ledger.clone(),
        incidents: papers.incidents.clone(),
        bounds: Arc::new(Bounds::parse(BOUNDS)?),
        desk: Arc::new(Desk::parse(DESK)?),
        downtime: Arc::new(OwnNode),
        #[cfg(feature = "pdf")]
        press: papers.press.clone(),
    })
}
