//! The size of a PNG image (ISO/IEC 15948, 11.2.2).

use std::io;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// Returns the width of a square PNG image.
///
/// # Errors
/// If the image isn't a PNG image, or isn't square.
pub(super) fn width(image: &[u8]) -> io::Result<u32> {
    let invalid =
        || io::Error::new(io::ErrorKind::InvalidData, "the icon isn't a square PNG image");
    let size = image.strip_prefix(SIGNATURE).and_then(|rest| rest.first_chunk::<8>());
    let [a, b, c, d, height @ ..] = size.ok_or_else(invalid)?;
    let (width, height) = (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes(*height));
    if width == height && width > 0 { Ok(width) } else { Err(invalid()) }
}

/// Returns an image of this size, with invalid pixel data.
#[cfg(test)]
pub(super) fn image(width: u32, height: u32) -> Vec<u8> {
    [SIGNATURE, &width.to_be_bytes(), &height.to_be_bytes(), b"pixels"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_width_of_a_square_image() {
        assert_eq!(width(&image(256, 256)).unwrap(), 256);
        for wrong in [&image(256, 255)[..], &image(0, 0), &image(16, 16)[..20], b"GIF89a", b""] {
            assert_eq!(width(wrong).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
