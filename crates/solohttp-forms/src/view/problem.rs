//! A form's errors as a JSON document.

use std::collections::BTreeMap;

use solohttp_core::{Problem, StatusCode};

use crate::view::FormView;

impl<T> FormView<T> {
    /// The errors as JSON (RFC 9457, status 422). `detail` has the messages for the form as a whole,
    /// and `errors` has an object for each other error: `name`, the full name of the field, such as
    /// `lines.0.item`, and `detail`, the message.
    ///
    /// ```
    /// use solohttp_core::{Fields, IntoResponse};
    /// use solohttp_forms::{form, text};
    ///
    /// struct Task { title: String }
    /// let form = form!(Task { title: text("Title").required() });
    /// let again = form.submit(&Fields::from_iter([("title", "")])).err().unwrap();
    /// let problem = again.problem().into_response();
    /// assert_eq!(problem.status(), 422);
    /// let errors = r#""errors":[{"detail":"Fill in this field.","name":"title"}]"#;
    /// assert!(problem.into_text().contains(errors));
    /// ```
    #[must_use]
    pub fn problem(&self) -> Problem {
        self.problem_with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    pub(crate) fn problem_with(&self, status: StatusCode) -> Problem {
        let settings = &self.context().settings;
        let general = self.errors().filter(|(name, _)| name.is_empty());
        let general: Vec<String> =
            general.map(|(_, error)| settings.message(error).into_owned()).collect();
        let detail = match general.is_empty() {
            true => settings.words.problem.to_string(),
            false => general.join(" "),
        };
        let fields = self.errors().filter(|(name, _)| !name.is_empty());
        let errors: Vec<BTreeMap<&str, String>> = fields
            .map(|(name, error)| {
                BTreeMap::from([
                    ("name", name.to_owned()),
                    ("detail", settings.message(error).into_owned()),
                ])
            })
            .collect();
        Problem::new(status, detail).with("errors", errors)
    }
}
