//! The rules of the language, tested with all of serde's data types.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;
use solohttp_template::{Dialect, ErrorKind, FormatError, Html, Repeat, Template, Value, values};

#[track_caller]
fn check(text: &str, data: &impl Serialize, expected: &str) {
    let template = Template::new(text);
    // The second time, the plan for this type already exists.
    for time in ["first", "second"] {
        let page = template.render(data).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(page.to_string(), expected, "{time} time: {text}");
    }
}

#[track_caller]
fn refuses(text: &str, data: &impl Serialize, kind: ErrorKind) {
    let error = Template::new(text).render(data).expect_err("this cannot be shown");
    assert_eq!(error.kind(), kind, "{error}");
}

#[test]
fn values_and_literals_have_any_length() {
    #[derive(Serialize)]
    struct Pair {
        text: String,
        number: u64,
    }
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    for len in [0, 1, 31, 32, 33, 63, 64, 65, 200, 5000] {
        let literal = "-".repeat(len);
        let template = Template::new(&format!(
            "{{text}}{literal}{{text}}{{number}}{literal}<?if text?>{{number}}{literal}<?end if?>|"
        ));
        for len in 1..50_u32 {
            for end in ["x", "&", "<", "#"] {
                let text = "x".repeat(usize::try_from(len).expect("a short length") - 1) + end;
                let number = 3_u64.pow(len.min(40));
                let shown = escaped(&text);
                let page = template.render(&Pair { text, number }).expect("it renders");
                assert_eq!(
                    page.to_string(),
                    format!("{shown}{literal}{shown}{number}{literal}{number}{literal}|")
                );
            }
        }
    }
}

#[derive(Serialize, Default, Clone)]
struct Task {
    text: String,
    due: Option<u32>,
    tags: Vec<&'static str>,
    done: bool,
}

fn task(text: &str, due: Option<u32>) -> Task {
    Task { text: text.to_owned(), due, ..Task::default() }
}

/// Browsers drop a line break directly after these tags (HTML standard, section 13.2.6.4.7).
#[test]
fn the_line_break_that_a_browser_drops_is_not_the_values() {
    let data = json!({ "s": "\na", "n": "", "yes": true, "rows": ["\nb"] });
    for tag in ["textarea", "pre", "PRE", "listing"] {
        check(
            &format!("<{tag} title=\"{{s}}\">{{s}}{{s}}</{tag}>"),
            &data,
            &format!("<{tag} title=\"\na\">\n\na\na</{tag}>"),
        );
    }
    check("<pre>{n}{s}</pre>", &data, "<pre>\n\na</pre>");
    check("<pre>{.s}</pre>{s}", &data, "<pre>\n\na</pre>\na");
    check("<pre>x{s}</pre>", &data, "<pre>x\na</pre>");
    check("<pre>\n{s}</pre>", &data, "<pre>\n\na</pre>");
    check("<pre><b>{s}</b></pre>", &data, "<pre><b>\na</b></pre>");
    check("<p>{s}</p>", &data, "<p>\na</p>");
    check("<pre><?if yes?>{s}<?else?>{n}<?end if?></pre>", &data, "<pre>\n\na</pre>");
    check("<pre><?if n?>{s}<?else?>{s}<?end if?></pre>", &data, "<pre>\n\na</pre>");
    check("<?each rows?><pre>{@it}</pre><?end each?>", &data, "<pre>\n\nb</pre>");
    check("<pre><?each rows?>{@it}<?end each?></pre>{s}", &data, "<pre>\n\nb</pre>\na");
}

#[derive(Serialize)]
struct Page {
    title: &'static str,
    tasks: Vec<Task>,
}

fn page() -> Page {
    let tea = Task { tags: vec!["a", "<b>"], done: true, ..task("tea & cake", Some(3)) };
    Page { title: "T<", tasks: vec![tea, task("sleep", None)] }
}

