//! Windows shortcuts (MS-SHLLINK, "Shell Link (.LNK) Binary File Format").
//!
//! The format can express the target in three ways, and readers differ in which one they need, so
//! all three are written: a list of items from the desktop to the file, a path on a volume, and a
//! path that may contain environment variables (here, it never does). The path on a volume is
//! omitted if it isn't ASCII and there are items: Wine 8 prefers this path over the items, but
//! reads only its non-Unicode form, whose encoding depends on the machine.

use std::io;

use super::Entry;

// Flags for the parts that are present (2.1.1, "LinkFlags").
const HAS_ITEMS: u32 = 1;
const HAS_LINK_INFO: u32 = 1 << 1;
const HAS_NAME: u32 = 1 << 2;
const HAS_WORKING_FOLDER: u32 = 1 << 4;
const HAS_ARGUMENTS: u32 = 1 << 5;
const HAS_ICON: u32 = 1 << 6;
const IS_UNICODE: u32 = 1 << 7;
const HAS_ENVIRONMENT_PATH: u32 = 1 << 9;

const FOLDER: u16 = 0x10;
const ARCHIVE: u16 = 0x20;

/// Returns the shortcut. `icon` is the path of an icon file.
pub(super) fn shortcut(entry: &Entry<'_>, icon: Option<&str>) -> io::Result<Vec<u8>> {
    let words = entry.words()?;
    let (program, arguments) =
        words.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    // This prefix only allows long paths. The path has the same meaning without it.
    let program = program.strip_prefix(r"\\?\").filter(|path| !path.starts_with("UNC"));
    let program = program.unwrap_or(words.first().copied().unwrap_or_default());
    let folder = program.rsplit_once('\\').map(|(folder, _)| folder.to_owned() + "\\");
    let items = items(program)?;
    let has_link_info = items.is_none() || program.is_ascii();
    let link_info = has_link_info.then(|| link_info(program)).transpose()?;
    let environment_path = environment_path(program);
    let strings = [
        (HAS_NAME, Some(entry.title.to_owned())),
        (HAS_WORKING_FOLDER, folder),
        (HAS_ARGUMENTS, (!arguments.is_empty()).then(|| command_line(arguments))),
        (HAS_ICON, icon.map(str::to_owned)),
    ];

    let mut flags = IS_UNICODE;
    let mut flag = |flag, is_set| flags |= if is_set { flag } else { 0 };
    flag(HAS_ITEMS, items.is_some());
    flag(HAS_LINK_INFO, link_info.is_some());
    flag(HAS_ENVIRONMENT_PATH, environment_path.is_some());
    strings.iter().for_each(|(known, text)| flag(*known, text.is_some()));
    let mut link = header(flags);
    link.extend(items.unwrap_or_default());
    link.extend(link_info.unwrap_or_default());
    for text in strings.into_iter().filter_map(|(_, text)| text) {
        let text = utf16(&text);
        link.extend(size(text.len() / 2)?);
        link.extend(text);
    }
    link.extend(environment_path.unwrap_or_default());
    link.extend([0; 4]);
    Ok(link)
}

/// ShellLinkHeader (2.1).
fn header(flags: u32) -> Vec<u8> {
    const SIZE: u32 = 0x4c;
    const CLASS: [u8; 16] = [1, 20, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    const SHOW_NORMAL: u32 = 1;
    let mut header = SIZE.to_le_bytes().to_vec();
    header.extend(CLASS);
    header.extend(flags.to_le_bytes());
    header.extend(u32::from(ARCHIVE).to_le_bytes());
    // The target's three timestamps and its size, all unknown, and the index of the icon in its
    // file.
    header.extend([0; 3 * 8 + 4 + 4]);
    header.extend(SHOW_NORMAL.to_le_bytes());
    // No hot key, and the reserved fields.
    header.extend([0; 2 + 2 + 4 + 4]);
    header
}

/// LinkTargetIDList (2.2). The items are `My Computer`, a drive, folders, and a file, in the
/// shell's own formats. Returns `None` for a path that doesn't begin with a drive.
fn items(program: &str) -> io::Result<Option<Vec<u8>>> {
    const COMPUTER: [u8; 18] = [
        0x1f, 0x50, 0xe0, 0x4f, 0xd0, 0x20, 0xea, 0x3a, 0x69, 0x10, 0xa2, 0xd8, 0x08, 0x00, 0x2b,
        0x30, 0x30, 0x9d,
    ];
    const DRIVE: u8 = 0x2f;
    const DRIVE_NAME_SIZE: usize = 22;
    let Some((drive, path)) = program.split_once(":\\").filter(|(drive, _)| drive.len() == 1)
    else {
        return Ok(None);
    };
    let mut drive_item = vec![DRIVE];
    drive_item.extend(format!("{drive}:\\").bytes());
    drive_item.resize(1 + DRIVE_NAME_SIZE, 0);
    let mut items = vec![COMPUTER.to_vec(), drive_item];
    let mut names = path.split('\\').filter(|name| !name.is_empty()).peekable();
    while let Some(name) = names.next() {
        items.push(item(name, names.peek().is_none())?);
    }
    let mut list = Vec::new();
    for item in items {
        list.extend(size(item.len() + 2)?);
        list.extend(item);
    }
    list.extend([0, 0]);
    let length = size(list.len())?;
    list.splice(0..0, length);
    Ok(Some(list))
}

/// A folder or a file among [`items`]: a short ASCII name, followed by a block that contains the
/// full name. The block's version is the one that Windows XP introduced.
fn item(name: &str, is_file: bool) -> io::Result<Vec<u8>> {
    const VERSION: u16 = 3;
    const SIGNATURE: u32 = 0xbeef_0004;
    const START_OF_NAME: u16 = 20;

    let (kind, attributes) = if is_file { (0x32, ARCHIVE) } else { (0x31, FOLDER) };
    // The size and date of the file, both unknown.
    let mut item = vec![kind, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    item.extend(attributes.to_le_bytes());
    item.extend(ascii(name));
    item.resize(item.len().next_multiple_of(2), 0);
    let start_of_block = size(item.len() + 2)?;
    let name = utf16(name);
    item.extend(size(usize::from(START_OF_NAME) + name.len() + 4)?);
    item.extend(VERSION.to_le_bytes());
    item.extend(SIGNATURE.to_le_bytes());
    // Two more dates.
    item.extend([0; 8]);
    item.extend(START_OF_NAME.to_le_bytes());
    // No localized name.
    item.extend([0; 2]);
    item.extend(name);
    item.extend([0; 2]);
    item.extend(start_of_block);
    Ok(item)
}

/// LinkInfo (2.3).
fn link_info(program: &str) -> io::Result<Vec<u8>> {
    const HEADER: usize = 9 * 4;
    const HAS_LOCAL_PATH: usize = 1;
    const NO_NETWORK: usize = 0;
    // A volume (2.3.1) on a fixed disk, without a serial number or label.
    const VOLUME: [usize; 4] = [17, 3, 0, 16];
    const VOLUME_SIZE: usize = VOLUME[0];

    let (path, wide_path) = (ascii(program), [utf16(program), vec![0, 0]].concat());
    let path_at = HEADER + VOLUME_SIZE;
    // The path is complete, so its common suffix is the empty string at the end.
    let suffix_at = path_at + path.len() - 1;
    let wide_path_at = (path_at + path.len()).next_multiple_of(2);
    let end = wide_path_at + wide_path.len();
    let numbers = [
        end,
        HEADER,
        HAS_LOCAL_PATH,
        HEADER,
        path_at,
        NO_NETWORK,
        suffix_at,
        wide_path_at,
        end - 2,
    ];
    let mut info = Vec::new();
    for number in numbers.into_iter().chain(VOLUME) {
        info.extend(u32::try_from(number).map_err(too_long)?.to_le_bytes());
    }
    // The empty label of the volume.
    info.push(0);
    info.extend(path);
    info.resize(wide_path_at, 0);
    info.extend(wide_path);
    Ok(info)
}

/// EnvironmentVariableDataBlock (2.5.4). Returns `None` if the path is too long, or if a part of it
/// could be mistaken for a variable.
fn environment_path(program: &str) -> Option<Vec<u8>> {
    const SIZE: u32 = 0x314;
    const SIGNATURE: u32 = 0xa000_0001;
    const CHARACTERS: usize = 260;

    let (mut path, mut wide_path) = (ascii(program), utf16(program));
    if program.contains('%') || path.len() > CHARACTERS || wide_path.len() / 2 >= CHARACTERS {
        return None;
    }
    path.resize(CHARACTERS, 0);
    wide_path.resize(CHARACTERS * 2, 0);
    Some([&SIZE.to_le_bytes()[..], &SIGNATURE.to_le_bytes(), &path, &wide_path].concat())
}

/// Quotes arguments so that a program splits the command line into the same arguments ("Parsing C
/// command-line arguments").
fn command_line(arguments: &[&str]) -> String {
    let quoted: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
    quoted.join(" ")
}

fn quoted(argument: &str) -> String {
    if !argument.is_empty() && !argument.contains([' ', '\t', '\n', '\u{b}', '"']) {
        return argument.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for character in argument.chars() {
        if character == '"' {
            // Backslashes are special only before a quote.
            quoted.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
        quoted.push(character);
    }
    quoted.extend(std::iter::repeat_n('\\', backslashes));
    quoted.push('"');
    quoted
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Returns a zero-terminated string for readers that don't support Unicode. Its encoding depends on
/// the machine, so non-ASCII characters are replaced.
fn ascii(text: &str) -> Vec<u8> {
    let replaced =
        |character: char| u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(b'_');
    text.chars().map(replaced).chain([0]).collect()
}

fn size(size: usize) -> io::Result<[u8; 2]> {
    u16::try_from(size).map(u16::to_le_bytes).map_err(too_long)
}

fn too_long(_: std::num::TryFromIntError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the command line is too long for a shortcut")
}

#[cfg(test)]
mod tests;
