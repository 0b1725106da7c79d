//! Contacts: the record with its photo, its columns and its form, and the pages to add or edit one.

use serde::Serialize;
use solohttp::forms::{RecordPages, email, fixed_point, stored_file, tel, text, textarea};
use solohttp::{Response, StoredFile, record};

use crate::app::App;
use crate::{contacts, editing};

// No `autocomplete`: it would offer the user's own name and address.
record! {
    #[derive(Debug, Clone, Serialize)]
    pub(crate) struct Contact in "contact" {
        pub(crate) name: String =
            text("Name").required().max_length(200).attr("autocomplete", "off").autofocus(),
        pub(crate) email: String = email("E-mail").attr("autocomplete", "off"),
        pub(crate) phone: String = tel("Phone").max_length(100).attr("autocomplete", "off"),
        /// Per hour, in cents.
        pub(crate) fee: Option<i64> = fixed_point("Hourly fee", 2).min(0).optional(),
        pub(crate) notes: String = textarea("Notes").max_length(10_000),
        pub(crate) photo: StoredFile [file in "photo"] = stored_file("Photo")
            .images().max_bytes(4 << 20).help("Up to 4 MB.").url(|_| "photo".to_owned()),
    } with {
        sort_key = "sort_key(:name)",
    }
}

pub(crate) fn pages() -> RecordPages<App, Contact> {
    editing::pages("contacts", |contact: &Contact| &contact.name, |_, _| Ok(Contact::form()))
        .titles("New contact", "Edit contact")
        .show(contacts::show)
        .cancel_to(|_, edit| edit.id.map_or("/contacts".into(), |id| format!("/contact/{id}/")))
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
