//! Splits a CSV file (RFC 4180) into records and cells, and counts lines and bytes.
//!
//! The crate `csv` isn't used, because its line numbers are wrong after blank lines or with CR LF,
//! and it doesn't tell whether a cell was quoted or its quotation mark was never closed. The tests
//! compare the cells with those of that crate.

use std::io::{self, Read};

/// Memory for the file's next bytes. The head must fit for its delimiter to be found.
const BUFFER: usize = 64 << 10;

/// The maximum size of a record in bytes. Without it, a forgotten quotation mark would make the rest
/// of a file one huge cell.
pub(super) const MAX_RECORD: usize = 4 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What is wrong with a record as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defect {
    /// The file has ended within quotation marks.
    OpenQuote,
    /// The record is longer than [`MAX_RECORD`], and was cut off.
    TooLong,
}

/// A record, which is reused for the next one.
#[derive(Debug, Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    /// The end of each cell in `bytes`.
    ends: Vec<usize>,
    /// The line in which the record starts, counted from 1.
    pub(super) line: u64,
    /// The number of bytes before the record.
    pub(super) position: u64,
    pub(super) defect: Option<Defect>,
}

impl Record {
    pub(super) fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let cell = &self.bytes[start..end];
            start = end;
            cell
        })
    }

    fn start(&mut self, line: u64, position: u64) {
        self.bytes.clear();
        self.ends.clear();
        (self.line, self.position, self.defect) = (line, position, None);
    }

    fn is_full(&mut self) -> bool {
        // A cell without text takes memory, too.
        let is_full = self.bytes.len() + self.ends.len() >= MAX_RECORD;
        if is_full {
            self.defect = Some(Defect::TooLong);
        }
        is_full
    }

    fn push(&mut self, byte: u8) {
        if !self.is_full() {
            self.bytes.push(byte);
        }
    }

    fn end_cell(&mut self) {
        if !self.is_full() {
            self.ends.push(self.bytes.len());
        }
    }
}

/// Where the next byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a cell.
    Start,
    /// In a cell, but not within quotation marks.
    Plain,
    /// After a CR that isn't within quotation marks. It belongs to the line break if LF follows.
    Return { is_blank_line: bool },
    /// Within quotation marks.
    Quoted,
    /// After a quotation mark within quotation marks.
    Quote,
}

/// Reads the records of a file.
#[derive(Debug)]
pub(super) struct Splitter<R> {
    source: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    line: u64,
    position: u64,
    delimiter: u8,
}

impl<R: Read> Splitter<R> {
    /// Skips the byte-order mark, which files from spreadsheets start with, and guesses the
    /// delimiter.
    pub(super) fn new(source: R) -> io::Result<Self> {
        let (buffer, delimiter) = (vec![0; BUFFER].into(), b',');
        let mut new = Self { source, buffer, start: 0, end: 0, line: 1, position: 0, delimiter };
        let mut is_quoted = false;
        let mut has_head = false;
        while !has_head && new.end < BUFFER {
            let known = new.end;
            if !new.read_more()? {
                break;
            }
            for &byte in &new.buffer[known..new.end] {
                is_quoted ^= byte == b'"';
                has_head |= byte == b'\n' && !is_quoted;
            }
        }
        new.delimiter = delimiter_of(&new.buffer[..new.end]);
        if new.buffer[..new.end].starts_with(BYTE_ORDER_MARK) {
            (new.start, new.position) = (BYTE_ORDER_MARK.len(), 3);
        }
        Ok(new)
    }

