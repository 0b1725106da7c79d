//! The sentences of the pages that this crate adds, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of the pages that this crate adds. Set them once, in the application's
    /// [`Locale`](solohttp_core::Locale). {title} is the program's title.
    ///
    /// Pages that are shown before the application exists are in English.
    pub struct DesktopWords {
        /// Shown in an open page once the program has ended.
        ended: "{title} has exited. Start it again to continue.",
        /// The title of the page shown after quitting.
        quit_title: "{title} has exited",
        /// Shown on that page, below the title.
        quit: "You can close this window.",
        /// The title of the page shown after the program was added to the menu.
        installed: "{title} was added to the menu",
        /// The title of the page shown after the program was removed from the menu.
        uninstalled: "{title} was removed from the menu",
        /// A link back to the start page.
        back: "Back",
    }
}
