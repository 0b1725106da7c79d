//! Encodes a form as a browser does, for testing handlers. This is the inverse of
//! `body::form_data`.

use http::HeaderValue;

use crate::url::Fields;

#[derive(Debug, Default)]
pub(super) struct FormContent {
    pub(super) fields: Fields,
    pub(super) uploads: Vec<UploadContent>,
}

#[derive(Debug)]
pub(super) struct UploadContent {
    pub(super) field: String,
    pub(super) file_name: String,
    pub(super) content_type: String,
    pub(super) bytes: Vec<u8>,
}

impl FormContent {
    /// Returns the `Content-Type` and the body. The form is multipart only if there are uploads.
    pub(super) fn encode(&self) -> (HeaderValue, Vec<u8>) {
        if self.uploads.is_empty() {
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            return (kind, self.fields.to_string().into_bytes());
        }
        let boundary = self.unused_boundary();
        let mut body = Vec::new();
        let mut push = |names: String, content: &[u8]| {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; {names}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in self.fields.iter() {
            push(format!("name=\"{}\"", escaped(name)), value.as_bytes());
        }
        for UploadContent { field, file_name, content_type, bytes } in &self.uploads {
            let (field, file_name) = (escaped(field), escaped(file_name));
            let names = format!(
                "name=\"{field}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}"
            );
            push(names, bytes);
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        (HeaderValue::try_from(kind).expect("the boundary is visible ASCII"), body)
    }

    /// Returns a boundary that doesn't occur in any value.
    fn unused_boundary(&self) -> String {
        let mut number = 0;
        loop {
            let boundary = format!("----solohttp{number}");
            let is_in = |text: &[u8]| memchr::memmem::find(text, boundary.as_bytes()).is_some();
            if !self.fields.iter().any(|(_, value)| is_in(value.as_bytes()))
                && !self.uploads.iter().any(|upload| is_in(&upload.bytes))
            {
                return boundary;
            }
            number += 1;
        }
    }
}

/// Escapes names as browsers do (WHATWG HTML, "multipart form data").
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
