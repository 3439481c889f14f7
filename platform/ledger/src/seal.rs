//! Sealing: personal values stand in entries only encrypted, under a key of their subject that can be destroyed.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, AesGcm};
use anlan_foundation::Ids;
use anlan_proof::Suite;
use anlan_store::Tx;
use serde::{Deserialize, Serialize};
use sm4::Sm4;

use crate::{LedgerError, store};

type Sm4Gcm = AesGcm<Sm4, U12>;

/// A value that can be read only with the key of its subject. Suites: SM4-GCM (`gm`), AES-256-GCM (`intl`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Whose key: a stream such as `incident/…` or `person/…`.
    pub subject: String,
    /// Nonce (12 bytes), ciphertext and tag, in hexadecimal.
    pub text: String,
}

/// Seals and opens values with keys that are themselves wrapped under the node's master key.
pub struct Sealer {
    suite: Suite,
    master: [u8; 32],
}

impl Sealer {
    /// Makes a sealer for a node.
    pub fn new(suite: Suite, master: [u8; 32]) -> Self {
        Self { suite, master }
    }

    pub(crate) fn seal(
        &self,
        tx: &mut Tx<'_>,
        ids: &dyn Ids,
        subject: &str,
        value: &str,
    ) -> Result<Sealed, LedgerError> {
        let key = match self.key(tx, subject)? {
            Some(key) => key,
            None => self.fresh_key(tx, ids, subject)?,
        };
        let text = hex::encode(self.encrypt(&key, ids, value.as_bytes())?);
        Ok(Sealed {
            subject: subject.to_owned(),
            text,
        })
    }

    /// Opens a sealed value; `None` when its key was destroyed.
    pub fn open(&self, tx: &mut Tx<'_>, sealed: &Sealed) -> Result<Option<String>, LedgerError> {
        let Some(key) = self.key(tx, &sealed.subject)? else {
            return Ok(None);
        };
        let bytes = hex::decode(&sealed.text).map_err(|_| LedgerError::Seal("not hexadecimal"))?;
        let plain = self.decrypt(&key, &bytes)?;
        String::from_utf8(plain)
            .map(Some)
            .map_err(|_| LedgerError::Seal("not text"))
    }

    fn key(&self, tx: &mut Tx<'_>, subject: &str) -> Result<Option<[u8; 32]>, LedgerError> {
        let Some(wrapped) = store::load_seal_key(tx, subject)? else {
            return Ok(None);
        };
        let bytes = self.decrypt(&self.master, &wrapped)?;
        bytes
            .try_into()
            .map(Some)
            .map_err(|_| LedgerError::Seal("a wrapped key has the wrong length"))
    }

    fn fresh_key(&self, tx: &mut Tx<'_>, ids: &dyn Ids, subject: &str) -> Result<[u8; 32], LedgerError> {
        let mut key = [0; 32];
        ids.fill(&mut key);
        let wrapped = self.encrypt(&self.master, ids, &key)?;
        store::save_seal_key(tx, subject, &wrapped, 0)?;
        Ok(key)
    }

    fn encrypt(&self, key: &[u8; 32], ids: &dyn Ids, plain: &[u8]) -> Result<Vec<u8>, LedgerError> {
        let mut nonce = [0; 12];
        ids.fill(&mut nonce);
        let sealed = match self.suite {
            Suite::Gm => sm4(key)?.encrypt(&nonce.into(), plain),
            Suite::Intl => Aes256Gcm::new(key.into()).encrypt(&nonce.into(), plain),
        };
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed.map_err(|_| LedgerError::Seal("encryption failed"))?);
        Ok(bytes)
    }

    fn decrypt(&self, key: &[u8; 32], bytes: &[u8]) -> Result<Vec<u8>, LedgerError> {
        let (nonce, sealed) = bytes
            .split_first_chunk::<12>()
            .ok_or(LedgerError::Seal("too short"))?;
        let plain = match self.suite {
            Suite::Gm => sm4(key)?.decrypt(nonce.into(), sealed),
            Suite::Intl => Aes256Gcm::new(key.into()).decrypt(nonce.into(), sealed),
        };
        plain.map_err(|_| LedgerError::Seal("altered, or sealed under another key"))
    }
}

/// SM4 keys are 128 bits: the first half of the stored key.
fn sm4(key: &[u8; 32]) -> Result<Sm4Gcm, LedgerError> {
    let half = key.first_chunk::<16>().ok_or(LedgerError::Seal("too short"))?;
    Ok(Sm4Gcm::new(half.into()))
}
