//! What a page around a form shows.

use solohttp_core::{IoList, Locale, ServerWords, iolist};

use crate::markup::tag::tag;
use crate::validation::words::FormWords;

/// The contents of a page of [`RecordPages`](crate::RecordPages): a form, or the question before a
/// record is deleted.
#[derive(Debug)]
#[non_exhaustive]
pub struct EditPage {
    /// The id of the record, or `None` for a new one.
    pub id: Option<i64>,
    /// The title of the page, as text.
    pub title: String,
    /// The form, as HTML.
    pub form: IoList,
    /// The URL that leaves the page without saving. `None` for a question, whose form has its own
    /// link.
    pub cancel: Option<String>,
    /// The URL that deletes the record when a form is posted to it. `None` if the page can't delete
    /// a record.
    pub delete: Option<String>,
}

impl EditPage {
    /// Renders the form, the link "Cancel" and the button "Delete".
    #[must_use]
    pub fn render(&self) -> IoList {
        let mut html = iolist![self.form.clone()];
        if let Some(url) = &self.cancel {
            let link = tag("a")
                .attr("href", url)
                .text(&Locale::current::<ServerWords>().cancel.to_string());
            html.push(iolist!["\n<p>", link, "</p>"]);
        }
        if let Some(url) = &self.delete {
            let button = tag("button")
                .attr("class", "quiet")
                .text(&Locale::current::<FormWords>().delete.to_string());
            let form =
                tag("form").attr("method", "post").attr("action", url).attr("class", "delete");
            html.push(iolist!["\n", form.content(button)]);
        }
        html.push("\n");
        html
    }
}
