//! Runs programs for Windows on Linux, by Wine, in a Windows of our own below the target folder.
//! Knows nothing of what the programs do.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::apt::answers;
use crate::cross::ensure_installed;
use crate::failure::Failure;

/// Links and compiles C for Windows.
const MINGW: &str = "x86_64-w64-mingw32-gcc";

const PACKAGES: &[&str] = &["gcc-mingw-w64-x86-64-win32", "wine64", "wine"];

const HOW_TO_GET_IT: &str = "\
programs for Windows are linked by mingw-w64 and run by Wine, and not both are here. To get them:
  Debian, Ubuntu  sudo apt-get install gcc-mingw-w64-x86-64-win32 wine64 wine";

/// What Wine 8 lacks of Windows 10.
const LIBRARY: &str = include_str!("../wine/bcryptprimitives.c");

/// A Windows of our own.
#[derive(Debug)]
pub(crate) struct Wine {
    prefix: PathBuf,
}

impl Wine {
    /// Makes a Windows in `folder`, or takes the one that is there. Installs Wine where the package
    /// manager is apt and we may use it.
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
            // Wine makes the folder itself, but not what it stands in.
            fs::create_dir_all(folder)
                .map_err(|source| Failure::Write { path: folder.to_owned(), source })?;
            let mut boot = wine.command("wineboot");
            boot.arg("--init").stdout(Stdio::null()).stderr(Stdio::null());
            succeed(boot)?;
            // The same folder for both systems, so that a browser of Linux finds what a test of
            // Windows has written. Wine takes the name from here, and not from our environment.
            for name in ["TMP", "TEMP"] {
                let mut set = wine.command("reg");
                set.args(["add", "HKCU\\Environment", "/f", "/v", name, "/d"]);
                set.arg(windows_path(&env::temp_dir())).stdout(Stdio::null());
                succeed(set)?;
            }
            // The last, because it tells that all is done.
            wine.compile(LIBRARY, &library, &["-shared", "-ladvapi32"])?;
        }
        Ok(wine)
    }

    /// Keeps Wine's server running between programs, which makes them start sooner. Debian's server
    /// ends with the last program, and resets the connection of one that starts meanwhile.
    pub(crate) fn keep_server(&self) -> Result<(), Failure> {
        let mut server = Command::new("wineserver");
        server.arg("--persistent=600").env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        // It stays, and must not hold our output open.
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let failed = |source| Failure::Start { program: "wineserver".to_owned(), source };
        // It fails if the server is running already.
        server.status().map(drop).map_err(failed)
    }

    /// Makes a program or library of C. Options may name libraries.
    pub(crate) fn compile(
        &self,
        source: &str,
        output: &Path,
        options: &[&str],
    ) -> Result<(), Failure> {
        let file = self.prefix.join(output.file_stem().unwrap_or_default()).with_extension("c");
        fs::write(&file, source).map_err(|source| Failure::Write { path: file.clone(), source })?;
        let mut mingw = Command::new(MINGW);
        // Libraries have to stand behind what needs them.
        mingw.args(["-O2", "-Wall", "-Werror", "-o"]).arg(output).arg(file).args(options);
        succeed(mingw)
    }

    /// The command that runs a Windows program: a path of Linux, or a name that Wine knows.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("wine");
        command.arg(program.as_ref()).env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        // It would offer to download these, which nothing of ours uses.
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").env_remove("DISPLAY");
        command
    }
}

impl Drop for Wine {
    /// Ends what still runs there; Wine's services stay for some seconds otherwise.
    fn drop(&mut self) {
        let mut end = Command::new("wineserver");
        end.arg("--kill").env("WINEPREFIX", &self.prefix).stderr(Stdio::null());
        // It fails if nothing runs there, which is what it is for.
        let _ = end.status();
    }
}

/// How Windows calls a path of this machine. Wine has all of it as the drive Z.
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
    fn windows_has_this_machine_as_a_drive() {
        assert_eq!(windows_path(Path::new("/a/b c")), "Z:\\a\\b c");
    }
}
