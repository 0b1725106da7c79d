//! What the client accepts from a test, what it sends, and what it says when something is wrong.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::*;
use crate::response::Response;

/// The method, target, relevant header fields and body of a request.
fn told(request: &Request) -> String {
    let field = |name: &str| match request.header(name) {
        Some(value) => format!("{name}: {value}\n"),
        None => String::new(),
    };
    let fields: String = ["content-type", "cookie", "origin", "referer"].map(field).concat();
    let body = request.body().to_bytes().unwrap();
    format!("{} {}\n{fields}{}", request.method(), request.target(), String::from_utf8_lossy(&body))
}

/// Opens a page with this HTML, uses it, and returns what is sent when a button is pressed.
fn sent(html: &'static str, fill: impl FnOnce(&mut TestPage), button: &str) -> String {
    let seen = Rc::new(RefCell::new(String::new()));
    let last = Rc::clone(&seen);
    let mut browser = TestClient::new(move |request: &Request| {
        *last.borrow_mut() = told(request);
        html
    });
    let mut page = browser.get("/p?q");
    fill(&mut page);
    browser.press(page, button);
    seen.take()
}

/// The message of the panic.
fn complaint(action: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(action)).expect_err("nothing is wrong");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic.downcast::<&str>().unwrap().to_string(),
    }
}

fn page(html: &'static str) -> TestPage {
    TestClient::new(move || html).get("/")
}

const FORM: &str = "<form method=post action=/save>
    <fieldset><legend>Sample</legend>
        <label for=c>Code</label><input id=c name=code required pattern='[A-Z]-\\d+' maxlength=5>
        <label>Count <input name=count type=number min=1 max=9></label>
        <label>Taken <input name=taken type=date></label>
        <label>Note <textarea name=note></textarea></label>
        <label>Status <select name=state><option value=0>Fresh<option value=1>Frozen
            <option disabled>Lost</select></label>
        <label>Tags <select name=tag multiple><option>a<option selected>b<option>c</select></label>
        <label><input type=checkbox name=urgent> Urgent</label>
        <fieldset><legend>Kind</legend>
            <label><input type=radio name=kind value=b> Blood</label>
            <label><input type=radio name=kind value=w> Water</label>
        </fieldset>
    </fieldset>
    <button name=b value=1>Save</button> <button name=b value=2 formnovalidate>Draft</button>
    <button type=button>Clear</button> <button disabled>Delete</button>
</form>";

#[test]
fn a_form_is_filled_in_and_sent() {
    let fill = |page: &mut TestPage| {
        page.fill("Code", "A-17").fill("Count", 3).fill("Taken", "2026-03-31");
        page.fill("Note", "a\nb & c").choose("Status", "Frozen").choose("Tags", "c");
        page.deselect("Tags", "b").check("Urgent").choose("Kind", "Blood").check("Water");
        assert_eq!(page.value("Status"), "Frozen");
        assert_eq!(page.value("Sample, Code"), "A-17");
        assert_eq!(page.value("Kind"), "Water");
        assert!(page.is_checked("Urgent") && !page.is_checked("Kind, Blood"));
    };
    assert_eq!(
        sent(FORM, fill, "Save"),
        "POST /save\n\
         content-type: application/x-www-form-urlencoded\n\
         origin: http://localhost\n\
         referer: http://localhost/p?q\n\
         code=A-17&count=3&taken=2026-03-31&note=a%0D%0Ab+%26+c&state=1&tag=c&urgent=on&kind=w&b=1"
    );
    let untouched = sent(FORM, |_| {}, "Draft");
    assert!(untouched.ends_with("\ncode=&count=&taken=&note=&state=0&tag=b&b=2"), "{untouched}");
}

#[test]
fn what_is_not_on_the_page_is_an_error_that_lists_what_is() {
    let mut form = page(FORM);
    let message = complaint(|| _ = form.fill("Cod", "x"));
    assert!(message.starts_with("no field “Cod” on / (200 OK): its fields are\n"), "{message}");
    for line in ["  Sample, Code\n", "Status (“Fresh”, “Frozen”, “Lost”)\n", "  Kind, Water"]
    {
        assert!(message.contains(line), "{message}");
    }
    let mut browser = TestClient::new(|| FORM);
    let form = browser.get("/");
    let message = complaint(|| drop(browser.press(&form, "Send")));
    assert!(message.contains("its buttons are\n  Save\n  Draft\n  Clear\n  Delete (disabled)"));
    let message = complaint(|| drop(browser.follow(&form, "Next")));
    assert_eq!(message, "no link “Next” on / (200 OK): it has no links");
    assert!(complaint(|| _ = form.error_at("Cod")).contains("no field “Cod”"));
}

