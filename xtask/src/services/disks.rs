//! Small file systems in an image file, for the tests that cut the power and fill the disk.

use super::{Install, packages};
use crate::process;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What makes, mounts and breaks them, and the packages that bring it.
const PROGRAMS: [&str; 5] = ["mkfs.ext4", "mkfs.xfs", "xfs_io", "mount", "umount"];
const PACKAGES: [&str; 3] = ["e2fsprogs", "xfsprogs", "mount"];

/// Megabytes of the file system that is tried.
const TRIED: u64 = 16;

/// Whether such file systems can be made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disks {
    /// They can.
    Ready,
    /// The machine does not let anybody make them: why, and what would help.
    Impossible(String),
}

/// Sees to it that such file systems can be made here, installing what makes them when that is allowed; what could be
/// installed and is not is an error that says how.
pub fn prepare(folder: &Path, install: Install) -> Result<Disks> {
    if !process::is_root() {
        let reason = "not root, so no file system can be mounted: repeat as root";
        return Ok(Disks::Impossible(reason.to_owned()));
    }
    if let Some(missing) = missing() {
        packages::install(install, missing, &PACKAGES)?;
    }
    Ok(match try_one(folder) {
        Ok(()) => Disks::Ready,
        Err(error) => Disks::Impossible(format!(
            "loop devices do not work here (a container needs --privileged): {error:#}"
        )),
    })
}

fn missing() -> Option<&'static str> {
    PROGRAMS.into_iter().find(|program| {
        process::find_program(program).is_none() && !Path::new("/usr/sbin").join(program).is_file()
    })
}

/// Makes a file system, mounts it and takes it away again.
fn try_one(folder: &Path) -> Result<()> {
    let (image, mount) = (folder.join("disk-trial.img"), folder.join("disk-trial"));
    fs::create_dir_all(&mount)?;
    fs::File::create(&image)?.set_len(TRIED << 20)?;
    let tried = process::output(Command::new("mkfs.ext4").arg("-q").arg(&image))
        .and_then(|_| process::output(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&mount)))
        .and_then(|_| process::output(Command::new("umount").arg(&mount)));
    fs::remove_file(&image)?;
    fs::remove_dir(&mount)?;
    tried.map(drop)
}

#[cfg(test)]
mod tests {
    use super::{Disks, Install, prepare};
    use crate::scratch::Scratch;

    #[test]
    fn where_there_can_be_no_such_disks_the_reason_is_told_and_nothing_is_left_behind() {
        let scratch = Scratch::new("disks");
        match prepare(scratch.path(), Install::No) {
            Ok(Disks::Ready) => {}
            Ok(Disks::Impossible(reason)) => {
                assert!(reason.contains("root") || reason.contains("loop"), "{reason}");
            }
            Err(error) => assert!(format!("{error:#}").contains("e2fsprogs"), "{error:#}"),
        }
        assert_eq!(scratch.path().read_dir().unwrap().count(), 0);
    }
}
