//! The library's test client agrees with real browsers: on what a form sends, and on whether a form
//! can be sent at all.

use std::sync::mpsc::{Receiver, Sender, channel};

use solohttp::{IoList, Request, TestClient, TestPage, iolist};
use solohttp_tests::browser::{Browser, Engine, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

/// A form with every kind of control. Many of them have values that browsers change.
const CONTROLS: &str = r#"
<fieldset><legend>Text</legend>
<label>Text <input name=text value="  a &#10;b  "></label>
<label>Search <input type=search name=search value=x></label>
<label>Phone <input type=tel name=tel></label>
<label>Password <input type=password name=password value="&quot;\"></label>
<label>Mail <input type=email name=mail value=" a@example.org "></label>
<label>Mails <input type=email name=mails multiple value=" a@b.example , c@d.example "></label>
<label>Site <input type=url name=site value=" https://example.org/ü "></label>
<label>Unknown <input type=nonsense name=unknown value=u></label>
<label>Notes <textarea name=notes>

 two
lines &amp; <b>tag</b></textarea></label>
<input type=hidden name=hidden value="a&#10;b&#13;c">
<input type=hidden name=_charset_ value=no>
<label>Named <input name=named value=n dirname=named.dir dir=rtl></label>
<label>No name <input value=x></label>
<label>Blank name <input name="" value=x></label>
<label>A "name" <input name='a "name"&#10;é' value="é😀"></label>
</fieldset>
<fieldset><legend>Numbers</legend>
<label>Number <input type=number name=number value=1.50></label>
<label>Wrong number <input type=number name=wrong-number value=1,5></label>
<label>Slider <input type=range name=slider></label>
<label>Slider in steps <input type=range name=steps min=-20 max=20 step=12 value=19></label>
<label>Slider beyond <input type=range name=beyond max=10 value=99></label>
<label>Date <input type=date name=date value=2024-02-29></label>
<label>Wrong date <input type=date name=wrong-date value=2025-02-29></label>
<label>Time <input type=time name=time value=08:00:01.5></label>
<label>Moment <input type=datetime-local name=moment value="2026-03-31T08:00"></label>
<label>Colour <input type=color name=colour value=#FF8000></label>
</fieldset>
<fieldset><legend>Choices</legend>
<label>Checked <input type=checkbox name=checked checked></label>
<label>Unchecked <input type=checkbox name=unchecked value=1></label>
<fieldset><legend>Size</legend>
<label>Small <input type=radio name=size value=s checked></label>
<label>Large <input type=radio name=size value=l checked></label>
<label>Huge <input type=radio name=size></label>
</fieldset>
<label>Select <select name=select><option disabled value=0>Zero
<option>  One
 and a half <option value=2>Two</select></label>
<label>Twice <select name=twice><option selected>a<option selected>b<option>c</select></label>
<label>None <select name=none></select></label>
<label>List <select name=list size=2><option>a<option>b</select></label>
<label>Disabled option <select name=disabled-option><option disabled selected>a<option>b</select></label>
<label>Many <select name=many multiple><optgroup label=G><option selected>a<option>b</optgroup>
<optgroup disabled><option selected>c</optgroup><option value="" selected>d</select></label>
</fieldset>
<fieldset disabled><legend>Off <input name=in-legend value=1></legend><input name=in-fieldset>
<legend><input name=in-second-legend></legend></fieldset>
<input name=disabled disabled value=1><input name=readonly readonly value=1>
<datalist><input name=in-datalist value=1></datalist>
<template><input name=in-template value=1></template>
<p hidden><input name=not-shown value=1></p>
<output name=output>1</output> <button type=button name=button value=1>Nothing</button>
<input type=reset name=reset> <button name=other value=1>Other</button>
<table><tr><td><input name=cell-1 value=1><td><input name=cell-2 value=2><tr><td><p>Text
<input name=cell-3 value=3></table>
<label>File <input type=file name=file></label>
<label>Files <input type=file name=files multiple></label>
"#;

/// The buttons, with their ids.
const BUTTONS: &str = r#"
<button id=urlencoded name=pressed value="a&#10;b">Urlencoded</button>
<button id=multipart formenctype=multipart/form-data name=pressed>Multipart</button>
<button id=plain formenctype=text/plain name=pressed>Plain</button>
<button id=get formmethod=get formaction="?lost#here">Get</button>
<input id=labelled type=submit name=pressed formaction="/other/../x y">
<input id=valued type=submit name=pressed value=Valued>
<input id=image type=image alt=Image name=image> <input id=bare type=image alt=Bare>
"#;

const NAMES: [(&str, &str); 8] = [
    ("urlencoded", "Urlencoded"),
    ("multipart", "Multipart"),
    ("plain", "Plain"),
    ("get", "Get"),
    ("labelled", "Submit"),
    ("valued", "Valued"),
    ("image", "Image"),
    ("bare", "Bare"),
];

/// Shows the form, and reports what is submitted.
fn application(report: Sender<String>) -> impl FnMut(&Request) -> IoList {
    move |request: &Request| {
        if request.target() != "/form/" && !request.target().contains("favicon") {
            report.send(told(request)).expect("the test waits for it");
        }
        iolist![
            "<!DOCTYPE html><meta charset=utf-8><title>Form</title>",
            "<form method=post action=sent novalidate><input form=f name=elsewhere>",
            CONTROLS,
            BUTTONS,
            "<input name=last value=1></form><form id=f></form>"
        ]
    }
}

/// The request as sent, except for the boundary of a multipart form, which is random.
fn told(request: &Request) -> String {
    let kind = request.header("content-type").unwrap_or_default();
    let body = request.body().to_bytes().unwrap();
    let mut told = format!(
        "{} {}\n{kind}\n{}",
        request.method(),
        request.target(),
        String::from_utf8_lossy(&body).replace("\r\n", "⏎\n")
    );
    if let Some((_, boundary)) = kind.split_once("boundary=") {
        told = told.replace(boundary, "BOUNDARY");
    }
    told
}

/// What the test client sends when the form is filled in by `fill`.
fn sent_by_client(button: &str, fill: fn(&mut TestPage)) -> String {
    let (sender, receiver) = channel();
    let mut client = TestClient::new(application(sender));
    let mut page = client.get("/form/");
    fill(&mut page);
    client.press(page, button);
    receiver.try_recv().expect("something was sent")
}

/// What the browser sends. `fill` is a script.
fn sent_by_browser(
    page: &mut Page<'_>,
    url: &str,
    (button, receiver): (&str, &Receiver<String>),
    fill: impl FnOnce(&mut Page<'_>),
) -> String {
    page.open(&format!("{url}form/"));
    fill(page);
    page.navigate(|page| {
        page.eval(&format!("setTimeout(() => document.getElementById('{button}').click()); 0"));
    });
    receiver.try_recv().expect("something was sent")
}

fn a_form_is_sent_as_a_browser_does(browser: &Browser) {
    let (sender, receiver) = channel();
    let server = serve(move || application(sender));
    let mut page = browser.page();
    for (id, name) in NAMES {
        let by_browser = sent_by_browser(&mut page, &server.url, (id, &receiver), |_| {});
        check(browser, id, &sent_by_client(name, |_| {}), &by_browser);
    }
    let folder = tempfile::tempdir().unwrap();
    let files = [("a b.png", "123"), ("c.csv", "x\n"), ("d.unknown", "")].map(|(name, content)| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    });
    for (id, name) in [NAMES[0], NAMES[1]] {
        let by_browser = sent_by_browser(&mut page, &server.url, (id, &receiver), |page| {
            page.eval(FILL);
            page.upload("[name=file]", &files[..1]);
            page.upload("[name=files]", &files[1..]);
        });
        check(browser, id, &sent_by_client(name, fill), &by_browser);
    }
}

fn fill(page: &mut TestPage) {
    page.fill("Text", "new\ntext").fill("Notes", "a\r\nb\n").fill("Mail", " x@y.example ");
    page.fill("Number", "-.5").fill("Slider", 7).fill("Moment", "2026-03-31 08:00:00");
    page.fill("Colour", "#ABCDEF").fill("Date", "");
    page.uncheck("Checked").check("Unchecked").choose("Size", "Huge");
    page.choose("Select", "Two").choose("Twice", "c").choose("List", "b");
    page.deselect("Many", "a").choose("Many", "b").choose("Disabled option", "b");
    page.upload("File", "a b.png", "123");
    page.upload("Files", "c.csv", "x\n").upload("Files", "d.unknown", "");
}

/// The same in a browser.
const FILL: &str = r"
    const field = name => document.querySelector(`[name=${name}]`);
    const fill = (name, value) => { field(name).value = value; };
    fill('text', 'new\ntext'); fill('notes', 'a\r\nb\n'); fill('mail', ' x@y.example ');
    fill('number', '-.5'); fill('slider', '7'); fill('moment', '2026-03-31 08:00:00');
    fill('colour', '#ABCDEF'); fill('date', '');
    field('checked').checked = false; field('unchecked').checked = true;
    document.querySelectorAll('[name=size]')[2].checked = true;
    fill('select', '2'); fill('twice', 'c'); fill('list', 'b'); fill('disabled-option', 'b');
    field('many').options[0].selected = false; field('many').options[1].selected = true;
    0";

#[track_caller]
fn check(browser: &Browser, button: &str, by_client: &str, by_browser: &str) {
    // The label of a button without a value depends on the browser.
    let by_browser = by_browser.replace("Submit+Query", "Submit");
    let differing = by_client.lines().zip(by_browser.lines()).find(|(left, right)| left != right);
    assert_eq!(
        by_client,
        by_browser,
        "{:?}, #{button}: client and browser differ in {differing:?}",
        browser.engine()
    );
}

/// Controls, of which the form can be sent or not. The client must agree with the browser.
const RULES: &[&str] = &[
    "<input required>",
    "<input required value=' '>",
    "<input required disabled>",
    "<input required readonly>",
    "<input type=hidden required>",
    "<input type=range required>",
    "<input type=color required>",
    "<input type=checkbox required>",
    "<input type=checkbox required checked>",
    "<input type=file required>",
    "<fieldset disabled><input required></fieldset>",
    "<fieldset disabled><legend><input required></legend></fieldset>",
    "<datalist><input required></datalist>",
    "<p hidden><input required></p>",
    "<textarea required></textarea>",
    "<textarea required>\n</textarea>",
    "<textarea required>\n\n</textarea>",
    "<textarea pattern=a>b</textarea>",
    "<select required></select>",
    "<select required><option value=''>-<option>a</select>",
    "<select required><option value='' selected>-<option>a</select>",
    "<select required><option>a<option value='' selected>-</select>",
    "<select required><option value='' disabled>-<option>a</select>",
    "<select required><optgroup><option value='' selected>-</optgroup></select>",
    "<select required size=2><option value='' selected>-</select>",
    "<select required size=2><option>a</select>",
    "<select required multiple><option>a</select>",
    "<select required multiple><option value='' selected>a</select>",
    "<select required><option disabled selected>a</select>",
    "<input type=radio name=r required>",
    "<input type=radio name=r required><input type=radio name=r checked>",
    "<input type=radio required>",
    "<input type=radio required><input type=radio checked>",
    "<input type=radio name=r required><input type=radio name=s checked>",
    "<input type=radio name=r required disabled><input type=radio name=r>",
    "<input maxlength=1 minlength=5 value=abc>",
    "<input type=email value=a>",
    "<input type=email value=' a.b@c-d.e '>",
    "<input type=email value=a@-b>",
    "<input type=email value=a@b_c>",
    "<input type=email value=@b>",
    "<input type=email value='a@b, c@d'>",
    "<input type=email multiple value='a@b, c@d'>",
    "<input type=email multiple value='a@b,,'>",
    "<input type=email value=a@bücher.example>",
    "<input type=email value=ä@b.example>",
    "<input type=url value=example.org>",
    "<input type=url value=https://example.org>",
    "<input type=url value=https:example.org>",
    "<input type=url value=http://>",
    "<input type=url value=mailto:a>",
    "<input type=url value=//example.org>",
    "<input pattern=a+ value=aaa>",
    "<input pattern=a|b value=ab>",
    "<input pattern=a>",
    "<input pattern='\\d{2}' value=12>",
    "<input pattern='\\d{2}' value=123>",
    "<input pattern='[A-Z]\\w*' value='A_1'>",
    "<input pattern='.' value=é>",
    "<input pattern='(' value=x>",
    "<input type=number pattern=a value=1>",
    "<input type=number min=1 value=0>",
    "<input type=number max=1 value=1e0>",
    "<input type=number value=0.5>",
    "<input type=number step=any value=0.5>",
    "<input type=number step=0.01 value=12.05>",
    "<input type=number step=0.1 value=0.30>",
    "<input type=number step=0 value=0.5>",
    "<input type=number min=0.5 value=2.5>",
    "<input type=number value=x>",
    "<input type=number required value=x>",
    "<input type=range min=0 max=10 step=3 value=5>",
    "<input type=date min=2026-01-01 value=2025-12-31>",
    "<input type=date min=2026-01-01 step=7 value=2026-01-08>",
    "<input type=date min=2026-01-01 step=7 value=2026-01-07>",
    "<input type=date max=nonsense value=2026-01-01>",
    "<input type=time min=22:00 max=06:00 value=23:00>",
    "<input type=time min=22:00 max=06:00 value=12:00>",
    "<input type=time value=08:00:30>",
    "<input type=time step=1 value=08:00:30>",
    "<input type=time step=900 min=08:05 value=08:20>",
    "<input type=datetime-local min=2026-01-01T00:00 value='2025-12-31T23:59'>",
    "<input type=datetime-local step=3600 value='2025-12-31T23:30'>",
];

/// For these, Firefox has ordinary text controls.
const ONLY_IN_CHROMIUM: &[&str] = &[
    "<input type=month max=2025-12 value=2026-01>",
    "<input type=month min=2025-01 step=3 value=2025-04>",
    "<input type=month min=2025-01 step=3 value=2025-05>",
    "<input type=week step=2 value=1970-W02>",
    "<input type=week min=1970-W01 step=2 value=1970-W02>",
    "<input type=week min=2026-W01 step=2 value=2026-W03>",
    "<input type=week max=2020-W52 value=2020-W53>",
];

fn a_form_is_refused_as_by_a_browser(browser: &Browser) {
    let more = if browser.engine() == Engine::Chromium { ONLY_IN_CHROMIUM } else { &[] };
    let rules: Vec<&str> = RULES.iter().chain(more).copied().collect();
    let mut html = String::from("<!DOCTYPE html><meta charset=utf-8><title>Rules</title>");
    for (index, control) in rules.iter().enumerate() {
        html += &format!("<form>{control}<button>Send {index}</button></form>");
    }
    let shown = html.clone();
    let server = serve(move || move || shown.clone());
    let mut page = browser.page();
    page.open(&server.url);
    let by_browser = page.eval("[...document.forms].map(form => form.checkValidity())");
    let by_browser: Vec<bool> = serde_json::from_value(by_browser).unwrap();
    let mut client = TestClient::new(move || html.clone());
    let form = client.get("/");
    let by_client = (0..rules.len()).map(|index| {
        let press = || client.press(&form, &format!("Send {index}"));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(press)).is_ok()
    });
    let by_client: Vec<bool> = by_client.collect();
    let differing: Vec<_> = rules
        .iter()
        .zip(by_browser.iter().zip(&by_client))
        .filter(|(_, (browser, client))| browser != client)
        .map(|(rule, (browser, _))| format!("{rule}: {browser} in the browser"))
        .collect();
    assert_eq!(differing, Vec::<String>::new());
    assert!(by_browser.iter().filter(|is_valid| **is_valid).count() > 20);
}

in_each_browser!(a_form_is_sent_as_a_browser_does, a_form_is_refused_as_by_a_browser);
