//! The `Range` request field, for a single range (RFC 9110 section 14).

use std::ops::Range;

/// The result of parsing a `Range` field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RangeRequest {
    /// The whole file. A server may ignore a field that is malformed, uses another unit or requests
    /// several ranges (section 14.2). Also used when the start of an empty file is requested, since
    /// media players request `bytes=0-` regardless of the length.
    Full,
    Part(Range<u64>),
    /// The range lies outside the file: 416.
    Unsatisfiable,
}

/// Parses the field for a file of `len` bytes.
pub(crate) fn parse(field: &str, len: u64) -> RangeRequest {
    parse_single(field, len).unwrap_or(RangeRequest::Full)
}

fn parse_single(field: &str, len: u64) -> Option<RangeRequest> {
    let (unit, set) = field.split_once('=')?;
    let (first, last) = set.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    if first.is_empty() {
        let count = parse_number(last)?;
        if len == 0 && count > 0 {
            return Some(RangeRequest::Full);
        }
        let count = count.min(len);
        return Some(if count == 0 {
            RangeRequest::Unsatisfiable
        } else {
            RangeRequest::Part(len - count..len)
        });
    }
    let first = parse_number(first)?;
    let end = match last {
        "" => len,
        _ => {
            let last = parse_number(last)?;
            if last < first {
                return None;
            }
            last.saturating_add(1).min(len)
        }
    };
    if len == 0 && first == 0 {
        return Some(RangeRequest::Full);
    }
    Some(if first < len { RangeRequest::Part(first..end) } else { RangeRequest::Unsatisfiable })
}

/// Accepts only digits; saturates on overflow.
fn parse_number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(field: &str, len: u64, expect: &RangeRequest) {
        assert_eq!(parse(field, len), *expect, "{field} of {len}");
    }

    #[test]
    fn reads_one_range() {
        check("bytes=0-99", 1000, &RangeRequest::Part(0..100));
        check("bytes=0-0", 1000, &RangeRequest::Part(0..1));
        check("bytes=999-", 1000, &RangeRequest::Part(999..1000));
        check("bytes=0-", 1000, &RangeRequest::Part(0..1000));
        check("bytes=-5", 1000, &RangeRequest::Part(995..1000));
        check("Bytes = 5-6 ", 1000, &RangeRequest::Part(5..7));
        check("bytes=4294967296-", 1 << 33, &RangeRequest::Part(1 << 32..1 << 33));
    }

    #[test]
    fn a_range_is_cut_to_the_file() {
        check("bytes=990-5000", 1000, &RangeRequest::Part(990..1000));
        check("bytes=-5000", 1000, &RangeRequest::Part(0..1000));
        check("bytes=0-99999999999999999999999", 1000, &RangeRequest::Part(0..1000));
        check("bytes=0-18446744073709551615", 1000, &RangeRequest::Part(0..1000));
    }

    #[test]
    fn a_range_behind_the_end_is_unsatisfiable() {
        check("bytes=1000-", 1000, &RangeRequest::Unsatisfiable);
        check("bytes=1000-1001", 1000, &RangeRequest::Unsatisfiable);
        check("bytes=99999999999999999999999-", 1000, &RangeRequest::Unsatisfiable);
        check("bytes=-0", 1000, &RangeRequest::Unsatisfiable);
        check("bytes=1-", 0, &RangeRequest::Unsatisfiable);
        check("bytes=-0", 0, &RangeRequest::Unsatisfiable);
    }

    #[test]
    fn the_start_of_an_empty_file_is_the_full_file() {
        for field in ["bytes=0-", "bytes=0-0", "bytes=0-99", "bytes=-5"] {
            check(field, 0, &RangeRequest::Full);
        }
    }

    #[test]
    fn a_malformed_or_other_field_is_ignored() {
        for field in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=0-1,5-6",
            "bytes=+1-2",
            "bytes=--5",
            "bytes=0x1-2",
            "bytes=1 -2",
            "lines=0-1",
            "bytes=1",
            "bytes=٣-٤",
        ] {
            check(field, 1000, &RangeRequest::Full);
        }
    }
    proptest! {
        #[test]
        fn a_part_always_lies_within_the_file(
            field in "(bytes ?=)?[0-9]{0,21}-?[0-9]{0,21}(,[0-9]-)?|.{0,20}",
            len in prop_oneof![0..20_u64, any::<u64>()],
        ) {
            if let RangeRequest::Part(part) = parse(&field, len) {
                prop_assert!(part.start < part.end && part.end <= len, "{:?} of {}", part, len);
            }
        }
    }
}
