//! The public `Desktop`: its settings, and the startup sequence.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use solohttp_core::{Error, Failure, IntoHandler, LaunchPage, Listening, Server, catch_unwind};

use crate::browser::Choice;
use crate::handler::{DesktopHandler, SCRIPT};
use crate::live::Live;
use crate::log_file;
use crate::menu::Menu;
use crate::notice;
use crate::opener::Opener;
use crate::opening;
use crate::options::{Options, Task};
use crate::place::Place;
use crate::presence::TICK;
use crate::second_start;
use crate::shell::Shell;
use crate::watch::Watch;
use crate::window::OwnWindow;
use crate::work::Work;

/// How long jobs may take to stop when the program ends.
const WORK_TIMEOUT: Duration = Duration::from_secs(5);

/// A desktop program, with its id, title and settings.
///
/// ```no_run
/// use solohttp_core::{Error, Response};
/// use solohttp_desktop::Desktop;
///
/// fn main() -> Result<(), Error> {
///     Desktop::new("org.example.stock", "Stock").run(|place| {
///         let notes = std::fs::read_to_string(place.file("notes.txt")).unwrap_or_default();
///         Ok(move || Response::page("Stock", format!("<pre>{notes}</pre>")))
///     })
/// }
/// ```
///
/// [`run`](Self::run) opens a window and returns after the last one is closed. If the program is
/// already running, `run` opens another window of the running instance and returns. Users can
/// choose another folder or browser on the command line; `--help` lists the options.
#[must_use = "call `run`"]
pub struct Desktop {
    id: String,
    title: String,
    icon: Option<&'static [u8]>,
    browser: Choice,
    size: Option<(u32, u32)>,
    stays: bool,
    arguments: Option<Vec<OsString>>,
    configure: Box<dyn FnOnce(Server) -> Server>,
}

