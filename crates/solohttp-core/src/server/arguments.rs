//! The command-line arguments of a program.

use crate::error::Error;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Arguments {
    pub(super) were_read: bool,
    pub(super) port: Option<u16>,
    pub(super) no_browser: bool,
    pub(super) no_token: bool,
}

impl Arguments {
    pub(super) fn parse(
        &mut self,
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<(), Error> {
        self.were_read = true;
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--no-browser" => self.no_browser = true,
                "--no-token" => self.no_token = true,
                "--port" => {
                    let number = arguments.next().unwrap_or_default();
                    let port = number.parse().ok();
                    let port = port.ok_or_else(|| Error::Argument(format!("--port {number}")))?;
                    self.port = Some(port);
                }
                _ => return Err(Error::Argument(argument)),
            }
        }
        Ok(())
    }
}