#[test]
fn what_a_person_cannot_do_is_an_error() {
    let html = "<label>A <input></label><form><label>A <input disabled></label>
        <label>B <input readonly></label><label>C <input type=checkbox></label>
        <fieldset disabled><legend><label>D <input></label></legend>
            <label>E <input></label></fieldset>
        <p hidden><label>F <input></label></form>";
    let form = page(html);
    let check = |action: fn(&mut TestPage), expect: &str| {
        let message = complaint(|| action(&mut form.clone()));
        assert!(message.contains(expect), "{message}");
    };
    check(|page| _ = page.fill("A", "x"), "several fields are called “A” on /");
    check(|page| _ = page.fill("B", "x"), "“B” on /: it is read-only");
    check(|page| _ = page.fill("C", "x"), "cannot fill “C” on /: use `check`");
    check(|page| _ = page.fill("E", "x"), "it is disabled");
    check(|page| _ = page.fill("F", "x"), "no field “F”");
    form.clone().fill("D", "x");
    let form = page(FORM);
    let check = |action: fn(&mut TestPage), expect: &str| {
        let message = complaint(|| action(&mut form.clone()));
        assert!(message.contains(expect), "{message}");
    };
    check(|page| _ = page.choose("Status", "Gone"), "no such option: “Gone”; the options are “Fr");
    check(|page| _ = page.choose("Status", "Lost"), "the option is disabled");
    check(|page| _ = page.deselect("Status", "Fresh"), "choose another");
    check(|page| _ = page.fill("Count", "x"), "a browser doesn't accept “x” in <input type=num");
    check(|page| _ = page.fill("Taken", "31.3.2026"), "a browser doesn't accept");
    check(|page| _ = page.fill("Code", "AAAAAA"), "has 6 characters, and `maxlength` is 5");
}

#[test]
fn what_a_browser_does_not_send_is_an_error() {
    let mut browser = TestClient::new(|| FORM);
    let form = browser.get("/");
    let mut check = |button: &str, action: fn(&mut TestPage), expect: &str| {
        let mut form = form.clone();
        action(&mut form);
        let message = complaint(|| drop(browser.press(form, button)));
        assert!(message.contains(expect), "{message}");
    };
    check("Save", |_| {}, "a browser doesn't send this form:\n  Sample, Code: it is required");
    check("Save", |page| _ = page.fill("Code", "a-1"), "“a-1” doesn't match the pattern `[A-Z]-");
    check("Save", |page| _ = page.fill("Count", "10"), "Count: “10” is above the maximum, 9");
    check("Save", |page| _ = page.fill("Count", "1.5"), "Count: “1.5” is not on a step");
    check("Clear", |_| {}, "it sends nothing, and there are no scripts");
    check("Delete", |_| {}, "the button is disabled");
}

