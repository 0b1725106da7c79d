//! Tests that lists nested in any shape have the same bytes as one buffer, and stay flat and cheap.

use proptest::prelude::*;
use solohttp_iolist::{Bytes, Cursor, IoList, Static, all, iolist};

/// Builds the same content as a list and as plain bytes.
#[derive(Debug, Clone)]
enum Nest {
    Text(String),
    Number(i64),
    Static(usize),
    Owned(Vec<u8>),
    Shared(Vec<u8>),
    Behind(Vec<Self>),
    InFront(Vec<Self>),
    Twice(Box<Self>),
    Collected(Vec<Self>),
}

static ALPHABET: [u8; 26 * 100] = {
    let mut letters = [0; 2600];
    let mut at = 0;
    while at < letters.len() {
        letters[at] = b"abcdefghijklmnopqrstuvwxyz"[at % 26];
        at += 1;
    }
    letters
};

impl Nest {
    fn list(&self) -> IoList {
        match self {
            Self::Text(text) => iolist![text],
            Self::Number(number) => iolist![number],
            Self::Static(length) => iolist![Static(&ALPHABET[..*length])],
            Self::Owned(bytes) => iolist![bytes.clone()],
            Self::Shared(bytes) => iolist![Bytes::from(bytes.clone())],
            Self::Behind(nests) => {
                let mut list = IoList::new();
                nests.iter().for_each(|nest| list.push(nest.list()));
                list
            }
            Self::InFront(nests) => {
                let mut list = IoList::with_capacity(10);
                nests.iter().for_each(|nest| list.push_front(nest.list()));
                list
            }
            Self::Twice(nest) => {
                let list = nest.list();
                iolist![&list, list]
            }
            Self::Collected(nests) => nests.iter().map(Self::list).collect(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::Number(number) => number.to_string().into(),
            Self::Static(length) => ALPHABET[..*length].into(),
            Self::Owned(bytes) | Self::Shared(bytes) => bytes.clone(),
            Self::Behind(nests) | Self::Collected(nests) => {
                nests.iter().flat_map(Self::bytes).collect()
            }
            Self::InFront(nests) => nests.iter().rev().flat_map(Self::bytes).collect(),
            Self::Twice(nest) => nest.bytes().repeat(2),
        }
    }
}

/// Lengths on both sides of the copying threshold.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..20_usize, 2 => 1000..1050_usize, 1 => 1500..2600_usize]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    (length(), any::<u8>()).prop_map(|(length, byte)| vec![byte; length])
}

fn nest() -> impl Strategy<Value = Nest> {
    let leaf = prop_oneof![
        ".{0,9}".prop_map(Nest::Text),
        any::<i64>().prop_map(Nest::Number),
        length().prop_map(Nest::Static),
        bytes().prop_map(Nest::Owned),
        bytes().prop_map(Nest::Shared),
    ];
    leaf.prop_recursive(6, 60, 6, |nest| {
        let nests = || prop::collection::vec(nest.clone(), 0..6);
        prop_oneof![
            nests().prop_map(Nest::Behind),
            nests().prop_map(Nest::InFront),
            nests().prop_map(Nest::Collected),
            nest.clone().prop_map(|nest| Nest::Twice(Box::new(nest))),
        ]
    })
}

/// Reads all bytes of a cursor, filling up to `slices` slices at a time. The numbers of bytes to
/// advance by come from `steps`, which is repeated as needed.
fn drained(mut cursor: Cursor, slices: usize, steps: &[usize]) -> Vec<u8> {
    let mut taken = Vec::new();
    for &step in steps.iter().cycle() {
        if cursor.is_done() {
            break;
        }
        let before = cursor.remaining();
        let mut filled = vec![std::io::IoSlice::new(&[]); slices];
        let count = cursor.fill(&mut filled);
        assert!((1..=slices).contains(&count));
        assert!(filled[..count].iter().all(|slice| !slice.is_empty()));
        let seen = taken.len();
        taken.extend(filled[..count].iter().flat_map(|slice| slice.iter().copied()).take(step));
        let advanced = taken.len() - seen;
        cursor.advance(advanced);
        assert_eq!(cursor.remaining(), before - advanced);
    }
    assert_eq!(cursor.remaining(), 0);
    taken
}

