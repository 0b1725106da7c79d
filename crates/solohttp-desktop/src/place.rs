//! Where a program keeps its files, and its handles to the desktop.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use solohttp_core::{Error, folders, private_file};

use crate::live::Live;
use crate::opening::Status;
use crate::work::Work;

const PORT: &str = "port";

/// The program's folders, and its handles to open pages and to work in the background.
///
/// For tests, [`Place::at`] makes one in any folder.
#[derive(Debug, Clone)]
pub struct Place {
    data: PathBuf,
    cache: PathBuf,
    logs: PathBuf,
    live: Live,
    work: Work,
    status: Status,
}

impl Place {
    /// A place with everything in one folder, and without pages that are live.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        let data = folder.into();
        Self {
            cache: data.join("cache"),
            logs: data.join("logs"),
            data,
            live: Live::default(),
            work: Work::default(),
            status: Status::default(),
        }
    }

    /// The folders that the system has for programs with this id.
    pub(crate) fn of(id: &str) -> Result<Self, Error> {
        let folders = || Some((folders::data(id)?, folders::cache(id)?, folders::logs(id)?));
        let Some((data, cache, logs)) = folders() else {
            let message = "the user has no home folder: choose a folder with `--data FOLDER`";
            return Err(Error::Application(message.to_owned()));
        };
        Ok(Self { data, cache, logs, ..Self::at("") })
    }

    pub(crate) fn with_handles(self, live: Live, work: Work) -> Self {
        Self { live, work, ..self }
    }

    pub(crate) fn status(&self) -> &Status {
        &self.status
    }

    /// The port of the last start, which pages and bookmarks in the browser belong to.
    pub(crate) fn port(&self) -> Option<u16> {
        fs::read_to_string(self.own(PORT)).ok()?.trim().parse().ok()
    }

    pub(crate) fn remember_port(&self, port: u16) {
        // The next start takes any port then.
        if let Err(error) = fs::write(self.own(PORT), format!("{port}\n")) {
            log::warn!("cannot remember the port: {error}");
        }
    }

    /// Creates the folders.
    pub(crate) fn create(&self) -> io::Result<()> {
        [&self.own(""), &self.cache, &self.logs]
            .into_iter()
            .try_for_each(private_file::create_folder)
    }

    /// The path of a file of this library, among the program's data.
    pub(crate) fn own(&self, name: &str) -> PathBuf {
        own_folder(&self.data).join(name)
    }

    /// The path of a file among the program's data. The library itself uses the names `desktop`,
    /// `running` and `launch-token` there, names that begin with `solo_` and, with `--data`, also
    /// `cache` and `logs`.
    #[must_use]
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data.join(name)
    }

    /// The folder for the program's data, which exists.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The folder for files that can be made again, which exists.
    #[must_use]
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The folder with the log, which exists.
    #[must_use]
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// The handle with which the application updates open pages. Keep it in the application's state.
    #[must_use]
    pub fn live(&self) -> Live {
        self.live.clone()
    }

    /// The handle with which the application starts long work. Keep it in the application's state.
    #[must_use]
    pub fn work(&self) -> Work {
        self.work.clone()
    }

    /// Shows what the program is doing while it opens, in a window that is there already: "Updating
    /// the database", for example.
    pub fn opening(&self, what: &str) {
        self.status.set(what);
    }
}

/// The library's own folder in a program's data, so that the names of other files are the program's.
pub(crate) fn own_folder(data: &Path) -> PathBuf {
    data.join("desktop")
}