#[test]
fn the_rules_of_every_control_are_checked() {
    let check = |control: &'static str, is_valid: bool| {
        let html = format!("<form>{control}<button>Send</button></form>");
        let mut browser = TestClient::new(move || html.clone());
        let page = browser.get("/");
        let result = catch_unwind(AssertUnwindSafe(|| browser.press(page, "Send")));
        assert_eq!(result.is_ok(), is_valid, "{control}");
    };
    for valid in [
        "<input required value=a>",
        "<input required disabled>",
        "<input required readonly>",
        "<input type=hidden required>",
        "<input maxlength=1 minlength=5 value=abc>",
        "<input type=email>",
        "<input type=email value=' a.b@c-d.e '>",
        "<input type=email multiple value='a@b, c@d'>",
        "<input type=email value=a@bücher.example>",
        "<input type=url value=https://example.org>",
        "<input type=url value=mailto:a>",
        "<input pattern=a+ value=aaa>",
        "<input pattern=(?=a)a value=b>",
        "<textarea pattern=a>b</textarea>",
        "<select required><option value=''>-<option selected>a</select>",
        "<select required size=2><option value='' selected>-</select>",
        "<input type=radio name=r required><input type=radio name=r checked>",
        "<input type=radio required>",
        "<input type=time min=22:00 max=06:00 value=23:00>",
        "<input type=number step=any value=0.123>",
        "<input type=number value=x>",
        "<datalist><input required></datalist>",
    ] {
        check(valid, true);
    }
    for invalid in [
        "<input required>",
        "<input type=checkbox required>",
        "<input type=file required>",
        "<textarea required></textarea>",
        "<select required></select>",
        "<select required><option value=''>-<option>a</select>",
        "<input type=radio name=r required><input type=radio name=r>",
        "<input type=radio name=r required><input type=radio name=s checked>",
        "<input type=email value=a>",
        "<input type=email value='a@b, c@d'>",
        "<input type=email value=a@-b>",
        "<input type=email multiple value='a@b,,'>",
        "<input type=url value=example.org>",
        "<input type=url value=http://>",
        "<input pattern=a value=aa>",
        "<input pattern=a|b value=ab>",
        "<input type=date min=2026-01-01 value=2025-12-31>",
        "<input type=time min=22:00 max=06:00 value=12:00>",
        "<input type=time min=00:00 value=08:00:30>",
        "<input type=month max=2025-12 value=2026-01>",
        "<input type=week min=1970-W01 step=2 value=1970-W02>",
        "<input type=datetime-local min=2026-01-01T00:00 value='2025-12-31 23:59'>",
    ] {
        check(invalid, false);
    }
}

#[test]
fn a_lower_limit_is_for_what_was_typed() {
    let html = "<form><label>A <input minlength=3 value=x></label><button>Send</button></form>";
    let mut browser = TestClient::new(move || html);
    let mut page = browser.get("/");
    browser.press(&page, "Send");
    page.fill("A", "é😀");
    browser.press(&page, "Send");
    page.fill("A", "xy");
    let message = complaint(|| drop(browser.press(&page, "Send")));
    assert!(message.contains("A: “xy” has 2 characters, and `minlength` is 3"), "{message}");
}

