//! The sentences of the pages that this crate adds, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of the pages that this crate adds. Set them once, in the application's
    /// [`Locale`](solohttp_core::Locale). {title} is the program's title.
    pub struct DesktopWords {
        /// Shown in an open page once the program has ended.
        ended: "{title} has ended. Start it again to go on.",
        /// Shown while the program's data is being opened.
        opening: "{title} is opening …",
    }
}
