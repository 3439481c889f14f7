//! Identifiers: where they come from, and a macro that gives each kind of thing its own type.

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::{SharedClock, Timestamp};

/// Hands out identifiers. The only source of ids in the house, so that a seeded run repeats.
pub trait Ids: Send + Sync {
    /// A fresh UUID of version 7.
    fn next(&self) -> Uuid;

    /// `N` bytes for tokens, salts and keys; secret unless the source is seeded.
    fn fill(&self, bytes: &mut [u8]);
}

/// An id source that many parts hold.
pub type SharedIds = Arc<dyn Ids>;

/// Ids from the clock and the operating system's randomness.
pub struct RandomIds {
    clock: SharedClock,
}

impl RandomIds {
    /// Makes a source that takes the time part of ids from `clock`.
    pub fn new(clock: SharedClock) -> Self {
        Self { clock }
    }
}

impl Ids for RandomIds {
    fn next(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        version_7(self.clock.now(), random)
    }

    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::expect_used, reason = "a machine without randomness must not go on")]
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Ids that repeat for the same seed: for tests and the demo city, never for a real node.
pub struct SeededIds {
    clock: SharedClock,
    state: Mutex<u64>,
}

impl SeededIds {
    /// Starts the sequence that belongs to `seed`.
    pub fn new(clock: SharedClock, seed: u64) -> Self {
        Self {
            clock,
            state: Mutex::new(seed),
        }
    }
}

impl Ids for SeededIds {
    fn next(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        version_7(self.clock.now(), random)
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            // splitmix64 (Steele, Lea, Flood 2014)
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (mixed ^ (mixed >> 31)).to_le_bytes();
            chunk.copy_from_slice(word.get(..chunk.len()).unwrap_or(&word));
        }
    }
}

fn version_7(now: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Says why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a UUID such as 0192f0c1-8d3e-7c4a-9b1f-2a6d5e4c3b2a")]
pub struct IdParseError(pub String);

/// Declares identifier types: `typed_id! { /// An incident. IncidentId }`.
#[macro_export]
macro_rules! typed_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                 $crate::serde::Serialize, $crate::serde::Deserialize, $crate::utoipa::ToSchema)]
        #[serde(crate = "anlan_foundation::serde", transparent)]
        pub struct $name(#[schema(value_type = String, format = Uuid)] $crate::uuid::Uuid);

        impl $name {
            /// Takes a fresh id from the source.
            pub fn next(ids: &dyn $crate::Ids) -> Self {
                Self(ids.next())
            }

            /// Wraps a UUID that is already known to be of this kind.
            pub const fn from_uuid(uuid: $crate::uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            pub const fn as_uuid(&self) -> $crate::uuid::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::IdParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse()
                    .map(Self)
                    .map_err(|_| $crate::IdParseError(text.chars().take(40).collect()))
            }
        }
    )+};
}
