//! Windows icons, whose format can contain PNG images.

use std::io;

use super::png;

/// Returns an icon file that contains this image.
pub(super) fn ico(image: &[u8]) -> io::Result<Vec<u8>> {
    const IS_ICON: u16 = 1;
    const IMAGES: u16 = 1;
    const PLANES: u16 = 1;
    const BITS_PER_PIXEL: u16 = 32;
    const START_OF_IMAGE: u32 = 22;

    // 0 means 256 or more.
    let width = u8::try_from(png::width(image)?).unwrap_or_default();
    let too_large = |_| io::Error::new(io::ErrorKind::InvalidData, "the icon is too large");
    let length = u32::try_from(image.len()).map_err(too_large)?;
    let mut icon = Vec::new();
    for number in
        [0, IS_ICON, IMAGES, u16::from_le_bytes([width, width]), 0, PLANES, BITS_PER_PIXEL]
    {
        icon.extend(number.to_le_bytes());
    }
    icon.extend(length.to_le_bytes());
    icon.extend(START_OF_IMAGE.to_le_bytes());
    icon.extend(image);
    Ok(icon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_image_behind_a_directory_of_one() {
        for (width, byte) in [(48, 48), (255, 255), (256, 0), (512, 0)] {
            let image = png::image(width, width);
            let icon = ico(&image).unwrap();
            assert_eq!(icon[..14], [0, 0, 1, 0, 1, 0, byte, byte, 0, 0, 1, 0, 32, 0]);
            assert_eq!(icon[14..18], u32::try_from(image.len()).unwrap().to_le_bytes());
            assert_eq!(icon[18..22], [22, 0, 0, 0]);
            assert_eq!(icon[22..], image);
        }
        assert!(ico(b"GIF89a").is_err());
    }
}
