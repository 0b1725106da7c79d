//! Contacts: the record, its columns, its form with a photo, and the page to edit it.

use serde::Serialize;
use solohttp::forms::{
    FormView, Formlet, RecordForm, Submission, checkbox, email, file, fixed_point, form, tel, text,
    textarea,
};
use solohttp::sqlite::{Record as _, columns};
use solohttp::{IoList, Request, Response, Result, Upload, iolist};

use crate::app::App;
use crate::photo;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Contact {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    /// Per hour, in cents.
    pub(crate) fee: Option<i64>,
    pub(crate) notes: String,
    /// A new photo. The current one stays in the database.
    #[serde(skip)]
    pub(crate) photo: Option<Upload>,
    #[serde(skip)]
    pub(crate) drops_photo: bool,
}

columns!(Contact in "contact" {
    name, email, phone, fee, notes, photo: skip, drops_photo: skip,
} with {
    sort_key = "sort_key(:name)",
});

// No `autocomplete`: it would offer the user's own name and address.
//
// The form doesn't contain the current photo. The version of its field shows whether another tab
// has replaced the photo.
pub(crate) fn contact_form(photo: String) -> RecordForm<Contact> {
    form!(Contact {
        name: text("Name").required().max_length(200).attr("autocomplete", "off").autofocus(),
        email: email("E-mail").attr("autocomplete", "off"),
        phone: tel("Phone").max_length(100).attr("autocomplete", "off"),
        fee: fixed_point("Hourly fee", 2).min(0).optional(),
        notes: textarea("Notes").max_length(10_000),
        photo: file("Photo").images().max_bytes(4 << 20).help("Up to 4 MB.").version(photo.clone()),
        drops_photo: checkbox("Remove the photo").version(photo),
    })
}

pub(crate) struct Editing {
    pub(crate) id: Option<i64>,
}

impl Formlet<App> for Editing {
    type Record = Contact;

    fn form(&mut self, app: &mut App) -> Result<RecordForm<Contact>> {
        let photo = self.id.map(|id| photo::version(&app.db, id)).transpose()?;
        Ok(contact_form(photo.unwrap_or_default()))
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Contact>> {
        self.id.map(|id| Contact::get(&app.db, id)).transpose()
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn save(&mut self, app: &mut App, contact: Contact, sent: &Submission<'_>) -> Result<Response> {
        // A contact that was deleted while being edited is saved as a new one.
        let id = self.id.filter(|_| !sent.is_new());
        let id = app.write(format!("“{}” saved", contact.name), |tx| {
            let id = contact.save(tx, id)?;
            if contact.drops_photo {
                photo::delete(tx, id)?;
            }
            if let Some(upload) = &contact.photo {
                photo::save(tx, id, upload)?;
            }
            Ok(id)
        })?;
        app.flash.add(format!("Saved “{}”.", contact.name));
        // The contact may have been added for an appointment that is being edited.
        let ticket = sent.request().query().get("for");
        let back = ticket.and_then(|ticket| app.picking.fill(ticket, Some(id)));
        if back.is_some() {
            app.remember_pick(id);
        }
        Ok(Response::redirect(back.unwrap_or_else(|| format!("/contact/{id}/"))))
    }

    fn page(&mut self, app: &mut App, view: &FormView<Contact>, _: &Request) -> Result<IoList> {
        let has_photo = match self.id {
            Some(id) => photo::is_there(&app.db, id)?,
            None => false,
        };
        // A custom layout: "Remove the photo" is shown only if there is one.
        let fields = view.fields().iter();
        let shown = fields.filter(|field| has_photo || field.name() != "drops_photo");
        let form = iolist![
            view.summary(),
            view.open(),
            shown.map(|field| field.render()).collect::<IoList>(),
            "<div class=\"buttons\">",
            view.buttons(),
            "</div>",
            view.close(),
        ];
        let Some(id) = self.id else {
            return app.form_page("contacts", "New contact", form, None, "/contacts");
        };
        let (delete, cancel) = (format!("/contact/{id}/delete"), format!("/contact/{id}/"));
        app.form_page("contacts", "Edit contact", form, Some(delete), &cancel)
    }
}
