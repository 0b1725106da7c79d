//! Templates by name, from a folder or embedded in the program.
//!
//! No other module of this crate accesses the file system.

mod package;
mod partials;
mod stamp;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::{fmt, fs, io};

use serde::Serialize;
use solohttp_core::IoList;

use crate::assembly::{Binding, Tree};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::frame::Frame;
use crate::hint;
use crate::parse::tree::{Extend, File};
use crate::parse::{Settings, parse_file};
use crate::repeat::Repeat;
use crate::source::{Place, Source};
use crate::template::Template;
use partials::Including;
use stamp::Stamp;

/// A folder whose templates are loaded by name. For example, `page` is the file `page.tpl`, and
/// `mail/note` is `mail/note.tpl`.
///
/// Templates are parsed on first use. Debug builds use timestamps and sizes to detect changes to a
/// file and to the bases it extends. Release builds read each file once.
///
/// ```no_run
/// use solohttp_template::TemplateFolder;
///
/// #[derive(serde::Serialize)]
/// struct Today { title: String }
///
/// let templates = TemplateFolder::new("templates")?;
/// let page = templates.render("today", &Today { title: "Today".to_owned() })?;
/// # Ok::<(), solohttp_template::Error>(())
/// ```
pub struct TemplateFolder {
    dialect: Dialect,
    origin: Origin,
    extension: String,
    watch: bool,
    cache: RefCell<HashMap<String, Arc<CachedFile>>>,
}