#[test]
fn fields_may_come_in_any_order_and_any_number() {
    check("{due} {text} {due}{text}|{done}", &task("a", Some(1)), "1 a 1a|false");
    check("{done}{tags}{due}{text}", &task("a", None), "falsea");
}

#[test]
fn each_shows_rows_with_their_place() {
    let text = "<?each tasks?>{@index}{@number}{text}<?if @last?>.<?else?>, <?end if?><?end each?>";
    check(text, &page(), "01tea &amp; cake, 12sleep.");
    check("<?each tasks?><?if @first?>^<?end if?>{due}<?else?>none<?end each?>", &page(), "^3");
    let nobody = Page { title: "", tasks: Vec::new() };
    check("[<?each tasks?>{text}<?else?>none {title}<?end each?>]", &nobody, "[none ]");
}

#[test]
fn rows_see_the_names_around_them() {
    check("<?each tasks?>{title}{text};<?end each?>", &page(), "T&lt;tea &amp; cake;T&lt;sleep;");
    let text =
        "<?each tasks?><?each tags?>{@it}{@number} of {text} in {title}. <?end each?><?end each?>";
    check(text, &page(), "a1 of tea &amp; cake in T&lt;. &lt;b&gt;2 of tea &amp; cake in T&lt;. ");
    // A `None` in the row takes precedence over enclosing data.
    check("<?each r?>[{x}]<?end each?>", &json!({"x": 1, "r": [{"x": null}, {}]}), "[][1]");
    // The inner sequence is from the enclosing data.
    check(
        "<?each a?>{@it}<?each b?>{@it}<?end each?><?end each?>",
        &json!({"a": [1, 2], "b": [3, 4]}),
        "134234",
    );
}

#[test]
fn last_is_known_even_if_the_length_is_not() {
    struct Endless;
    impl Serialize for Endless {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeSeq;
            let mut seq = serializer.serialize_seq(None)?;
            (0..3).try_for_each(|n| seq.serialize_element(&n))?;
            seq.end()
        }
    }
    let data = HashMap::from([("n", Endless)]);
    check("<?each n?>{@it}<?if @last?>!<?else?>,<?end if?><?end each?>", &data, "0,1,2!");
}

#[test]
fn if_asks_whether_there_is_anything() {
    let yes = [json!(0), json!("x"), json!(true), json!([0]), json!({"a": 1}), json!(0.0)];
    let no = [json!(null), json!(""), json!(false), json!([]), json!({})];
    for (values, expected) in [(&yes[..], "yes"), (&no[..], "no")] {
        for value in values {
            check("<?if v?>yes<?else?>no<?end if?>", &json!({ "v": value }), expected);
        }
    }
    check("<?if v?>yes<?else?>no<?end if?>", &(), "no");
    check("<?if v?>yes<?end if?>!", &BTreeMap::from([("v", Html::default())]), "!");
    check("<?if done?>x<?end if?><?if text?>y<?end if?>", &task("a", None), "y");
}

#[test]
fn each_steps_into_a_record() {
    let data = json!({"user": {"name": "Ann", "address": {"town": "Ulm"}}, "none": null});
    check("<?each user?>{name} <?each address?>{town}<?end each?><?end each?>", &data, "Ann Ulm");
    check("<?each none?>x<?else?>nobody<?end each?>", &data, "nobody");
    refuses("<?each n?>x<?end each?>", &json!({"n": true}), ErrorKind::WrongValue);
}

#[test]
fn a_directive_on_its_own_line_takes_the_line() {
    let text = "<ul>\n  <?each tasks?>\n  <li>{text}</li>\n  <?end each?>\n</ul>\n";
    check(text, &page(), "<ul>\n  <li>tea &amp; cake</li>\n  <li>sleep</li>\n</ul>\n");
    check("a <?if title?>\nb\n<?end if?> c", &page(), "a \nb\n c");
    check("a\r\n<?if title?>\r\nb\r\n<?end if?>\r\nc", &page(), "a\r\nb\r\nc");
}

