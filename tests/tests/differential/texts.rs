//! Almost-valid strings for each kind of control, generated from a fixed seed.

use super::Kind;

/// The number of strings per control.
pub(super) const COUNT: usize = 2_000;

/// Pieces used for every kind of control.
const ANY: &[&str] =
    &["", " ", "a", "é", "\u{200B}", "😀", "-", "0", "x y", "\t", "ß", "\u{A0}", "%20"];

const TEXT: &[&str] = &["AB", "A", "12", "B7", "+", " ", "abc", "\n", "\r\n"];

const NUMBER: &[&str] = &[
    "1", "0", "25", "-", "+", ".", ",", "e", "E+2", "e5", "999999", "1.0", ".5", " ", "00",
    "1e400", "'", "500", "e-1",
];

const MAIL: &[&str] = &[
    "a",
    "@",
    "b.de",
    ".",
    "bücher",
    "xn--bcher-kva",
    "-",
    "_",
    "+tag",
    " ",
    "名",
    "a.b",
    "!",
    "\"",
    ",",
    "example.org",
    "é",
    "BÜCHER",
    "DE",
];

const SITE: &[&str] = &[
    "http:",
    "https:",
    "//",
    "/",
    "example.org",
    "a b",
    "?q=ä b",
    "#x",
    "file:///c:/a b.txt",
    "mailto:",
    "@",
    ":80",
    "é.de",
    " ",
    "ftp:",
    "javascript:",
    "x",
    "[::1]",
    "\\",
    "%",
];

const CIVIL: &[&str] = &[
    "2025", "-", "03", "12", "31", "29", "02", "T", " ", ":", "17", "30", "59", ".5", ".123", "W",
    "W53", "W14", "0001", "24", "00", "60", "+", "275760", "2025-03", "-31", "17:30", ":00",
];

const HUE: &[&str] =
    &["#", "ff", "00", "8", "red", "GG", "#ff8000", "#FFF", " ", "ab", "rgb(1,2,3)"];

fn pieces(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text | Kind::Typed | Kind::Exact => TEXT,
        Kind::Number | Kind::Control => NUMBER,
        Kind::Mail => MAIL,
        Kind::Site => SITE,
        Kind::Civil => CIVIL,
        Kind::Hue => HUE,
    }
}

/// Strings that are always included.
fn fixed(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text | Kind::Typed | Kind::Exact => &["", " ", "AB12", "\u{200B}", "a\nb"],
        Kind::Number | Kind::Control => &[
            "",
            "1e2",
            "1e5",
            "1.0",
            "1e+2",
            "-5",
            "1000",
            "1001",
            "1,50",
            "0,25",
            "1.500",
            "1.000",
            "1,500",
            "1,234.50",
            "1 234,50",
            "1,234,567",
        ],
        Kind::Mail => &[
            "",
            "a@b.de",
            "a@bücher.de",
            "a@BÜCHER.de",
            "a@xn--bcher-kva.de",
            "a.b+c@d.example",
            "a@straße.de",
        ],
        Kind::Site => &[
            "",
            "http://a/b c",
            "file:///c:/a b.txt",
            "https://example.org/ä?b=c d#e",
            "mailto:a@b",
        ],
        Kind::Civil => &[
            "",
            "2025-03-31",
            "2019-12-31",
            "2025-02-29",
            "2020-01-01",
            "0001-01-01",
            "275760-09-13",
            "08:00",
            "07:59",
            "23:59:59",
            "12:00:00.5",
            "2025-03-31T17:30",
            "2025-03-31 17:30",
            "2026-01-01T00:00",
            "2027-01-01T00:00",
            "2025-03",
            "2025-13",
            "2025-W14",
            "2020-W53",
            "2021-W53",
        ],
        Kind::Hue => &["", "#ff8000", "#FF8000", "red"],
    }
}

/// A linear congruential generator with the constants of Knuth's MMIX, which yields the same
/// numbers everywhere.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// Returns a string in the usual format for this kind. If the string is invalid, the reason is
/// usually its value.
fn shaped(kind: Kind, seeded: &mut Seeded) -> Option<String> {
    let mut below = |most| seeded.below(most);
    Some(match kind {
        Kind::Number | Kind::Control => {
            let sign = ["", "", "-", "+", "\u{2212}"][below(5)];
            let digits = |count: usize, n: usize| format!("{n:0count$}");
            let (whole, count) = (below(3_000), below(5));
            match below(4) {
                0 => format!("{sign}{whole}"),
                1 => format!("{sign}{whole}.{}", digits(count, below(10_usize.pow(4)))),
                2 => format!(
                    "{sign}{}.{}",
                    whole % 10,
                    ["0", "00", "000", "5", "50", "500"][below(6)]
                ),
                _ => format!("{sign}{}e{}", whole % 50, below(4)),
            }
        }
        Kind::Civil => {
            let (year, month, day) = (2018 + below(11), 1 + below(12), 1 + below(31));
            let (hour, minute, second) = (below(25), below(61), below(61));
            let time = match below(3) {
                0 => format!(":{second:02}"),
                _ => String::new(),
            };
            match below(5) {
                0 => format!("{year}-{month:02}-{day:02}"),
                1 => format!("{hour:02}:{minute:02}{time}"),
                2 => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}{time}"),
                3 => format!("{year}-{month:02}"),
                _ => format!("{year}-W{:02}", 1 + below(54)),
            }
        }
        Kind::Mail => {
            let local = ["a", "B.c", "x+tag", "!", "é", "a b", "long.name", ""][below(8)];
            let domain = ["b.de", "bücher.de", "BÜCHER.DE", "名.example", "xn--bcher-kva.de", "b"];
            let domain = [domain[below(6)], domain[0]][below(2)];
            format!("{local}@{domain}{}", ["", "", "", " ", ".", "-"][below(6)])
        }
        Kind::Site => {
            let scheme = ["http", "https", "HTTPS", "ftp", "mailto", "file"][below(6)];
            let host = ["//a.de", "//é.de:80", "//[::1]", "//u@h", "//a b", "a@b.de", ""][below(7)];
            let path = ["", "/", "/b c", "/ä%20?q=ö&r= s", "#x y", "?\t", "/%zz"][below(7)];
            format!("{scheme}:{host}{path}")
        }
        _ => return None,
    })
}

/// Returns the strings for a control. They are the same in every run.
pub(super) fn texts(name: &str, kind: Kind) -> Vec<String> {
    let seed = |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte));
    let mut seeded = Seeded(name.bytes().fold(14, seed));
    let mut texts: Vec<String> = fixed(kind).iter().map(|text| (*text).to_owned()).collect();
    while texts.len() < COUNT {
        let shaped = if seeded.below(2) == 0 { shaped(kind, &mut seeded) } else { None };
        texts.push(shaped.unwrap_or_else(|| {
            let count = 1 + seeded.below(6);
            let pieces = (0..count).map(|_| match seeded.below(12) {
                0 => seeded.pick(ANY),
                _ => seeded.pick(pieces(kind)),
            });
            pieces.collect()
        }));
    }
    texts
}
