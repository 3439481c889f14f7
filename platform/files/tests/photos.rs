//! What becomes of a photo that somebody sends.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use anlan_files::{FileError, FileName, Files, PhotoLimits, Size};
use anlan_foundation::Fault as _;
use anlan_proof::Suite;
use image::{ImageFormat, Rgb, RgbImage};

static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("anlan-files-{}-{number}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        Self(path)
    }

    fn files(&self) -> Files {
        Files::new(self.0.clone(), Suite::Gm, PhotoLimits::default())
    }

    fn path(&self, name: &FileName, ending: &str) -> PathBuf {
        let digits = name.as_str().rsplit('-').next().unwrap();
        self.0
            .join(digits.get(..2).unwrap())
            .join(format!("{name}{ending}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let shade = |at: u32| u8::try_from(at % 250).unwrap();
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([shade(x), shade(y), 90]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG whose EXIF block says: turned by a quarter, and taken at a secret place.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    tiff.extend(b"SECRET PLACE 40.8,111.7");
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1];
    bytes.extend(length);
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn a_photo_is_kept_without_what_travelled_with_it_and_stands_upright() {
    let folder = Folder::new();
    let files = folder.files();
    let sent = with_exif(&picture(80, 40, ImageFormat::Jpeg));
    let kept = files.keep_photo(&sent).unwrap();
    assert_eq!((kept.width, kept.height), (40, 80), "a quarter turn");
    let bytes = files.read(&kept.name, Size::Whole).unwrap();
    let secret = |window: &[u8]| window == b"SECRET".as_slice() || window == b"Exif\0\0".as_slice();
    assert!(!bytes.windows(6).any(secret));
    assert!(sent.windows(6).any(secret), "the test photo does carry it");
}

#[test]
fn the_name_says_what_the_file_holds_and_the_same_photo_is_one_file() {
    let folder = Folder::new();
    let files = folder.files();
    let first = files.keep_photo(&picture(64, 64, ImageFormat::Png)).unwrap();
    let again = files.keep_photo(&picture(64, 64, ImageFormat::Png)).unwrap();
    assert_eq!(first, again);
    let bytes = files.read(&first.name, Size::Whole).unwrap();
    assert_eq!(
        first.name.as_str(),
        format!("sm3-{}", Suite::Gm.digest(&bytes).to_hex())
    );
    assert_eq!(usize::try_from(first.bytes).unwrap(), bytes.len());
}

#[test]
fn a_large_photo_is_made_smaller_and_has_a_small_copy() {
    let folder = Folder::new();
    let files = folder.files();
    let kept = files.keep_photo(&picture(3000, 600, ImageFormat::Png)).unwrap();
    assert_eq!(kept.width, 2560);
    let small = files.read(&kept.name, Size::Small).unwrap();
    assert_eq!(image::load_from_memory(&small).unwrap().width(), 360);
}

#[test]
fn a_lost_small_copy_is_made_again() {
    let folder = Folder::new();
    let files = folder.files();
    let kept = files.keep_photo(&picture(800, 800, ImageFormat::WebP)).unwrap();
    std::fs::remove_file(folder.path(&kept.name, ".small.jpg")).unwrap();
    let small = files.read(&kept.name, Size::Small).unwrap();
    assert_eq!(image::load_from_memory(&small).unwrap().width(), 360);
}

#[test]
fn what_is_no_photo_is_refused_and_nothing_is_kept() {
    let folder = Folder::new();
    let files = folder.files();
    let whole = picture(64, 64, ImageFormat::Jpeg);
    let half = &whole[..whole.len() / 3];
    let wrong: [&[u8]; 5] = [b"", b"hello", b"%PDF-1.7", b"<svg xmlns='x'></svg>", half];
    for bytes in wrong {
        let refused = files.keep_photo(bytes).unwrap_err();
        assert_eq!(refused.code(), "request.invalid");
        assert_eq!(refused.fields()[0].field, "file");
    }
    assert!(!folder.0.exists());
}

#[test]
fn a_photo_that_is_too_large_is_refused_before_it_is_opened() {
    let folder = Folder::new();
    let limits = PhotoLimits {
        upload_bytes: 1000,
        upload_side: 50,
        ..PhotoLimits::default()
    };
    let files = Files::new(folder.0.clone(), Suite::Intl, limits);
    let bytes = files.keep_photo(&vec![0; 1001]).unwrap_err();
    assert_eq!(bytes.fields()[0].code, "too_long");
    let pixels = files.keep_photo(&picture(60, 1, ImageFormat::Png)).unwrap_err();
    assert_eq!(pixels.fields()[0].code, "too_long");
}

#[test]
fn a_missing_and_a_damaged_file_are_named() {
    let folder = Folder::new();
    let files = folder.files();
    let names: Vec<FileName> = (30..33)
        .map(|side| {
            files
                .keep_photo(&picture(side, 30, ImageFormat::Png))
                .unwrap()
                .name
        })
        .collect();
    std::fs::remove_file(folder.path(&names[0], ".jpg")).unwrap();
    std::fs::write(folder.path(&names[1], ".jpg"), b"something else").unwrap();
    let found = files.check(&names);
    assert_eq!(found.len(), 2);
    assert!(found[0].name == names[0] && !found[0].present);
    assert!(found[1].name == names[1] && found[1].present);
    let damaged = files.read(&names[1], Size::Whole).unwrap_err();
    assert!(damaged.to_string().contains(names[1].as_str()));
    assert!(matches!(
        files.read(&names[0], Size::Whole),
        Err(FileError::Missing(_))
    ));
    assert!(!files.has(&names[0]) && files.has(&names[2]));
}

#[test]
fn a_name_that_leads_elsewhere_is_no_name() {
    for wrong in [
        "",
        "sm3-",
        "../../etc/passwd",
        "sm3-../../x",
        "md5-00",
        &format!("sm3-{}", "G".repeat(64)),
    ] {
        assert!(wrong.parse::<FileName>().is_err(), "{wrong}");
    }
    assert!(format!("sha256-{}", "0".repeat(64)).parse::<FileName>().is_ok());
}

#[test]
fn a_file_that_nobody_names_can_be_removed_twice() {
    let folder = Folder::new();
    let files = folder.files();
    let name = files.keep_photo(&picture(20, 20, ImageFormat::Png)).unwrap().name;
    files.remove(&name).unwrap();
    files.remove(&name).unwrap();
    assert!(!files.has(&name));
}
