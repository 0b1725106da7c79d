//! The media types of chosen files. Browsers guess them from the file name.

/// The media type by which browsers describe a file with this name.
pub(super) fn by_extension(file_name: &str) -> &'static str {
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.unwrap_or_default().as_str() {
        "txt" => "text/plain",
        "csv" => "text/csv",
        "htm" | "html" => "text/html",
        "css" => "text/css",
        "ics" => "text/calendar",
        "gif" => "image/gif",
        "jpeg" | "jpg" => "image/jpeg",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "xml" => "text/xml",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