    /// Appends to the buffer. Returns `false` at the end of the file.
    fn read_more(&mut self) -> io::Result<bool> {
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if !self.read_more()? {
                return Ok(None);
            }
        }
        let byte = self.buffer[self.start];
        self.start += 1;
        self.position += 1;
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }

    /// Reads the next record that isn't a blank line. Returns `false` at the end of the file.
    pub(super) fn read(&mut self, record: &mut Record) -> io::Result<bool> {
        record.start(self.line, self.position);
        let mut state = State::Start;
        while let Some(byte) = self.next_byte()? {
            if let State::Return { is_blank_line } = state {
                state = match byte {
                    b'\n' if is_blank_line => State::Start,
                    b'\n' => State::Plain,
                    _ => {
                        record.push(b'\r');
                        State::Plain
                    }
                };
            }
            state = match (state, byte) {
                (State::Quoted, b'"') => State::Quote,
                (State::Start, b'"') => State::Quoted,
                (State::Start, b'\n') if record.ends.is_empty() => {
                    record.start(self.line, self.position);
                    State::Start
                }
                (State::Quoted, byte) => {
                    record.push(byte);
                    State::Quoted
                }
                (State::Quote, b'"') => {
                    record.push(b'"');
                    State::Quoted
                }
                (_, b'\n') => {
                    record.end_cell();
                    return Ok(true);
                }
                (state, b'\r') => {
                    let is_blank_line = state == State::Start && record.ends.is_empty();
                    State::Return { is_blank_line }
                }
                (_, byte) if byte == self.delimiter => {
                    record.end_cell();
                    State::Start
                }
                (_, byte) => {
                    record.push(byte);
                    State::Plain
                }
            };
        }
        let is_start = state == State::Start && record.ends.is_empty();
        if is_start || state == (State::Return { is_blank_line: true }) {
            return Ok(false);
        }
        if state == State::Quoted {
            record.defect = Some(Defect::OpenQuote);
        }
        record.end_cell();
        Ok(true)
    }
}

