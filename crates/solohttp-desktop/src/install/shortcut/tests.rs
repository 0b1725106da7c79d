//! Parses shortcuts according to the same specification.

use std::ffi::OsString;
use std::path::Path;

use super::*;

/// Reads a shortcut part by part.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn u16(&mut self) -> usize {
        u16::from_le_bytes(self.take(2).try_into().unwrap()).into()
    }

    fn u32(&mut self) -> usize {
        u32::from_le_bytes(self.take(4).try_into().unwrap()) as usize
    }

    fn string(&mut self) -> String {
        let length = self.u16();
        text(self.take(length * 2))
    }
}

fn text(utf16: &[u8]) -> String {
    let units: Vec<u16> =
        utf16.chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16(&units[..end]).unwrap()
}

fn c_string(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes.split(|byte| *byte == 0).next().unwrap()).unwrap()
}

/// The contents of a shortcut.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shortcut {
    items: Vec<String>,
    path: Option<String>,
    wide_path: Option<String>,
    environment_path: Option<String>,
    strings: Vec<String>,
}

fn read(link: &[u8]) -> Shortcut {
    let mut reader = Reader(link);
    let mut shortcut = Shortcut::default();
    assert_eq!(reader.u32(), 0x4c);
    assert_eq!(reader.take(16)[..4], [1, 20, 2, 0]);
    let flags = u32::from_le_bytes(reader.take(4).try_into().unwrap());
    let rest = reader.take(0x4c - 24);
    assert_eq!(rest[36..40], 1u32.to_le_bytes(), "the window is shown as usual");

    if flags & HAS_ITEMS != 0 {
        let length = reader.u16();
        let mut list = Reader(reader.take(length));
        loop {
            match list.u16() {
                0 => break,
                length => shortcut.items.push(item(list.take(length - 2))),
            }
        }
        assert_eq!(list.0, b"");
    }
    if flags & HAS_LINK_INFO != 0 {
        let length = Reader(reader.0).u32();
        let info = reader.take(length);
        let number = |index: usize| Reader(&info[index * 4..]).u32();
        assert_eq!((number(1), number(2)), (36, 1));
        assert_eq!(Reader(&info[number(3)..]).u32(), number(4) - number(3), "the volume");
        let path = c_string(&info[number(4)..]).to_owned() + c_string(&info[number(6)..]);
        shortcut.path = Some(path);
        shortcut.wide_path = Some(text(&info[number(7)..]) + &text(&info[number(8)..]));
    }
    for flag in [HAS_NAME, HAS_WORKING_FOLDER, HAS_ARGUMENTS, HAS_ICON] {
        if flags & flag != 0 {
            shortcut.strings.push(reader.string());
        }
    }
    if flags & HAS_ENVIRONMENT_PATH != 0 {
        assert_eq!((reader.u32(), reader.u32()), (0x314, 0xa000_0001));
        let path = reader.take(260);
        let wide_path = text(reader.take(520));
        assert_eq!(c_string(path).chars().count(), wide_path.chars().count());
        shortcut.environment_path = Some(wide_path);
    }
    assert_eq!(reader.0, [0; 4], "the end");
    shortcut
}

fn item(item: &[u8]) -> String {
    match item[0] {
        0x1f => "Computer".to_owned(),
        0x2f => c_string(&item[1..]).to_owned(),
        kind => {
            let start_of_block = item.len() - 2;
            let start_of_block = Reader(&item[start_of_block..]).u16() - 2;
            let mut block = Reader(&item[start_of_block..]);
            assert_eq!((block.u16(), block.u16()), (item.len() - start_of_block, 3));
            assert_eq!((block.u32(), block.take(8)), (0xbeef_0004, &[0; 8][..]));
            assert_eq!((block.u16(), block.u16()), (20, 0));
            let name = text(block.0);
            assert_eq!(c_string(&item[12..]), c_string(&ascii(&name)));
            match kind {
                0x31 => name + "\\",
                0x32 => name,
                _ => panic!("{kind}"),
            }
        }
    }
}

#[track_caller]
fn check(program: &str, arguments: &[&str], icon: Option<&str>, expect: &Shortcut) {
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    let (program, title) = (Path::new(program), "Böö");
    let entry = Entry {
        id: "org.x",
        title,
        icon: None,
        wayland_name: None,
        program,
        arguments: &arguments,
    };
    assert_eq!(read(&shortcut(&entry, icon).unwrap()), *expect);
}

fn strings(strings: &[&str]) -> Vec<String> {
    strings.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn says_what_to_start_in_three_ways() {
    let path = r"C:\Zoë\My Apps\stock.exe".to_owned();
    let expect = Shortcut {
        items: strings(&["Computer", r"C:\", r"Zoë\", r"My Apps\", "stock.exe"]),
        path: None,
        wide_path: None,
        environment_path: Some(path.clone()),
        strings: strings(&["Böö", r"C:\Zoë\My Apps\", r#"--data "D:\a b" x"#, r"D:\i.ico"]),
    };
    check(&path, &["--data", r"D:\a b", "x"], Some(r"D:\i.ico"), &expect);
    // The Windows shell doesn't understand the prefix for long paths, so it is removed.
    check(&format!(r"\\?\{path}"), &["--data", r"D:\a b", "x"], Some(r"D:\i.ico"), &expect);
    let path = r"C:\stock.exe".to_owned();
    let expect = Shortcut {
        items: strings(&["Computer", r"C:\", "stock.exe"]),
        path: Some(path.clone()),
        wide_path: Some(path.clone()),
        environment_path: Some(path.clone()),
        strings: strings(&["Böö", r"C:\"]),
    };
    check(&path, &[], None, &expect);
}

#[test]
fn a_share_has_no_items_and_a_percent_sign_no_variables() {
    let path = r"\\server\100%\stock.exe".to_owned();
    let expect = Shortcut {
        items: Vec::new(),
        path: Some(path.clone()),
        wide_path: Some(path.clone()),
        environment_path: None,
        strings: strings(&["Böö", r"\\server\100%\"]),
    };
    check(&path, &[], None, &expect);
    let long = format!(r"C:\{}\stock.exe", "x".repeat(250));
    let entry = Entry {
        id: "x",
        title: "x",
        icon: None,
        wayland_name: None,
        program: Path::new(&long),
        arguments: &[],
    };
    let read = read(&shortcut(&entry, None).unwrap());
    assert_eq!((read.environment_path, read.wide_path), (None, Some(long)));
}

#[test]
fn quotes_arguments_as_programs_split_them() {
    for (argument, expect) in [
        ("plain", "plain"),
        ("", r#""""#),
        ("a b", r#""a b""#),
        (r"a\b", r"a\b"),
        (r"a b\", r#""a b\\""#),
        (r#"say "hi""#, r#""say \"hi\"""#),
        (r#"\\" x"#, r#""\\\\\" x""#),
    ] {
        assert_eq!(command_line(&[argument]), expect);
    }
}

#[test]
fn too_much_for_a_shortcut_is_an_error() {
    let arguments = [OsString::from("x".repeat(70_000))];
    let program = Path::new(r"C:\x.exe");
    let entry = Entry {
        id: "x",
        title: "x",
        icon: None,
        wayland_name: None,
        program,
        arguments: &arguments,
    };
    assert_eq!(shortcut(&entry, None).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}
