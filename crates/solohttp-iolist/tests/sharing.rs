//! Tests which pieces are copied and which are shared.

use std::borrow::Cow;
use std::sync::Arc;

use solohttp_iolist::{Bytes, IoList, Static, iolist};

const LONG: usize = 5000;

/// Checks that a long piece between short ones keeps its address.
#[track_caller]
fn check_kept(at: *const u8, item: impl solohttp_iolist::Pieces) {
    let list = iolist!["<", item, ">"];
    let chunks: Vec<_> = list.chunks().collect();
    assert_eq!(chunks.iter().map(|chunk| chunk.len()).collect::<Vec<_>>(), [1, LONG, 1]);
    assert_eq!(chunks[1].as_ptr(), at);

    let wrapped = iolist![iolist!["<", list.clone()], ">"];
    let mut cursor = iolist!["head", wrapped].cursor();
    cursor.advance(6);
    let mut slices = [std::io::IoSlice::new(&[]); 2];
    assert_eq!(cursor.fill(&mut slices), 2);
    assert_eq!(slices[0].as_ptr(), at);
    cursor.advance(10);
    let mut slices = [std::io::IoSlice::new(&[]); 1];
    assert_eq!(cursor.fill(&mut slices), 1);
    assert_eq!(slices[0].as_ptr(), at.wrapping_add(10));
}

#[test]
fn a_buffer_is_not_copied_until_it_is_cloned() {
    let bytes = vec![b'x'; LONG];
    let at = bytes.as_ptr();
    let list = IoList::from_buffer(bytes);
    assert_ne!(list.clone().chunks().next().unwrap().as_ptr(), at);
    assert_eq!(list.clone(), list);
    let bytes = list.into_bytes();
    assert_eq!(bytes.as_ptr(), at);
}

#[test]
fn static_pieces_are_not_copied() {
    static TEXT: [u8; LONG] = [b'x'; LONG];
    check_kept(TEXT.as_ptr(), Static(&TEXT));
    check_kept(TEXT.as_ptr(), Static(str::from_utf8(&TEXT).unwrap()));
    check_kept(TEXT.as_ptr(), IoList::from(&TEXT));
    check_kept(TEXT.as_ptr(), IoList::from(str::from_utf8(&TEXT).unwrap()));
    check_kept(TEXT.as_ptr(), IoList::from(Cow::Borrowed(str::from_utf8(&TEXT).unwrap())));
}

#[test]
fn shared_pieces_are_not_copied() {
    let bytes = Bytes::from(vec![b'x'; LONG]);
    check_kept(bytes.as_ptr(), &bytes);
    check_kept(bytes.as_ptr(), bytes.clone());
    let text = Arc::<str>::from("x".repeat(LONG));
    check_kept(text.as_ptr(), &text);
    let bytes = Arc::<[u8]>::from(vec![b'x'; LONG]);
    check_kept(bytes.as_ptr(), &bytes);
}

#[test]
fn owned_pieces_are_taken_over() {
    let text = || {
        let mut text = String::with_capacity(2 * LONG);
        text.extend(std::iter::repeat_n('x', LONG));
        text
    };
    macro_rules! check_owned {
        ($owned:expr) => {{
            let owned = $owned;
            check_kept(owned.as_ptr(), owned);
        }};
    }
    check_owned!(text());
    check_owned!(text().into_bytes());
    check_owned!(text().into_boxed_str());
    check_owned!(text().into_bytes().into_boxed_slice());
    check_owned!(Cow::<str>::Owned(text()));
    check_owned!(Cow::<[u8]>::Owned(text().into_bytes()));
}

#[test]
fn owned_pieces_are_taken_over_out_of_a_nest() {
    let text = "x".repeat(LONG);
    check_kept(text.as_ptr(), vec![[Some((Box::new(text),))]]);
    let text = "x".repeat(LONG);
    check_kept(text.as_ptr(), solohttp_iolist::all([text]));
}

/// Returns the same literals on each call, so that a copy would have a different address.
fn long_literals() -> IoList {
    macro_rules! long {
        ($($text:literal)+) => { iolist![$($text),+] };
    }
    long!(
        "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         0123456789012345678901234567890123"
        b"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\
         0123456789012345678901234567890123"
    )
}

#[test]
fn long_literals_are_not_copied() {
    let (one, other) = (long_literals(), long_literals());
    assert_eq!(one.chunks().count(), 2);
    for (one, other) in one.chunks().zip(other.chunks()) {
        assert_eq!((one.len(), one.as_ptr()), (1024, other.as_ptr()));
    }
}

#[test]
fn short_pieces_are_copied() {
    let mut list = IoList::new();
    for number in 0..10_000 {
        list.push(("row ", number, &String::from("a"), String::from("b"), Static("c")));
        list.push(Bytes::from_static(b"d"));
        list.push(iolist!["e", iolist!["f"]]);
    }
    // They are copied into buffers of 64 KiB each.
    assert_eq!(list.chunks().count(), list.len().div_ceil(64 << 10));
}

#[test]
fn ten_thousand_long_pieces_are_no_more_slices_than_they_are() {
    let long = Bytes::from(vec![b'x'; LONG]);
    let mut list = IoList::new();
    for _ in 0..10_000 {
        list.push(("a", &long, "b"));
    }
    assert_eq!(list.chunks().count(), 20_001);
}

#[test]
fn a_long_buffer_moves_without_being_copied() {
    let copied = |at: usize| {
        let mut list = IoList::new();
        (0..LONG).for_each(|_| if at == 0 { list.push_front("x") } else { list.push("x") });
        let place = list.chunks().next().unwrap().as_ptr();
        (list, place)
    };
    let around = || iolist![Static(&[b'y'; LONG]), "y", Static(&[b'y'; LONG]), "y"];
    let holds = |list: &IoList, place| list.chunks().any(|c| c.as_ptr_range().contains(&place));
    for at in [0, 1] {
        let (list, place) = copied(at);
        assert!(holds(&iolist!["<", list, ">"], place));
        let (list, place) = copied(at);
        assert!(holds(&iolist![around(), list, around()], place));
        let (list, place) = copied(at);
        assert!(holds(&iolist![list, around()], place));
    }
}

#[test]
fn a_single_piece_is_handed_over_without_copying() {
    for long in ["x".repeat(LONG), "short".repeat(3)] {
        let place = long.as_ptr();
        let bytes = IoList::from(long).into_bytes();
        assert_eq!(bytes.as_ptr(), place);
    }
    let list: IoList = (0..1000).collect();
    let place = list.chunks().next().unwrap().as_ptr();
    let bytes = list.into_bytes();
    assert_eq!(bytes.as_ptr(), place);
}

#[test]
fn a_cursor_frees_what_is_through() {
    let piece = Arc::<[u8]>::from(vec![b'x'; LONG]);
    let mut cursor = iolist!["<", &piece, &piece].cursor();
    assert_eq!(Arc::strong_count(&piece), 3);
    cursor.advance(LONG);
    assert_eq!(Arc::strong_count(&piece), 3);
    cursor.advance(1);
    assert_eq!(Arc::strong_count(&piece), 2);
    cursor.advance(LONG);
    assert_eq!(Arc::strong_count(&piece), 1);
}