#[test]
fn the_button_may_override_its_form() {
    let html = "<form id=f action=a enctype=multipart/form-data><input name=x value='\"1'></form>
        <button form=f formaction='?b#c'>Get</button>
        <button form=f formmethod=post formenctype=text/plain>Text</button>
        <button form=f formmethod=post name=y>Post</button>
        <button form=f formmethod=dialog>Close</button><button>Alone</button>";
    assert_eq!(sent(html, |_| {}, "Get"), "GET /p?x=%221\nreferer: http://localhost/p?q\n");
    assert!(sent(html, |_| {}, "Text").contains("POST /a\ncontent-type: text/plain\n"));
    let post = sent(html, |_| {}, "Post");
    assert!(post.contains("multipart/form-data; boundary=----solohttp0\n"), "{post}");
    assert!(post.contains("form-data; name=\"x\"\r\n\r\n\"1\r\n"), "{post}");
    assert!(post.contains("form-data; name=\"y\"\r\n\r\n\r\n"), "{post}");
    for (button, why) in [("Close", "it closes a dialog"), ("Alone", "the button isn't in a form")]
    {
        let message = complaint(|| drop(sent(html, |_| {}, button)));
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn files_are_sent() {
    let html = "<form method=post enctype=multipart/form-data>
        <label>Photo <input type=file name=photo></label>
        <label>Pages <input type=file name=page multiple></label>
        <label>More <input type=file name=more></label><button>Send</button></form>";
    let seen = Rc::new(RefCell::new(Vec::new()));
    let uploads = Rc::clone(&seen);
    let mut browser = TestClient::new(move |request: &Request| -> crate::Result<&str> {
        for upload in request.uploads()? {
            uploads.borrow_mut().push(format!(
                "{} {} {} {}",
                upload.field(),
                upload.raw_file_name(),
                upload.content_type(),
                upload.len()
            ));
        }
        Ok(html)
    });
    let mut page = browser.get("/");
    page.upload("Photo", "no.png", "x").upload("Photo", "a.PNG", b"123");
    page.upload("Pages", "b.csv", "1").upload("Pages", "c", "");
    assert_eq!(page.value("Pages"), "b.csv, c");
    browser.press(page, "Send");
    assert_eq!(
        seen.take(),
        ["photo a.PNG image/png 3", "page b.csv text/csv 1", "page c application/octet-stream 0"]
    );
}

#[test]
fn links_redirects_and_cookies_are_followed() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let requests = Rc::clone(&seen);
    let mut browser = TestClient::new(move |request: &Request| {
        requests.borrow_mut().push(told(request));
        match request.target() {
            "/a" => Response::redirect("b?x#y").with_header(header::SET_COOKIE, "s=1; Path=/"),
            "/post" => Response::redirect_permanent("/d"),
            "/round" => Response::redirect("/round"),
            "/away" => Response::redirect("https://example.org/"),
            _ => Response::html(
                "<base href=/e/><a href=c>Next</a> <a href=c aria-label='Last page'>&gt;</a>
                 <a href=//example.org/>Away</a><form method=post action=/post>
                 <input name=f value=1><button>Send</button></form>",
            ),
        }
    });
    let page = browser.get("/a");
    assert_eq!(page.url(), "/b?x#y");
    let page = browser.follow(page, "Next");
    assert_eq!(page.url(), "/e/c");
    assert!(page.has_link("Last page") && !page.has_link("Previous"));
    assert!(page.has_button("Send") && !page.has_button("Next"));
    let message = complaint(|| drop(browser.follow(&page, "Away")));
    assert!(message.contains("leads to another server"), "{message}");
    browser.press(&page, "Send");
    let seen = seen.take();
    let first: Vec<_> = seen.iter().map(|request| request.lines().next().unwrap()).collect();
    assert_eq!(first, ["GET /a", "GET /b?x", "GET /e/c", "POST /post", "POST /d"]);
    assert!(seen[1].contains("cookie: s=1"), "{}", seen[1]);
    assert!(seen[2].contains("referer: http://localhost/b?x\n"), "{}", seen[2]);
    assert!(seen[4].ends_with("f=1"), "{}", seen[4]);
    assert_eq!(browser.get("/away").status(), StatusCode::SEE_OTHER);
    assert!(complaint(|| drop(browser.get("/round"))).contains("/round redirects without end"));
}

#[test]
fn errors_are_found_at_their_fields() {
    let form = page(
        "<label for=a>A</label><input id=a aria-invalid=true aria-describedby='a-help a-error'>
         <p id=a-help>Help.<p id=a-error>Wrong  <b>value</b>.</p>
         <label for=b>B</label><input id=b aria-describedby=a-help>
         <label for=c>C</label><input id=c aria-invalid=true aria-describedby=a-help>
         <label for=d>D</label><input id=d aria-invalid=true aria-errormessage=x><p id=x>Bad.</p>
         <fieldset aria-describedby=e><legend>E</legend><input aria-label=F></fieldset>
         <p id=e class=error>Choose one.",
    );
    assert_eq!(form.error_at("A"), Some("Wrong value."));
    assert_eq!(form.error_at("B"), None);
    assert_eq!(form.error_at("C"), Some("Help."));
    assert_eq!(form.error_at("D"), Some("Bad."));
    assert_eq!(form.error_at("E"), Some("Choose one."));
    assert_eq!(form.error_at("E, F"), None);
    assert!(form.has_field("E, F") && !form.has_field("G"));
}

#[test]
fn buttons_with_the_same_effect_are_one() {
    let html = "<form><button hidden name=b value=1>Save</button><button name=b>Save</button>
        <fieldset><legend>Row</legend><button name=b value=2>Drop</button></fieldset>
        <button name=b value=3>Drop</button><button name=b>Save</button></form>";
    assert!(sent(html, |_| {}, "Save").starts_with("GET /p?b=\n"));
    assert!(complaint(|| drop(sent(html, |_| {}, "Drop"))).contains("several buttons"));
    assert!(sent(html, |_| {}, "Row, Drop").starts_with("GET /p?b=2\n"));
}

#[test]
fn a_response_that_is_no_page_is_text() {
    let mut browser = TestClient::new(|| Response::text("<p>a").with_status(StatusCode::CONFLICT));
    let page = browser.get("/");
    assert_eq!((page.status(), page.text(), page.title()), (StatusCode::CONFLICT, "<p>a", ""));
    assert_eq!(
        (page.bytes(), page.header("content-type")),
        (&b"<p>a"[..], Some("text/plain; charset=utf-8"))
    );
}
