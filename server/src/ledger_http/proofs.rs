//! One entry with its proof, its sealed values for a reason, and a stream as an evidence pack.

use anlan_access::Object;
use anlan_foundation::{InvalidInput, Timestamp};
use anlan_ledger::{Covered, Proof, Sealed};
use anlan_web::{Answer, Ask, Command, Edge, Params, done};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{EntryRow, LedgerFault, Nothing, row};
use crate::audit::{self, EvidenceTaken, ValuesRevealed};

/// An entry, what it is hashed from, and its way to a signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryDetail {
    entry: EntryRow,
    /// Cryptographic suite: which digest and which signature.
    suite: String,
    /// Key that signs this node's checkpoints, hexadecimal.
    public_key: String,
    /// The canonical JSON text that is hashed.
    preimage: String,
    /// The hash that the text gives.
    computed: String,
    /// Whether that is the hash the entry bears.
    hash_fits: bool,
    /// How many personal values of the body are sealed.
    sealed_values: usize,
    /// The proof; absent for an entry that no checkpoint of this node covers.
    proof: Option<ProofShown>,
}

/// The way from an entry to a signed root.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProofShown {
    /// Index of the entry in the tree, from 0.
    index: u64,
    /// Number of entries in the tree.
    size: u64,
    /// Hashes along the way, from the leaf up.
    path: Vec<String>,
    /// Root of the tree.
    root: String,
    /// Whether the entry's content leads to the root.
    leads_to_root: bool,
    /// When the checkpoint was signed.
    signed_at: Timestamp,
    /// The text that was signed.
    signed_text: String,
    /// The signature, hexadecimal.
    signature: String,
    /// Whether the signature is the node's.
    signature_holds: bool,
}

fn shown(covered: Covered) -> ProofShown {
    let Covered {
        checkpoint,
        inclusion,
        leads_to_root,
        signature,
    } = covered;
    ProofShown {
        index: inclusion.index,
        size: inclusion.size,
        path: inclusion.hashes.iter().map(ToString::to_string).collect(),
        root: checkpoint.root.to_string(),
        leads_to_root,
        signed_at: Timestamp::from_micros(checkpoint.signed_at),
        signed_text: checkpoint.preimage(),
        signature: checkpoint.signature,
        signature_holds: signature.is_ok(),
    }
}

/// An entry the caller may see for `operation`; another does not exist for the caller.
async fn visible(
    edge: &Edge,
    caller: &anlan_access::Caller,
    at: (String, u64),
) -> Result<Proof, LedgerFault> {
    let ledger = edge.ledger.clone();
    let proof = edge
        .ledger
        .db()
        .read(move |tx| ledger.prove(tx, &at.0, at.1))
        .await?;
    proof
        .filter(|proof| caller.may("ledger.read", Object::in_area(&proof.recorded.entry.area)))
        .ok_or(LedgerFault::NotFound)
}

/// One entry with its proof.
#[utoipa::path(get, path = "/api/v1/ledger/entries/{origin}/{seq}", operation_id = "ledger.entry", tag = "ledger",
    params(("origin" = String, Path), ("seq" = u64, Path)), responses((status = 200, body = EntryDetail)))]
pub(super) async fn entry(
    State(edge): State<Edge>,
    Params(at): Params<(String, u64)>,
    ask: Ask<Nothing>,
) -> Answer<Json<EntryDetail>> {
    ask.caller.require_somewhere("ledger.read")?;
    let proof = visible(&edge, &ask.caller, at).await?;
    let preimage = proof.recorded.entry.preimage();
    let hash_fits = proof.computed == proof.recorded.entry.hash;
    let sealed_values = sealed_in(&proof.recorded.entry.body).len();
    Ok(Json(EntryDetail {
        suite: edge.ledger.suite().to_string(),
        public_key: edge.ledger.public_key(),
        preimage,
        computed: proof.computed.to_string(),
        hash_fits,
        sealed_values,
        proof: proof.covered.map(shown),
        entry: row(&edge.ledger, proof.recorded),
    }))
}

/// Why sealed values are to be read.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Reason {
    /// At least two characters; it becomes an entry.
    reason: String,
}

/// A sealed value in the clear.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ClearValue {
    /// Where it stands in the body, for example `caller.phone`.
    path: String,
    /// Whose key sealed it.
    subject: String,
    /// The value; absent when its key was destroyed.
    value: Option<String>,
}

/// Sealed values in the clear.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ClearValues {
    items: Vec<ClearValue>,
    /// Number of the entry that tells of this reading.
    recorded_as: u64,
}

