//! Keeps what a JSON document doesn't carry when it replaces a record: the stored record's fields
//! that get lost on their way through JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use solohttp_core::{Fields, Json, Result};

use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::names::join;
use crate::merge::digests::{belongs, own};
use crate::outline::{Compound, Outline};

/// Adds the stored record's fields that JSON doesn't carry to those of the new record. `stored` is
/// the stored record with its fields.
pub(super) fn keep<T: Serialize + DeserializeOwned>(
    form: &RecordForm<T>,
    stored: (&T, &Fields),
    fields: &mut Fields,
) -> Result<()> {
    let carried = form.fields_of(&Json::round_trip(stored.0)?);
    if carried.iter().eq(stored.1.iter()) {
        return Ok(());
    }
    let sent = FormData::from(fields.clone());
    let (stored, carried) = (FormData::from(stored.1.clone()), FormData::from(carried));
    Keep { stored, carried, sent, fields }.outline(form.outline(), ["", "", ""]);
    Ok(())
}

struct Keep<'a> {
    stored: FormData,
    /// The stored record after its way through JSON.
    carried: FormData,
    sent: FormData,
    /// Those that were sent, and those that are kept.
    fields: &'a mut Fields,
}

impl Keep<'_> {
    /// The prefixes are those of the stored, the carried and the sent fields.
    fn outline(&mut self, outline: &Outline, prefixes: [&str; 3]) {
        for (name, element) in outline.iter() {
            let [stored, carried, sent] = prefixes.map(|prefix| join(prefix, name));
            match element.compound() {
                Some(rows) if rows.is_repeated() => self.rows(rows, [&stored, &carried, &sent]),
                Some(group) => self.outline(group.outline(), [&stored, &carried, &sent]),
                None if rest(&self.stored, &stored) != rest(&self.carried, &carried) => {
                    self.replace(&stored, &sent);
                }
                None => {}
            }
        }
    }

    fn rows(&mut self, rows: &dyn Compound, [stored, carried, sent]: [&str; 3]) {
        let (old, lost) = (rows.parts(stored, &self.stored), rows.parts(carried, &self.carried));
        if old.len() != lost.len() {
            return self.replace(stored, sent);
        }
        let new = rows.parts(sent, &self.sent);
        let mut is_taken = vec![false; old.len()];
        let contents: Vec<_> = lost.iter().map(|row| rest(&self.carried, row)).collect();
        let mut equals: Vec<Option<usize>> = Vec::new();
        for row in &new {
            let content = rest(&self.sent, row);
            let equal = (0..old.len()).find(|&at| !is_taken[at] && contents[at] == content);
            equal.into_iter().for_each(|at| is_taken[at] = true);
            equals.push(equal);
        }
        for (index, row) in new.iter().enumerate() {
            let in_place = (new.len() == old.len() && !is_taken[index]).then_some(index);
            if let Some(at) = equals[index].or(in_place) {
                self.outline(rows.outline(), [&old[at], &lost[at], row]);
            }
        }
    }

    fn replace(&mut self, stored: &str, sent: &str) {
        let all = std::mem::take(self.fields).into_iter();
        *self.fields = all.filter(|(name, _)| !belongs(sent, name)).collect();
        for (name, text) in own(stored, self.stored.fields()) {
            self.fields.push(format!("{sent}{}", &name[stored.len()..]), text);
        }
    }
}

/// The fields of an element or row, without its name.
fn rest(data: &FormData, name: &str) -> Vec<(String, String)> {
    let own = own(name, data.fields()).into_iter();
    own.map(|(field, text)| (field[name.len()..].to_owned(), text)).collect()
}
