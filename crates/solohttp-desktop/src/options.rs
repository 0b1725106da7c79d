//! The command line of a desktop program.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use solohttp_core::Error;

use crate::browser::Choice;

const HELP: &str = "\
Options:
  --data FOLDER    keep all files in this folder
  --window         open a window of a Chromium-based browser
  --tab            open a tab in the default browser
  --browser PATH   open this browser
  --no-browser     open nothing, and print a sign-in link
  --port N         listen on this port
  --install        add the program to the desktop's menu
  --uninstall      remove the program from the menu";

/// The task to perform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Task {
    #[default]
    Run,
    Install,
    Uninstall,
    Help,
}

#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) task: Task,
    pub(crate) data: Option<PathBuf>,
    pub(crate) browser: Option<Choice>,
    pub(crate) port: Option<u16>,
}

impl Options {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = |what: &str| {
                let value = arguments.next();
                value.ok_or_else(|| wrong(&format!("`{what}` needs a value")))
            };
            match argument.to_str() {
                Some("--data") => options.data = Some(absolute(&value("--data")?)?),
                Some("--window") => options.browser = Some(Choice::Window),
                Some("--tab") => options.browser = Some(Choice::Tab),
                Some("--browser") => {
                    options.browser = Some(Choice::Program(value("--browser")?.into()));
                }
                Some("--no-browser") => options.browser = Some(Choice::None),
                Some("--port") => {
                    let number = value("--port")?;
                    let port = number.to_str().and_then(|number| number.parse().ok());
                    let port = port.ok_or_else(|| wrong("`--port` takes a number up to 65535"))?;
                    options.port = Some(port);
                }
                Some("--install") => options.task = Task::Install,
                Some("--uninstall") => options.task = Task::Uninstall,
                Some("--help" | "-h") => options.task = Task::Help,
                // The Finder of macOS up to 10.8 and some launchers pass a process serial number.
                Some(number) if number.starts_with("-psn_") => {}
                _ => {
                    let argument = argument.to_string_lossy();
                    return Err(wrong(&format!("unknown argument `{argument}`")));
                }
            }
        }
        Ok(options)
    }

    pub(crate) fn help(title: &str) -> String {
        format!("{title}\n\n{HELP}")
    }
}

/// Makes a folder's path absolute. A relative path depends on the working folder, which a menu
/// entry doesn't set.
fn absolute(folder: &OsStr) -> Result<PathBuf, Error> {
    std::path::absolute(folder).map_err(|error| {
        wrong(&format!("`--data {}` is not a folder: {error}", folder.to_string_lossy()))
    })
}

fn wrong(what: &str) -> Error {
    Error::Application(format!("{what}\n\n{HELP}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, Error> {
        Options::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn reads_all_options() {
        let options = parse(&["--data", "stock", "--tab", "--port", "8123", "-psn_0_1"]).unwrap();
        assert_eq!(options.task, Task::Run);
        assert_eq!(options.port, Some(8_123));
        assert!(options.data.unwrap().is_absolute());
        assert!(matches!(options.browser, Some(Choice::Tab)));
        assert_eq!(parse(&["--install"]).unwrap().task, Task::Install);
        assert_eq!(parse(&["--uninstall"]).unwrap().task, Task::Uninstall);
    }

    #[test]
    fn errors_name_the_argument_and_list_the_options() {
        for (arguments, expect) in [
            (&["--datta"][..], "`--datta`"),
            (&["--data"], "`--data` needs a value"),
            (&["--port", "many"], "a number up to 65535"),
            (&["--port", "70000"], "a number up to 65535"),
            (&["stock.sqlite"], "`stock.sqlite`"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.contains(expect) && error.contains("--no-browser"), "{error}");
        }
    }
}
