//! Signing and verifying keys of both suites behind one pair of types.
//!
//! Both kinds of signature are deterministic: Ed25519 by design, SM2 because its nonce is derived from key and message
//! in the manner of RFC 6979. So no randomness is needed, and a repeated checkpoint has the same signature.

use std::fmt;

use ed25519_dalek::Signer as _;
use sm2::dsa::signature::Verifier as _;

use crate::Suite;

/// The distinguishing identifier of SM2 signatures when none is agreed upon (GM/T 0009-2012 §10).
const SM2_IDENTITY: &str = "1234567812345678";

/// Says why bytes are not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 32 bytes, zero, or not below the order of the curve.
    #[error("these bytes are not a secret key of suite {0}")]
    Secret(Suite),
    /// Not a point of the curve.
    #[error("these bytes are not a public key of suite {0}")]
    Public(Suite),
    /// Not hexadecimal digits.
    #[error("a key is written in hexadecimal digits")]
    NotHex,
}

/// Says why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not 64 bytes of a signature at all.
    #[error("these bytes are not a signature")]
    Malformed,
    /// A signature, but not by this key over this message.
    #[error("the signature does not belong to this key and message")]
    Mismatch,
}

/// Signs checkpoints in the name of one node.
#[derive(Clone)]
pub struct SigningKey(Secret);

#[derive(Clone)]
enum Secret {
    Gm(Box<sm2::dsa::SigningKey>),
    Intl(Box<ed25519_dalek::SigningKey>),
}

impl SigningKey {
    /// Makes a key out of 32 random bytes that the caller drew.
    ///
    /// Fails with [`KeyError::Secret`] for the few seeds that are no SM2 scalar (about one in 2³²): draw again.
    pub fn generate(suite: Suite, seed: [u8; 32]) -> Result<Self, KeyError> {
        Self::from_secret_bytes(suite, &seed)
    }

    /// Reads a key from the 32 bytes that [`Self::to_secret_bytes`] gave.
    pub fn from_secret_bytes(suite: Suite, bytes: &[u8]) -> Result<Self, KeyError> {
        let seed: [u8; 32] = bytes.try_into().map_err(|_| KeyError::Secret(suite))?;
        let secret = match suite {
            Suite::Gm => sm2::dsa::SigningKey::from_slice(SM2_IDENTITY, &seed)
                .map(|key| Secret::Gm(Box::new(key)))
                .map_err(|_| KeyError::Secret(suite))?,
            Suite::Intl => Secret::Intl(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed))),
        };
        let key = Self(secret);
        // The SM2 scalar n-1 is a key that can never sign; better refused here than met at the first checkpoint.
        key.try_sign(b"").map_err(|_| KeyError::Secret(suite))?;
        Ok(key)
    }

    /// Returns the 32 secret bytes; keep them sealed.
    pub fn to_secret_bytes(&self) -> [u8; 32] {
        match &self.0 {
            Secret::Gm(key) => key.to_bytes().into(),
            Secret::Intl(key) => key.to_bytes(),
        }
    }

    /// Returns the suite the key belongs to.
    pub fn suite(&self) -> Suite {
        match &self.0 {
            Secret::Gm(_) => Suite::Gm,
            Secret::Intl(_) => Suite::Intl,
        }
    }

    /// Returns the public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(match &self.0 {
            Secret::Gm(key) => Public::Gm(Box::new(key.verifying_key().clone())),
            Secret::Intl(key) => Public::Intl(Box::new(key.verifying_key())),
        })
    }

    /// Signs `message`; gives 64 bytes.
    ///
    /// # Panics
    /// Never in practice: an SM2 nonce that must be rejected has a chance of about 2⁻²⁵⁶.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.try_sign(message).expect("a checked key signs every message")
    }

    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        match &self.0 {
            Secret::Gm(key) => {
                let signature: sm2::dsa::Signature =
                    sm2::dsa::signature::Signer::try_sign(key.as_ref(), message)
                        .map_err(|_| SignatureError::Malformed)?;
                Ok(signature.to_vec())
            }
            Secret::Intl(key) => Ok(key.sign(message).to_bytes().to_vec()),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("suite", &self.suite())
            .finish_non_exhaustive()
    }
}

/// Checks what the owner of the matching [`SigningKey`] signed.
#[derive(Debug, Clone)]
pub struct VerifyingKey(Public);

#[derive(Debug, Clone)]
enum Public {
    Gm(Box<sm2::dsa::VerifyingKey>),
    Intl(Box<ed25519_dalek::VerifyingKey>),
}

