//! The program's folders, and the handles that the application uses.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use solohttp_core::{Error, folders, private_file};

use crate::live::Live;
use crate::opening::Status;
use crate::work::Work;

const PORT: &str = "port";

/// The program's folders, and handles for live pages and background work. Tests create one with
/// [`Place::at`].
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
    /// Creates a place with all files in one folder, for tests. Its [`live`](Self::live) does
    /// nothing.
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

    /// Creates a place in the system's standard folders for the program with this id.
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

    /// Returns the port of the last run, which bookmarks and open pages still use.
    pub(crate) fn port(&self) -> Option<u16> {
        fs::read_to_string(self.own(PORT)).ok()?.trim().parse().ok()
    }

    pub(crate) fn remember_port(&self, port: u16) {
        // If this fails, the next run uses any free port.
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

    /// Returns the path of one of the library's own files.
    pub(crate) fn own(&self, name: &str) -> PathBuf {
        own_folder(&self.data).join(name)
    }

    /// Returns the path of a file in the data folder. The names `desktop`, `running`,
    /// `launch-token` and those starting with `solo_` are reserved for the library; with `--data`,
    /// so are `cache` and `logs`.
    #[must_use]
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data.join(name)
    }

    /// Returns the data folder, which exists.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Returns the folder for files that the program can recreate. The folder exists.
    #[must_use]
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// Returns the folder for the log, which exists.
    #[must_use]
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// Returns the handle for updating open pages. Keep it in the application's state.
    #[must_use]
    pub fn live(&self) -> Live {
        self.live.clone()
    }

    /// Returns the handle for starting long work. Keep it in the application's state.
    #[must_use]
    pub fn work(&self) -> Work {
        self.work.clone()
    }

    /// Shows a message, such as "Updating the database", in the window while the program opens.
    pub fn opening(&self, what: &str) {
        self.status.set(what);
    }
}

/// Returns the library's own folder inside the data folder.
pub(crate) fn own_folder(data: &Path) -> PathBuf {
    data.join("desktop")
}
