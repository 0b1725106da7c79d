//! Photos of contacts: storage and responses.

use std::hash::{DefaultHasher, Hasher as _};

use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _};
use solohttp::{Response, Result, Upload, header};

/// Stores an image that the form has accepted.
pub(crate) fn save(db: &Connection, contact: i64, photo: &Upload) -> Result<()> {
    let kind = photo.image_type()?.unwrap_or("application/octet-stream");
    let sql = "INSERT OR REPLACE INTO photo (contact, media_type, bytes) VALUES (?1, ?2, ?3)";
    db.execute(sql, (contact, kind, &*photo.to_bytes()?))?;
    Ok(())
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

/// Returns the photo as a response.
pub(crate) fn load(db: &Connection, contact: i64) -> rusqlite::Result<Option<Response>> {
    let sql = "SELECT media_type, bytes FROM photo WHERE contact = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        // Browsers must not guess the type: they could mistake the file for a page with a script.
        Ok(Response::bytes("application/octet-stream", row.get::<_, Vec<u8>>("bytes")?)
            .with_header(header::CONTENT_TYPE, row.get::<_, String>("media_type")?)
            .with_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with_header(header::CACHE_CONTROL, "no-cache"))
    };
    db.prepare_cached(sql)?.query_row([contact], read).optional()
}