impl VerifyingKey {
    /// Reads a public key: a SEC 1 point (33 or 65 bytes) for `gm`, 32 bytes for `intl`.
    pub fn from_bytes(suite: Suite, bytes: &[u8]) -> Result<Self, KeyError> {
        let refuse = KeyError::Public(suite);
        match suite {
            Suite::Gm => sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, bytes)
                .map(|key| Self(Public::Gm(Box::new(key))))
                .map_err(|_| refuse),
            Suite::Intl => {
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| refuse.clone())?;
                ed25519_dalek::VerifyingKey::from_bytes(&bytes)
                    .map(|key| Self(Public::Intl(Box::new(key))))
                    .map_err(|_| refuse)
            }
        }
    }

    /// Reads a public key from hexadecimal digits.
    pub fn from_hex(suite: Suite, text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(suite, &hex::decode(text).map_err(|_| KeyError::NotHex)?)
    }

    /// Returns the key's bytes: 65 (uncompressed SEC 1 point) for `gm`, 32 for `intl`.
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Public::Gm(key) => key.to_sec1_bytes().into_vec(),
            Public::Intl(key) => key.to_bytes().to_vec(),
        }
    }

    /// Returns the key in lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.to_bytes())
    }

    /// Returns the suite the key belongs to.
    pub fn suite(&self) -> Suite {
        match &self.0 {
            Public::Gm(_) => Suite::Gm,
            Public::Intl(_) => Suite::Intl,
        }
    }

    /// Checks that `signature` (64 bytes) was made by this key's owner over `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        match &self.0 {
            Public::Gm(key) => {
                let signature =
                    sm2::dsa::Signature::from_slice(signature).map_err(|_| SignatureError::Malformed)?;
                key.verify(message, &signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
            Public::Intl(key) => {
                let signature =
                    ed25519_dalek::Signature::from_slice(signature).map_err(|_| SignatureError::Malformed)?;
                key.verify_strict(message, &signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
        }
    }

    /// Checks a signature that is written in lower-case hexadecimal digits, so that there is one way to write it.
    pub fn verify_hex(&self, message: &[u8], signature: &str) -> Result<(), SignatureError> {
        if signature.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(SignatureError::Malformed);
        }
        self.verify(
            message,
            &hex::decode(signature).map_err(|_| SignatureError::Malformed)?,
        )
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.suite() == other.suite() && self.to_bytes() == other.to_bytes()
    }
}

impl Eq for VerifyingKey {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GM_SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
    const GM_PUBLIC: &str = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                             ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    const GM_SIGNATURE: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                                b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

    #[test]
    fn the_sm2_example_of_gb_t_32918_5_annex_a_holds() {
        let key = SigningKey::from_secret_bytes(Suite::Gm, &hex::decode(GM_SECRET).unwrap()).unwrap();
        assert_eq!(key.verifying_key().to_hex(), GM_PUBLIC);
        let public = VerifyingKey::from_hex(Suite::Gm, GM_PUBLIC).unwrap();
        assert_eq!(public.verify_hex(b"message digest", GM_SIGNATURE), Ok(()));
        assert_eq!(
            public.verify_hex(b"message digesT", GM_SIGNATURE),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn the_ed25519_example_of_rfc_8032_section_7_1_holds() {
        let secret = hex::decode("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7").unwrap();
        let key = SigningKey::from_secret_bytes(Suite::Intl, &secret).unwrap();
        let public = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
        assert_eq!(key.verifying_key().to_hex(), public);
        let expected = "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                        18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
        assert_eq!(hex::encode(key.sign(&[0xaf, 0x82])), expected);
        assert_eq!(key.verifying_key().verify_hex(&[0xaf, 0x82], expected), Ok(()));
    }

    #[test]
    fn bytes_that_are_no_key_are_refused() {
        assert_eq!(
            SigningKey::generate(Suite::Gm, [0; 32]).unwrap_err(),
            KeyError::Secret(Suite::Gm)
        );
        assert_eq!(
            SigningKey::generate(Suite::Gm, [0xff; 32]).unwrap_err(),
            KeyError::Secret(Suite::Gm)
        );
        let order_less_one = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122";
        let bytes = hex::decode(order_less_one).unwrap();
        assert!(SigningKey::from_secret_bytes(Suite::Gm, &bytes).is_err());
        assert!(SigningKey::from_secret_bytes(Suite::Intl, &[1; 31]).is_err());
        assert!(VerifyingKey::from_bytes(Suite::Gm, &[4; 65]).is_err());
        assert!(VerifyingKey::from_bytes(Suite::Intl, &[]).is_err());
        assert_eq!(
            VerifyingKey::from_hex(Suite::Gm, "xy").unwrap_err(),
            KeyError::NotHex
        );
    }

    #[test]
    fn a_secret_never_shows_in_debug_output() {
        let key = SigningKey::generate(Suite::Intl, [7; 32]).unwrap();
        assert!(!format!("{key:?}").contains(&hex::encode([7_u8; 32])));
        assert_eq!(format!("{key:?}"), "SigningKey { suite: Intl, .. }");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_signature_holds_for_its_message_alone(
            seed in any::<[u8; 32]>(), message in any::<Vec<u8>>(), bit in 0..512_usize, gm in any::<bool>(),
        ) {
            let suite = if gm { Suite::Gm } else { Suite::Intl };
            let key = SigningKey::generate(suite, seed).unwrap();
            let again = SigningKey::from_secret_bytes(suite, &key.to_secret_bytes()).unwrap();
            let mut signature = key.sign(&message);
            prop_assert_eq!(&again.sign(&message), &signature);
            let public = VerifyingKey::from_bytes(suite, &key.verifying_key().to_bytes()).unwrap();
            prop_assert_eq!(public.verify(&message, &signature), Ok(()));
            signature[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(public.verify(&message, &signature).is_err());
        }
    }
}
