//! What a page needs around the fields: start and end of the form, buttons, the summary of
//! errors; and all of it at once.

use std::collections::HashMap;

use solohttp_core::{IoList, iolist};

use crate::element::Shape;
use crate::form::Settings;
use crate::markup::tag::tag;
use crate::store::digests::{self, BASE};
use crate::store::submissions;
use crate::validation::ValidationError;
use crate::validation::words::FormWords;
use crate::view::{FieldView, FormView};

impl<T> FormView<T> {
    /// The whole form: summary, fields, buttons.
    #[must_use]
    pub fn render(&self) -> IoList {
        let fields: IoList = self.fields.iter().map(FieldView::render).collect();
        let buttons = tag("div").attr("class", "buttons").content(self.buttons());
        iolist![self.summary(), self.open(), fields, buttons, self.close()]
    }

    /// The start of the form, with what it carries unseen.
    #[must_use]
    pub fn open(&self) -> IoList {
        let settings = &self.context().settings;
        let start = tag("form")
            .attr("method", "post")
            .attr_if("action", settings.action.as_ref())
            .attr_if("enctype", self.has_files().then_some("multipart/form-data"))
            .flag_if("novalidate", !settings.browser_checks)
            .attr("class", "solo-form")
            .attr_if("data-changed", self.has_errors().then_some("yes"))
            .void();
        let first = settings.buttons.iter().find(|button| button.saves);
        let unseen =
            first.filter(|_| self.has_inner_buttons()).map(|button| button.render_unseen());
        let token = self.context().token.get().map(|token| submissions::field(token));
        let base = self.typed().get(BASE).map(digests::field);
        iolist![start, unseen, token, base]
    }

    /// The end of the form.
    #[must_use]
    pub fn close(&self) -> IoList {
        IoList::from("</form>")
    }

    /// All buttons, in the order in which they were declared.
    #[must_use]
    pub fn buttons(&self) -> IoList {
        let buttons = self.context().settings.buttons.iter().enumerate();
        buttons.map(|(place, button)| button.render(place == 0)).collect()
    }

    /// One button, for one's own layout.
    ///
    /// # Panics
    /// If no button has this name.
    #[must_use]
    #[track_caller]
    pub fn button(&self, name: &str) -> IoList {
        let buttons = &self.context().settings.buttons;
        match buttons.iter().find(|button| button.name == name) {
            Some(button) => button.render(false),
            None => panic!("declare the button `{name}` by `button` or `side_button` of the form"),
        }
    }

    /// Everything that is wrong, each with a link to its field; nothing if nothing is.
    #[must_use]
    pub fn summary(&self) -> IoList {
        if !self.has_errors() {
            return IoList::new();
        }
        let settings = &self.context().settings;
        let mut leaves = Vec::new();
        flatten(&self.fields, &mut leaves);
        let by_name: HashMap<&str, &FieldView> =
            leaves.into_iter().rev().map(|field| (field.name.as_str(), field)).collect();
        let (mut items, mut names_fields) = (IoList::new(), false);
        for (name, mistake) in self.mistakes() {
            let text = tell(settings, mistake);
            let field = by_name.get(name);
            names_fields |= field.is_some();
            items.push(tag("li").content(match field {
                Some(field) => link(field, &text, &settings.words),
                None => tag("span").text(&text),
            }));
        }
        // What is wrong with the whole form sends nobody to its fields.
        let heading = names_fields.then(|| tag("p").text(&settings.words.summary.to_string()));
        tag("div")
            .attr("class", "form-errors")
            .attr("id", format!("{}-errors", settings.prefix))
            .attr("role", "alert")
            .content(iolist![heading, tag("ul").content(items)])
    }

    /// Every piece by name, for templates: `title` is the whole field, `title_label`,
    /// `title_control`, `title_help` and `title_error` its parts; and `form_open`, `form_errors`,
    /// `form_buttons`, `form_close`.
    pub fn pieces(&self) -> impl Iterator<Item = (String, IoList)> {
        let around = [
            ("form_open", self.open()),
            ("form_errors", self.summary()),
            ("form_buttons", self.buttons()),
            ("form_close", self.close()),
        ];
        let fields = self.fields.iter().flat_map(|field| {
            [
                (field.name.clone(), field.render()),
                (format!("{}_label", field.name), field.label()),
                (format!("{}_control", field.name), field.control()),
                (format!("{}_help", field.name), field.help()),
                (format!("{}_error", field.name), field.error()),
            ]
        });
        around.into_iter().map(|(name, piece)| (name.to_owned(), piece)).chain(fields)
    }

    fn has_files(&self) -> bool {
        self.context().has_files
    }

    fn has_inner_buttons(&self) -> bool {
        let is_repeated = |field: &FieldView| {
            field.element.compound().is_some_and(|compound| compound.is_repeated())
        };
        any(&self.fields, &is_repeated)
    }
}

/// A link to a field, or its name if nothing of it can be seen.
fn link(field: &FieldView, text: &str, words: &FormWords) -> IoList {
    let label = format!("{}{}", field.trail, field.label_text());
    let label = words.summary_entry.say(&[("field", &label), ("mistake", &text)]);
    match field.shape() {
        Shape::Hidden => tag("span").text(text),
        _ => tag("a").attr("href", format!("#{}", field.focus_id())).text(&label),
    }
}

pub(super) fn tell(settings: &Settings, mistake: &ValidationError) -> String {
    (settings.wording)(mistake).unwrap_or_else(|| mistake.say(&settings.words))
}

fn any(fields: &[FieldView], test: &dyn Fn(&FieldView) -> bool) -> bool {
    fields.iter().any(|field| test(field) || field.rows.iter().any(|row| any(row.fields(), test)))
}

fn flatten<'a>(fields: &'a [FieldView], leaves: &mut Vec<&'a FieldView>) {
    for field in fields {
        leaves.push(field);
        field.rows.iter().for_each(|row| flatten(row.fields(), leaves));
    }
}

/// The first bad field, or if none is, the first that asks for it.
pub(super) fn first_to_focus(fields: &[FieldView]) -> Option<&FieldView> {
    let mut leaves = Vec::new();
    flatten(fields, &mut leaves);
    let seen = |field: &&&FieldView| !matches!(field.shape(), Shape::Hidden | Shape::Frame);
    let bad = leaves.iter().filter(seen).find(|field| field.has_errors());
    let asking = || leaves.iter().filter(seen).find(|field| field.element.face().autofocus);
    bad.or_else(asking).copied()
}