#[test]
fn as_is_keeps_braces_and_markers() {
    check("<?as is?>{title} <?if x?><?end as?>", &page(), "{title} <?if x?>");
    check(
        "<style>\n<?as is?>\np{color:red}\n<?end as?>\n</style>",
        &(),
        "<style>\np{color:red}\n</style>",
    );
}

#[test]
fn a_fragment_is_part_of_the_page_and_alone() {
    let text = "<p><?fragment list?><?each tasks?><?fragment row?>{text},<?end fragment?><?end each?><?end fragment?></p>";
    check(text, &page(), "<p>tea &amp; cake,sleep,</p>");
    let alone = |name: &str| Template::new(text).fragment(name).expect("it is there");
    assert_eq!(
        alone("list").render(&page()).expect("renders").to_string(),
        "tea &amp; cake,sleep,"
    );
    assert_eq!(alone("row").render(&task("x", None)).expect("renders").to_string(), "x,");
}

#[test]
fn only_html_goes_in_unescaped() {
    #[derive(Serialize)]
    struct Values {
        html: Html,
        list: Vec<&'static str>,
        bytes: Bytes,
        letter: char,
        many: Vec<Html>,
    }
    struct Bytes;
    impl Serialize for Bytes {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"<b\xff>")
        }
    }
    let html = || Html::from_trusted("<i>");
    let many = vec![html(), html()];
    let values = Values { html: html(), list: vec!["<", ">"], bytes: Bytes, letter: '&', many };
    check("{html}{list}{bytes}{letter}{many}", &values, "<i>&lt;&gt;&lt;b\u{fffd}&gt;&amp;<i><i>");
    check("{.html}{.list}", &values, "<i><>");
    refuses("{html:num}", &values, ErrorKind::WrongValue);
    refuses("{list:num}", &values, ErrorKind::WrongValue);
    // Other serializers see a string.
    assert_eq!(serde_json::to_string(&html()).expect("serializes"), "\"<i>\"");
}

#[test]
fn a_rendering_goes_into_another() {
    let rows = Repeat::new("<loop><?begin?><li>{@it}</li></loop>");
    let list = Html::from(rows.render(["a", "<"]).expect("renders"));
    check("<ul>{list}</ul>", &BTreeMap::from([("list", list)]), "<ul><li>a</li><li>&lt;</li></ul>");
    let long = Html::from_trusted("<p>".repeat(5000));
    let text = format!("{}{{list}}{}", "a".repeat(5000), "b".repeat(100));
    let expected = format!("{}{}{}", "a".repeat(5000), "<p>".repeat(5000), "b".repeat(100));
    check(&text, &BTreeMap::from([("list", long)]), &expected);
}

