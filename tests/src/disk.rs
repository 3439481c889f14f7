//! Small file systems in an image file, whose power can be cut and which can be filled up.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::place::run;

/// A file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// ext4.
    Ext4,
    /// XFS.
    Xfs,
}

impl FileSystem {
    const fn maker(self) -> &'static str {
        match self {
            Self::Ext4 => "mkfs.ext4",
            Self::Xfs => "mkfs.xfs",
        }
    }
}

/// A mounted image file; unmounted when dropped.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    mount: PathBuf,
}

/// Why there can be no such disks on this machine; `None` when there can be.
pub fn why_not(folder: &Path) -> Option<String> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
    if !is_root {
        return Some("not root, so no file system can be mounted".to_owned());
    }
    for program in ["mkfs.ext4", "mkfs.xfs", "xfs_io", "mount", "umount"] {
        if run("sh", &["-c", &format!("command -v {program}")]).is_err() {
            return Some(format!("no {program} (packages e2fsprogs, xfsprogs)"));
        }
    }
    let tried = Disk::make(folder, FileSystem::Ext4, 16);
    tried
        .err()
        .map(|error| format!("loop devices do not work here: {error:#}"))
}

impl Disk {
    /// Makes and mounts a file system below `folder`.
    pub fn make(folder: &Path, kind: FileSystem, megabytes: u64) -> Result<Self> {
        let (image, mount) = (folder.join("disk.img"), folder.join("disk"));
        if image.exists() {
            fs::remove_file(&image)?;
        }
        fs::create_dir_all(&mount)?;
        File::create(&image)?.set_len(megabytes << 20)?;
        let path = image.to_string_lossy().into_owned();
        match kind {
            // No blocks kept back for root: full is full.
            FileSystem::Ext4 => run(kind.maker(), &["-q", "-m", "0", &path])?,
            FileSystem::Xfs => run(kind.maker(), &["-q", &path])?,
        };
        let disk = Self { image, mount };
        disk.mount()?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.mount
    }

    /// Mounts it (again).
    pub fn mount(&self) -> Result<()> {
        let (image, mount) = (self.image.to_string_lossy(), self.mount.to_string_lossy());
        run("mount", &["-o", "loop", &image, &mount]).map(drop)
    }

    /// Unmounts it.
    pub fn unmount(&self) -> Result<()> {
        run("umount", &[&self.mount.to_string_lossy()]).map(drop)
    }

    /// Cuts the power: from now on nothing reaches the disk, not even the journal in memory.
    pub fn cut_power(&self) -> Result<()> {
        run("xfs_io", &["-x", "-c", "shutdown", &self.mount.to_string_lossy()]).map(drop)
    }

    /// Brings everything written so far onto the disk.
    pub fn sync(&self) -> Result<()> {
        run("sync", &["-f", &self.mount.to_string_lossy()]).map(drop)
    }

    /// Fills the disk to the last block with a file, which is returned.
    pub fn fill(&self) -> Result<PathBuf> {
        let path = self.mount.join("somebody-elses-film");
        let mut file = File::options().create(true).append(true).open(&path)?;
        for size in [1 << 20, 4096, 512] {
            let piece = vec![0x5A; size];
            while file.write_all(&piece).and_then(|()| file.sync_data()).is_ok() {}
        }
        Ok(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mount = self.mount.to_string_lossy().into_owned();
        drop(run("umount", &[&mount]).or_else(|_| run("umount", &["-l", &mount])));
        drop(fs::remove_file(&self.image).context("removing the image"));
    }
}