/// Opens the sealed personal values of an entry; who read them and why becomes an entry itself.
#[utoipa::path(post, path = "/api/v1/ledger/entries/{origin}/{seq}/reveal", operation_id = "ledger.reveal", tag = "ledger",
    params(("origin" = String, Path), ("seq" = u64, Path)), request_body = Reason,
    responses((status = 200, body = ClearValues)))]
pub(super) async fn reveal(
    State(edge): State<Edge>,
    Params(at): Params<(String, u64)>,
    command: Command<Reason>,
) -> Answer<Response> {
    let reason = command.input.reason.trim().to_owned();
    if !(2..=200).contains(&reason.chars().count()) {
        return Err(
            LedgerFault::Input(InvalidInput::one("reason", "too_short", "2 to 200 characters")).into(),
        );
    }
    command.caller.require_somewhere("ledger.reveal")?;
    let entry = visible(&edge, &command.caller, at).await?.recorded.entry;
    command
        .caller
        .require("ledger.reveal", Object::in_area(&entry.area))?;
    let ledger = edge.ledger.clone();
    // Without an idempotency key: the kept answer would hold the data in the clear.
    let outcome = edge
        .ledger
        .command(command.actor, None, move |work| {
            let mut items = Vec::new();
            for (path, sealed) in sealed_in(&entry.body) {
                items.push(ClearValue {
                    value: ledger.sealer().open(work.tx, &sealed)?,
                    subject: sealed.subject,
                    path,
                });
            }
            let fact = ValuesRevealed {
                origin: entry.origin,
                seq: entry.seq,
                count: items.len(),
                reason,
            };
            let recorded = work.record("audit", audit::VALUES_REVEALED, &entry.area, &fact)?;
            Ok::<_, LedgerFault>(ClearValues {
                items,
                recorded_as: recorded.entry.seq,
            })
        })
        .await?;
    Ok(done(outcome))
}

/// The sealed values of a body with their places. What an account signs in with is never opened.
fn sealed_in(body: &str) -> Vec<(String, Sealed)> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(body) {
        gather(&value, &mut Vec::new(), &mut found);
    }
    found.retain(|(_, sealed)| !sealed.subject.starts_with("account/"));
    found
}

fn gather(value: &serde_json::Value, path: &mut Vec<String>, found: &mut Vec<(String, Sealed)>) {
    if let Ok(sealed) = Sealed::deserialize(value) {
        found.push((path.join("."), sealed));
        return;
    }
    let mut inner = |key: String, value| {
        path.push(key);
        gather(value, path, found);
        path.pop();
    };
    match value {
        serde_json::Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(n, item)| inner(n.to_string(), item));
        }
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(key, item)| inner(key.clone(), item));
        }
        _ => {}
    }
}

/// Which stream to take away.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EvidenceQuery {
    /// Name of the stream, for example `incident/…`.
    #[serde(default)]
    stream: String,
}

/// The entries of one stream, each with its proof, as one JSON document that `anlan ledger verify FILE` proves offline.
///
/// Personal values stay sealed in it. Taking it becomes an entry itself, after the pack was made.
#[utoipa::path(post, path = "/api/v1/ledger/evidence", operation_id = "ledger.evidence", tag = "ledger",
    params(EvidenceQuery), responses((status = 200, content_type = "application/json", body = String)))]
pub(super) async fn evidence(
    State(edge): State<Edge>,
    axum::extract::Query(query): axum::extract::Query<EvidenceQuery>,
    command: Command<Nothing>,
) -> Answer<Response> {
    command.caller.require_somewhere("ledger.export")?;
    let (ledger, stream) = (edge.ledger.clone(), query.stream);
    let pack = edge
        .ledger
        .db()
        .read(move |tx| ledger.evidence(tx, &stream))
        .await?;
    let caller = command.caller;
    let pack = pack
        .filter(|pack| {
            let mut areas = pack.items.iter().map(|item| item.entry.area.as_str());
            areas.all(|area| caller.may("ledger.export", Object::in_area(area)))
        })
        .ok_or(LedgerFault::NotFound)?;
    let area = pack
        .items
        .last()
        .map(|item| item.entry.area.clone())
        .unwrap_or_default();
    let fact = EvidenceTaken {
        stream: pack.stream.clone(),
        entries: pack.items.len(),
    };
    edge.ledger
        .command(command.actor, None, move |work| {
            work.record("audit", audit::EVIDENCE_TAKEN, &area, &fact)?;
            Ok::<_, LedgerFault>(())
        })
        .await?;
    let name = format!("anlan-{}.json", pack.stream.replace('/', "-"));
    let text = serde_json::to_string_pretty(&pack).map_err(LedgerFault::from)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, text).into_response())
}