#[test]
fn values_of_every_kind_have_a_text() {
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct Wrapped(u8);
    #[derive(Serialize)]
    enum Choice {
        Plain,
        Wrapped(&'static str),
        Pair(u8, u8),
    }
    #[derive(Serialize)]
    struct All {
        a: (i8, i16, i32, i64, i128),
        b: (u8, u16, u32, u64, u128),
        c: (f32, f64, char, bool),
        d: (Unit, (), Option<u8>, Wrapped),
        e: [Choice; 3],
    }
    let all = All {
        a: (-1, -2, -3, i64::MIN, i128::MIN),
        b: (1, 2, 3, u64::MAX, u128::MAX),
        c: (0.1, 1e16, 'x', true),
        d: (Unit, (), Some(7), Wrapped(8)),
        e: [Choice::Plain, Choice::Wrapped("<"), Choice::Pair(1, 2)],
    };
    let one = |name: &str| format!("<?each {name}?>{{@it}} <?end each?>");
    check(&one("a"), &all, &format!("-1 -2 -3 {} {} ", i64::MIN, i128::MIN));
    check(&one("b"), &all, &format!("1 2 3 {} {} ", u64::MAX, u128::MAX));
    check(&one("c"), &all, "0.1 1e+16 x true ");
    check(&one("d"), &all, "  7 8 ");
    check(&one("e"), &all, "Plain &lt; 12 ");
}

#[test]
fn records_of_every_kind_have_names() {
    #[derive(Serialize, Clone)]
    #[serde(tag = "kind")]
    enum Event {
        Call { who: &'static str },
        Mail { subject: &'static str },
    }
    #[derive(Serialize)]
    struct Flat {
        #[serde(flatten)]
        task: Task,
        extra: u8,
    }
    #[derive(Serialize)]
    struct Sparse {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<u8>,
        #[serde(skip_serializing_if = "Option::is_none")]
        b: Option<u8>,
        c: u8,
    }
    let (call, mail) = (Event::Call { who: "Ann" }, Event::Mail { subject: "Hi" });
    let events = BTreeMap::from([("rows", vec![call.clone(), mail.clone(), call, mail])]);
    let text = "<?each rows?>{kind}: <?if who?>{who}<?else?>{subject}<?end if?>; <?end each?>";
    check(text, &events, "Call: Ann; Mail: Hi; Call: Ann; Mail: Hi; ");
    check("{text}{extra}", &Flat { task: task("a", None), extra: 5 }, "a5");
    let sparse = |a, b| Sparse { a, b, c: 3 };
    let rows = vec![
        sparse(None, Some(2)),
        sparse(Some(1), None),
        sparse(Some(1), Some(2)),
        sparse(None, None),
    ];
    check("<?each rows?>{c}{b}{a},<?end each?>", &BTreeMap::from([("rows", rows)]), "32,31,321,3,");
    check("{1}{x}", &json!({"1": 2, "x": 3}), "{1}3");
    check(
        "<?each r?>{a}<?end each?>",
        &BTreeMap::from([("r", Some(HashMap::from([('a', 1)])))]),
        "1",
    );
    check("{a}", &Some(Box::new(sparse(Some(1), None))), "1");
}

#[test]
fn two_types_of_the_same_name_are_told_apart() {
    mod other {
        #[derive(serde::Serialize)]
        pub(super) struct Task {
            pub(super) due: u8,
            pub(super) text: u8,
            pub(super) x: u8,
            pub(super) y: u8,
        }
    }
    let template = Template::new("{text}{due}");
    let theirs = other::Task { due: 1, text: 2, x: 0, y: 0 };
    for _ in 0..2 {
        assert_eq!(template.render(&task("a", Some(9))).expect("renders").to_string(), "a9");
        assert_eq!(template.render(&theirs).expect("renders").to_string(), "21");
    }
}

#[test]
fn a_value_that_fails_is_placed_in_the_template() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("out of tea"))
        }
    }
    let error =
        Template::new("\n {x}").render(&BTreeMap::from([("x", Broken)])).expect_err("fails");
    assert_eq!((error.line(), error.column()), (Some(2), Some(2)));
    assert!(error.to_string().contains("out of tea"), "{error}");
}

#[test]
fn formatters_of_the_program_are_escaped_and_may_refuse() {
    let dialect = Dialect::new()
        .format("class", |value, out| {
            out.push_str(if value == Value::Bool(true) { "<done>" } else { "open" });
            Ok(())
        })
        .format_with("pad", |value, width, out| {
            use std::fmt::Write;
            let Value::Int(number) = value else { return Err(FormatError::expected("a number")) };
            let width = width.parse().map_err(|_| FormatError::expected("a width"))?;
            Ok(write!(out, "{number:width$}")?)
        });
    let template = dialect.template("{done:class}|{due:pad|4}").expect("parses");
    let done = Task { done: true, ..task("", Some(7)) };
    assert_eq!(template.render(&done).expect("renders").to_string(), "&lt;done&gt;|   7");
    assert_eq!(template.render(&task("", None)).expect("renders").to_string(), "open|");
    let error =
        dialect.template("{text:pad|4}").expect("parses").render(&done).expect_err("refused");
    assert!(error.to_string().contains("expected a number"), "{error}");
}

