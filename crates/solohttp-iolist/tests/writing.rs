//! Tests writers that accept only some of the bytes, or none.

use std::io::{self, ErrorKind, IoSlice, Write};

use solohttp_iolist::{Bytes, IoList, iolist};

/// A writer with scripted answers to successive writes. For each answer, it accepts at most that
/// many bytes or returns that error. After the last answer, it accepts one byte at a time.
struct Fickle {
    answers: Vec<Result<usize, ErrorKind>>,
    taken: Vec<u8>,
}

impl Write for Fickle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let most = if self.answers.is_empty() { 1 } else { self.answers.remove(0)? };
        let before = self.taken.len();
        self.taken.extend(slices.iter().flat_map(|slice| slice.iter()).take(most));
        Ok(self.taken.len() - before)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn list() -> IoList {
    iolist!["head", Bytes::from(vec![b'x'; 1600]), "between", "y".repeat(1700), "tail"]
}

#[track_caller]
fn check(answers: &[Result<usize, ErrorKind>], expected: Result<(), ErrorKind>, taken: usize) {
    let mut writer = Fickle { answers: answers.into(), taken: Vec::new() };
    let result = list().write_to(&mut writer);
    assert_eq!(result.map_err(|error| error.kind()), expected);
    assert_eq!(writer.taken, list().into_bytes()[..taken]);
}

#[test]
fn goes_on_after_partial_and_interrupted_writes() {
    let all = list().len();
    check(&[], Ok(()), all);
    check(&[Ok(usize::MAX)], Ok(()), all);
    check(&[Ok(4), Ok(1600), Ok(3), Ok(usize::MAX)], Ok(()), all);
    check(&[Err(ErrorKind::Interrupted), Ok(10), Err(ErrorKind::Interrupted)], Ok(()), all);
}

#[test]
fn reports_what_the_writer_says() {
    check(&[Ok(10), Err(ErrorKind::BrokenPipe)], Err(ErrorKind::BrokenPipe), 10);
    check(&[Ok(10), Ok(0)], Err(ErrorKind::WriteZero), 10);
}

#[test]
fn writes_nothing_of_an_empty_list() {
    let mut never = Fickle { answers: vec![Err(ErrorKind::Other)], taken: Vec::new() };
    iolist![].write_to(&mut never).unwrap();
    assert!(iolist![].cursor().is_done());
    assert_eq!(iolist![].cursor().fill(&mut [IoSlice::new(&[])]), 0);
    iolist![].cursor().advance(0);
}

#[test]
#[should_panic(expected = "cannot advance by 5 bytes: only 4 remain")]
fn a_cursor_refuses_to_advance_past_the_end() {
    iolist!["text"].cursor().advance(5);
}

#[test]
fn takes_formatted_text() {
    use std::fmt::Write;
    let mut list = iolist!["<"];
    write!(list, "{:>5}|{:02}", 12.5, 7).unwrap();
    assert_eq!(list, "< 12.5|07");
}
