//! A node's signed word about its whole feed up to one entry.

use serde::{Deserialize, Serialize};

use crate::{Digest, SignatureError, SigningKey, Suite, VerifyingKey};

/// States the head of the chain and the Merkle root over the first `size` entries, signed by the node.
///
/// Each checkpoint names the one before it, so one valid signature vouches for all that came earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Id of the node.
    pub origin: String,
    /// How many entries it covers; also the number of the last one.
    pub size: u64,
    /// Merkle root over those entries' hashes.
    pub root: Digest,
    /// Hash of entry number `size`.
    pub head: Digest,
    /// Microseconds since 1970 UTC by the node's own clock.
    pub signed_at: i64,
    /// [`Self::link_digest`] of the checkpoint before; [`Digest::ZERO`] for the first.
    pub previous: Digest,
    /// Signature over [`Self::preimage`], 128 hexadecimal digits; empty while unsigned.
    pub signature: String,
}

impl Checkpoint {
    /// Writes the text that is signed: seven lines, in the manner of the C2SP signed note.
    ///
    /// The first line keeps these signatures apart from any other the key may ever make.
    pub fn preimage(&self) -> String {
        format!(
            "anlan/checkpoint/v1\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.origin, self.size, self.root, self.head, self.signed_at, self.previous
        )
    }

    /// Signs the checkpoint, replacing any signature it had.
    #[must_use]
    pub fn sign(mut self, key: &SigningKey) -> Self {
        self.signature = hex::encode(key.sign(self.preimage().as_bytes()));
        self
    }

    /// Checks the signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SignatureError> {
        key.verify_hex(self.preimage().as_bytes(), &self.signature)
    }

    /// Computes what the next checkpoint must carry as `previous`: the digest of text and signature.
    pub fn link_digest(&self, suite: Suite) -> Digest {
        suite.digest_parts(&[self.preimage().as_bytes(), self.signature.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_checkpoint_verifies_until_a_field_changes() {
        for suite in [Suite::Gm, Suite::Intl] {
            let key = SigningKey::generate(suite, [5; 32]).unwrap();
            let checkpoint = Checkpoint {
                origin: "n1".into(),
                size: 3,
                root: suite.digest(b"root"),
                head: suite.digest(b"head"),
                signed_at: 1,
                previous: Digest::ZERO,
                signature: String::new(),
            };
            assert_eq!(
                checkpoint.verify(&key.verifying_key()),
                Err(SignatureError::Malformed)
            );
            let signed = checkpoint.sign(&key);
            assert_eq!(signed.verify(&key.verifying_key()), Ok(()));
            let later = Checkpoint {
                signed_at: 2,
                ..signed.clone()
            };
            assert_eq!(later.verify(&key.verifying_key()), Err(SignatureError::Mismatch));
            assert_ne!(later.link_digest(suite), signed.link_digest(suite));
            let resigned = Checkpoint {
                signature: "00".repeat(64),
                ..signed.clone()
            };
            assert_ne!(resigned.link_digest(suite), signed.link_digest(suite));
        }
    }

    #[test]
    fn the_signed_text_is_seven_lines() {
        let text = Checkpoint {
            origin: "n1".into(),
            size: 3,
            root: Digest::ZERO,
            head: Digest::ZERO,
            signed_at: -4,
            previous: Digest::ZERO,
            signature: "aa".into(),
        }
        .preimage();
        let zeros = "0".repeat(64);
        assert_eq!(
            text,
            format!("anlan/checkpoint/v1\nn1\n3\n{zeros}\n{zeros}\n-4\n{zeros}\n")
        );
    }
}
