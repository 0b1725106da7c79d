//! Parses bodies in pieces of every size, and compares the parser with a simple, slow one.

use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; boundary=xY";
const NAMED: &str = "Content-Disposition: form-data; name=a\r\n\r\n";

fn parse<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Part>, u16> {
    let parsed = Multipart::new(TYPE, 5).and_then(|mut multipart| {
        for piece in pieces {
            multipart.feed(piece)?;
        }
        multipart.finish()
    });
    parsed.map_err(|rejection| rejection.status().as_u16())
}

/// Parses `body` whole, byte by byte, and split at every byte. `N` stands for the head of a part.
fn check(body: &str, expect: Result<&[&str], u16>) {
    let body = body.replace('N', NAMED);
    let body = body.as_bytes();
    let found = parse([body]);
    let text = |part: &Part| {
        let range = part.content.start.try_into().unwrap()..part.content.end.try_into().unwrap();
        String::from_utf8_lossy(&body[range]).into_owned()
    };
    let texts = found.as_ref().map(|parts| parts.iter().map(text).collect::<Vec<_>>());
    let shown = body.escape_ascii();
    assert_eq!(texts.map_err(|&status| status), expect.map(<[_]>::to_vec).map(to_owned), "{shown}");
    assert_eq!(parse(body.chunks(1)), found, "{shown}, byte by byte");
    for split in 0..body.len() {
        let (first, second) = body.split_at(split);
        assert_eq!(parse([first, second]), found, "{shown}, split at {split}");
    }
}

fn to_owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

#[test]
fn finds_the_content_between_delimiters() {
    check("--xY\r\nNtea\r\n--xY--\r\n", Ok(&["tea"]));
    check("--xY\r\nNtea\r\n--xY\r\nNcake\r\n--xY--", Ok(&["tea", "cake"]));
    check("--xY\r\nN\r\n--xY\r\nN\r\n\r\n--xY--", Ok(&["", "\r\n"]));
    check("--xY--", Ok(&[]));
    check("--xY--\r\n", Ok(&[]));
}

#[test]
fn preamble_epilogue_and_padding_have_no_meaning() {
    check("This is a message.\r\n--xY\r\nNtea\r\n--xY--\r\nBye.\r\n--xY\r\n", Ok(&["tea"]));
    check("\r\n--xY\r\nNtea\r\n--xY--", Ok(&["tea"]));
    check("--xY \t \r\nNtea\r\n--xY-- \r\n", Ok(&["tea"]));
    check("x--xY\r\nN1\r\n--xY\r\nN2\r\n--xY--", Ok(&["2"]));
}

#[test]
fn an_empty_part_may_share_its_line_end_with_the_delimiter() {
    check("--xY\r\nN--xY\r\nN--xY--", Ok(&["", ""]));
}

#[test]
fn what_only_looks_like_a_delimiter_is_content() {
    for content in [
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\r\r\n--x",
        "\r\n--x",
        "\r\n-xY",
        "\n--xY--",
        "x--xY",
        "\r\n--xYz",
        "\r\n--xY-",
        "\r\n--xY-\r",
        "\r\n--xY \r",
        "\r\n--xY \rx",
        "\r\n--xY\rx",
        "\r\n--xy",
        "\r\n--xY -",
        "\r\n--\r\n--\r\n--x\r\n--",
    ] {
        check(&format!("--xY\r\nN{content}\r\n--xY--"), Ok(&[content]));
    }
}

#[test]
fn rejects_a_form_without_its_end() {
    for body in ["", "x", "--xY", "--xY-", "--xY\r\n", "--xY\r\nN", "--xY\r\nNtea\r\n--xY\r\n"] {
        check(body, Err(400));
    }
    check("--xY\r\nNtea", Err(400));
    check("--xY\r\nNtea\r\n--xZ--\r\n", Err(400));
    check("--xY\nNtea\n--xY--\n", Err(400));
}

#[test]
fn rejects_a_part_with_a_malformed_head() {
    check("--xY\r\n\r\ntea\r\n--xY--", Err(400));
    check("--xY\r\nContent-Type: text/plain\r\n\r\ntea\r\n--xY--", Err(400));
    check("--xY\r\nContent-Disposition: form-data; name=a\n\ntea\r\n--xY--", Err(400));
    check("--xY\r\nnonsense\r\n\r\ntea\r\n--xY--", Err(400));
}

