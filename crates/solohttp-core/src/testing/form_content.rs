//! Encodes a form as a browser does, for testing handlers. This is the inverse of
//! `body::form_data`.

use http::HeaderValue;

use crate::url::Fields;

/// The fields and files of a form, in the order in which they are sent.
#[derive(Debug, Clone, Default)]
pub(super) struct FormContent(Vec<(String, Content)>);

#[derive(Debug, Clone)]
enum Content {
    Text(String),
    File(File),
}

/// A file to send.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) content_type: String,
    pub(super) bytes: Vec<u8>,
}

impl FormContent {
    pub(super) fn push_text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), Content::Text(value.into())));
    }

    pub(super) fn push_file(&mut self, name: impl Into<String>, file: File) {
        self.0.push((name.into(), Content::File(file)));
    }

    /// Returns the `Content-Type` and the body. The form is multipart only if there are files.
    pub(super) fn encode(&self) -> (HeaderValue, Vec<u8>) {
        if self.0.iter().any(|(_, content)| matches!(content, Content::File(_))) {
            return self.multipart();
        }
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        (kind, self.urlencoded().into_bytes())
    }

    /// Encodes the fields as `a=1&b=2`. A file is represented by its name.
    pub(super) fn urlencoded(&self) -> String {
        let fields = self.0.iter().map(|(name, content)| match content {
            Content::Text(value) => (name.as_str(), value.as_str()),
            Content::File(file) => (name.as_str(), file.name.as_str()),
        });
        Fields::from_iter(fields).to_string()
    }

    /// Encodes the fields as lines, for people to read (WHATWG HTML section 4.10.21.8).
    #[cfg(feature = "test-client")]
    pub(super) fn plain_text(&self) -> String {
        let lines = self.0.iter().map(|(name, content)| match content {
            Content::Text(value) => format!("{name}={value}\r\n"),
            Content::File(file) => format!("{name}={}\r\n", file.name),
        });
        lines.collect()
    }

    /// Returns the `Content-Type` and the body of a multipart form.
    pub(super) fn multipart(&self) -> (HeaderValue, Vec<u8>) {
        let boundary = self.unused_boundary();
        let mut body = Vec::new();
        let mut push = |names: String, content: &[u8]| {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; {names}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        for (name, content) in &self.0 {
            let name = escaped(name);
            match content {
                Content::Text(value) => push(format!("name=\"{name}\""), value.as_bytes()),
                Content::File(File { name: file_name, content_type, bytes }) => {
                    let file_name = escaped(file_name);
                    let names = format!(
                        "name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}"
                    );
                    push(names, bytes);
                }
            }
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
            let is_in = |(_, content): &(String, Content)| {
                let bytes = match content {
                    Content::Text(value) => value.as_bytes(),
                    Content::File(file) => &file.bytes,
                };
                memchr::memmem::find(bytes, boundary.as_bytes()).is_some()
            };
            if !self.0.iter().any(is_in) {
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
