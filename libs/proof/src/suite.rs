//! The digest suites a node may choose, and the digest itself.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Says which family of algorithms a node uses; chosen once, when the node is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suite {
    /// 国密: SM3 (GB/T 32905-2016) and SM2 (GB/T 32918.2-2016).
    Gm,
    /// International: SHA-256 (FIPS 180-4) and Ed25519 (RFC 8032).
    Intl,
}

/// Reports a suite name that is neither `gm` nor `intl`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown suite {0:?}, expected \"gm\" or \"intl\"")]
pub struct SuiteError(pub String);

impl Suite {
    /// Returns the suite's name as written in files: `gm` or `intl`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gm => "gm",
            Self::Intl => "intl",
        }
    }

    /// Computes the digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> Digest {
        self.digest_parts(&[bytes])
    }

    /// Computes the digest of the concatenation of `parts`.
    pub fn digest_parts(self, parts: &[&[u8]]) -> Digest {
        match self {
            Self::Gm => Digest(hash_parts::<sm3::Sm3>(parts).into()),
            Self::Intl => Digest(hash_parts::<sha2::Sha256>(parts).into()),
        }
    }

    /// Computes the Merkle leaf of an entry hash: `H(0x00 ‖ entry)` (RFC 6962 §2.1).
    pub fn leaf_hash(self, entry: &Digest) -> Digest {
        self.digest_parts(&[&[0], entry.as_bytes()])
    }

    /// Computes an inner Merkle node: `H(0x01 ‖ left ‖ right)` (RFC 6962 §2.1).
    pub fn node_hash(self, left: &Digest, right: &Digest) -> Digest {
        self.digest_parts(&[&[1], left.as_bytes(), right.as_bytes()])
    }
}

/// Hashes the concatenation of `parts`.
fn hash_parts<H: sha2::Digest>(parts: &[&[u8]]) -> sha2::digest::Output<H> {
    let mut hasher = H::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Suite {
    type Err = SuiteError;

    fn from_str(text: &str) -> Result<Self, SuiteError> {
        match text {
            "gm" => Ok(Self::Gm),
            "intl" => Ok(Self::Intl),
            _ => Err(SuiteError(text.to_owned())),
        }
    }
}

/// Holds 32 bytes of SM3 or SHA-256; written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest([u8; 32]);

/// Reports text or bytes that are not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 32 bytes (64 lower-case hexadecimal digits)")]
pub struct DigestError;

impl Digest {
    /// The digest of nothing: what the first entry and the first checkpoint point back to.
    pub const ZERO: Self = Self([0; 32]);

    /// Wraps 32 bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a digest from exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DigestError> {
        bytes.try_into().map(Self).map_err(|_| DigestError)
    }

    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the digest as 64 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        let mut text = String::with_capacity(64);
        self.write_hex(&mut text);
        text
    }

    /// Appends the 64 hexadecimal digits to `out`.
    pub(crate) fn write_hex(self, out: &mut String) {
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(if nibble < 10 {
                    b'0' + nibble
                } else {
                    b'a' + nibble - 10
                }));
            }
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return Err(DigestError);
        }
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Ok(Self(bytes))
    }
}

/// Reads one hexadecimal digit; lower case only, so that there is one way to write a digest.
fn nibble(digit: u8) -> Result<u8, DigestError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(DigestError),
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DigestVisitor)
    }
}

struct DigestVisitor;

impl Visitor<'_> for DigestVisitor {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 lower-case hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sm3_gives_the_digests_of_gb_t_32905_annex_a() {
        let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(Suite::Gm.digest(b"abc").to_hex(), abc);
        let sixteen = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
        assert_eq!(Suite::Gm.digest(&b"abcd".repeat(16)).to_hex(), sixteen);
    }

    #[test]
    fn sha256_gives_the_digest_of_fips_180() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Suite::Intl.digest_parts(&[b"a", b"bc"]).to_hex(), abc);
    }

    #[test]
    fn a_digest_survives_text_and_json() {
        let digest = Suite::Gm.digest(b"x");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        assert_eq!(Digest::from_slice(digest.as_bytes()), Ok(digest));
        assert_eq!(Digest::from_slice(&[1; 31]), Err(DigestError));
        assert!("zz".parse::<Digest>().is_err());
        assert!(digest.to_hex().to_uppercase().parse::<Digest>().is_err());
    }

    #[test]
    fn a_suite_is_named_the_same_in_text_and_json() {
        for suite in [Suite::Gm, Suite::Intl] {
            assert_eq!(suite.to_string().parse(), Ok(suite));
            assert_eq!(serde_json::to_string(&suite).unwrap(), format!("\"{suite}\""));
        }
        assert!("GM".parse::<Suite>().is_err());
    }
}