#[test]
#[should_panic(expected = "the formatter `num` already exists")]
fn a_formatter_is_added_once() {
    let _ = Dialect::new().format("num", |_, _| Ok(()));
}

#[test]
#[should_panic(expected = "without the colon")]
fn a_formatter_is_named_by_one_word() {
    let _ = Dialect::new().format(":class", |_, _| Ok(()));
}

#[test]
#[should_panic(expected = "--> inline template:1:7")]
fn a_built_in_template_with_a_mistake_shows_it() {
    let _ = Template::new("<p>{x:nmu}</p>");
}

#[test]
fn the_binding_nearest_the_base_wins() {
    let base = Template::new("<title>{title}</title>{body}");
    let dash = base
        .assembly([
            ("title", Template::new("Dash of {user}")),
            ("body", Template::new("{title}-{inner}")),
        ])
        .expect("binds");
    let deep = dash
        .assembly([("title", Template::new("Other")), ("inner", Template::new("{user}"))])
        .expect("binds");
    let text = deep.render(&BTreeMap::from([("user", "A&")])).expect("renders").to_string();
    assert_eq!(text, "<title>Dash of A&amp;</title>Other-A&amp;");
}

#[test]
fn sections_do_not_reach_into_rows_and_answer_if() {
    let base =
        Template::new("<?if side?>[{side}]<?else?>-<?end if?><?each rows?>{side}<?end each?>");
    let data = json!({"rows": [{"side": 1}], "side": 2});
    let bound = base.assembly([("side", Template::new("S"))]).expect("binds");
    assert_eq!(bound.render(&data).expect("renders").to_string(), "[S]1");
    let empty = base.assembly([("side", Template::new(""))]).expect("binds");
    assert_eq!(empty.render(&data).expect("renders").to_string(), "-1");
    assert_eq!(base.render(&data).expect("renders").to_string(), "[2]1");
    let error = base.assembly([("sied", Template::new(""))]).expect_err("no such slot");
    assert!(error.to_string().contains("did you mean `side`?"), "{error}");
}

#[test]
fn a_template_can_be_shared() {
    static PAGE: std::sync::LazyLock<Template> =
        std::sync::LazyLock::new(|| Template::new("{title}"));
    assert_eq!(PAGE.render(&page()).expect("renders").to_string(), "T&lt;");
}

#[test]
fn whole_numbers_of_cents_are_shown_exactly() {
    #[derive(Serialize)]
    struct Money {
        cents: i64,
    }
    let check = |cents: i64, decimals: &str, expect: &str| {
        let page = Template::new(&format!("{{cents:fixed_point|{decimals}}}"));
        assert_eq!(page.render(&Money { cents }).unwrap(), expect);
    };
    check(350, "2", "3.50");
    check(5, "2", "0.05");
    check(-5, "2", "-0.05");
    check(123_456_789, "2", "1234567.89");
    check(1_234, "0", "1234");
    check(1, "3", "0.001");
    check(i64::MIN, "2", "-92233720368547758.08");
}

#[test]
fn a_name_that_is_nearly_a_field_is_not_silently_false() {
    #[derive(Serialize)]
    struct Item {
        low: bool,
        name: &'static str,
    }
    let data = Item { low: true, name: "x" };
    let page = |text: &str| Template::new(text).render(&data);
    let error = page("<?if lwo?>low<?end if?>").unwrap_err().to_string();
    assert!(error.contains("did you mean `low`?"), "{error}");
    assert_eq!(page("<?if flash?>flash<?end if?>{name}").unwrap(), "x", "only in some pages");
    // The keys of a map can vary.
    let map = std::collections::BTreeMap::from([("low", true)]);
    assert_eq!(Template::new("<?if lwo?>low<?end if?>").render(&map).unwrap(), "");
    let lenient = Dialect::lenient().template("<?if lwo?>low<?end if?>").unwrap();
    assert_eq!(lenient.render(&data).unwrap(), "");
}

