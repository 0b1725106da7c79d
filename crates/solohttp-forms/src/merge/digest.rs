//! Digests of fields. Two versions of a field count as equal if their digests are equal.

use std::fmt;

/// Identifies a version of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    /// The digest of the data that the form shows.
    pub(crate) shown: u64,
    /// The digest of data that the form doesn't show, such as a stored file.
    pub(crate) version: Option<u64>,
}

impl Digest {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let number = |text| u64::from_str_radix(text, 16).ok();
        Some(match text.split_once('-') {
            Some((shown, version)) => {
                Self { shown: number(shown)?, version: Some(number(version)?) }
            }
            None => Self { shown: number(text)?, version: None },
        })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.shown)?;
        self.version.map_or(Ok(()), |version| write!(f, "-{version:016x}"))
    }
}

/// The FNV-1a hash, which is the same in every build of a program.
/// <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>
pub(crate) fn fnv_1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