proptest! {
    #[test]
    fn a_nest_is_its_bytes_in_order(nest in nest()) {
        let (list, bytes) = (nest.list(), nest.bytes());
        prop_assert_eq!(list.len(), bytes.len());
        prop_assert_eq!(list.is_empty(), bytes.is_empty());
        prop_assert!(list.chunks().all(|chunk| !chunk.is_empty()));
        prop_assert_eq!(&list, &bytes);
        prop_assert_eq!(&list, &IoList::from(bytes.clone()));
        let mut written = Vec::new();
        list.write_to(&mut written).unwrap();
        prop_assert_eq!(&written, &bytes);
        prop_assert_eq!(list.into_bytes(), bytes);
    }

    #[test]
    fn a_cursor_survives_any_partial_writes(
        nest in nest(),
        slices in 1..5_usize,
        steps in prop::collection::vec(prop_oneof![1..9_usize, 100..5000_usize], 1..20),
    ) {
        prop_assert_eq!(drained(nest.list().cursor(), slices, &steps), nest.bytes());
    }

    #[test]
    fn lists_differ_if_one_byte_does(nest in nest(), at in any::<prop::sample::Index>()) {
        let mut bytes = nest.bytes();
        prop_assume!(!bytes.is_empty());
        let at = at.index(bytes.len());
        bytes[at] ^= 1;
        prop_assert_ne!(nest.list(), bytes);
    }
}

#[test]
fn a_cursor_can_stop_at_every_byte() {
    let (long, short) = ("l".repeat(1030), "s");
    let mut list = iolist![short, long.clone(), short, Bytes::from(long), short];
    list.push_front("front");
    let bytes = list.clone().into_bytes();
    assert_eq!(drained(list.clone().cursor(), 3, &[1]), bytes);
    for at in 1..bytes.len() {
        let mut cursor = list.clone().cursor();
        cursor.advance(at);
        assert_eq!(drained(cursor, 2, &[usize::MAX]), bytes[at..], "after {at} bytes");
    }
}

const DEEP: usize = 1_000_000;

/// The maximum size of a buffer.
const BUFFER: usize = 64 << 10;

/// Wraps a list a million times. A small number of pieces shows that the levels were merged.
#[track_caller]
fn check_deep(wrap: impl Fn(IoList) -> IoList, expected: impl Fn() -> Vec<u8>) {
    let list = (0..DEEP).fold(iolist![], |list, _| wrap(list));
    let expected = expected();
    assert_eq!(list.len(), expected.len());
    let most_pieces = 2 + expected.len() / BUFFER;
    assert!(list.chunks().count() <= most_pieces, "{} pieces", list.chunks().count());
    assert!(list == expected);
    let mut written = Vec::new();
    list.write_to(&mut written).expect("a vector takes all");
    assert!(written == expected);
}

#[test]
fn a_million_levels_behind_merge() {
    check_deep(|list| iolist![list, "ab"], || b"ab".repeat(DEEP));
}

#[test]
fn a_million_levels_in_front_merge() {
    check_deep(|list| iolist!["ab", list], || b"ab".repeat(DEEP));
}

#[test]
fn a_million_levels_on_both_sides_merge() {
    let expected = || [b"<".repeat(DEEP), b">".repeat(DEEP)].concat();
    check_deep(|list| iolist!["<", list, ">"], expected);
    check_deep(|list| iolist![("<", iolist![list], [">"])], expected);
}

#[test]
fn a_million_levels_around_shared_pieces_stay_flat() {
    let shared = Bytes::from(vec![b'x'; 1030]);
    let mut list = iolist![];
    for _ in 0..DEEP {
        list = iolist!["<", &shared, list, ">"];
    }
    assert_eq!(list.len(), 1032 * DEEP);
    let pieces = list.chunks().count() - 2 * DEEP;
    assert!((1..=1 + DEEP / BUFFER).contains(&pieces), "{pieces} pieces");
    let mut cursor = list.cursor();
    cursor.advance(1032 * DEEP);
    assert!(cursor.is_done());
}

#[test]
fn nests_of_iterators_merge() {
    let rows = || (0..100).map(|row| (row, all((0..100).map(|cell| iolist!["<", cell, ">"]))));
    let list = iolist![rows()];
    assert_eq!(list.chunks().count(), 1);
    assert_eq!(list, rows().map(|row| iolist![row].to_string()).collect::<String>());
}
