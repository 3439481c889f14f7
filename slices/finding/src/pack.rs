//! The evidence as one file to take away: a sheet to read, the finding as JSON, every entry with its proof.

mod sheet;

use std::io::{Cursor, Write as _};

use anlan_access::{Caller, Object};
use anlan_incident::store as incidents;
use anlan_store::Tx;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::FindingError;
use crate::model::Finding;
use crate::service::Findings;

/// How to check the pack, in the pack itself.
const READ_ME: &str = "核查材料包\n\n\
finding.json       疑似线索、证据、申辩与认定\n\
proofs-*.json      账本条目及其证明；在任何离线电脑上核验：\n\
                   anlan ledger verify proofs-1.json\n\
\n本材料列明疑似线索和证据，不作认定；认定由具名人员在听取申辩后作出。\n";

/// What goes into a pack.
#[derive(Debug)]
pub struct Gathered {
    /// The finding.
    pub finding: Finding,
    /// Evidence packs of the streams, as JSON texts.
    pub streams: Vec<String>,
}

impl Gathered {
    /// Name of the file.
    pub fn name(&self) -> String {
        format!("anlan-finding-{}.zip", self.finding.incident.code)
    }
}

impl Findings {
    /// Gathers the entries of the finding, of its incident, and of those merged into that, each with its proof.
    pub fn gather_pack(&self, tx: &mut Tx<'_>, caller: &Caller, id: &str) -> Result<Gathered, FindingError> {
        let finding = self.visible(tx, caller, id, "finding.pack")?;
        caller.require("ledger.export", Object::in_area(&finding.division))?;
        let incident = incidents::load(tx, &finding.incident.id)?;
        let absorbed = incident.iter().flat_map(|incident| incident.absorbed.iter());
        let mut names = vec![
            format!("finding/{}", finding.id),
            format!("incident/{}", finding.incident.id),
        ];
        names.extend(absorbed.map(|other| format!("incident/{}", other.id)));
        let mut streams = Vec::new();
        for name in names {
            if let Some(pack) = self.ledger.evidence(tx, &name)? {
                let text = serde_json::to_string_pretty(&pack);
                streams.push(text.map_err(|error| FindingError::Pack(error.to_string()))?);
            }
        }
        Ok(Gathered { finding, streams })
    }

    /// The pack as the bytes of a ZIP file.
    pub fn zip(&self, gathered: &Gathered) -> Result<Vec<u8>, FindingError> {
        let json = serde_json::to_vec_pretty(&gathered.finding)
            .map_err(|error| FindingError::Pack(error.to_string()))?;
        let mut files: Vec<(String, Vec<u8>)> = vec![
            ("README.txt".to_owned(), READ_ME.as_bytes().to_vec()),
            ("finding.json".to_owned(), json),
        ];
        #[cfg(feature = "pdf")]
        {
            let sheet = sheet::sheet(&gathered.finding, self.ledger.clock().now());
            files.push(("finding.pdf".to_owned(), self.press.pdf(&sheet)?));
        }
        #[cfg(not(feature = "pdf"))]
        {
            let sheet = sheet::sheet(&gathered.finding, self.ledger.clock().now());
            files.push(("finding.docx".to_owned(), anlan_documents::word(&sheet)?));
        }
        for (number, text) in gathered.streams.iter().enumerate() {
            files.push((format!("proofs-{}.json", number + 1), text.clone().into_bytes()));
        }
        pack(&files).map_err(|error| FindingError::Pack(error.to_string()))
    }
}

fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
