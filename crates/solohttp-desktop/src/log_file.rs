//! The log file, whose size is limited. A desktop program needs one, because it has no terminal.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::locked::Locked;

/// The size at which a new file is started. The previous file is kept.
const LIMIT: u64 = 1 << 20;

const NAME: &str = "log.txt";
const BEFORE: &str = "log-before.txt";

/// Starts logging to a file in this folder, unless the program has installed its own logger. In a
/// terminal, warnings are also printed.
///
/// Errors are ignored: an unwritable log must not keep the program from starting.
pub(crate) fn start(folder: &Path) {
    static LOGGER: OnceLock<Logger> = OnceLock::new();
    let logger = LOGGER.get_or_init(|| Logger {
        folder: folder.to_owned(),
        file: Locked::new(None),
        has_terminal: io::stderr().is_terminal(),
    });
    // Fails if there is already a logger.
    if log::set_logger(logger).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
}

/// Returns the path of the log in this folder.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

struct Logger {
    folder: PathBuf,
    file: Locked<Option<Open>>,
    has_terminal: bool,
}

struct Open {
    file: File,
    len: u64,
}

impl Logger {
    fn write(&self, line: &str) -> io::Result<()> {
        self.file.with(|slot| {
            if slot.as_ref().is_some_and(|open| open.len >= LIMIT) {
                // Closed first, because Windows doesn't rename open files.
                *slot = None;
                fs::rename(path(&self.folder), self.folder.join(BEFORE))?;
            }
            let open = match slot {
                Some(open) => open,
                None => slot.insert(self.open()?),
            };
            open.len += u64::try_from(line.len()).unwrap_or(u64::MAX);
            open.file.write_all(line.as_bytes())
        })
    }

    fn open(&self) -> io::Result<Open> {
        let file = File::options().append(true).create(true).open(path(&self.folder))?;
        let len = file.metadata()?.len();
        Ok(Open { file, len })
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Info
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let now = httpdate::fmt_http_date(SystemTime::now());
        let line = format!("{now} {:5} {}\n", record.level(), record.args());
        // There is no place to report that the log can't be written.
        drop(self.write(&line));
        if self.has_terminal && record.level() <= Level::Warn {
            drop(io::stderr().write_all(line.as_bytes()));
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_two_files_of_bounded_size() {
        let folder = tempfile::tempdir().unwrap();
        let logger = Logger {
            folder: folder.path().to_owned(),
            file: Locked::new(None),
            has_terminal: false,
        };
        let line = format!("{}\n", "x".repeat(99_999));
        for _ in 0..50 {
            logger.write(&line).unwrap();
        }
        logger.write("the last line\n").unwrap();
        let files = fs::read_dir(folder.path()).unwrap().flatten();
        let sizes: Vec<u64> = files.map(|file| file.metadata().unwrap().len()).collect();
        assert_eq!(sizes.len(), 2);
        assert!(sizes.iter().all(|&len| len < LIMIT + 200_000), "{sizes:?}");
        let text = fs::read_to_string(path(folder.path())).unwrap();
        assert!(text.ends_with("the last line\n"));
    }

    #[test]
    fn a_log_goes_on_where_it_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let logger = || Logger {
            folder: folder.path().to_owned(),
            file: Locked::new(None),
            has_terminal: false,
        };
        logger().write("first\n").unwrap();
        logger().write("second\n").unwrap();
        assert_eq!(fs::read_to_string(path(folder.path())).unwrap(), "first\nsecond\n");
    }
}
