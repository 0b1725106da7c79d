//! Runs Windows programs on Linux under Wine, with a Wine prefix in the target folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::apt::answers;
use crate::cross::ensure_installed;
use crate::failure::Failure;

/// Links programs and compiles C for Windows.
const MINGW: &str = "x86_64-w64-mingw32-gcc";

const PACKAGES: &[&str] = &["gcc-mingw-w64-x86-64-win32", "wine64", "wine"];

const HOW_TO_GET_IT: &str = "\
Windows programs need mingw-w64 to link and Wine to run, and one of them is missing. To install them:
  Debian, Ubuntu  sudo apt-get install gcc-mingw-w64-x86-64-win32 wine64 wine";

/// A Windows 10 library that Wine 8 lacks.
const LIBRARY: &str = include_str!("../wine/bcryptprimitives.c");

/// A Wine prefix.
#[derive(Debug)]
pub(crate) struct Wine {
    prefix: PathBuf,
}

impl Wine {
    /// Opens the prefix in `folder`, or creates it. Installs Wine with apt if necessary.
    pub(crate) fn ensure(folder: &Path) -> Result<Self, Failure> {
        if !cfg!(target_os = "linux") {
            return Err(Failure::Compiler(HOW_TO_GET_IT.to_owned()));
        }
        if !(answers("wine", &["--version"]) && answers(MINGW, &["--version"])) {
            ensure_installed(PACKAGES, HOW_TO_GET_IT)?;
        }
        let wine = Self { prefix: folder.join("wine") };
        let library = wine.prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        if !library.is_file() {
            // Wine creates the prefix, but not its parent.
            fs::create_dir_all(folder)
                .map_err(|source| Failure::Write { path: folder.to_owned(), source })?;
            let mut boot = wine.command("wineboot");
            boot.arg("--init").stdout(Stdio::null()).stderr(Stdio::null());
            succeed(boot)?;
            // Both systems use the same temporary folder, so that a browser on Linux finds the
            // files of a test that runs under Wine. Wine reads the folder's name from the registry,
            // not from our environment.
            for name in ["TMP", "TEMP"] {
                let mut set = wine.command("reg");
                set.args(["add", "HKCU\\Environment", "/f", "/v", name, "/d"]);
                set.arg(windows_path(&env::temp_dir())).stdout(Stdio::null());
                succeed(set)?;
            }
            // This comes last, because the library's presence means that the prefix is complete.
            wine.compile(LIBRARY, &library, &["-shared", "-ladvapi32"])?;
        }
        Ok(wine)
    }

    /// Keeps Wine's server running between programs, which makes them start faster. Debian's server
    /// exits when the last program does, and resets the connection of a program that is just
    /// starting.
    pub(crate) fn keep_server(&self) -> Result<(), Failure> {
        let mut server = Command::new("wineserver");
        server.arg("--persistent=600").env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        // The server outlives this process and must not hold our output open.
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let failed = |source| Failure::Start { program: "wineserver".to_owned(), source };
        // This fails if the server is already running.
        server.status().map(drop).map_err(failed)
    }

    /// Compiles a program or library from C. `options` may name libraries to link.
    pub(crate) fn compile(
        &self,
        source: &str,
        output: &Path,
        options: &[&str],
    ) -> Result<(), Failure> {
        let file = self.prefix.join(output.file_stem().unwrap_or_default()).with_extension("c");
        fs::write(&file, source).map_err(|source| Failure::Write { path: file.clone(), source })?;
        let mut mingw = Command::new(MINGW);
        // Libraries must come after the files that need them.
        mingw.args(["-O2", "-Wall", "-Werror", "-o"]).arg(output).arg(file).args(options);
        succeed(mingw)
    }

    /// Returns the command that runs a Windows program, which is given by its Linux path or by a
    /// name known to Wine.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("wine");
        command.arg(program.as_ref()).env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        // Otherwise, Wine offers to download these libraries, which nothing here uses.
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").env_remove("DISPLAY");
        command
    }
}

impl Drop for Wine {
    /// Kills whatever is still running; otherwise, Wine's services would keep running for some
    /// seconds.
    fn drop(&mut self) {
        let mut end = Command::new("wineserver");
        end.arg("--kill").env("WINEPREFIX", &self.prefix).stderr(Stdio::null());
        // This fails if nothing is running.
        let _ = end.status();
    }
}

/// Translates a Linux path to a Windows path. Wine maps the root to drive Z.
pub(crate) fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

fn succeed(mut command: Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |source| Failure::Start { program: program.clone(), source };
    let status = command.status().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Failure::Steps(vec![program])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_drive_z() {
        assert_eq!(windows_path(Path::new("/a/b c")), "Z:\\a\\b c");
    }
}