impl Desktop {
    /// Creates a program. `id` identifies the program on the machine and must never change, because
    /// the program's folders and menu entry are named after it. Use a domain name that you own, in
    /// reverse order, as in `org.example.stock`. `title` is the name that users see.
    ///
    /// # Panics
    /// If `id` is empty, starts with a dot or hyphen, or has characters other than ASCII letters,
    /// digits, `.`, `-` and `_`.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        let (id, title) = (id.into(), title.into());
        assert!(
            is_valid(&id),
            "`{id}` isn't a valid program id: use ASCII letters, digits, `.`, `-` and `_`, as in \
             `org.example.stock`"
        );
        Self {
            id,
            title,
            icon: None,
            browser: Choice::Default,
            size: None,
            stays: false,
            arguments: None,
            configure: Box::new(|server| server),
        }
    }

    /// Sets the icon of the window and the menu entry: a square PNG, ideally 256 × 256 pixels.
    pub fn icon(mut self, png: &'static [u8]) -> Self {
        self.icon = Some(png);
        self
    }

    /// Sets the size of the first window, in CSS pixels. After that, the browser remembers the
    /// size.
    pub fn window_size(mut self, width: u32, height: u32) -> Self {
        self.size = Some((width, height));
        self
    }

    /// Opens a tab in the user's default browser instead of a window. By default, a program opens a
    /// window of a Chromium-based browser, if one is installed.
    pub fn in_a_tab(mut self) -> Self {
        self.browser = Choice::Tab;
        self
    }

    /// Keeps the program running after the last window is closed, until a page [quits](crate::QUIT)
    /// or a signal ends the program. Starting the program again opens a window.
    pub fn stays(mut self) -> Self {
        self.stays = true;
        self
    }

    /// Changes the settings of the server, such as its limits.
    ///
    /// ```
    /// # use solohttp_desktop::Desktop;
    /// let desktop = Desktop::new("org.example.stock", "Stock")
    ///     .server(|server| server.body_limit_for("/import", 1 << 30));
    /// ```
    pub fn server(mut self, configure: impl FnOnce(Server) -> Server + 'static) -> Self {
        let before = self.configure;
        self.configure = Box::new(move |server| configure(before(server)));
        self
    }

    /// Sets the arguments to use instead of the command line. A program that has its own options
    /// removes these first and passes the rest.
    pub fn arguments<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments = Some(arguments.into_iter().map(Into::into).collect());
        self
    }

    /// Runs the program, as described for [`Desktop`].
    ///
    /// `app` creates the application. Only the first instance of the program calls it, so two
    /// instances never have the same files open. While `app` runs, the window shows [its
    /// messages](Place::opening). If `app` fails, the window shows the error.
    ///
    /// # Errors
    /// If an argument is unknown, the data folder can't be used, the port given on the command line
    /// is taken, the running instance doesn't respond, or `app` fails. The browser also shows the
    /// error, unless the error is an unknown argument.
    pub fn run<M, H>(self, app: impl FnOnce(&Place) -> Result<H, Failure>) -> Result<(), Error>
    where
        H: IntoHandler<(), M>,
    {
        let mut this = self;
        let arguments = this.arguments.take();
        let arguments = arguments.unwrap_or_else(|| std::env::args_os().skip(1).collect());
        let options = Options::parse(arguments)?;
        if let Some(choice) = &options.browser {
            this.browser.clone_from(choice);
        }
        match options.task {
            Task::Help => print(&Options::help(&this.title)),
            Task::Install | Task::Uninstall => this.change_menu(&options)?,
            Task::Run => {
                let (browser, title) = (this.browser.clone(), this.title.clone());
                return this.start(&options, app).map_err(|Failed { error, is_told }| {
                    log::error!("{error}");
                    if !is_told && browser != Choice::None {
                        notice::show(&title, &error.to_string());
                    }
                    error
                });
            }
        }
        Ok(())
    }

    fn start<M, H>(
        self,
        options: &Options,
        app: impl FnOnce(&Place) -> Result<H, Failure>,
    ) -> Result<(), Failed>
    where
        H: IntoHandler<(), M>,
    {
        let place = place(&self.id, options)?;
        let menu = self.menu(options);
        log_file::start(place.logs());
        let opener = Opener {
            choice: self.browser.clone(),
            id: self.id.clone(),
            data: place.own(""),
            size: self.size,
        };
        let number = start_number();
        let server = server(&self.id, &place, options.port, number);
        // The token is required for opening a window and for handling a second start.
        let server = (self.configure)(server).launch_token(true);
        let listening = match server.bind() {
            Err(Error::AlreadyRunning(first)) => {
                return Ok(second_start::open(&first, &self.title, &opener)?);
            }
            listening => listening?,
        };
        let address = listening.address();
        if options.port.is_some_and(|port| port != 0 && port != address.port()) {
            let wanted = SocketAddr::new(address.ip(), options.port.unwrap_or_default());
            return Err(Error::PortTaken(wanted).into());
        }
        place.remember_port(address.port());
        let page = listening.launch_page().map_err(|error| match error {
            Error::LaunchUrl(error) => unusable(&place, &error),
            other => other,
        })?;
        let open = || opener.open(&self.title, &listening.url(), &page);
        let child = if opener.opens() { open() } else { None };
        let window = Rc::new(RefCell::new(OwnWindow::new(child)));

        let live = Live::new(listening.remote::<Shell>());
        let work = Work::new(live.clone());
        work.keep_in(place.own("outcomes.txt"));
        let shell = Shell::new(live, work.clone(), Rc::clone(&window), &listening, number);
        let shell = shell.opened_by(&page).stays(self.stays || opener.choice == Choice::None);
        let opening = Opening { title: &self.title, page: &page, is_shown: opener.opens() };
        let app =
            opening.make(&listening, &place.with_handles(shell.live.clone(), work.clone()), app)?;
        if !opener.opens() {
            // The link isn't printed before this point, because a script that reads it may use it
            // immediately.
            open();
        }
        watch(&listening);
        let served = listening.run(DesktopHandler { app, shell, menu });
        work.close(WORK_TIMEOUT);
        window.borrow_mut().end();
        Ok(served?)
    }

    fn change_menu(&self, options: &Options) -> Result<(), Error> {
        let menu = self.menu(options);
        let (verb, changed) = match options.task {
            Task::Uninstall => ("Removed", menu.uninstall()),
            _ => ("Created", menu.install()),
        };
        let changed = changed.map_err(|error| {
            Error::Application(format!("cannot change the desktop's menu: {error}"))
        })?;
        changed.iter().for_each(|path| print(&format!("{verb} {}", path.display())));
        Ok(())
    }

    fn menu(&self, options: &Options) -> Menu {
        let (id, title) = (self.id.clone(), self.title.clone());
        let browser = self.browser.clone();
        Menu { id, title, icon: self.icon, data: options.data.clone(), browser }
    }
}

