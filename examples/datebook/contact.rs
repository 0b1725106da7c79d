//! Contacts: the record, its columns, its form with a photo, and the pages to add or edit one.

use serde::Serialize;
use solohttp::forms::{
    EditRequest, FormView, RecordPages, checkbox, email, file, fixed_point, tel, text, textarea,
};
use solohttp::sqlite::Record as _;
use solohttp::{IoList, Response, Result, Upload, iolist, record};

use crate::app::App;
use crate::{contacts, editing, photo};

// No `autocomplete`: it would offer the user's own name and address.
//
// The form doesn't contain the current photo. The version of its field shows whether another tab
// has replaced the photo.
record! {
    #[derive(Debug, Clone, Serialize)]
    pub(crate) struct Contact in "contact" form(photo: String) {
        pub(crate) name: String =
            text("Name").required().max_length(200).attr("autocomplete", "off").autofocus(),
        pub(crate) email: String = email("E-mail").attr("autocomplete", "off"),
        pub(crate) phone: String = tel("Phone").max_length(100).attr("autocomplete", "off"),
        /// Per hour, in cents.
        pub(crate) fee: Option<i64> = fixed_point("Hourly fee", 2).min(0).optional(),
        pub(crate) notes: String = textarea("Notes").max_length(10_000),
        /// A new photo. The current one stays in the database.
        #[serde(skip)]
        pub(crate) photo: Option<Upload> [skip] = file("Photo")
            .images().max_bytes(4 << 20).help("Up to 4 MB.").version(photo.clone()),
        #[serde(skip)]
        pub(crate) drops_photo: bool [skip] = checkbox("Remove the photo").version(photo),
    } with {
        sort_key = "sort_key(:name)",
    }
}

pub(crate) fn pages() -> RecordPages<App, Contact> {
    let form = |app: &mut App, edit: EditRequest<'_>| {
        let photo = edit.id.map(|id| photo::version(&app.db, id)).transpose()?;
        Ok(Contact::form(photo.unwrap_or_default()))
    };
    editing::pages("contacts", |contact: &Contact| &contact.name, form)
        .titles("New contact", "Edit contact")
        .show(contacts::show)
        .layout(layout)
        .cancel_to(|_, edit| edit.id.map_or("/contacts".into(), |id| format!("/contact/{id}/")))
        .save(save)
        .after_save(|app, saved| {
            // The contact may have been added for an appointment that is being edited.
            let ticket = saved.submission.request().query().get("for");
            let back = ticket.and_then(|ticket| app.state.picking.fill(ticket, Some(saved.id)));
            if back.is_some() {
                app.state.remember_pick(saved.id);
            }
            Ok(Response::redirect(back.unwrap_or_else(|| format!("/contact/{}/", saved.id))))
        })
        // Foreign key actions delete the photo, and remove the contact from its appointments.
        .after_delete(|app, id, _| {
            app.state.picked.retain(|picked| *picked != id);
            Ok(Response::redirect("/contacts"))
        })
}

fn save(app: &mut App, contact: &Contact, id: Option<i64>) -> Result<i64> {
    app.write_record(&contact.name, id, |tx| {
        let id = contact.save(tx, id)?;
        if contact.drops_photo {
            photo::delete(tx, id)?;
        }
        if let Some(upload) = &contact.photo {
            photo::save(tx, id, upload)?;
        }
        Ok(id)
    })
}

/// Shows "Remove the photo" only if there is one.
fn layout(app: &mut App, view: &FormView<Contact>, edit: EditRequest<'_>) -> Result<IoList> {
    let has_photo = edit.id.map(|id| photo::is_there(&app.db, id)).transpose()? == Some(true);
    let fields = view.fields().iter();
    let shown = fields.filter(|field| has_photo || field.name() != "drops_photo");
    Ok(iolist![
        view.summary(),
        view.open(),
        shown.map(|field| field.render()).collect::<IoList>(),
        "<div class=\"buttons\">",
        view.buttons(),
        "</div>",
        view.close(),
    ])
}
