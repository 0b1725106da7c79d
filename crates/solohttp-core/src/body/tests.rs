//! Tests for bodies in memory and in files, which must behave alike, and for forms parsed from
//! them.

use std::fs;

use tempfile::TempDir;

use super::form_data::{FormData, FormLimits};
use super::*;
use crate::limits::Limits;

const BOTH: [usize; 2] = [usize::MAX, 10];

/// Creates a body that is stored in a file if it is larger than `in_memory` bytes.
fn body(bytes: &[u8], in_memory: usize) -> Body {
    let folder = TempDir::new().unwrap();
    let mut spool = Spool::with_capacity(0);
    for piece in bytes.chunks(7) {
        spool.push(piece, in_memory, folder.path()).unwrap();
    }
    // On Windows, the file has a name until it is closed, so its folder must exist until then.
    #[cfg(windows)]
    std::mem::forget(folder);
    spool.into_body().unwrap()
}

fn is_in_file(body: &Body) -> bool {
    matches!(body.0, Content::File { .. })
}

#[test]
fn a_body_over_the_threshold_is_in_a_file() {
    assert!(!is_in_file(&body(b"0123456789", 10)));
    assert!(is_in_file(&body(b"0123456789a", 10)));
}

#[test]
fn a_file_is_removed_with_its_last_reader() {
    let folder = TempDir::new().unwrap();
    let files = || fs::read_dir(folder.path()).unwrap().count();
    let mut spool = Spool::with_capacity(0);
    spool.push(&[7; 100], 10, folder.path()).unwrap();
    let mut reader = spool.into_body().unwrap().reader();
    assert_eq!(files(), usize::from(cfg!(windows)), "on other systems it has no name");
    assert_eq!(reader.read_to_end(&mut Vec::new()).unwrap(), 100);
    drop(reader);
    assert_eq!(files(), 0);
}

#[test]
fn a_missing_folder_is_an_error_only_when_needed() {
    let folder = TempDir::new().unwrap().path().join("missing");
    let mut spool = Spool::with_capacity(0);
    spool.push(b"0123456789", 10, &folder).unwrap();
    let error = spool.push(b"a", 10, &folder).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

#[test]
fn readers_read_and_seek_independently() {
    let bytes: Vec<u8> = (0..100).collect();
    for whole in BOTH.map(|in_memory| body(&bytes, in_memory)) {
        assert_eq!((whole.len(), whole.to_bytes().unwrap()), (100, Bytes::from(bytes.clone())));
        let part = whole.slice(20..80).slice(10..20);
        assert_eq!(part.to_bytes().unwrap(), bytes[30..40]);
        let (mut one, mut other) = (part.reader(), part.reader());
        let mut three = [0; 3];
        for (to, expect) in [
            (SeekFrom::Start(8), &[38, 39][..]),
            (SeekFrom::End(-3), &[37, 38, 39]),
            (SeekFrom::Current(-10), &[30, 31, 32]),
            (SeekFrom::Current(97), &[]),
        ] {
            one.seek(to).unwrap();
            let count = one.read(&mut three).unwrap();
            assert_eq!(&three[..count], expect, "{to:?}");
        }
        assert!(one.seek(SeekFrom::End(-11)).is_err());
        let mut rest = Vec::new();
        other.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, bytes[30..40], "each reader has its own position");
    }
}

const TYPE: &str = "multipart/form-data; boundary=xY";

fn form(kind: &str, sent: &str, in_memory: usize) -> Result<FormData, u16> {
    let mut limits = Limits::default();
    (limits.form_parts, limits.form_text) = (10, 30);
    let form = FormData::parse(kind, &body(sent.as_bytes(), in_memory), &[], (&limits).into());
    form.map_err(|rejection| rejection.status().as_u16())
}

/// `(name, value)` for fields and `(name, file name, content)` for uploads, each in order.
type Sent<'a> = (&'a [(&'a str, &'a str)], &'a [(&'a str, &'a str, &'a str)]);

fn check(parts: &str, expect: Result<Sent<'_>, u16>) {
    let part = |part: &str| format!("--xY\r\nContent-Disposition: form-data; {part}\r\n");
    let sent: String = parts.split('|').filter(|text| !text.is_empty()).map(part).collect();
    let sent = sent.replace(" = ", "\r\n\r\n") + "--xY--\r\n";
    for in_memory in BOTH {
        let form = form(TYPE, &sent, in_memory);
        let uploads = form.iter().flat_map(|form| &form.uploads).map(|upload| {
            let content = String::from_utf8(upload.to_bytes().unwrap().into()).unwrap();
            (upload.field().to_owned(), upload.raw_file_name().to_owned(), content)
        });
        let uploads: Vec<_> = uploads.collect();
        let uploads: Vec<_> = uploads.iter().map(|(a, b, c)| (&**a, &**b, &**c)).collect();
        let found = form.as_ref().map(|form| (form.fields.iter().collect::<Vec<_>>(), uploads));
        let expect = expect.map(|(fields, uploads)| (fields.to_vec(), uploads.to_vec()));
        assert_eq!(found.map_err(|&status| status), expect, "{sent}");
    }
}

