//! A desktop program's open pages update themselves without losing the user's input. All tabs share
//! one event stream. Pages show a message when the program has ended, and reconnect when it runs
//! again.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use solohttp_tests::browser::{Browser, PATIENCE, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::program::{self, Program};
use tempfile::TempDir;

use crate::datebook::{axe, check_page};

const EVENTS: &str = "/__desktop/events";
const BANNER: &str = "document.querySelector('[role=alert]')";

/// A running desktop program, with its data.
struct Desk {
    data: TempDir,
    program: Option<Program>,
    url: String,
}

impl Desk {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut desk = Self { data, program: None, url: String::new() };
        desk.restart();
        desk
    }

    /// Starts the program, which uses its previous port again if possible.
    fn restart(&mut self) {
        let mut desk = Command::new(env!("CARGO_BIN_EXE_desk"));
        desk.arg("--no-browser").arg("--data").arg(self.data.path());
        // Keeps links from opening a browser.
        if cfg!(target_os = "linux") {
            desk.env("PATH", self.data.path());
        }
        let program = program::launch(desk);
        let is_first = self.url.is_empty();
        assert!(is_first || program.url == self.url, "{} is taken", self.url);
        self.url.clone_from(&program.url);
        self.program = Some(program);
    }

    fn program(&mut self) -> &mut Program {
        self.program.as_mut().unwrap()
    }

    /// Kills the program, to simulate a crash.
    fn kill(&mut self) {
        self.program = None;
    }

    /// Signs in, and opens a tab.
    fn first_page<'a>(&mut self, browser: &'a Browser) -> Page<'a> {
        let line = self.program().wait_for_line("sign-in link");
        let mut signing_in = browser.page();
        // The link opens a page that redirects to another one, possibly before the first one has
        // loaded.
        drop(signing_in.try_open(line.split_whitespace().last().unwrap()));
        signing_in.wait_for("location.pathname === '/' && document.readyState === 'complete'");
        let page = self.page(browser, "");
        signing_in.close();
        page
    }

    fn page<'a>(&self, browser: &'a Browser, path: &str) -> Page<'a> {
        let mut page = browser.page();
        page.open(&format!("{}{path}", self.url));
        page
    }
}

fn post(page: &mut Page<'_>, path: &str) {
    let status = page.eval(&format!("fetch('{path}', {{ method: 'POST' }}).then(it => it.status)"));
    assert_eq!(status, 204);
}

fn change(page: &mut Page<'_>) {
    post(page, "/change");
}

fn requests(page: &mut Page<'_>) -> u64 {
    let text = page.eval("fetch('/requests').then(it => it.text())");
    text.as_str().unwrap().parse().unwrap()
}

#[track_caller]
fn wait_for_number(page: &mut Page<'_>, number: u64) {
    page.wait_for(&format!("document.querySelector('#number').textContent === '{number}'"));
}

/// Returns how many streams this tab has opened.
fn streams(page: &mut Page<'_>) -> usize {
    page.network_log().iter().filter(|entry| entry.url.ends_with(EVENTS)).count()
}

