//! An application's locale: its sentences and number format.
//!
//! Each crate defines its own part as a plain value. This module stores one value per type for each
//! thread.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// A part of a [`Locale`]: a crate's sentences, or the number format. The default is English, with
/// a decimal point and no thousands separator.
pub trait LocalePart: Default + 'static {
    /// Validates the part when it is added to a locale.
    ///
    /// # Errors
    /// Returns a description of the problem, for the programmer.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// The language of an application, set once for all text shown to users.
///
/// A locale belongs to the thread that installs it. Call [`install`](Self::install) at the start of
/// the function that creates the application, so that tests without a socket use it too. If no
/// locale is installed, everything is in English.
///
/// ```
/// use solohttp_core::{Locale, LocalePart};
///
/// #[derive(Default)]
/// struct Greeting(&'static str);
/// impl LocalePart for Greeting {}
///
/// Locale::new().with(Greeting("Grüß Gott")).install();
/// assert_eq!(Locale::current::<Greeting>().0, "Grüß Gott");
/// ```
#[derive(Default)]
#[must_use = "call `install`"]
pub struct Locale {
    parts: BTreeMap<TypeId, Rc<dyn Any>>,
}

thread_local! {
    static CURRENT: RefCell<BTreeMap<TypeId, Rc<dyn Any>>> = RefCell::default();
}

impl Locale {
    /// Creates a locale in which every part has its default value.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one part, replacing an earlier one of the same type.
    ///
    /// # Panics
    /// If the part's [check](LocalePart::check) fails, for example because a sentence has an
    /// unknown placeholder.
    #[track_caller]
    pub fn with<P: LocalePart>(mut self, part: P) -> Self {
        if let Err(problem) = part.check() {
            panic!("{problem}");
        }
        self.parts.insert(TypeId::of::<P>(), Rc::new(part));
        self
    }

    /// Makes this the locale of the current thread, replacing the previous one.
    pub fn install(self) {
        CURRENT.set(self.parts);
    }

    /// Replaces one part of the locale of the current thread, such as the number format after the
    /// user has chosen another one.
    ///
    /// ```
    /// use solohttp_core::{Locale, Numerals};
    ///
    /// Locale::install_part(Numerals::new(',').group('.'));
    /// assert_eq!(Locale::current::<Numerals>().show("1234.5"), "1.234,5");
    /// ```
    ///
    /// # Panics
    /// Same as [`with`](Self::with).
    #[track_caller]
    pub fn install_part<P: LocalePart>(part: P) {
        let Self { mut parts } = Self::new().with(part);
        CURRENT.with_borrow_mut(|current| current.append(&mut parts));
    }

    /// Returns the part of type `P` of the current thread's locale.
    ///
    /// # Panics
    /// If `P::default` itself uses the locale.
    #[must_use]
    pub fn current<P: LocalePart>() -> Rc<P> {
        CURRENT.with_borrow_mut(|parts| {
            let part = parts.entry(TypeId::of::<P>()).or_insert_with(|| Rc::new(P::default()));
            let part = Rc::clone(part).downcast::<P>();
            part.unwrap_or_else(|_| unreachable!("each part is stored under its own type"))
        })
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locale").field("parts", &self.parts.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Mark(char);
    impl LocalePart for Mark {}

    #[derive(Debug, Default, PartialEq)]
    struct Word(&'static str);
    impl LocalePart for Word {}

    #[test]
    fn one_part_is_replaced_and_the_others_stay() {
        Locale::new().with(Mark(',')).with(Word("Tee")).install();
        Locale::install_part(Mark('.'));
        assert_eq!(Locale::current::<Mark>().0, '.');
        assert_eq!(Locale::current::<Word>().0, "Tee");
    }

    #[test]
    fn an_unset_part_has_its_default() {
        Locale::new().with(Mark(',')).install();
        assert_eq!(Locale::current::<Mark>().0, ',');
        assert_eq!(*Locale::current::<Word>(), Word(""));
    }

    #[test]
    fn a_new_locale_replaces_the_old_one_completely() {
        Locale::new().with(Mark(',')).with(Word("ja")).install();
        Locale::new().with(Word("oui")).with(Word("si")).install();
        assert_eq!(*Locale::current::<Mark>(), Mark::default());
        assert_eq!(*Locale::current::<Word>(), Word("si"));
    }

    #[test]
    fn each_thread_has_its_own() {
        Locale::new().with(Mark(',')).install();
        let other =
            std::thread::scope(|scope| scope.spawn(|| Locale::current::<Mark>().0).join().unwrap());
        assert_eq!(other, Mark::default().0);
    }
}