#[test]
fn rejects_too_many_parts_and_too_long_heads() {
    check(&("--xY\r\nN\r\n".repeat(5) + "--xY--"), Ok(&["", "", "", "", ""]));
    check(&("--xY\r\nN\r\n".repeat(6) + "--xY--"), Err(400));
    let with_head = |len: usize| {
        let field = format!("X: {}\r\n", "x".repeat(len - NAMED.len() - 5));
        parse([format!("--xY\r\n{field}{NAMED}\r\n--xY--").as_bytes()])
    };
    assert!(with_head(MAX_HEAD).is_ok() && with_head(MAX_HEAD + 1) == Err(400));
    let endless = [b"--xY\r\n".as_slice(), &[b'x'; MAX_HEAD], b"x"];
    assert_eq!(Multipart::new(TYPE, 5).unwrap().feed(&endless.concat()).ok(), None);
}

#[test]
fn a_boundary_is_1_to_70_visible_characters() {
    let is_accepted =
        |parameters: &str| Multipart::new(&format!("multipart/form-data{parameters}"), 1).is_ok();
    let of_length = |length| format!("; boundary={}", "x".repeat(length));
    for fine in ["; boundary=x", "; charset=utf-8; Boundary=\"a b\"", "; boundary='()+_,-./:=?"] {
        assert!(is_accepted(fine), "{fine}");
    }
    assert!(is_accepted(&of_length(70)) && !is_accepted(&of_length(71)));
    for odd in ["", "; boundary", "; boundary=", "; boundary=\"\"", "; boundary=\"a ", "; b=x"] {
        assert!(!is_accepted(odd), "{odd}");
    }
    for odd in ["; boundary=\"a \"", "; boundary=é", "; boundary=a; boundary=b"] {
        assert!(!is_accepted(odd), "{odd}");
    }
}

/// If parsing took quadratic time, this test would run for hours.
#[test]
fn content_that_resembles_a_delimiter_costs_no_more() {
    for look_alike in ["\r\n--x", "\r\n--xY .", "\r\n--xY-", "\r", "\r\n", "-"] {
        let content = look_alike.repeat((1 << 18) / look_alike.len());
        let body = format!("--xY\r\n{NAMED}{content}\r\n--xY--");
        let content = u64::try_from(content.len()).unwrap();
        for size in [1, 3, 64 << 10, body.len()] {
            let parts = parse(body.as_bytes().chunks(size)).unwrap();
            assert_eq!(parts[0].content.end - parts[0].content.start, content, "{look_alike:?}");
        }
    }
}

/// Parses a complete body by searching repeatedly.
fn parse_naively(body: &[u8]) -> Option<Vec<Part>> {
    let text = [b"\r\n", body].concat();
    let find =
        |what: &[u8], from: usize| (from..text.len()).find(|&at| text[at..].starts_with(what));
    let mut parts = Vec::new();
    let mut open: Option<(PartHead, usize)> = None;
    let mut from = 0;
    loop {
        let at = find(b"\r\n--xY", from)?;
        let after = at + 6;
        let padding = text[after..].iter().take_while(|byte| b" \t".contains(byte)).count();
        let is_last = text[after..].starts_with(b"--");
        if !is_last && !text[after + padding..].starts_with(b"\r\n") {
            from = at + 1;
            continue;
        }
        if let Some((PartHead { name, file_name, content_type }, start)) = open.take() {
            let offset = |at: usize| u64::try_from(at - 2).unwrap();
            let content = offset(start)..offset(at.max(start));
            parts.push(Part { name, file_name, content_type, content });
        }
        if is_last {
            return Some(parts);
        }
        let head = after + padding + 2;
        let end =
            if text[head..].starts_with(b"\r\n") { head } else { find(b"\r\n\r\n", head)? + 2 };
        if parts.len() == 5 || text[head..end].split(|&byte| byte == b'\n').any(is_bare) {
            return None;
        }
        open = Some((PartHead::parse(&text[head..end + 2]).ok()?, end + 2));
        from = end;
    }
}

/// Whether `line` is the rest of a line that didn't end in CR LF.
fn is_bare(line: &[u8]) -> bool {
    !line.is_empty() && !line.ends_with(b"\r")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn agrees_with_a_naive_parser(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "\r", "\n", "\r\n", "-", "--", "xY", "x", "--xY", "\r\n--xY", "\r\n--xY", "\r\n--xY\r\n", " ",
                "tea", "\r\n--xY--", "X: y\r\n", NAMED, NAMED,
            ]),
            0..24,
        ),
        well_formed in any::<bool>(),
        size in 1_usize..40,
    ) {
        let middle = tokens.concat();
        let body = if well_formed {
            format!("--xY\r\n{NAMED}{middle}\r\n--xY--\r\n")
        } else {
            middle
        };
        let body = body.as_bytes();
        let naive = parse_naively(body).ok_or(400);
        prop_assert_eq!(parse([body]), naive.clone());
        prop_assert_eq!(parse(body.chunks(size)), naive);
    }
}
