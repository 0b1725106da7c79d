//! macOS icons, whose format can contain PNG images.

use std::io;

use super::png;

/// The possible types of the part that contains the image, each with the largest width that it
/// allows.
const TYPES: &[(u32, &[u8; 4])] = &[
    (16, b"icp4"),
    (32, b"icp5"),
    (64, b"icp6"),
    (128, b"ic07"),
    (256, b"ic08"),
    (512, b"ic09"),
    (1024, b"ic10"),
];

/// Returns an icon file that contains this image.
pub(super) fn icns(image: &[u8]) -> io::Result<Vec<u8>> {
    const HEADER: usize = 8;
    let width = png::width(image)?;
    let kind = TYPES.iter().find(|(most, _)| width <= *most).map_or(b"ic10", |(_, kind)| *kind);
    // The length of a part includes the part's header.
    let length = |length: usize| {
        let too_large = |_| io::Error::new(io::ErrorKind::InvalidData, "the icon is too large");
        u32::try_from(length).map(u32::to_be_bytes).map_err(too_large)
    };
    let (part, file) = (length(image.len() + HEADER)?, length(image.len() + 2 * HEADER)?);
    Ok([b"icns", &file[..], kind, &part, image].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_image_in_a_part_of_its_size() {
        for (width, kind) in [(16, b"icp4"), (100, b"ic07"), (256, b"ic08"), (2048, b"ic10")] {
            let image = png::image(width, width);
            let icon = icns(&image).unwrap();
            assert_eq!((&icon[..4], &icon[8..12]), (&b"icns"[..], &kind[..]));
            let length = |at| u32::from_be_bytes(icon[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!((length(4), length(12)), (icon.len(), icon.len() - 8));
            assert_eq!(icon[16..], image);
        }
        assert!(icns(b"GIF89a").is_err());
    }
}
