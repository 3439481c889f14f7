//! Setting a document: pages, as PDF and as pictures.

use std::path::Path;
use std::sync::Arc;

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_svg::SvgOptions;

use crate::world::{Sheet, Shop};
use crate::{Document, DocumentError};

/// Sets documents. Loads fonts once; clones share them.
#[derive(Clone)]
pub struct Press(Arc<Shop>);

/// A document that has been set.
pub struct Printed {
    pages: PagedDocument,
}

impl Press {
    /// Opens the press with the fonts that ship with the program and, preferred to them, those of a folder.
    pub fn open(fonts: Option<&Path>) -> Result<Self, DocumentError> {
        Ok(Self(Arc::new(Shop::open(fonts)?)))
    }

    /// Sets a document.
    pub fn set(&self, document: &Document) -> Result<Printed, DocumentError> {
        let json = serde_json::to_vec(document).map_err(|error| DocumentError::Setting(error.to_string()))?;
        let sheet = Sheet::new(Arc::clone(&self.0), json);
        set(&sheet)
    }

    /// Sets a document and gives it as PDF.
    pub fn pdf(&self, document: &Document) -> Result<Vec<u8>, DocumentError> {
        self.set(document)?.pdf()
    }
}

fn set(sheet: &Sheet) -> Result<Printed, DocumentError> {
    let outcome = typst::compile::<PagedDocument>(sheet).output;
    // Memory of earlier documents is of no use to the next one.
    typst::comemo::evict(4);
    let pages = outcome.map_err(|errors| {
        let told: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
        DocumentError::Setting(told.join("; "))
    })?;
    Ok(Printed { pages })
}

impl Printed {
    /// The document as PDF. The same document gives the same bytes.
    pub fn pdf(&self) -> Result<Vec<u8>, DocumentError> {
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(Some("Anlan".into())),
            timestamp: None,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.pages, &options).map_err(|errors| {
            let told: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
            DocumentError::Setting(told.join("; "))
        })
    }

    /// How many pages it has.
    pub fn page_count(&self) -> usize {
        self.pages.pages().len()
    }

    /// A page as SVG, from 1; `None` when there is no such page.
    pub fn page(&self, number: usize) -> Option<String> {
        let page = self.pages.pages().get(number.checked_sub(1)?)?;
        Some(typst_svg::svg(page, &SvgOptions::default()))
    }
}
