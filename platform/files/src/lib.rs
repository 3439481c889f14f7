//! Files named by what they hold: photos beside the ledger, whose entries hold only the name.
//!
//! A photo is decoded and encoded anew before it is kept, so nothing travels with it but its pixels: no place, no
//! camera, no hidden page. Its name is the digest of the kept bytes, so that a lost or altered file is noticed and
//! can be named. Invariants:
//! - what [`Files::keep_photo`] has answered is on disk, under a name that says what it must hold;
//! - [`Files::read`] gives bytes that match their name, or says which file does not;
//! - the same photo sent twice is one file.

mod error;
mod photo;
mod shelf;

pub use error::FileError;
pub use photo::PhotoLimits;
pub use shelf::{FileName, FileNameError, Files, Kept, Size, Unsound};