impl fmt::Debug for Desktop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desktop")
            .field("id", &self.id)
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

/// The error of a failed start, and whether the browser has already shown it.
struct Failed {
    error: Error,
    is_told: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, is_told: false }
    }
}

/// The phase in which the application is created.
struct Opening<'a> {
    title: &'a str,
    page: &'a LaunchPage,
    /// Whether a browser shows the page.
    is_shown: bool,
}

impl Opening<'_> {
    fn make<M, H: IntoHandler<(), M>>(
        &self,
        listening: &Listening,
        place: &Place,
        app: impl FnOnce(&Place) -> Result<H, Failure>,
    ) -> Result<H::Handler, Failed> {
        let status = place.status().clone();
        let root = listening.url();
        let link = self.page.url().strip_prefix(root.trim_end_matches('/')).map(str::to_owned);
        let page = opening::handler(self.title.to_owned(), link, status.clone());
        listening.meanwhile(page, || {
            let app = catch_unwind(|| app(place)).unwrap_or_else(Err);
            app.map(IntoHandler::into_handler).map_err(|failure| {
                let message = describe(&failure, place);
                if self.is_shown {
                    status.fail(&message);
                }
                Failed { error: Error::Application(message), is_told: self.is_shown }
            })
        })
    }
}

fn place(id: &str, options: &Options) -> Result<Place, Error> {
    let place = match &options.data {
        Some(folder) => Place::at(folder),
        None => Place::of(id)?,
    };
    place.create().map_err(|error| unusable(&place, &error))?;
    Ok(place)
}

fn unusable(place: &Place, error: &io::Error) -> Error {
    Error::Application(format!(
        "the folder {} cannot be used: {error}. Make sure that there is space on the disk and that \
         the folder is writable, or choose another one with `--data FOLDER`.",
        place.data().display()
    ))
}

/// Creates the server. The port is a preference rather than a requirement, because instances on
/// different ports would count as separate programs.
fn server(id: &str, place: &Place, port: Option<u16>, number: u128) -> Server {
    let server = Server::new().port(0).data_folder(place.data()).instance(id);
    // The number keeps browsers from using the cached script of an earlier version.
    let script = format!("<script src=\"{SCRIPT}?v={number:x}\" defer></script>\n");
    let server = server.quiet().end_pages_with(script);
    match port.or_else(|| place.port()) {
        Some(port) => server.prefer_port(port),
        None => server,
    }
}

/// Returns a number that is different for each start.
fn start_number() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

/// Checks every [`TICK`] whether a page is still open, and whether templates have changed.
fn watch(listening: &Listening) {
    let mut watch = Watch::of_debug_builds();
    let look = move |shell: &mut Shell| {
        shell.tick();
        if watch.has_changed() {
            shell.publish_reload();
        }
    };
    // Fails only if the server has stopped, but it hasn't even started.
    drop(listening.remote::<Shell>().every(TICK, look));
}

/// Returns a failure's message, with its causes and the path of the log.
fn describe(failure: &Failure, place: &Place) -> String {
    let mut text = failure.to_string();
    for cause in failure.causes() {
        text.push_str(&format!("\n{cause}"));
    }
    let log = log_file::path(place.logs());
    text + &format!("\n\nThe log is in {}.", log.display())
}

fn is_valid(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    !id.is_empty() && id.bytes().all(is_allowed) && !id.starts_with(['.', '-'])
}

/// Prints a line, or nothing if standard output is closed.
fn print(text: &str) {
    drop(writeln!(io::stdout().lock(), "{text}"));
}
