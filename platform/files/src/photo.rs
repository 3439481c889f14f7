//! Photos: decoded, turned upright, made no larger than needed, encoded anew.

use std::io::Cursor;

use anlan_foundation::InvalidInput;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use crate::FileError;

/// How large a photo may come in, and how large it is kept.
#[derive(Debug, Clone, Copy)]
pub struct PhotoLimits {
    /// Largest upload, in bytes.
    pub upload_bytes: usize,
    /// Longest side of an upload, in pixels.
    pub upload_side: u32,
    /// Longest side that is kept, in pixels.
    pub kept_side: u32,
    /// Longest side of the small copy, in pixels.
    pub small_side: u32,
    /// Quality of the encoding, 1 to 100.
    pub quality: u8,
}

impl Default for PhotoLimits {
    fn default() -> Self {
        Self {
            upload_bytes: 20 << 20,
            upload_side: 16_000,
            kept_side: 2_560,
            small_side: 360,
            quality: 85,
        }
    }
}

/// Memory that one decoding may take, in bytes: an upload is at most a few megabytes, a crafted one may claim more.
const DECODING_BYTES: u64 = 320 << 20;

/// A photo as it is kept, with its small copy.
pub(crate) struct Photo {
    pub(crate) bytes: Vec<u8>,
    pub(crate) small: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Makes the two copies of an upload; the field at fault is always `file`.
pub(crate) fn develop(upload: &[u8], limits: &PhotoLimits) -> Result<Photo, FileError> {
    if upload.len() > limits.upload_bytes {
        let most = format!("at most {} bytes", limits.upload_bytes);
        return Err(InvalidInput::one("file", "too_long", most).into());
    }
    let upright = decode(upload, limits)?;
    let kept = fit(upright, limits.kept_side);
    let (width, height) = (kept.width(), kept.height());
    let bytes = encode(&kept, limits.quality)?;
    let small = encode(&fit(kept, limits.small_side), limits.quality)?;
    Ok(Photo {
        bytes,
        small,
        width,
        height,
    })
}

/// The small copy of a photo that was kept before.
pub(crate) fn shrink(kept: &[u8], limits: &PhotoLimits) -> Result<Vec<u8>, FileError> {
    encode(&fit(decode(kept, limits)?, limits.small_side), limits.quality)
}

fn not_a_photo() -> FileError {
    InvalidInput::one("file", "bad_format", "a whole JPEG, PNG or WebP image").into()
}

fn decode(upload: &[u8], limits: &PhotoLimits) -> Result<DynamicImage, FileError> {
    let mut reader = ImageReader::new(Cursor::new(upload)).with_guessed_format()?;
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    if !reader.format().is_some_and(|format| known.contains(&format)) {
        return Err(not_a_photo());
    }
    let mut allowed = Limits::default();
    allowed.max_image_width = Some(limits.upload_side);
    allowed.max_image_height = Some(limits.upload_side);
    allowed.max_alloc = Some(DECODING_BYTES);
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    // A camera held sideways says so beside the picture; once that is gone, the pixels themselves must stand upright.
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn refusal(error: image::ImageError) -> FileError {
    match error {
        image::ImageError::Limits(_) => {
            InvalidInput::one("file", "too_long", "an image of fewer pixels").into()
        }
        image::ImageError::IoError(io) if io.kind() != std::io::ErrorKind::UnexpectedEof => io.into(),
        _ => not_a_photo(),
    }
}

fn fit(image: DynamicImage, side: u32) -> DynamicImage {
    if image.width() <= side && image.height() <= side {
        return image;
    }
    image.thumbnail(side, side)
}

fn encode(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&image.to_rgb8())
        .map_err(refusal)?;
    Ok(bytes)
}
