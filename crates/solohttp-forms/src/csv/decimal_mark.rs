//! The number format of a file.

use solohttp_core::{Locale, Numerals};

use crate::choices;

choices! {
    /// The decimal mark of the numbers in a CSV file. Let the user choose it for each file, because
    /// files come from different places:
    ///
    /// ```
    /// use solohttp_core::Upload;
    /// use solohttp_forms::{DecimalMark, file, form, radio};
    ///
    /// struct Import { decimal: DecimalMark, file: Upload }
    ///
    /// let form = form!(Import {
    ///     decimal: radio("Number format", DecimalMark::choices())
    ///         .initial(DecimalMark::of_application()),
    ///     file: file("File").accept(".csv"),
    /// });
    /// ```
    pub enum DecimalMark {
        /// A point, as in 1,234.50.
        Point = "point": "1,234.50",
        /// A comma, as in 1.234,50.
        Comma = "comma": "1.234,50",
    }
}

impl DecimalMark {
    /// The decimal mark of the application's [`Numerals`]: a comma, or a point if it is something
    /// else.
    #[must_use]
    pub fn of_application() -> Self {
        match Locale::current::<Numerals>().decimal_mark() {
            ',' => Self::Comma,
            _ => Self::Point,
        }
    }

    /// The number format: this decimal mark, with the other one between thousands.
    #[must_use]
    pub fn numerals(self) -> Numerals {
        match self {
            Self::Point => Numerals::new('.').group(','),
            Self::Comma => Numerals::new(',').group('.'),
        }
    }

    /// Converts a number to its plain form. The thousands separator may be a space, an apostrophe,
    /// or whichever of point and comma isn't the decimal mark.
    pub(super) fn read(self, text: &str) -> Option<String> {
        let (decimal, other) = match self {
            Self::Point => ('.', ','),
            Self::Comma => (',', '.'),
        };
        let mut formats =
            [other, ' ', '\''].into_iter().map(|group| Numerals::new(decimal).group(group));
        formats.find_map(|numerals| numerals.read(text).ok())
    }
}
