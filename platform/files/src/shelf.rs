//! The folder of files.

use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anlan_proof::Suite;

use crate::FileError;
use crate::photo::{self, PhotoLimits};

/// Name of a file: the digest of its bytes, with the name of the algorithm, for example `sm3-66c7…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

/// Says why a text is no name of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a file's name is `sm3-` or `sha256-` and 64 lower-case hexadecimal digits")]
pub struct FileNameError;

impl FileName {
    fn of(suite: Suite, bytes: &[u8]) -> Self {
        Self(format!("{}-{}", algorithm(suite), suite.digest(bytes).to_hex()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether these are the bytes that the name promises.
    fn matches(&self, bytes: &[u8]) -> bool {
        let suite = if self.0.starts_with(algorithm(Suite::Gm)) {
            Suite::Gm
        } else {
            Suite::Intl
        };
        *self == Self::of(suite, bytes)
    }

    /// Files are spread over folders by the first two digits, so that none grows too long to list.
    fn path(&self, root: &Path, ending: &str) -> PathBuf {
        let digits = self.0.rsplit('-').next().unwrap_or_default();
        root.join(digits.get(..2).unwrap_or("00"))
            .join(format!("{}{ending}", self.0))
    }
}

const fn algorithm(suite: Suite) -> &'static str {
    match suite {
        Suite::Gm => "sm3",
        Suite::Intl => "sha256",
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FileName {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, FileNameError> {
        let digits = ["sm3-", "sha256-"]
            .iter()
            .find_map(|start| text.strip_prefix(start))
            .ok_or(FileNameError)?;
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digits.len() == 64 && digits.bytes().all(hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FileNameError)
        }
    }
}

/// A photo that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: FileName,
    /// Media type of the kept bytes.
    pub media_type: &'static str,
    /// How many bytes are kept.
    pub bytes: u64,
    /// Width, in pixels.
    pub width: u32,
    /// Height, in pixels.
    pub height: u32,
}

/// Which copy of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As it is kept.
    Whole,
    /// Small, for lists.
    Small,
}

/// A file that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// Its name.
    pub name: FileName,
    /// Whether it is there at all; if so, its bytes do not match its name.
    pub present: bool,
}

/// The files of a node. Clones share the same folder. All calls block on the disk.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
    suite: Suite,
    limits: PhotoLimits,
    drafts: Arc<AtomicU64>,
}

impl Files {
    /// Files in a folder, which is made when the first file comes; new names use the suite's digest.
    pub fn new(root: PathBuf, suite: Suite, limits: PhotoLimits) -> Self {
        Self {
            root: Arc::new(root),
            suite,
            limits,
            drafts: Arc::default(),
        }
    }

    /// What photos may be.
    pub fn limits(&self) -> &PhotoLimits {
        &self.limits
    }

    /// Takes in a photo: decodes it, encodes it anew, and answers once it is on disk.
    pub fn keep_photo(&self, upload: &[u8]) -> Result<Kept, FileError> {
        let photo = photo::develop(upload, &self.limits)?;
        let name = FileName::of(self.suite, &photo.bytes);
        // The small copy goes first: whoever sees the photo then sees both.
        self.write(&name.path(&self.root, SMALL), &photo.small)?;
        self.write(&name.path(&self.root, WHOLE), &photo.bytes)?;
        Ok(Kept {
            name,
            media_type: "image/jpeg",
            bytes: u64::try_from(photo.bytes.len()).unwrap_or(u64::MAX),
            width: photo.width,
            height: photo.height,
        })
    }

    /// The bytes of a file, which match its name; a lost small copy is made again.
    pub fn read(&self, name: &FileName, size: Size) -> Result<Vec<u8>, FileError> {
        let whole = || {
            let bytes = fs::read(name.path(&self.root, WHOLE)).map_err(|error| absent(error, name))?;
            if name.matches(&bytes) {
                Ok(bytes)
            } else {
                Err(FileError::Damaged(name.clone()))
            }
        };
        if size == Size::Whole {
            return whole();
        }
        match fs::read(name.path(&self.root, SMALL)) {
            Ok(bytes) => Ok(bytes),
            Err(_) => photo::shrink(&whole()?, &self.limits),
        }
    }

    /// Whether a file is there, without reading it.
    pub fn has(&self, name: &FileName) -> bool {
        name.path(&self.root, WHOLE).is_file()
    }

    /// Reads every file of a list and names those that are missing or damaged.
    pub fn check(&self, names: &[FileName]) -> Vec<Unsound> {
        let unsound = |name: &FileName| match self.read(name, Size::Whole) {
            Ok(_) => None,
            Err(FileError::Missing(_)) => Some(false),
            Err(_) => Some(true),
        };
        names
            .iter()
            .filter_map(|name| {
                unsound(name).map(|present| Unsound {
                    name: name.clone(),
                    present,
                })
            })
            .collect()
    }

    /// Removes a file that no entry names. A file that is not there is as good as removed.
    pub fn remove(&self, name: &FileName) -> Result<(), FileError> {
        for ending in [WHOLE, SMALL] {
            match fs::remove_file(name.path(&self.root, ending)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes a file whole: beside its place, to the disk, then under its name.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let number = self.drafts.fetch_add(1, Ordering::Relaxed);
        let half = path.with_extension(format!("{}-{number}.part", std::process::id()));
        let written = write_through(&half, bytes).and_then(|()| fs::rename(&half, path));
        if let Err(error) = written {
            drop(fs::remove_file(&half));
            return Err(error.into());
        }
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

const WHOLE: &str = ".jpg";
const SMALL: &str = ".small.jpg";

fn write_through(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn absent(error: std::io::Error, name: &FileName) -> FileError {
    if error.kind() == std::io::ErrorKind::NotFound {
        FileError::Missing(name.clone())
    } else {
        error.into()
    }
}
