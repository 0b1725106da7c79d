//! Reads a record: from what a browser has sent, or from texts that come from elsewhere.

use solohttp_core::Fields;

use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::field::Field;
use crate::outline::BlankRows;
use crate::validation::errors::Errors;
use crate::view::FormView;

impl<T> RecordForm<T> {
    /// Parses a record. For a form with files, use a [`Formlet`](crate::Formlet), because
    /// [`Fields`] can't contain files.
    ///
    /// # Errors
    /// The form as it was filled in, with each error next to its field.
    pub fn submit(&self, fields: &Fields) -> Result<T, FormView<T>> {
        let mut data = FormData::from(fields.clone());
        self.normalize(&mut data, BlankRows::Last);
        self.parse(&data).map_err(|errors| self.redisplay(data, errors.list))
    }

    /// Parses a new record from these fields, as a user would fill them in. The others have their
    /// initial values.
    ///
    /// ```
    /// # use solohttp_forms::{form, number, text};
    /// struct Sample { code: String, count: i64 }
    ///
    /// let form = form!(Sample {
    ///     code: text("Code").pattern("[A-Z]-[0-9]", "A letter and a digit, such as A-1."),
    ///     count: number("Count").initial(1),
    /// });
    /// let sample = form.new_record([("code", "A-7")]).expect("valid");
    /// assert_eq!((&*sample.code, sample.count), ("A-7", 1));
    /// assert!(form.new_record([("code", "7")]).is_err());
    /// ```
    ///
    /// # Errors
    /// Same as [`submit`](Self::submit).
    pub fn new_record<'a>(
        &self,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<T, FormView<T>> {
        let mut all = self.blank_fields();
        for (name, value) in fields {
            all.set(name, value);
        }
        self.submit(&all)
    }

    /// Checks a text by the rules of one field of a new record, for example of a code in a list of
    /// several.
    ///
    /// ```
    /// # use solohttp_forms::{field, form, text};
    /// struct Sample { code: String, material: String }
    ///
    /// let form = form!(Sample {
    ///     code: text("Code").pattern("[A-Z]-[0-9]", "A letter and a digit, such as A-1."),
    ///     material: text("Material").required(),
    /// });
    /// assert_eq!(form.check_field(field!(Sample.code), "A-7"), Ok(()));
    /// let error = form.check_field(field!(Sample.code), "7").unwrap_err();
    /// assert_eq!(error, "A letter and a digit, such as A-1.");
    /// ```
    ///
    /// # Errors
    /// The field's errors, as text.
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn check_field<V>(&self, field: Field<T, V>, text: &str) -> Result<(), String> {
        match self.new_record([(field.name(), text)]) {
            Err(view) if view[field.name()].has_errors() => Err(view[field.name()].error_text()),
            _ => Ok(()),
        }
    }

    /// The form with these fields and errors.
    #[must_use]
    pub fn filled(&self, fields: Fields, errors: Errors<T>) -> FormView<T> {
        self.redisplay(FormData::from(fields), errors.list)
    }

    /// Sorts the fields into the form's order, and numbers rows from 0.
    pub(crate) fn normalize(&self, data: &mut FormData, blank: BlankRows) {
        let fields = std::mem::take(data.fields_mut());
        *data.fields_mut() = self.plan.outline.normalize("", fields, blank);
    }

    pub(crate) fn parse(&self, data: &FormData) -> Result<T, Errors<T>> {
        let mut errors = Errors::new();
        match self.parse_after(data, &mut errors) {
            Some(record) if errors.is_empty() => Ok(record),
            _ => Err(errors),
        }
    }

    /// Parses a record, some of whose fields may already have errors.
    pub(crate) fn parse_after(&self, data: &FormData, errors: &mut Errors<T>) -> Option<T> {
        self.plan.parse("", data, &mut errors.list)
    }
}
