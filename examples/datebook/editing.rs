//! What the pages that edit contacts, appointments and tasks have in common.

use solohttp::Result;
use solohttp::forms::{EditRequest, RecordForm, RecordPages};
use solohttp::sqlite::Record;

use crate::app::{self, App};

/// The pages that add, edit and delete a kind of record. `area` is their menu entry, and `name`
/// returns what messages call a record.
pub(crate) fn pages<T: Record + 'static>(
    area: &'static str,
    name: fn(&T) -> &str,
    form: impl Fn(&mut App, EditRequest<'_>) -> Result<RecordForm<T>> + 'static,
) -> RecordPages<App, T> {
    App::pages_with_form(name, form).page(move |app, page| app::form_page(app, area, &page))
}