/// Waits until one of the tabs has opened a stream, and returns its index.
#[track_caller]
fn leader(pages: &mut [Page<'_>]) -> usize {
    let start = Instant::now();
    loop {
        if let Some(leader) = pages.iter_mut().position(|page| streams(page) > 0) {
            return leader;
        }
        assert!(start.elapsed() < PATIENCE, "no tab opens a stream");
    }
}

fn twenty_tabs_are_live_with_one_stream(browser: &Browser) {
    let mut desk = Desk::start();
    let mut pages = vec![desk.first_page(browser)];
    pages.extend((1..20).map(|_| desk.page(browser, "")));
    change(&mut pages[7]);
    for page in &mut pages {
        page.show();
        wait_for_number(page, 1);
    }
    assert_eq!(pages.iter_mut().map(streams).sum::<usize>(), 1);
}

fn the_next_tab_takes_over_when_the_one_with_the_stream_is_closed_or_left(browser: &Browser) {
    let mut desk = Desk::start();
    let mut pages = vec![desk.first_page(browser)];
    pages.extend((0..2).map(|_| desk.page(browser, "")));
    let first = leader(&mut pages);
    pages.swap_remove(first).close();
    let second = leader(&mut pages);
    change(&mut pages[second]);
    for page in &mut pages {
        page.show();
        wait_for_number(page, 1);
    }
    let mut left = pages.swap_remove(second);
    left.open("about:blank");
    assert_eq!(leader(&mut pages), 0);
    change(&mut pages[0]);
    pages[0].show();
    wait_for_number(&mut pages[0], 2);
    // A page that the Back button shows again has missed the changes made in the meantime.
    left.show();
    left.back();
    wait_for_number(&mut left, 2);
}

fn a_thousand_changes_in_a_second_make_few_requests(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    wait_for_number(&mut page, 0);
    let before = requests(&mut page);
    let started = Instant::now();
    post(&mut page, "/storm");
    wait_for_number(&mut page, 1_000);
    let made = requests(&mut page) - before;
    // At most 5 requests per second and one more. That makes 6, unless the changes take longer than
    // a second.
    let most = 1 + 5 * started.elapsed().as_millis().max(1_000) / 1_000;
    assert!((1..=most).contains(&made.into()), "{made}, but at most {most}");
}

fn what_the_user_is_doing_outlives_a_hundred_changes(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    page.type_over("#row-5 input", "on row 5");
    page.click("#done");
    page.click("summary");
    page.eval("document.querySelector('#box').scrollTop = 123");
    page.type_over("#text", "typed");
    page.eval(
        "window.field = document.querySelector('#text'); field.setSelectionRange(1, 3, 'backward'); \
         window.left = 0; field.addEventListener('blur', () => left++)",
    );
    for _ in 0..4 {
        change(&mut page);
        page.wait_for("document.querySelector('#number').textContent > (window.last || 0)");
        page.eval("window.last = Number(document.querySelector('#number').textContent)");
    }
    page.eval(
        "(async () => { for (let i = 0; i < 96; i++) await fetch('/change', { method: 'POST' }) })()",
    );
    wait_for_number(&mut page, 100);
    for (expression, expect) in [
        ("field === document.activeElement && field.isConnected", Value::from(true)),
        ("left", Value::from(0)),
        ("field.value", "typed".into()),
        (
            "[field.selectionStart, field.selectionEnd, field.selectionDirection].join()",
            "1,3,backward".into(),
        ),
        ("document.querySelector('#done').checked", true.into()),
        ("document.querySelector('#more').open", true.into()),
        ("document.querySelector('#more p').textContent", "100".into()),
        ("document.querySelector('#box').scrollTop", 123.into()),
        ("document.querySelector('#box p').textContent", "100".into()),
        // Fields that the user hasn't changed are updated, but the form's hidden version is still
        // the one that the user saw.
        ("document.querySelector('#other').value", "100".into()),
        ("document.querySelector('#notes').value", "100".into()),
        ("document.querySelector('[name=version]').value", "0".into()),
        ("document.querySelector('#number').className", "n100".into()),
        ("document.querySelectorAll('li[id]').length", 9.into()),
        ("document.querySelector('#row-5 input').value", "on row 5".into()),
        ("document.querySelector('#fixed').textContent", "0".into()),
    ] {
        assert_eq!(page.eval(expression), expect, "{expression}");
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Each case is one update: the old page, the user's action, the new page, and the condition to
/// wait for.
const UPDATES: &[(&str, &str, &str, &str)] = &[
    // Neither new nor changed scripts run. Attributes are added and removed.
    (
        "<p class=a>A</p>",
        "",
        "<script src='/ran.js'></script><p title=b>B</p>",
        "!q('p').hasAttribute('class') && q('p').title === 'b' && q('p').textContent === 'B'",
    ),
    // In a list without keys, rows are recognized by their contents.
    (
        "<ul><li><a href='/1'>1</a> <input name=n></li><li><a href='/2'>2</a> <input name=n></li></ul>",
        "q('li:nth-child(2) input').value = 'two'",
        "<ul><li><a href='/0'>0</a> <input name=n></li><li><a href='/1'>1</a> <input name=n></li>\
         <li><a href='/2'>2!</a> <input name=n></li></ul>",
        "q('li:nth-child(3) input').value === 'two' && q('li:nth-child(3)').textContent === '2! ' \
         && q('li:nth-child(2) input').value === '' && all('li').length === 3",
    ),
    // A form with typed text keeps the id of its record.
    (
        "<form action='/a'><input type=hidden name=id value=1><input name=n></form>",
        "q('[name=n]').value = 'x'",
        "<form action='/a'><input type=hidden name=id value=2><input name=n></form>",
        "q('[name=id]').value === '1' && q('[name=n]').value === 'x' && all('input').length === 2",
    ),
    // A form with typed text isn't mistaken for another record's form, and stays even if the new
    // page no longer has it.
    (
        "<div><form action='/a'><input name=n></form></div>",
        "q('[name=n]').value = 'x'",
        "<div><form action='/b'><input name=n></form></div>",
        "q('[action=\"/a\"] input').value === 'x' && q('[action=\"/b\"] input').value === ''",
    ),
    // A form that the user hasn't typed in is replaced.
    (
        "<div><form action='/a'><input type=hidden name=id value=1><input name=n></form></div>",
        "",
        "<div><form action='/b'><input type=hidden name=id value=2><input name=n></form></div>",
        "!q('[action=\"/a\"]') && q('[name=id]').value === '2'",
    ),
    // A radio button that the user has chosen stays chosen, even if the program chooses another.
    (
        "<form><input type=radio name=r value=a checked><input type=radio name=r value=b>\
         <input type=radio name=r value=c></form>",
        "q('[value=b]').checked = true",
        "<form><input type=radio name=r value=a><input type=radio name=r value=b>\
         <input type=radio name=r value=c checked></form>",
        "q(':checked').value === 'b'",
    ),
    (
        "<form><input type=radio name=r value=a checked><input type=radio name=r value=b></form>",
        "q('[value=b]').checked = true; q('[value=a]').checked = true",
        "<form><input type=radio name=r value=a><input type=radio name=r value=b checked></form>",
        "q(':checked').value === 'b'",
    ),
    // A drop-down list that the user has changed keeps its value. Other drop-down lists are
    // updated.
    (
        "<select id=s1><option>a<option>b<option>c</select><select id=s2><option>a<option>b</select>",
        "q('#s1').value = 'b'",
        "<select id=s1><option>a<option>b<option selected>c</select>\
         <select id=s2><option>a<option>c<option selected>b</select>",
        "q('#s1').value === 'b' && q('#s2').value === 'b' && q('#s2').options.length === 3",
    ),
    // A checkbox that was checked and unchecked again is updated.
    (
        "<input type=checkbox>",
        "q('input').click(); q('input').click()",
        "<input type=checkbox checked>",
        "q('input').checked",
    ),
    // Details that the user has closed stay closed, and an open dialog stays open.
    (
        "<details open><summary>s</summary>1</details><dialog id=d>1</dialog>",
        "q('details').open = false; q('#d').showModal()",
        "<details open><summary>s</summary>2</details><dialog id=d>2</dialog>",
        "!q('details').open && q('#d').open && q('#d').matches(':modal') && q('#d').textContent === '2'",
    ),
    // Frames, canvases and `contenteditable` elements are left alone.
    (
        "<iframe title=f></iframe><canvas id=c></canvas><div contenteditable>x</div>",
        "window.frame = q('iframe').contentWindow; q('canvas').textContent = 'mine'; \
         q('[contenteditable]').textContent = 'mine'",
        "<p>new</p><iframe title=f></iframe><canvas id=c>yours</canvas><div contenteditable>y</div>",
        "frame === q('iframe').contentWindow && q('canvas').textContent === 'mine' \
         && q('[contenteditable]').textContent === 'mine' && q('p')",
    ),
    // Rows that move keep focus and their scroll positions.
    (
        "<div id=a>a</div><div id=b><input id=i></div><div id=c>c</div>",
        "q('#i').focus(); window.left = 0; q('#i').onblur = () => left++",
        "<div id=c>c</div><div id=b>B<input id=i></div><div id=a>a</div>",
        "document.activeElement.id === 'i' && [...all('#live div')].map(it => it.id).join() === 'c,b,a' && left === 0",
    ),
    // A live element inside another one is updated along with it.
    (
        "<ul id=inner data-live=html></ul>",
        "",
        "<p>new</p><ul id=inner data-live=html><li>1</li></ul>",
        "q('p') && all('li').length === 1",
    ),
    // Text, comments and SVG images are updated.
    (
        "a <b>b</b><!-- c --> d<svg><use href='#x'></use></svg>",
        "",
        "d <i>c</i><!-- e --> <b>b</b> a<svg><use href='#y'></use></svg>",
        "q('#live').innerHTML === 'd <i>c</i><!-- e --> <b>b</b> a<svg><use href=\"#y\"></use></svg>'",
    ),
];

fn an_update_changes_only_what_differs(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    for (before, action, after, expect) in UPDATES {
        let set = |page: &mut Page<'_>, html: &str| {
            let html = format!(r#"<div id="live" data-live="html">{html}</div>"#);
            page.eval(&format!(
                "fetch('/', {{ method: 'POST', body: new URLSearchParams({{ html: {} }}) }})",
                Value::from(html)
            ));
        };
        set(&mut page, before);
        page.open(&desk.url);
        page.eval(
            "window.q = selector => document.querySelector(selector); \
             window.all = selector => document.querySelectorAll(selector); 0",
        );
        page.eval(&format!("{{ {action} }} 0"));
        set(&mut page, after);
        page.wait_for(expect);
        assert!(!page.network_log().iter().any(|entry| entry.url.ends_with("ran.js")), "{after}");
    }
}

fn a_hidden_tab_waits_until_it_is_shown(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    let mut other = desk.page(browser, "form");
    page.eval("Object.defineProperty(document, 'hidden', { value: true, configurable: true }), 0");
    let before = requests(&mut page);
    for number in 1..=3 {
        change(&mut other);
        other.show();
        wait_for_number(&mut other, number);
    }
    assert_eq!(requests(&mut page) - before, 0);
    page.show();
    page.eval("delete document.hidden, document.dispatchEvent(new Event('visibilitychange', { bubbles: true })), 0");
    wait_for_number(&mut page, 3);
    assert_eq!(requests(&mut page) - before, 1);
}

fn a_form_that_was_refused_stays_while_its_page_is_updated(browser: &Browser) {
    let mut desk = Desk::start();
    desk.first_page(browser).close();
    let mut page = desk.page(browser, "form");
    page.type_over("#text", "wrong");
    page.navigate(|page| page.click("button"));
    change(&mut page);
    wait_for_number(&mut page, 1);
    assert_eq!(page.eval("document.querySelector('#text').value"), "wrong");
    assert_eq!(page.eval("document.querySelector('#error').textContent"), "This is wrong.");
}

fn a_page_that_is_gone_stays_as_it_was(browser: &Browser) {
    let mut desk = Desk::start();
    desk.first_page(browser).close();
    let mut page = desk.page(browser, "gone");
    change(&mut page);
    let url = format!("{}gone", desk.url);
    let start = Instant::now();
    while page.network_log().iter().filter(|entry| entry.url == url).count() < 2 {
        assert!(start.elapsed() < PATIENCE, "the page wasn't requested again");
    }
    page.eval("new Promise(done => setTimeout(done, 300))");
    assert_eq!(page.eval("document.querySelector('#state').textContent"), "here");
}

fn what_changes_while_the_program_is_gone_is_there_afterwards(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    let mut other = desk.page(browser, "missing");
    page.show();
    page.type_over("#text", "typed");
    let start = Instant::now();
    desk.kill();
    page.wait_for(BANNER);
    let ended = "Desk has exited. Start it again to continue.";
    assert_eq!(page.eval(&format!("{BANNER}.textContent")), ended);
    // Other tabs and error pages show the message, too.
    other.show();
    other.wait_for(BANNER);
    page.show();
    // Neither a form nor a link leads to one of the browser's error pages.
    page.eval("window.first = document.querySelector('[role=alert]')");
    page.click("form button");
    page.wait_for(&format!("first !== {BANNER}"));
    page.eval("document.body.insertAdjacentHTML('beforeend', '<a id=link href=/elsewhere>x</a>')");
    page.click("#link");
    fs::write(desk.data.path().join("number.txt"), "42").unwrap();
    thread::sleep(Duration::from_secs(30).saturating_sub(start.elapsed()));
    assert_eq!(page.eval("document.querySelector('#text').value"), "typed");
    assert_eq!(page.eval(&format!("{BANNER}.textContent")), ended);
    assert_eq!(page.url(), desk.url);

    desk.restart();
    page.wait_for(&format!("!{BANNER}"));
    wait_for_number(&mut page, 42);
    assert_eq!(page.eval("document.querySelector('#text').value"), "typed");
    other.show();
    other.wait_for(&format!("!{BANNER}"));
    page.show();
    page.navigate(|page| page.click("form button"));
    assert_eq!(page.eval("fetch('/sent').then(it => it.text())"), "typed");
}

/// A program that is only busy isn't reported as ended.
fn a_slow_handler_makes_no_alarm(browser: &Browser) {
    let mut desk = Desk::start();
    let mut pages = vec![desk.first_page(browser)];
    pages.push(desk.page(browser, ""));
    for page in &mut pages {
        page.eval(
            "window.alarms = 0; new MutationObserver(() => alarms += !!document\
            .querySelector('[role=alert]')).observe(document.body, { childList: true })",
        );
    }
    // A page's stream ends while the next page is loading.
    let leader = leader(&mut pages);
    pages[leader].open(&format!("{}slow", desk.url));
    assert_eq!(pages[1 - leader].eval("window.alarms"), 0);
    change(&mut pages[1 - leader]);
    pages[1 - leader].show();
    wait_for_number(&mut pages[1 - leader], 1);
    assert_eq!(pages[1 - leader].eval("window.alarms"), 0);
}

fn a_page_that_is_left_open_when_the_program_is_quit_says_so(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    leader(std::slice::from_mut(&mut page));
    // Scripts can close only windows that show their first page.
    page.eval("window.closings = 0; window.close = () => closings++; 0");
    page.eval("fetch('/__desktop/quit', { method: 'POST' }).then(it => it.status)");
    page.wait_for(BANNER);
    assert_eq!(page.eval("closings"), 1);
    assert!(desk.program().wait().success());
}

fn links_to_other_sites_leave_the_page_open(browser: &Browser) {
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    let links = "<p><a id=site href='http://example.org/?a=1&amp;b=ö'>1</a> \
        <a id=mail href='mailto:a@example.org'>2</a> <a id=own href='/elsewhere'>3</a></p>";
    page.eval(&format!(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', {}); \
         window.addEventListener('click', event => {{ window.default = !event.defaultPrevented; \
         event.preventDefault(); }}); 0",
        Value::from(links)
    ));
    for (id, target) in [("site", "_blank"), ("mail", "_blank"), ("own", "")] {
        page.click(&format!("#{id}"));
        let link = format!("document.querySelector('#{id}')");
        assert_eq!(page.eval(&format!("{link}.target")), target);
        assert_eq!(page.eval("window.default"), true);
    }
    // In an app window, links open in the user's browser.
    page.eval("window.matchMedia = () => ({ matches: true }), 0");
    page.eval("navigator.sendBeacon = (url, body) => window.opened = url + ' ' + body, 0");
    page.click("#site");
    assert_eq!(page.eval("window.default"), false);
    assert_eq!(
        page.eval("window.opened"),
        "/__desktop/open url=http%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D%25C3%25B6"
    );
    page.click("#own");
    assert_eq!(page.eval("window.default"), true);
}

fn axe_finds_no_violation_on_a_page_that_says_that_the_program_has_ended(browser: &Browser) {
    let axe = axe();
    let mut desk = Desk::start();
    let mut page = desk.first_page(browser);
    leader(std::slice::from_mut(&mut page));
    desk.kill();
    page.wait_for(BANNER);
    check_page(&mut page, &axe, "a page that has ended");
}

fn press_row_button(page: &mut Page<'_>, command: &str) {
    page.click(&format!("button[value='{command}']"));
}

/// Waits until a field has the focus and this value.
#[track_caller]
fn wait_for_focus(page: &mut Page<'_>, name: &str, value: &str) {
    page.wait_for(&format!(
        "document.activeElement.name === '{name}' && document.activeElement.value === '{value}'"
    ));
}

fn a_row_button_changes_the_form_without_loading_the_page(browser: &Browser) {
    let mut desk = Desk::start();
    desk.first_page(browser).close();
    let mut page = desk.page(browser, "lines");
    page.eval("window.isSame = true; addEventListener('input', () => window.inputs = true); 0");
    page.type_over("[name=title]", "Title");
    press_row_button(&mut page, "add lines");
    wait_for_focus(&mut page, "lines.0.item", "");
    page.type_text("first");
    press_row_button(&mut page, "add lines");
    wait_for_focus(&mut page, "lines.1.item", "");
    page.type_text("second");
    press_row_button(&mut page, "up lines 1");
    wait_for_focus(&mut page, "lines.0.item", "second");
    press_row_button(&mut page, "add lines");
    wait_for_focus(&mut page, "lines.2.item", "");
    press_row_button(&mut page, "remove lines 2");
    wait_for_focus(&mut page, ":row", "add lines");
    assert_eq!(page.eval("isSame && inputs"), true, "the page was never left");
    assert_eq!(page.eval("document.forms.length"), 1);
    assert_eq!(page.console_errors(), Vec::<String>::new());
    page.navigate(|page| page.click(".buttons button"));
    assert_eq!(page.text(), "Title|second|first");
}

fn a_row_button_sends_the_form_if_the_script_fails(browser: &Browser) {
    let mut desk = Desk::start();
    desk.first_page(browser).close();
    let mut page = desk.page(browser, "lines");
    page.eval("window.fetch = () => Promise.reject(new Error('no')); 0");
    page.type_over("[name=title]", "Title");
    page.navigate(|page| press_row_button(page, "add lines"));
    wait_for_focus(&mut page, "lines.0.item", "");
    // The summary of errors is outside of the form, so the script leaves it to the program.
    page.navigate(|page| page.click(".buttons button"));
    page.wait_for("document.querySelector('.form-errors')");
    page.navigate(|page| press_row_button(page, "add lines"));
    wait_for_focus(&mut page, "lines.1.item", "");
    assert_eq!(page.eval("document.querySelector('.form-errors')"), Value::Null);
}

in_each_browser!(
    twenty_tabs_are_live_with_one_stream,
    the_next_tab_takes_over_when_the_one_with_the_stream_is_closed_or_left,
    a_thousand_changes_in_a_second_make_few_requests,
    what_the_user_is_doing_outlives_a_hundred_changes,
    an_update_changes_only_what_differs,
    a_hidden_tab_waits_until_it_is_shown,
    a_form_that_was_refused_stays_while_its_page_is_updated,
    a_page_that_is_gone_stays_as_it_was,
    what_changes_while_the_program_is_gone_is_there_afterwards,
    a_slow_handler_makes_no_alarm,
    a_page_that_is_left_open_when_the_program_is_quit_says_so,
    links_to_other_sites_leave_the_page_open,
    axe_finds_no_violation_on_a_page_that_says_that_the_program_has_ended,
    a_row_button_changes_the_form_without_loading_the_page,
    a_row_button_sends_the_form_if_the_script_fails,
);
