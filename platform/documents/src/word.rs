//! The document as a Word file (Office Open XML), with the official fonts by name.
//!
//! Written by hand rather than through a library: the official form needs the character grid, exact lines and two
//! sorts of footers, and the same document must give the same bytes.

mod body;
mod parts;

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::{Document, DocumentError};

/// The document as the bytes of a `.docx` file. The same document gives the same bytes.
pub fn word(document: &Document) -> Result<Vec<u8>, DocumentError> {
    let body = body::document(document);
    let core = parts::core(&document.title, &document.signature);
    let files: [(&str, &str); 9] = [
        ("[Content_Types].xml", parts::CONTENT_TYPES),
        ("_rels/.rels", parts::RELATIONS),
        ("docProps/core.xml", &core),
        ("word/document.xml", &body),
        ("word/styles.xml", parts::STYLES),
        ("word/settings.xml", parts::SETTINGS),
        ("word/footer1.xml", &parts::footer(parts::Side::Right)),
        ("word/footer2.xml", &parts::footer(parts::Side::Left)),
        ("word/_rels/document.xml.rels", parts::DOCUMENT_RELATIONS),
    ];
    pack(&files).map_err(|error| DocumentError::Packing(error.to_string()))
}

fn pack(files: &[(&str, &str)]) -> Result<Vec<u8>, zip::result::ZipError> {
    // Stored, not squeezed, and without a time: what the bytes are must not depend on a library's version or a clock.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
