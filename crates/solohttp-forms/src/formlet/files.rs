//! A submitted form's files: stores new ones and looks up earlier ones.

use std::collections::HashSet;

use solohttp_core::{Fields, SentForm};

use crate::form::data::FormData;
use crate::form::names::{DROP, GONE, KEPT, STORED};
use crate::outline::{Outline, RowKeys};
use crate::store::form_store::FormStore;
use crate::validation::ValidationError;

/// Stores a form's new files, and adds their tokens to the form's fields.
pub(super) fn read(
    store: &FormStore,
    outline: &Outline,
    mut fields: Fields,
    form: &SentForm<'_>,
) -> FormData {
    let mut refused: Vec<(&str, ValidationError)> = Vec::new();
    let mut accepted: Vec<(String, String)> = Vec::new();
    let rows = RowKeys::of(&fields);
    for file in form.oversized {
        let element = outline.find(&file.field, &rows);
        if let Some(rules) = element.and_then(|element| element.file_rules()) {
            refused.push((&file.field, rules.oversized(file)));
        }
    }
    for upload in form.uploads {
        let element = outline.find(upload.field(), &rows);
        // Ignores files that don't belong to a field of the form.
        let Some(rules) = element.and_then(|element| element.file_rules()) else { continue };
        match rules.check(upload) {
            Ok(()) => accepted.push((KEPT.of(upload.field()), store.store_upload(upload.clone()))),
            Err(error) => refused.push((upload.field(), error)),
        }
    }
    fields.extend(accepted);
    let mut data = resolve(store, fields);
    refused.into_iter().for_each(|(field, error)| data.refuse(field, error));
    data
}

/// Looks up the files whose tokens are in these fields. Removes discarded files, and marks those
/// that are no longer stored.
pub(super) fn resolve(store: &FormStore, fields: Fields) -> FormData {
    let discarded = fields.iter().filter_map(|(name, token)| Some((DROP.strip(name)?, token)));
    let discarded: HashSet<(String, String)> =
        discarded.map(|(field, token)| (field.to_owned(), token.to_owned())).collect();
    let mut files = Vec::new();
    let mut resolved = Fields::new();
    for (name, text) in fields {
        let Some(field) = KEPT.strip(&name) else {
            if !DROP.ends(&name) {
                resolved.push(name, text);
            }
            continue;
        };
        if !discarded.is_empty() && discarded.contains(&(field.to_owned(), text.clone())) {
            continue;
        }
        match store.upload(&text) {
            Some(upload) => {
                files.push((text.clone(), upload));
                resolved.push(name, text);
            }
            None => resolved.push(GONE.of(field), text),
        }
    }
    let mut data = FormData::from(resolved);
    files.into_iter().for_each(|(token, upload)| data.add_file(&token, upload));
    data
}

/// Marks the files that were deleted together with their record, so that the form says that they
/// have to be chosen again.
pub(super) fn lose_stored(fields: &mut Fields) {
    let all = std::mem::take(fields).into_iter();
    *fields = all
        .map(|(name, text)| match STORED.strip(&name) {
            Some(field) => (GONE.of(field), text),
            None => (name, text),
        })
        .collect();
}
