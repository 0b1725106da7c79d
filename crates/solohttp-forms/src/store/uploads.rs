//! Files that were sent and wait until their form is right.
//!
//! Bounded in number and in bytes, the oldest goes first; the files themselves are where the
//! requests' bodies were, in memory or in temporary files without a name, and end with the
//! program.

use std::collections::{HashSet, VecDeque};

use solohttp_core::{Fields, SentForm, Upload};

use crate::form::field::beside;
use crate::form::outline::{Outline, RowKeys};
use crate::form::sent::Sent;
use crate::store::submissions::token;
use crate::validation::ValidationError;

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

impl Default for Room {
    fn default() -> Self {
        // Several forms with many pictures, half-filled.
        Self { files: 256, bytes: 1 << 30 }
    }
}

/// Files by token, the latest last.
#[derive(Debug, Default)]
pub(crate) struct PendingUploads {
    room: Room,
    files: VecDeque<(String, Upload)>,
}

impl PendingUploads {
    pub(crate) fn new(room: Room) -> Self {
        Self { room, files: VecDeque::new() }
    }

    fn keep(&mut self, upload: Upload) -> String {
        let token = token();
        self.files.push_back((token.clone(), upload));
        let bytes = |files: &VecDeque<(String, Upload)>| {
            files.iter().map(|(_, upload)| upload.len()).sum::<u64>()
        };
        // The latest stays, whatever its size: a limit on bodies is the server's.
        while self.files.len() > 1
            && (self.files.len() > self.room.files || bytes(&self.files) > self.room.bytes)
        {
            self.files.pop_front();
        }
        token
    }

    fn find(&self, token: &str) -> Option<&Upload> {
        self.files.iter().find(|(known, _)| known == token).map(|(_, upload)| upload)
    }

    /// Lets go of the files of a form that is saved.
    pub(crate) fn release(&mut self, sent: &Sent) {
        self.files.retain(|(token, _)| !sent.all_files().any(|(known, _)| known == token));
    }

    /// What was sent, with the files that came now and those that came before.
    pub(crate) fn read(&mut self, outline: &Outline, fields: &Fields, form: &SentForm<'_>) -> Sent {
        let mut sent = Sent::from(fields.clone());
        let rows = RowKeys::of(fields);
        for file in form.oversized {
            let element = outline.find(&file.field, &rows);
            if let Some(rules) = element.and_then(|element| element.file_rules()) {
                sent.refuse(&file.field, rules.oversized(file));
            }
        }
        for upload in form.uploads {
            let element = outline.find(upload.field(), &rows);
            // Files that no field of the form asks for are not kept.
            match element.and_then(|element| element.file_rules()) {
                None => {}
                Some(rules) => match rules.check(upload) {
                    Ok(()) => {
                        let token = self.keep(upload.clone());
                        sent.fields_mut().push(beside(upload.field(), "kept"), token);
                    }
                    Err(mistake) => sent.refuse(upload.field(), mistake),
                },
            }
        }
        self.resolve(&mut sent);
        sent
    }

    /// Finds the files that tokens stand for; takes out those that the user dropped, and marks
    /// those that are no longer kept.
    pub(crate) fn resolve(&self, sent: &mut Sent) {
        let before = std::mem::take(sent.fields_mut());
        let dropped =
            before.iter().filter_map(|(name, token)| Some((name.strip_suffix(":drop")?, token)));
        let dropped: HashSet<(&str, &str)> = dropped.collect();
        for (name, text) in before.iter() {
            let Some(field) = name.strip_suffix(":kept") else {
                if !name.ends_with(":drop") {
                    sent.fields_mut().push(name, text);
                }
                continue;
            };
            if dropped.contains(&(field, text)) {
                continue;
            }
            match self.find(text) {
                Some(upload) => {
                    sent.add_file(text, upload.clone());
                    sent.fields_mut().push(name, text);
                }
                None => sent.fields_mut().push(beside(field, "gone"), text),
            }
        }
    }
}

impl Sent {
    fn refuse(&mut self, field: &str, mistake: ValidationError) {
        let place = self.push_refused(mistake).to_string();
        self.fields_mut().push(beside(field, "refused"), place);
    }
}
