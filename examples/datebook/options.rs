//! Command-line options, and the user's data folder on each system.

use std::env;
use std::path::{self, PathBuf};

/// The location of the book.
#[derive(Debug, PartialEq)]
pub(crate) enum Place {
    File(PathBuf),
    /// A trial with sample data, lost when the program ends.
    Memory,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) place: Place,
    /// The remaining arguments, for `Server::arguments`.
    pub(crate) for_server: Vec<String>,
}

impl Place {
    /// Identifies this book, wherever the program is started.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let path = path::absolute(path).unwrap_or_else(|_| path.clone());
                path.to_string_lossy().into_owned()
            }
            Self::Memory => "memory".to_owned(),
        }
    }
}

impl Options {
    /// Parses `--file PATH` and `--memory`.
    pub(crate) fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut place, mut for_server) = (None, Vec::new());
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--memory" => place = Some(Place::Memory),
                "--file" => {
                    let path = arguments.next().ok_or("`--file` needs a path")?;
                    place = Some(Place::File(path.into()));
                }
                _ => for_server.push(argument),
            }
        }
        let place = place.or_else(|| Some(Place::File(data_folder()?.join("datebook.sqlite"))));
        let place = place.ok_or("your data folder is unknown: use `--file PATH`")?;
        Ok(Self { place, for_server })
    }
}

/// The program's data folder, by the system's conventions.
fn data_folder() -> Option<PathBuf> {
    let named = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        named("APPDATA")
    } else if cfg!(target_os = "macos") {
        env::home_dir().map(|home| home.join("Library/Application Support"))
    } else {
        // The XDG base directory specification.
        named("XDG_DATA_HOME").or_else(|| env::home_dir().map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("solohttp-datebook"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Options, String> {
        Options::read(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn takes_its_own_and_leaves_the_rest_to_the_server() {
        let options = read(&["--port", "0", "--file", "a b.sqlite", "--no-browser"]).unwrap();
        assert_eq!(options.place, Place::File("a b.sqlite".into()));
        assert_eq!(options.for_server, ["--port", "0", "--no-browser"]);
        assert_eq!(read(&["--memory"]).unwrap().place, Place::Memory);
        assert!(read(&["--file"]).is_err());
    }

    #[test]
    fn a_file_is_the_same_book_from_every_folder() {
        let here = env::current_dir().unwrap().join("a.sqlite");
        let name = |path: &str| Place::File(path.into()).name();
        assert_eq!(name("a.sqlite"), name(here.to_str().unwrap()));
        assert_ne!(name("a.sqlite"), name("b.sqlite"));
    }

    #[test]
    fn has_a_folder_of_its_own_if_none_is_named() {
        let Ok(Options { place: Place::File(path), .. }) = read(&[]) else { panic!("no folder") };
        assert!(path.is_absolute() && path.ends_with("solohttp-datebook/datebook.sqlite"));
    }
}