enum Origin {
    Disk(PathBuf),
    Program(&'static [(&'static str, &'static str)]),
}

/// A parsed file, with the state of all files it depends on.
struct CachedFile {
    kind: Kind,
    stamps: Vec<Stamp>,
}

enum Kind {
    /// The template is created on first use, because bases usually don't need one.
    Page(Tree, OnceLock<Template>),
    Repeat(Repeat),
}

/// The templates that extend the current one, outermost first, with their names and positions.
type Chain<'c> = &'c [(&'c str, &'c Place)];

impl TemplateFolder {
    /// Uses a folder on disk.
    ///
    /// # Errors
    ///
    /// If the folder doesn't exist.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self::from_origin(Origin::Disk(path))),
            Ok(_) => Err(unreadable(&path, "is not a folder")),
            Err(error) => Err(unreadable(&path, "can't be opened").cause(error)),
        }
    }

    /// Uses templates embedded in the program. Each pair is a template's name and its source, as
    /// created by [`embedded!`](crate::embedded).
    #[must_use]
    pub fn embedded(files: &'static [(&'static str, &'static str)]) -> Self {
        Self::from_origin(Origin::Program(files))
    }

    fn from_origin(origin: Origin) -> Self {
        let watch = cfg!(debug_assertions) && matches!(origin, Origin::Disk(_));
        let (dialect, cache) = (Dialect::new(), RefCell::default());
        Self { dialect, origin, extension: "tpl".to_owned(), watch, cache }
    }

    /// Sets the dialect, which determines strictness and formatters.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self.forget();
        self
    }

    /// Sets the file extension, without the dot. The default is `tpl`.
    #[must_use]
    pub fn extension(mut self, extension: &str) -> Self {
        extension.clone_into(&mut self.extension);
        self.forget();
        self
    }

    /// Sets whether to check for changed files on each use. By default, only debug builds do.
    #[must_use]
    pub fn watch(mut self, watch: bool) -> Self {
        self.watch = watch;
        self
    }

    /// Discards all parsed templates.
    pub fn forget(&self) {
        self.cache.borrow_mut().clear();
    }

    /// Returns a page by name.
    ///
    /// # Errors
    ///
    /// If the template can't be found, read or parsed, if it is a loop, or if it extends itself.
    pub fn template(&self, name: &str) -> Result<Template, Error> {
        let entry = self.entry(name, &[])?;
        let Kind::Page(tree, cached) = &entry.kind else {
            return Err(Error::new(ErrorKind::WrongKind, format!("`{name}` is a loop"))
                .help("load it with `repeat`, and pass its output to a page as `Html`"));
        };
        if let Some(template) = cached.get() {
            return Ok(template.clone());
        }
        let template = Template::from_tree(tree.clone(), &self.dialect)?;
        Ok(cached.get_or_init(|| template).clone())
    }

    /// Returns a loop by name.
    ///
    /// # Errors
    ///
    /// If the template can't be found, read or parsed, or isn't a loop.
    pub fn repeat(&self, name: &str) -> Result<Repeat, Error> {
        match &self.entry(name, &[])?.kind {
            Kind::Repeat(repeat) => Ok(repeat.clone()),
            Kind::Page(..) => {
                Err(Error::new(ErrorKind::WrongKind, format!("`{name}` is not a loop"))
                    .help("load it with `template`; the file of a loop starts with `<loop>`"))
            }
        }
    }

    /// Renders a page by name.
    ///
    /// # Errors
    ///
    /// Same as [`template`](Self::template) followed by [`Template::render`].
    pub fn render<T: Serialize + ?Sized>(&self, name: &str, data: &T) -> Result<IoList, Error> {
        self.template(name)?.render(data)
    }

    /// Renders a page by name with a context: values for names that `data` doesn't have, such as
    /// the menu and the messages in the frame of every page.
    ///
    /// A name in `data` takes precedence over the same name in the context.
    ///
    /// # Errors
    ///
    /// Same as [`render`](Self::render).
    pub fn render_in<T, C>(&self, name: &str, data: &T, context: &C) -> Result<IoList, Error>
    where
        T: Serialize + ?Sized,
        C: Serialize + ?Sized,
    {
        self.template(name)?.render_in(data, context)
    }

    /// Renders a page by name with the values of a frame. A name in `data` takes precedence.
    ///
    /// # Errors
    ///
    /// Same as [`render`](Self::render).
    pub fn render_framed<T>(&self, name: &str, data: &T, frame: &Frame) -> Result<IoList, Error>
    where
        T: Serialize + ?Sized,
    {
        self.template(name)?.render_framed(data, frame)
    }

    fn entry(&self, name: &str, chain: Chain<'_>) -> Result<Arc<CachedFile>, Error> {
        let cached = self.cache.borrow().get(name).cloned();
        if let Some(entry) = cached
            && (!self.watch || entry.stamps.iter().all(Stamp::is_current))
        {
            return Ok(entry);
        }
        let entry = Arc::new(self.load(name, chain)?);
        self.cache.borrow_mut().insert(name.to_owned(), Arc::clone(&entry));
        Ok(entry)
    }

    fn load(&self, name: &str, chain: Chain<'_>) -> Result<CachedFile, Error> {
        let at_extend = |error: Error| match chain.last() {
            Some((_, place)) => error.at(place, "extended here"),
            None => error,
        };
        check_name(name).map_err(at_extend)?;
        let (source, stamps) = self
            .read(name)
            .map_err(|error| if error.line().is_some() { error } else { at_extend(error) })?;
        let including = Including::new(self, name);
        let include = including.as_function();
        let parsed = parse_file(&source, Settings { dialect: &self.dialect, include: &include })?;
        let stamps = including.stamps(stamps);
        match parsed {
            File::Page(nodes) => {
                Ok(CachedFile { kind: Kind::Page(Tree::new(nodes), OnceLock::new()), stamps })
            }
            File::Repeat(sections) => {
                let repeat = Repeat::from_sections(&sections, &self.dialect)?;
                Ok(CachedFile { kind: Kind::Repeat(repeat), stamps })
            }
            File::Extend(extend) => self.extend(name, &extend, stamps, chain),
        }
    }

    fn extend(
        &self,
        name: &str,
        extend: &Extend,
        mut stamps: Vec<Stamp>,
        chain: Chain<'_>,
    ) -> Result<CachedFile, Error> {
        let base_name = extend.base.text();
        let mut chain = chain.to_vec();
        chain.push((name, &extend.base));
        if let Some(from) = chain.iter().position(|(earlier, _)| *earlier == base_name) {
            let mut cycle: Vec<&str> = chain[from..].iter().map(|(name, _)| *name).collect();
            cycle.push(base_name);
            return Err(Error::new(ErrorKind::Cycle, "a template extends itself")
                .at(&extend.base, cycle.join(" → ")));
        }
        let base = self.entry(base_name, &chain)?;
        stamps.extend_from_slice(&base.stamps);
        let Kind::Page(tree, _) = &base.kind else {
            return Err(Error::new(ErrorKind::WrongKind, format!("`{base_name}` is a loop"))
                .at(&extend.base, "only a page can be extended"));
        };
        let tree = assemble(tree, base_name, extend)?;
        Ok(CachedFile { kind: Kind::Page(tree, OnceLock::new()), stamps })
    }

    fn read(&self, name: &str) -> Result<(Arc<Source>, Vec<Stamp>), Error> {
        let file = format!("{name}.{}", self.extension);
        match &self.origin {
            Origin::Program(files) => {
                let found = files.iter().find(|(known, _)| *known == name);
                let (_, text) = found.ok_or_else(|| self.not_found(name))?;
                Ok((decode(&file, text.as_bytes().to_vec())?, Vec::new()))
            }
            Origin::Disk(root) => {
                let path = root.join(&file);
                // Recorded before the file is read, so that a change in between is detected on the
                // next use.
                let stamps = vec![Stamp::of(&path)];
                match fs::read(&path) {
                    Ok(bytes) => Ok((decode(&file, bytes)?, stamps)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        Err(self.not_found(name))
                    }
                    Err(error) => Err(unreadable(&path, "can't be read").cause(error)),
                }
            }
        }
    }

    fn not_found(&self, name: &str) -> Error {
        let mut known = Vec::new();
        let place = match &self.origin {
            Origin::Program(files) => {
                known.extend(files.iter().map(|(name, _)| (*name).to_owned()));
                "in the program".to_owned()
            }
            Origin::Disk(root) => {
                list(root, "", &self.extension, &mut known);
                format!("in the folder {}", root.display())
            }
        };
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        Error::new(ErrorKind::TemplateNotFound, format!("there is no template `{name}` {place}"))
            .help(hint::suggest(name, "templates", &known))
    }
}

