//! The parts of the page around the fields: the start and end of the form, the buttons, and the
//! error summary.

use std::collections::HashMap;

use solohttp_core::{IoList, iolist};

use crate::element::info::Layout;
use crate::form::names::{BASE, TOKEN};
use crate::markup::tag::tag;
use crate::validation::words::FormWords;
use crate::view::field::FieldView;
use crate::view::{FormView, flatten};

impl<T> FormView<T> {
    /// The whole form: error summary, fields and buttons.
    #[must_use]
    pub fn render(&self) -> IoList {
        let fields: IoList = self.fields.iter().map(FieldView::render).collect();
        let buttons = tag("div").attr("class", "buttons").content(self.buttons());
        iolist![self.summary(), self.open(), fields, buttons, self.close()]
    }

    /// The start of the form, with its hidden fields.
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
        let default =
            first.filter(|_| self.has_inner_buttons()).map(|button| button.render_hidden());
        let token = self.context().token.get().map(|token| hidden(TOKEN, token));
        let base = self.input().get(BASE).map(|digests| hidden(BASE, digests));
        iolist![start, default, token, base]
    }

    /// The end of the form.
    #[must_use]
    pub fn close(&self) -> IoList {
        IoList::from("</form>")
    }

    /// All buttons, in the order in which they are declared.
    #[must_use]
    pub fn buttons(&self) -> IoList {
        let buttons = self.context().settings.buttons.iter().enumerate();
        buttons.map(|(index, button)| button.render(index == 0)).collect()
    }

    /// One button, for a custom layout.
    ///
    /// # Panics
    /// If no button has this name.
    #[must_use]
    #[track_caller]
    pub fn button(&self, name: &str) -> IoList {
        let buttons = &self.context().settings.buttons;
        match buttons.iter().find(|button| button.name == name) {
            Some(button) => button.render(false),
            None => {
                panic!("the form has no button `{name}`: declare it with `button` or `side_button`")
            }
        }
    }

    /// The error summary, with links to the fields. It is empty if there are no errors.
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
        for (name, error) in self.errors() {
            let text = settings.message(error);
            let field = by_name.get(name);
            names_fields |= field.is_some();
            items.push(tag("li").content(match field {
                Some(field) => link(field, &text, &settings.words),
                None => tag("span").text(&text),
            }));
        }
        // Errors that concern the form as a whole don't name a field to check.
        let heading = names_fields.then(|| tag("p").text(&settings.words.summary.to_string()));
        tag("div")
            .attr("class", "form-errors")
            .attr("id", format!("{}-errors", settings.prefix))
            .attr("role", "alert")
            .content(iolist![heading, tag("ul").content(items)])
    }

    /// All pieces by name, for templates. `form_open`, `form_errors`, `form_buttons` and
    /// `form_close` belong to the form. A field such as `title` has five pieces: the whole field as
    /// `title`, and its parts as `title_label`, `title_control`, `title_help` and `title_error`.
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
        any(&self.fields, &|field| field.element.has_rows())
    }
}

/// A link to a field, or only its name and the text if the field is invisible.
fn link(field: &FieldView, text: &str, words: &FormWords) -> IoList {
    // A hidden field has no label.
    let label = match field.label_text() {
        "" => field.name(),
        label => label,
    };
    let label = format!("{}{label}", field.trail);
    let label = words.summary_entry.say(&[("field", &label), ("error", &text)]);
    match field.layout() {
        Layout::Hidden => tag("span").text(&label),
        _ => tag("a").attr("href", format!("#{}", field.focus_id())).text(&label),
    }
}

fn hidden(name: &'static str, value: &str) -> IoList {
    tag("input").attr("type", "hidden").attr("name", name).attr("value", value).void()
}

fn any(fields: &[FieldView], test: &dyn Fn(&FieldView) -> bool) -> bool {
    fields.iter().any(|field| test(field) || field.rows.iter().any(|row| any(row.fields(), test)))
}
