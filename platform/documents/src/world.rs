//! What Typst may see: the form, one document, and the fonts. No disk, no network, no clock.

use std::path::Path;
use std::sync::Arc;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::DocumentError;

/// The form of GB/T 9704-2012.
const FORM: &str = include_str!("official.typ");

/// Free stand-ins for the official fonts: body, headings, title. See fonts/README.md.
const FONTS: [&[u8]; 4] = [
    include_bytes!("../fonts/AnlanFangSong.ttf"),
    include_bytes!("../fonts/AnlanHeiTi.otf"),
    include_bytes!("../fonts/AnlanBiaoSong.otf"),
    include_bytes!("../fonts/AnlanKaiTi.ttf"),
];

/// Everything that does not change from one document to the next; loaded once.
pub(crate) struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    form: Source,
    document: FileId,
}

fn file(path: &str) -> Result<FileId, DocumentError> {
    let path = VirtualPath::new(path).map_err(|_| DocumentError::Setting(format!("bad path {path}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl Shop {
    /// Loads the fonts that ship with the program, and before them those of a folder of the node.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, DocumentError> {
        let mut fonts = Vec::new();
        for bytes in own_fonts(folder)? {
            fonts.extend(Font::iter(Bytes::new(bytes)));
        }
        for bytes in FONTS {
            fonts.extend(Font::iter(Bytes::new(bytes)));
        }
        let mut book = FontBook::new();
        for font in &fonts {
            book.push(font.info().clone());
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(book),
            fonts,
            form: Source::new(file("/main.typ")?, FORM.to_owned()),
            document: file("/document.json")?,
        })
    }
}

/// The font files of a folder, by name, so that the order does not depend on the disk.
fn own_fonts(folder: Option<&Path>) -> Result<Vec<Vec<u8>>, DocumentError> {
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    let wrong = |error: std::io::Error| DocumentError::Setting(format!("{}: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        paths.push(entry.map_err(wrong)?.path());
    }
    paths.sort();
    let is_font = |path: &&std::path::PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].contains(&ending.to_lowercase().as_str()))
    };
    paths
        .iter()
        .filter(is_font)
        .map(|path| std::fs::read(path).map_err(wrong))
        .collect()
}

/// The shop with one document in it.
pub(crate) struct Sheet {
    pub(crate) shop: Arc<Shop>,
    pub(crate) document: Bytes,
    pub(crate) form: Option<Source>,
}

impl Sheet {
    /// Puts a document, as JSON, into the shop.
    pub(crate) fn new(shop: Arc<Shop>, document: Vec<u8>) -> Self {
        Self {
            shop,
            document: Bytes::new(document),
            form: None,
        }
    }

    fn form(&self) -> &Source {
        self.form.as_ref().unwrap_or(&self.shop.form)
    }
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.form().id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() {
            return Ok(self.form().clone());
        }
        Err(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.document {
            return Ok(self.document.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
