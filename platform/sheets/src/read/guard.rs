//! Looks into a file before anything is opened: archives that swell, locked files, sheets of two far corners.

use std::io::{Cursor, Read as _};

use super::Limits;
use crate::error::SheetError;

/// Parts of an archive at most.
const PARTS: usize = 5_000;

/// Cells that the sheets of an old workbook may span together: they are laid out whole in memory.
const SPANNED: u64 = 16_000_000;

/// Inflates every part of an archive into nothing, up to the limit: its own figures are not believed.
pub(super) fn check_archive(bytes: &[u8], limits: &Limits) -> Result<(), SheetError> {
    let damaged = |error: &dyn std::fmt::Display| SheetError::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    Limits::check("parts", archive.len(), PARTS)?;
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) => part,
            Err(zip::result::ZipError::UnsupportedArchive(said)) if said.contains("assword") => {
                return Err(SheetError::Password);
            }
            Err(error) => return Err(damaged(&error)),
        };
        let left = limits.inflated.saturating_sub(total) + 1;
        total +=
            std::io::copy(&mut part.take(left), &mut std::io::sink()).map_err(|error| damaged(&error))?;
        if total > limits.inflated {
            return Err(SheetError::TooLarge {
                limit: "inflated_bytes",
                found: total,
                most: limits.inflated,
            });
        }
    }
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Ok(());
    }
    let said = match () {
        () if archive.index_for_name("xl/workbook.bin").is_some() => {
            "it is a binary workbook (.xlsb); save it as .xlsx"
        }
        () if archive.index_for_name("word/document.xml").is_some() => "it is a Word document",
        () if archive.index_for_name("content.xml").is_some() => {
            "it is an OpenDocument file; save it as .xlsx"
        }
        () => "it is an archive without a workbook",
    };
    Err(SheetError::NotATable(said))
}

/// Looks into a compound file: locked workbooks, other documents, and sheets that would fill the memory.
pub(super) fn check_compound(bytes: &[u8]) -> Result<(), SheetError> {
    let damaged = |error: std::io::Error| SheetError::Damaged(error.to_string());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("/EncryptedPackage") {
        return Err(SheetError::Password);
    }
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let Some(name) = name else {
        let word = file.exists("/WordDocument");
        return Err(SheetError::NotATable(if word {
            "it is a Word document"
        } else {
            "it holds no workbook"
        }));
    };
    let mut stream = Vec::new();
    file.open_stream(name)
        .and_then(|mut found| found.read_to_end(&mut stream))
        .map_err(damaged)?;
    check_records(&stream)
}

/// Walks the records of a workbook stream: BIFF is a list of (kind, length, body).
fn check_records(stream: &[u8]) -> Result<(), SheetError> {
    let (mut rest, mut spanned) = (stream, 0_u64);
    let mut corner = (0_u64, 0_u64);
    while let Some((head, tail)) = rest.split_first_chunk::<4>() {
        let [k0, k1, l0, l1] = *head;
        let (kind, length) = (
            u16::from_le_bytes([k0, k1]),
            usize::from(u16::from_le_bytes([l0, l1])),
        );
        let Some(body) = tail.get(..length) else { break };
        match kind {
            // FILEPASS: the rest is encrypted.
            0x002f => return Err(SheetError::Password),
            // Cells: BLANK, NUMBER, LABEL, BOOLERR, FORMULA, RK, LABELSST, RSTRING, MULRK, MULBLANK.
            0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x027e | 0x00fd | 0x00d6 | 0x00bd | 0x00be => {
                if let Some(&[r0, r1, c0, c1]) = body.first_chunk::<4>() {
                    let row = u64::from(u16::from_le_bytes([r0, r1])) + 1;
                    let column = u64::from(u16::from_le_bytes([c0, c1])) + 1;
                    corner = (corner.0.max(row), corner.1.max(column));
                }
            }
            // End of a sheet.
            0x000a => {
                spanned += corner.0 * corner.1;
                corner = (0, 0);
            }
            _ => {}
        }
        rest = tail.get(length..).unwrap_or_default();
    }
    if spanned <= SPANNED {
        return Ok(());
    }
    Err(SheetError::TooLarge {
        limit: "cells",
        found: spanned,
        most: SPANNED,
    })
}