#[test]
fn dates_and_times_have_formats() {
    let data = json!({
        "day": "2026-03-31", "at": "2026-03-31T17:30:05", "clock": "07:05:00", "month": "2026-03",
        "none": null, "berlin": "2026-03-31T17:30:00+02:00[Europe/Berlin]",
        "utc": "2026-03-31T15:30:00Z",
    });
    check("{day:date}, {day:weekday}, {day:month}", &data, "31 March 2026, Tuesday, March 2026");
    check("{at:date} {at:time} {at:datetime}", &data, "31 March 2026 17:30 31 March 2026, 17:30");
    check("{clock:time}|{month:month}|{none:date}|", &data, "07:05|March 2026||");
    check("{day:date|%a %-d/%-m %y <%V>}", &data, "Tue 31/3 26 &lt;14&gt;");
    check("{clock:time|%-I:%M %P}{clock:time|}", &data, "7:05 am");
    check("{berlin:datetime} {utc:time|%R %Z}", &data, "31 March 2026, 17:30 15:30 UTC");
    for text in ["{day:time}", "{clock:date}", "{month:date}", "{utc:date}", "{day:datetime|%z}"] {
        refuses(text, &data, ErrorKind::WrongValue);
    }
}

#[test]
fn dates_and_times_of_jiff_are_dates_and_times() {
    #[derive(Serialize)]
    struct Times {
        date: jiff::civil::Date,
        time: jiff::civil::Time,
        both: jiff::civil::DateTime,
        zoned: jiff::Zoned,
        late: Option<jiff::civil::Date>,
    }
    let both = jiff::civil::date(2026, 3, 31).at(17, 30, 5, 0);
    let zoned = both.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(2))).expect("exists");
    let times = Times { date: both.date(), time: both.time(), both, zoned, late: None };
    let text =
        "{date:date|%F} {time:time} {both:datetime|%F %T} {zoned:datetime|%F %R %Z}{late:date}";
    check(text, &times, "2026-03-31 17:30 2026-03-31 17:30:05 2026-03-31 17:30 UTC+02:00");
}

