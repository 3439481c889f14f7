//! The cryptographic bookkeeping of the ledger: canonical text, digests, signatures, hash chain, Merkle tree, verification.
//!
//! Words: an **entry** 条目 is one legal fact; the **chain** links each entry to its predecessor by digest; a
//! **checkpoint** 检查点 is a signed statement of the chain's head and of the Merkle root over all entries so far; an
//! **export** 导出文件 is a file that anybody can verify without the node that wrote it.
//!
//! Invariants: nothing here reads a clock, draws randomness or touches the network or a disk; readers and writers,
//! instants and seeds are arguments. What is hashed is text ([`Entry::preimage`]), so that another program in another
//! language can check it with a JSON library and a hash function.

pub mod canonical;
pub mod checkpoint;
pub mod entry;
pub mod evidence;
pub mod export;
pub mod keys;
pub mod merkle;
pub mod suite;
pub mod verify;

pub use checkpoint::Checkpoint;
pub use entry::{Actor, Entry, hash_batch};
pub use evidence::{Evidence, Proven, public_key_in_file, verify_file};
pub use export::{ExportError, ExportHeader, ExportWriter, verify_export, verify_export_with_key};
pub use keys::{KeyError, SignatureError, SigningKey, VerifyingKey};
pub use merkle::{
    ConsistencyProof, Frontier, InclusionProof, MerkleError, prove_consistency, prove_inclusion, prove_with,
    verify_consistency, verify_inclusion,
};
pub use suite::{Digest, DigestError, Suite, SuiteError};
pub use verify::{Finding, FindingKind, Note, Report, Verifier, VerifyOptions};
