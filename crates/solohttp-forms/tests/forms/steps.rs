//! Forms that are shown in steps.

use solohttp_core::{Handler, Request, Response, TestClient, WithState};
use solohttp_forms::{
    FormPage, RecordForm, checkbox, field, fields, file, form, group, hidden, lens, password, rows,
    text,
};

#[derive(Debug, Clone, PartialEq)]
struct Line {
    item: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Place {
    room: String,
}

#[derive(Debug)]
struct Order {
    key: String,
    name: String,
    urgent: bool,
    lines: Vec<Line>,
    photo: Option<solohttp_core::Upload>,
    place: Place,
}

#[derive(Debug, Default)]
struct App {
    saved: Vec<String>,
}

fn order_form() -> RecordForm<Order> {
    let line = form!(Line { item: text("Item").required() });
    let place = form!(Place { room: text("Room").required() });
    let form = form!(Order {
        key: hidden(lens::Text).initial("k".to_owned()),
        name: text("Name").required(),
        urgent: checkbox("Urgent").initial(true),
        lines: rows("Lines", line).at_least(1),
        photo: file("Photo"),
        place: group("Place", place),
    });
    form.button("order", "Order").without_browser_checks()
}

fn page() -> FormPage<App, Order> {
    FormPage::new(
        |_: &mut App, _| Ok(order_form()),
        |app, order, submission| {
            let items: Vec<_> = order.lines.iter().map(|line| &*line.item).collect();
            let Order { key, name, urgent, photo, place, .. } = &order;
            let bytes = photo.as_ref().map_or(0, solohttp_core::Upload::len);
            let (items, room, button) = (items.join("+"), &place.room, submission.button());
            app.saved.push(format!("{key} {name} {urgent} {items} {bytes} {room} {button}"));
            Ok(Response::redirect("/done"))
        },
    )
    .title("Order")
    .step("Who", fields!(Order { name, urgent }))
    .step("What", [field!(Order.lines).into(), field!(Order.photo).into()])
    .step("Where", fields!(Order { place }))
    .check_step(|_, input, errors| {
        if input.value(field!(Order.name)).is_some_and(|name| name == "Nobody") {
            errors.on(field!(Order.name), "Not you.");
        }
        if input.value(field!(Order.lines)).is_some_and(|lines| lines.len() > 2) {
            errors.on(field!(Order.lines), "Too much.");
        }
        Ok(())
    })
    .check(|_, order, errors| {
        if order.name == order.place.room {
            errors.on(field!(Order.name), "Not there.");
        }
        Ok(())
    })
}

type Site = TestClient<WithState<FormPage<App, Order>, App>>;

fn site(page: FormPage<App, Order>) -> Site {
    TestClient::new(page.with_state(App::default()))
}

#[test]
fn one_form_is_filled_in_step_by_step() {
    let mut site = site(page());
    let mut one = site.get("/");
    assert_eq!(one.title().split(" · ").next(), Some("Order, step 1 of 3: Who"));
    assert!(!one.html().contains(">Item<") && !one.html().contains(">Back<"));
    one.fill("Name", "Ann").uncheck("Urgent");
    let mut two = site.press(one, "Next");
    assert_eq!(two.status(), 200);
    two.fill("Lines 1, Item", "Tea").upload("Photo", "a.txt", "four");
    let mut two = site.press(two, "Add");
    two.fill("Lines 2, Item", "Milk");
    let mut three = site.press(two, "Next");
    assert!(three.html().contains("step 3 of 3: Where") && !three.html().contains(">Next<"));
    three.fill("Room", "Hall");
    site.press(three, "Order");
    assert_eq!(site.handler().state().saved, ["k Ann false Tea+Milk 4 Hall order"]);
}

#[test]
fn next_checks_its_own_step_and_back_checks_nothing() {
    let mut site = site(page());
    let one = site.get("/");
    let mut one = site.press(one, "Next");
    assert_eq!((one.status().as_u16(), one.error_at("Name")), (422, Some("Fill in this field.")));
    assert_eq!(one.html().matches("class=\"error\"").count(), 1);
    one.fill("Name", "Ann");
    let two = site.press(one, "Next");
    let mut one = site.press(two, "Back");
    assert_eq!((one.status().as_u16(), &*one.value("Name")), (200, "Ann"));
    one.fill("Name", "");
    let mut one = site.press(one, "Next");
    one.fill("Name", "Ann");
    let mut two = site.press(one, "Next");
    two.fill("Lines 1, Item", "Tea");
    let one = site.press(two, "Back");
    let two = site.press(one, "Next");
    assert_eq!(two.value("Lines 1, Item"), "Tea");
}

#[test]
fn a_step_is_checked_by_the_program_too() {
    let mut site = site(page());
    let mut one = site.get("/");
    one.fill("Name", "Nobody");
    let mut one = site.press(one, "Next");
    assert_eq!(one.error_at("Name"), Some("Not you."));
    one.fill("Name", "Ann");
    let two = site.press(one, "Next");
    let two = site.press(two, "Add");
    let mut two = site.press(two, "Add");
    for row in 1..4 {
        two.fill(&format!("Lines {row}, Item"), "Tea");
    }
    let two = site.press(two, "Next");
    assert!(two.status() == 422 && two.html().contains("Too much."));
}

#[test]
fn an_error_in_an_earlier_step_leads_there() {
    let mut site = site(page());
    let mut one = site.get("/");
    one.fill("Name", "Hall");
    let mut two = site.press(one, "Next");
    two.fill("Lines 1, Item", "Tea");
    let mut three = site.press(two, "Next");
    three.fill("Room", "Hall");
    let mut one = site.press(three, "Order");
    assert!(one.status() == 422 && one.html().contains("step 1 of 3"));
    assert_eq!(one.error_at("Name"), Some("Not there."));
    one.fill("Name", "Ann");
    let two = site.press(one, "Next");
    let three = site.press(two, "Next");
    assert_eq!(three.value("Room"), "Hall");
    site.press(three, "Order");
    assert_eq!(site.handler().state().saved, ["k Ann true Tea 0 Hall order"]);
}

#[test]
fn a_script_sends_the_form_as_a_whole() {
    let mut site = page().with_state(App::default());
    let sent = [
        ("key", "k"),
        ("name", "Ann"),
        ("lines:row", "0"),
        ("lines.0.item", "Tea"),
        ("place.room", "Hall"),
    ];
    assert_eq!(Request::post("/").form(sent).send_to(&mut site).status(), 303);
    let nobody = sent.map(|(name, text)| (name, if name == "name" { "Nobody" } else { text }));
    assert_eq!(Request::post("/").form(nobody).send_to(&mut site).status(), 422);
}

#[test]
fn the_enter_key_leads_on() {
    let mut site = page().with_state(App::default());
    let sent = [(":step", "0"), ("name", "Ann")];
    let two = Request::post("/").form(sent).send_to(&mut site);
    let html = two.into_text();
    assert!(html.contains("step 2 of 3") && html.contains("name=\":step\" value=\"1\""), "{html}");
    let first = html.split_once("<button").unwrap().1;
    assert!(
        first.starts_with(" type=\"submit\" name=\":button\" value=\":next\" hidden"),
        "{first}"
    );
}

struct Secret {
    name: String,
    word: String,
}

fn secret_form() -> RecordForm<Secret> {
    form!(Secret { name: text("Name"), word: password("Word") })
}

#[test]
fn a_secret_is_in_the_last_step() {
    let form =
        secret_form().step("A", fields!(Secret { name })).step("B", fields!(Secret { word }));
    assert!(form.blank().render().to_string().contains(":next"));
}

#[test]
#[should_panic(expected = "the secret `word` must be in the last step")]
fn a_secret_in_another_step_panics() {
    let form =
        secret_form().step("A", fields!(Secret { word })).step("B", fields!(Secret { name }));
    let _ = form.blank();
}

#[test]
#[should_panic(expected = "the field `word` is in no step")]
fn a_field_without_a_step_panics() {
    let _ = secret_form().step("A", fields!(Secret { name })).blank();
}

#[test]
#[should_panic(expected = "the field `name` is in two steps")]
fn a_field_in_two_steps_panics() {
    let _ = secret_form().step("A", fields!(Secret { name })).step("B", fields!(Secret { name }));
}