/// Guesses the delimiter from the head. Where the decimal mark is a comma, spreadsheets separate
/// cells with semicolons. Text copied from one has tabs.
fn delimiter_of(start: &[u8]) -> u8 {
    let (mut commas, mut semicolons, mut tabs, mut is_quoted) = (0, 0, 0, false);
    for &byte in start {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b',' => commas += 1,
            b';' => semicolons += 1,
            b'\t' => tabs += 1,
            b'\n' => break,
            _ => {}
        }
    }
    match () {
        () if semicolons > commas && semicolons >= tabs => b';',
        () if tabs > commas => b'\t',
        () => b',',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The records of a file, each with its line and position.
    fn split(file: &[u8]) -> Vec<(u64, u64, Vec<String>, Option<Defect>)> {
        split_from(file)
    }

    fn split_from(source: impl Read) -> Vec<(u64, u64, Vec<String>, Option<Defect>)> {
        let mut splitter = Splitter::new(source).unwrap();
        let (mut record, mut all) = (Record::default(), Vec::new());
        while splitter.read(&mut record).unwrap() {
            let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned());
            all.push((record.line, record.position, cells.collect(), record.defect));
        }
        all
    }

    #[track_caller]
    fn check(file: &str, expect: &[(u64, u64, &[&str])]) {
        let found = split(file.as_bytes());
        let found: Vec<_> = found.iter().map(|(line, at, cells, _)| (*line, *at, cells)).collect();
        let found: Vec<(u64, u64, Vec<&str>)> = found
            .into_iter()
            .map(|(line, at, cells)| (line, at, cells.iter().map(String::as_str).collect()))
            .collect();
        let expect: Vec<_> =
            expect.iter().map(|(line, at, cells)| (*line, *at, cells.to_vec())).collect();
        assert_eq!(found, expect, "{file:?}");
    }

    #[test]
    fn counts_lines_and_bytes_whatever_the_line_breaks() {
        check("", &[]);
        check("\n\r\n\n", &[]);
        check("\u{feff}a,b\nc,d", &[(1, 3, &["a", "b"]), (2, 7, &["c", "d"])]);
        check("a\r\n\r\n\r\nb\r\n", &[(1, 0, &["a"]), (4, 7, &["b"])]);
        check("a\n\n\nb\n", &[(1, 0, &["a"]), (4, 4, &["b"])]);
        check("\n\na\n", &[(3, 2, &["a"])]);
        check(
            "a,b\r\n\"1\r\n2\",\r\nc,d",
            &[(1, 0, &["a", "b"]), (2, 5, &["1\r\n2", ""]), (4, 14, &["c", "d"])],
        );
        check("a\n\"\"\nb", &[(1, 0, &["a"]), (2, 2, &[""]), (3, 5, &["b"])]);
        check("a\n \nb\r", &[(1, 0, &["a"]), (2, 2, &[" "]), (3, 4, &["b"])]);
    }

    #[test]
    fn understands_quotation_marks() {
        for (line, cells) in [
            ("\"a,b\",c", ["a,b", "c"]),
            ("\"a \"\"b\"\"\",", ["a \"b\"", ""]),
            ("5\" pipe,\"6\"\" pipe\"", ["5\" pipe", "6\" pipe"]),
            ("\"a\"b,\"\"", ["ab", ""]),
            ("\"a\r\",b\r", ["a\r", "b"]),
            ("a\rb,\r\"c\"", ["a\rb", "\r\"c\""]),
        ] {
            check(&format!("{line}\n"), &[(1, 0, &cells)]);
        }
    }

    #[test]
    fn guesses_the_delimiter_from_the_head() {
        for (head, delimiter) in [
            ("a,b", b','),
            ("a;b", b';'),
            ("a\tb", b'\t'),
            ("a", b','),
            ("", b','),
            ("\"a;b;c\",d", b','),
            ("\"a,\n,b\";c", b';'),
            ("a\nb;c;d", b','),
        ] {
            assert_eq!(delimiter_of(head.as_bytes()), delimiter, "{head:?}");
        }
    }

    #[test]
    fn a_missing_quotation_mark_is_found() {
        let found = split(b"a,b\n1,\"2\n3,4\n");
        assert_eq!(found[1].2, ["1", "2\n3,4\n"]);
        assert_eq!((found[0].3, found[1].3), (None, Some(Defect::OpenQuote)));
        let huge = [b"a\n1\"\n\"".as_slice(), &[b'x'; MAX_RECORD + 9], b"\"\n2\n"].concat();
        let found = split(&huge);
        assert_eq!(found[2].3, Some(Defect::TooLong));
        assert_eq!((found[3].0, found[3].2[0].as_str()), (4, "2"), "the next one is read");
        let wide = vec![b','; MAX_RECORD + 9];
        assert_eq!(split(&wide)[0].3, Some(Defect::TooLong));
    }

    /// Reads one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(out.len()).min(1);
            self.0.read(&mut out[..count])
        }
    }

    proptest! {
        #[test]
        fn the_pieces_in_which_a_file_arrives_do_not_matter(
            file in proptest::collection::vec(prop_oneof![
                proptest::sample::select(b"\"\",,;\r\n\n\xef\xbb\xbfab".to_vec()), any::<u8>(),
            ], 0..60),
        ) {
            prop_assert_eq!(split(&file), split_from(Slow(&file)));
        }

        #[test]
        fn cells_are_those_of_the_crate_csv(
            file in proptest::collection::vec(
                proptest::sample::select(b"\"\",,\n\nab \xc3".to_vec()), 0..60,
            ),
        ) {
            let mut csv = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .terminator(csv::Terminator::Any(b'\n'))
                .from_reader(file.as_slice());
            let expect = csv.byte_records().map(|record| {
                let cell = |cell| String::from_utf8_lossy(cell).into_owned();
                record.unwrap().iter().map(cell).collect::<Vec<_>>()
            });
            let expect: Vec<_> = expect.collect();
            let found: Vec<_> = split(&file).into_iter().map(|(_, _, cells, _)| cells).collect();
            prop_assert_eq!(found, expect);
        }
    }
}
