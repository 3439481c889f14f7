//! Secrets that leave the node, locked with a passphrase: the keys inside a backup.

use anlan_foundation::Ids;
use anlan_proof::Suite;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::{LedgerError, Sealer};

/// Argon2id with 64 MiB, 3 passes, 1 lane: about half a second a guess on a small machine.
const MEMORY_KIB: u32 = 64 * 1_024;
const PASSES: u32 = 3;

/// A secret under a passphrase. SM4-GCM (`gm`) or AES-256-GCM (`intl`) under an Argon2id key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    suite: Suite,
    memory_kib: u32,
    passes: u32,
    salt: String,
    secret: String,
}

/// Locks a secret with a passphrase; the result is JSON.
pub fn wrap_secret(
    suite: Suite,
    passphrase: &str,
    secret: &[u8],
    ids: &dyn Ids,
) -> Result<String, LedgerError> {
    let mut salt = [0; 16];
    ids.fill(&mut salt);
    let key = derive(passphrase, &salt, MEMORY_KIB, PASSES)?;
    let wrapped = Wrapped {
        suite,
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: hex::encode(salt),
        secret: hex::encode(Sealer::new(suite, key).encrypt(&key, ids, secret)?),
    };
    serde_json::to_string(&wrapped).map_err(|error| LedgerError::Fact(error.to_string()))
}

/// Unlocks what [`wrap_secret`] locked; a wrong passphrase and a changed text are refused alike.
pub fn unwrap_secret(passphrase: &str, text: &str) -> Result<Vec<u8>, LedgerError> {
    const DAMAGED: LedgerError = LedgerError::Seal("the locked secret is damaged");
    let wrapped: Wrapped = serde_json::from_str(text).map_err(|_| DAMAGED)?;
    // Bounds, so that a forged file cannot ask for a terabyte.
    if wrapped.memory_kib > 1 << 20 || wrapped.passes > 16 {
        return Err(DAMAGED);
    }
    let salt = hex::decode(&wrapped.salt).map_err(|_| DAMAGED)?;
    let secret = hex::decode(&wrapped.secret).map_err(|_| DAMAGED)?;
    let key = derive(passphrase, &salt, wrapped.memory_kib, wrapped.passes)?;
    Sealer::new(wrapped.suite, key)
        .decrypt(&key, &secret)
        .map_err(|_| LedgerError::Seal("the passphrase does not fit, or the secret was altered"))
}

fn derive(passphrase: &str, salt: &[u8], memory: u32, passes: u32) -> Result<[u8; 32], LedgerError> {
    let failed = |_| LedgerError::Seal("no key can be made from the passphrase");
    let params = Params::new(memory, passes, 1, Some(32)).map_err(failed)?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(failed)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anlan_foundation::{SeededIds, SimClock, Timestamp};
    use std::sync::Arc;

    #[test]
    fn a_secret_opens_with_its_passphrase_and_with_no_other_and_not_when_altered() {
        let ids = SeededIds::new(Arc::new(SimClock::new(Timestamp::from_seconds(0))), 1);
        for suite in [Suite::Gm, Suite::Intl] {
            let text = wrap_secret(suite, "青城 2026", b"sixty-four bytes", &ids).unwrap();
            assert_eq!(unwrap_secret("青城 2026", &text).unwrap(), b"sixty-four bytes");
            assert!(unwrap_secret("青城 2025", &text).is_err());
            assert!(!text.contains("sixty"));
            let altered = text.replace("\"secret\":\"", "\"secret\":\"00");
            assert!(unwrap_secret("青城 2026", &altered).is_err());
            assert!(unwrap_secret("青城 2026", "{}").is_err());
        }
    }
}
