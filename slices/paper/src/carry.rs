//! The second route: a paper as a signed file, or as text small enough for a few QR codes or messages.
//!
//! What is signed is the digest of the document together with who issued it for whom; so a carried paper can be checked
//! without a line to the sender, and taken in twice it is still one paper.

use std::io::{Read as _, Write as _};

use anlan_documents::Document;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_proof::{Suite, VerifyingKey, canonical};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::PaperError;

/// Characters of one part: a QR code of that size can be read from a telephone's screen.
const PART: usize = 1_200;
/// A carried text is at most this large when unpacked, in bytes.
const LARGEST: u64 = 1 << 20;
/// First word of every part.
const WORD: &str = "ANLAN";

/// A paper as it is carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// `anlan-paper/1`.
    pub format: String,
    /// Id of the paper.
    pub paper: String,
    /// Id of the incident at the sender.
    pub incident: Option<String>,
    /// Number of the incident, for people.
    pub incident_code: Option<String>,
    /// Kind.
    pub kind: String,
    /// Name of the kind.
    pub kind_name: String,
    /// Which of its kind.
    pub serial: u32,
    /// Who issued it.
    pub unit: UnitRef,
    /// Division it concerns.
    pub area: String,
    /// Whom it was sent to.
    pub to: Vec<UnitRef>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By whom.
    pub issued_by: String,
    /// Feed of the node that issued it.
    pub origin: String,
    /// The document.
    pub document: Document,
    /// Digest suite and signature algorithm of the sender.
    pub suite: String,
    /// The sender's public key, in hexadecimal.
    pub key: String,
    /// Digest of the document.
    pub digest: String,
    /// Signature over everything else, in hexadecimal.
    #[serde(default)]
    pub signature: String,
}

/// Name of the format.
pub const FORMAT: &str = "anlan-paper/1";

/// Digest of a document in a suite: over its canonical JSON.
pub fn digest(suite: Suite, document: &Document) -> Result<String, PaperError> {
    let text = canonical::to_string(document).map_err(|error| PaperError::NotGenuine(error.to_string()))?;
    Ok(suite.digest(text.as_bytes()).to_hex())
}

impl Carried {
    /// What is signed: canonical JSON of everything but the signature.
    pub fn message(&self) -> Result<String, PaperError> {
        let unsigned = Self {
            signature: String::new(),
            ..self.clone()
        };
        canonical::to_string(&unsigned).map_err(|error| PaperError::NotGenuine(error.to_string()))
    }

    /// The fingerprint of the sender's key that two people can read to each other: eight characters.
    pub fn fingerprint(&self) -> String {
        self.key
            .chars()
            .rev()
            .take(8)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect()
    }

    /// Checks format, digest and signature.
    pub fn check(&self) -> Result<(), PaperError> {
        let wrong = |what: &str| Err(PaperError::NotGenuine(what.to_owned()));
        if self.format != FORMAT {
            return wrong("the format is not anlan-paper/1");
        }
        let suite = match self.suite.as_str() {
            "gm" => Suite::Gm,
            "intl" => Suite::Intl,
            _ => return wrong("the suite is neither gm nor intl"),
        };
        if digest(suite, &self.document)? != self.digest {
            return wrong("the digest does not fit the text");
        }
        let key = VerifyingKey::from_hex(suite, &self.key)
            .map_err(|error| PaperError::NotGenuine(error.to_string()))?;
        key.verify_hex(self.message()?.as_bytes(), &self.signature)
            .map_err(|_| PaperError::NotGenuine("the signature does not fit".to_owned()))
    }
}

/// The paper as parts of text: `ANLAN/1/3/<first of digest>/<data>`.
pub fn parts(carried: &Carried) -> Result<Vec<String>, PaperError> {
    let broken = |error: &dyn std::fmt::Display| PaperError::NotGenuine(error.to_string());
    let json = serde_json::to_vec(carried).map_err(|error| broken(&error))?;
    let mut squeezer = DeflateEncoder::new(Vec::new(), Compression::best());
    squeezer.write_all(&json).map_err(|error| broken(&error))?;
    let data = URL_SAFE_NO_PAD.encode(squeezer.finish().map_err(|error| broken(&error))?);
    let pieces: Vec<String> = data
        .as_bytes()
        .chunks(PART)
        .map(|piece| String::from_utf8_lossy(piece).into_owned())
        .collect();
    let short: String = carried.digest.chars().take(8).collect();
    let all = pieces.len();
    let numbered = pieces.iter().enumerate();
    Ok(numbered
        .map(|(index, piece)| format!("{WORD}/{}/{all}/{short}/{piece}", index + 1))
        .collect())
}

/// Puts parts together again, whatever their order and however often one was scanned.
pub fn join(text: &str) -> Result<Carried, PaperError> {
    let wrong = |what: String| PaperError::NotGenuine(what);
    let mut pieces: std::collections::BTreeMap<usize, &str> = std::collections::BTreeMap::new();
    let mut expected: Option<(usize, &str)> = None;
    for part in text.split_whitespace() {
        let fields: Vec<&str> = part.splitn(5, '/').collect();
        let [WORD, number, all, short, data] = fields.as_slice() else {
            return Err(wrong("a part does not begin with ANLAN/".to_owned()));
        };
        let (Ok(number), Ok(all)) = (number.parse::<usize>(), all.parse::<usize>()) else {
            return Err(wrong("a part has no number".to_owned()));
        };
        if number == 0 || number > all || all > 100 {
            return Err(wrong(format!("part {number} of {all} cannot be")));
        }
        match expected {
            None => expected = Some((all, short)),
            Some(first) if first != (all, *short) => {
                return Err(wrong("these are parts of different papers".to_owned()));
            }
            Some(_) => {}
        }
        pieces.insert(number, data);
    }
    let all = expected.map_or(1, |(all, _)| all);
    if let Some(missing) = (1..=all).find(|number| !pieces.contains_key(number)) {
        return Err(wrong(format!("part {missing} of {all} is missing")));
    }
    let data: String = pieces.into_values().collect();
    unpack(&data)
}

fn unpack(data: &str) -> Result<Carried, PaperError> {
    let broken = |_| PaperError::NotGenuine("a part is damaged".to_owned());
    let bytes = URL_SAFE_NO_PAD
        .decode(data)
        .map_err(|_| PaperError::NotGenuine("a part is damaged".to_owned()))?;
    let mut json = String::new();
    DeflateDecoder::new(bytes.as_slice())
        .take(LARGEST)
        .read_to_string(&mut json)
        .map_err(broken)?;
    read(&json)
}

/// Reads a carried file.
pub fn read(json: &str) -> Result<Carried, PaperError> {
    serde_json::from_str(json).map_err(|error| PaperError::NotGenuine(error.to_string()))
}