#[test]
fn fields_and_uploads_keep_their_order() {
    check("", Ok((&[], &[])));
    check("name=a = 1|name=b = é|name=a = ", Ok((&[("a", "1"), ("b", "é"), ("a", "")], &[])));
    check(
        "filename=x;name=f = 1|name=a = 2|name=f;filename=y\r\nContent-Type: a/b = 3",
        Ok((&[("a", "2")], &[("f", "x", "1"), ("f", "y", "3")])),
    );
}

#[test]
fn an_empty_file_input_is_not_an_upload() {
    check("name=f; filename=\"\" = ", Ok((&[], &[])));
    check("name=f; filename=\"\" = x", Ok((&[], &[("f", "", "x")])));
    check("name=f; filename=empty.txt = ", Ok((&[], &[("f", "empty.txt", "")])));
}

#[test]
fn text_has_a_limit_of_its_own() {
    let long = "x".repeat(31);
    check(&format!("name=f; filename=x = {long}"), Ok((&[], &[("f", "x", &long)])));
    check(&format!("name=a = {long}"), Err(413));
    check(&format!("name=a = {0}|name=b = {0}", &long[..16]), Err(413));
    check(&"name=a = |".repeat(11), Err(400));
    let urlencoded = |length| {
        let sent = format!("a={}", "x".repeat(length));
        form("application/x-www-form-urlencoded", &sent, 10).map(|form| form.fields.len())
    };
    assert_eq!((urlencoded(28), urlencoded(29)), (Ok(1), Err(413)));
}

#[test]
fn rejects_a_malformed_form() {
    let status = |kind: &str, sent: &str| form(kind, sent, 10).map(|_| ()).unwrap_err();
    for kind in ["multipart/form-data", "multipart/form-data; boundary=", "MULTIPART/Form-Data;"] {
        assert_eq!(status(kind, ""), 400, "{kind}");
    }
    assert_eq!(status(TYPE, "--xY\r\n"), 400);
    assert_eq!(status("multipart/mixed; boundary=xY", "--xY--"), 415);
    let body = Body::from(
        b"--xY\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--xY--".to_vec(),
    );
    let rejection = FormData::parse(TYPE, &body, &[], FormLimits::from(&Limits::default()));
    assert_eq!(rejection.unwrap_err().status(), 400);
}

fn upload(in_memory: usize) -> Upload {
    let sent = "--xY\r\nContent-Disposition: form-data; name=f; filename=\"a/b.txt\"\r\n\r\n\
                0123456789\r\n--xY--\r\n";
    form(TYPE, sent, in_memory).unwrap().uploads.remove(0)
}

#[test]
fn persist_never_overwrites() {
    let folder = TempDir::new().unwrap();
    for in_memory in BOTH {
        let upload = upload(in_memory);
        let path = folder.path().join(format!("{in_memory}-{}", upload.file_name()));
        upload.persist(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"0123456789");
        fs::write(&path, "mine").unwrap();
        let error = upload.persist(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }
}

#[test]
fn uploads_of_the_same_name_are_numbered() {
    let folder = tempfile::TempDir::new().unwrap();
    for expect in ["b.txt", "b-2.txt", "b-3.txt"] {
        let path = upload(BOTH[0]).persist_in(folder.path()).unwrap();
        assert_eq!(path, folder.path().join(expect));
        assert_eq!(fs::read(&path).unwrap(), b"0123456789");
    }
    let missing = upload(BOTH[0]).persist_in(folder.path().join("none")).unwrap_err();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
}

#[cfg(unix)]
#[test]
fn a_persisted_upload_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::TempDir::new().unwrap();
    for in_memory in BOTH {
        let path = upload(in_memory).persist_in(folder.path()).unwrap();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_upload_has_its_metadata() {
    for upload in BOTH.map(upload) {
        assert_eq!((upload.field(), upload.raw_file_name()), ("f", "a/b.txt"));
        assert_eq!((&*upload.file_name(), upload.content_type()), ("b.txt", "text/plain"));
        assert_eq!((upload.len(), upload.is_empty()), (10, false));
        let mut reader = upload.clone().reader();
        drop(upload);
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "0123456789", "a reader outlives the upload");
    }
}

/// Compiles only if a thread can take a body or an upload.
#[test]
fn uploads_can_go_to_a_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<Body>();
    is_send::<BodyReader>();
    is_send::<Upload>();
}