/// Binds the sections to the base's slots.
fn assemble(base: &Tree, base_name: &str, extend: &Extend) -> Result<Tree, Error> {
    let unused =
        extend.sections.iter().find(|section| !base.mentions.contains(section.name.text()));
    if let Some(section) = unused {
        let known: Vec<&str> = base.mentions.iter().map(|name| &**name).collect();
        let name = section.name.text();
        return Err(Error::new(ErrorKind::Section, format!("`{base_name}` has no slot `{name}`"))
            .at(&section.name, hint::suggest(name, "its slots", &known)));
    }
    let bindings = extend
        .sections
        .iter()
        .map(|section| Binding { name: section.name.text(), nodes: &section.nodes })
        .collect::<Vec<_>>();
    base.bind(&bindings)
}

/// Rejects names that could refer to anything but a file in the folder.
fn check_name(name: &str) -> Result<(), Error> {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with(['.', ' '])
            && !part.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c))
    };
    if name.split('/').all(is_plain) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::TemplateNotFound,
        format!("invalid template name `{}`", name.escape_debug()),
    )
    .help("a name is a path relative to the folder, with `/` as the separator and no leading dots"))
}

fn decode(file: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Error> {
    Source::from_file(file, bytes).map_err(|(offset, bytes)| {
        let good = String::from_utf8_lossy(&bytes[..offset]);
        let source = Arc::new(Source {
            name: file.to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        });
        let place = Place::new(&source, good.len(), good.len());
        Error::new(ErrorKind::Unreadable, format!("`{file}` is not UTF-8"))
            .at(&place, format!("byte 0x{:02x} at offset {offset}", bytes[offset]))
            .help("save the file as UTF-8")
    })
}

fn unreadable(path: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Unreadable, format!("{} {what}", path.display()))
}

/// Collects the names of all templates in a folder and its subfolders, for suggestions. Ignores
/// unreadable entries.
fn list(folder: &Path, prefix: &str, extension: &str, names: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(file_name) = entry.file_name().into_string() else { continue };
        if entry.file_type().is_ok_and(|sort| sort.is_dir()) {
            list(&entry.path(), &format!("{prefix}{file_name}/"), extension, names);
        } else if let Some(name) =
            file_name.strip_suffix(extension).and_then(|name| name.strip_suffix('.'))
        {
            names.push(format!("{prefix}{name}"));
        }
    }
}

impl fmt::Debug for TemplateFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin: &dyn fmt::Debug = match &self.origin {
            Origin::Disk(path) => path,
            Origin::Program(_) => &"embedded",
        };
        f.debug_struct("TemplateFolder").field("origin", origin).finish_non_exhaustive()
    }
}
