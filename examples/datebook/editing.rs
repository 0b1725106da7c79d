//! What the pages that edit contacts, appointments and tasks have in common.

use solohttp::Result;
use solohttp::forms::{EditRequest, RecordForm, RecordPages};
use solohttp::sqlite::Record;
use solohttp::sqlite::rusqlite::Transaction;

use crate::app::App;

/// The pages that add, edit and delete a kind of record. `area` is their menu entry, and `name`
/// returns what messages call a record.
pub(crate) fn pages<T: Record + 'static>(
    area: &'static str,
    name: fn(&T) -> &str,
    form: impl Fn(&mut App, EditRequest<'_>) -> Result<RecordForm<T>> + 'static,
) -> RecordPages<App, T> {
    let load = |app: &mut App, id| T::get(&app.db, id);
    RecordPages::new(form, load, move |app, one, id| {
        save(app, name(one), |tx| Ok(one.save(tx, id)?))
    })
    .delete(move |app, id, one| {
        app.write(format!("“{}” deleted", name(one)), |tx| Ok(T::delete(tx, id)?)).map(drop)
    })
    .page(move |app, page| app.form_page(area, &page))
}

/// Saves a record, and says so on the next page.
pub(crate) fn save(
    app: &mut App,
    name: &str,
    change: impl FnOnce(&Transaction<'_>) -> Result<i64>,
) -> Result<i64> {
    let id = app.write(format!("“{name}” saved"), change)?;
    app.flash.add(format!("Saved “{name}”."));
    Ok(id)
}