#[test]
fn names_of_months_are_the_applications() {
    let names =
        ["Jan", "Feb", "März", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"];
    let weekdays = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
    let german = solohttp_core::Dates::new().months(names).weekdays(weekdays).date("%-d. %B %Y");
    // The same template is used before and after, because a pattern is parsed only once.
    let template = Template::new("{day:date}, {day:weekday}, {day:date|%b}");
    let data = BTreeMap::from([("day", "2026-03-31")]);
    let render = || template.render(&data).expect("renders").to_string();
    assert_eq!(render(), "31 March 2026, Tuesday, Mar");
    solohttp_core::Locale::new().with(german).install();
    assert_eq!(render(), "31. März 2026, Di, März");
}

#[test]
#[should_panic(expected = "the formatter `date` already exists")]
fn a_date_format_is_not_replaced_in_silence() {
    let _ = Dialect::new().format("date", |_, _| Ok(()));
}

#[test]
fn a_context_is_around_the_data() {
    #[derive(Serialize)]
    struct Frame {
        user: &'static str,
        title: &'static str,
        menu: Vec<&'static str>,
        flash: Option<Html>,
    }
    let frame = Frame {
        user: "A&B",
        title: "Frame",
        menu: vec!["x", "y"],
        flash: Some(Html::from_trusted("<b>")),
    };
    let render = |text: &str| Template::new(text).render_in(&page(), &frame);
    let text = "{flash}{title} {user}: <?each menu?>{@it} in {title},<?end each?>\
                <?each tasks?>{text} of {user};<?end each?><?if flash?>!<?end if?>";
    for time in ["first", "second"] {
        let shown = render(text).expect("renders").to_string();
        let expected =
            "<b>T&lt; A&amp;B: x in T&lt;,y in T&lt;,tea &amp; cake of A&amp;B;sleep of A&amp;B;!";
        assert_eq!(shown, expected, "{time} time");
    }
    let error = render("{usr}").expect_err("no such name").to_string();
    assert!(error.contains("did you mean `user`?"), "{error}");
    let error = render("<?if flahs?>x<?end if?>").expect_err("a typo").to_string();
    assert!(error.contains("did you mean `flash`?"), "{error}");
    // A page isn't a row.
    let error = render("{number}").expect_err("no such name").to_string();
    assert!(!error.contains("@number"), "{error}");
    let shown = Template::new("{user}").render_in(&(), &frame).expect("renders").to_string();
    assert_eq!(shown, "A&amp;B");
    // A `None` in the data takes precedence, as in rows.
    let data = json!({ "flash": null });
    assert_eq!(Template::new("[{flash}]").render_in(&data, &frame).expect("renders"), "[]");
    let fragment = Template::new("<?fragment f?>{user}<?end fragment?>").fragment("f");
    let shown = fragment.expect("it is there").render_in(&(), &frame).expect("renders");
    assert_eq!(shown.to_string(), "A&amp;B");
}

#[test]
fn named_values_are_a_record() {
    let (title, r#type) = ("<T>", "box");
    let rows = [("a", 1), ("b", 2)].map(|(name, count)| values! { count, name });
    check(
        "{title} {type}: <?each rows?>{name}{count}{title}<?if @last?>.<?else?>, <?end if?><?end each?> {title}",
        &values! { title, r#type, rows },
        "&lt;T&gt; box: a1&lt;T&gt;, b2&lt;T&gt;. &lt;T&gt;",
    );
    check("<?each inner?>{v}{w}<?end each?>", &values! { w: 1, inner: values! { v: 2 } }, "21");
    check("{v}{v}|<?if v?>yes<?end if?>", &values! { v: Html::from_trusted("<b>") }, "<b><b>|yes");
    refuses("{titel}", &values! { title }, ErrorKind::MissingName);
    refuses("{v}", &values! { v: values! { w: 1 } }, ErrorKind::WrongValue);
}

#[test]
fn named_values_of_different_shapes_share_a_template() {
    let template = Template::new("{a}{b}<?if c?>{c}<?end if?>");
    for _ in 0..2 {
        let shown = |page: Result<solohttp_core::IoList, _>| page.expect("renders").to_string();
        assert_eq!(shown(template.render(&values! { a: 1, b: 2, c: 3 })), "123");
        assert_eq!(shown(template.render(&values! { c: "z", b: "y", a: "x" })), "xyz");
        assert_eq!(shown(template.render(&values! { b: 2, a: 1, c: None::<u8>, d: 4 })), "12");
    }
}

#[test]
fn named_values_replace_fields_of_their_base() {
    #[derive(Serialize)]
    struct Base {
        a: u8,
        b: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        c: Option<u8>,
    }
    let base = Base { a: 1, b: 2, c: None };
    let text = "{a}{b}<?if c?>c<?end if?>{x}{a}{b}";
    check(text, &values! { x: 9, ..&base }, "12912");
    check(text, &values! { b: 8, x: 9, ..&base }, "18918");
    check(text, &values! { c: true, x: 9, ..&base }, "12c912");
    let map = BTreeMap::from([("a", 1), ("b", 2), ("c", 3)]);
    check(text, &values! { b: 8, x: 9, ..&map }, "18c918");
    check("{a}", &values! { ..Some(&base) }, "1");
    check("{a}", &values! { a: 3, ..None::<Base> }, "3");
    refuses("{y}", &values! { x: 9, ..&base }, ErrorKind::MissingName);
    refuses("{x}", &values! { x: 9, ..[1] }, ErrorKind::WrongValue);
}
