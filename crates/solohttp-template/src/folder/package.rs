//! The templates of a package: its files in debug builds, embedded in release builds.

use super::{Kind, Origin, TemplateFolder, list};

impl TemplateFolder {
    /// Used by [`template_folder!`](crate::template_folder).
    ///
    /// # Panics
    /// If the folder has a template that isn't listed. A release build wouldn't find it.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub fn of_package(
        folder: &'static str,
        files: &'static [(&'static str, &'static str)],
        is_debug: bool,
    ) -> Self {
        // A debug build that runs elsewhere doesn't have the folder.
        let Some(pages) = Self::new(folder).ok().filter(|_| is_debug) else {
            return Self::embedded(files);
        };
        if let Some(name) = pages.names().iter().find(|name| !is_listed(files, name)) {
            panic!(
                "`{name}.tpl` is in the folder {folder}, but not in the list of `template_folder!`; \
                 add \"{name}\", or a release build won't have it"
            );
        }
        pages
    }

    /// Parses all templates, so that a test finds the errors in those that no other test renders.
    ///
    /// # Errors
    /// Returns the first error.
    ///
    /// ```
    /// # use solohttp_template::TemplateFolder;
    /// let pages = TemplateFolder::embedded(&[("good", "<p>{it}</p>"), ("bad", "<?end if?>")]);
    /// assert!(pages.parse_all().is_err());
    /// ```
    pub fn parse_all(&self) -> Result<(), crate::Error> {
        self.names().iter().try_for_each(|name| match self.entry(name, &[])?.kind {
            Kind::Page(..) => self.template(name).map(drop),
            Kind::Repeat(_) => Ok(()),
        })
    }

    /// The names of all templates, sorted.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        match &self.origin {
            Origin::Program(files) => {
                names.extend(files.iter().map(|(name, _)| (*name).to_owned()));
            }
            Origin::Disk(root) => list(root, "", &self.extension, &mut names),
        }
        names.sort_unstable();
        names
    }
}

fn is_listed(files: &[(&str, &str)], name: &str) -> bool {
    files.iter().any(|(known, _)| *known == name)
}

/// Creates a [`TemplateFolder`] from a folder of this package: its files in debug builds, so that
/// you can change them while the program runs, and the embedded templates in release builds.
///
/// The folder is relative to the one that contains `Cargo.toml`. A debug build panics if the folder
/// has a template that isn't listed.
///
/// ```
/// use solohttp_template::template_folder;
///
/// let pages = template_folder!("tests/package": "page", "mail/note");
/// let note = pages.template("mail/note")?;
/// # Ok::<(), solohttp_template::Error>(())
/// ```
#[macro_export]
macro_rules! template_folder {
    ($folder:literal : $($name:literal),+ $(,)?) => {
        $crate::TemplateFolder::of_package(
            concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder),
            &[$((
                $name,
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $name, ".tpl")),
            )),+],
            cfg!(debug_assertions),
        )
    };
}

/// Embeds template files in the program, for [`TemplateFolder::embedded`].
///
/// The folder is relative to the current source file, as for `include_str!`.
///
/// ```text
/// let templates = TemplateFolder::embedded(embedded!("../templates": "page", "mail/note"));
/// ```
#[macro_export]
macro_rules! embedded {
    ($folder:literal : $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!($folder, "/", $name, ".tpl")))),+]
    };
}
