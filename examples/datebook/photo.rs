//! Photos of contacts: accepted types, storage, and responses.

use std::hash::{DefaultHasher, Hasher as _};

use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _};
use solohttp::{Response, header};

/// The value of the file control's `accept` attribute.
pub(crate) const TYPES: &str = "image/png,image/jpeg,image/gif,image/webp";

/// The maximum size in bytes.
pub(crate) const LARGEST: u64 = 4 << 20;

/// A stored photo.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Photo {
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// Detects the image type from its first bytes.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

pub(crate) fn save(db: &Connection, contact: i64, bytes: &[u8]) -> rusqlite::Result<()> {
    let kind = media_type(bytes).unwrap_or("application/octet-stream");
    let sql = "INSERT OR REPLACE INTO photo (contact, media_type, bytes) VALUES (?1, ?2, ?3)";
    db.execute(sql, (contact, kind, bytes)).map(drop)
}

pub(crate) fn delete(db: &Connection, contact: i64) -> rusqlite::Result<()> {
    db.execute("DELETE FROM photo WHERE contact = ?1", [contact]).map(drop)
}

pub(crate) fn is_there(db: &Connection, contact: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM photo WHERE contact = ?1")?.exists([contact])
}

/// Returns a string that identifies the photo, or an empty string if there is none.
pub(crate) fn version(db: &Connection, contact: i64) -> rusqlite::Result<String> {
    let sql = "SELECT bytes FROM photo WHERE contact = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let mut hasher = DefaultHasher::new();
        hasher.write(row.get_ref(0)?.as_blob()?);
        Ok(format!("{:016x}", hasher.finish()))
    };
    Ok(db.prepare_cached(sql)?.query_row([contact], read).optional()?.unwrap_or_default())
}

pub(crate) fn load(db: &Connection, contact: i64) -> rusqlite::Result<Option<Photo>> {
    let sql = "SELECT media_type, bytes FROM photo WHERE contact = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok(Photo { media_type: row.get(0)?, bytes: row.get(1)? });
    db.prepare_cached(sql)?.query_row([contact], read).optional()
}

impl Photo {
    pub(crate) fn into_response(self) -> Response {
        // Browsers must not guess the type: they could mistake the file for a page with a script.
        Response::bytes("application/octet-stream", self.bytes)
            .with_header(header::CONTENT_TYPE, self.media_type)
            .with_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with_header(header::CACHE_CONTROL, "no-cache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_pictures_by_their_first_bytes() {
        let check = |bytes: &[u8], expect| assert_eq!(media_type(bytes), expect, "{bytes:?}");
        check(b"\x89PNG\r\n\x1a\n....", Some("image/png"));
        check(b"\xff\xd8\xff\xe0", Some("image/jpeg"));
        check(b"GIF89a", Some("image/gif"));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp"));
        check(b"<svg onload=alert(1)>", None);
        check(b"", None);
    }
}
