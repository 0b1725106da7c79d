//! Going back to a page that was saved, and saving it again.

use proptest::prelude::*;
use solohttp_core::{Handler, IoList, IsHandler, Request, Response, Result};
use solohttp_forms::{FormView, Formlet, RecordForm, Submission, form, formlet, text};

use super::{EditQuad, Invoice, QUAD, Tab, app, change, kept, sample, texts};

#[test]
fn saving_a_page_again_does_not_conflict_with_itself() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    tab.saved(&mut app);
    // The user has gone back, and the browser has restored the input.
    let tab = tab.typed("customer", &["Mary"]).typed("notes", &["new"]);
    tab.saved(&mut app);
    let kept = tab.typed("days", &["30"]).saved(&mut app);
    let expect = Invoice { customer: "Mary".into(), notes: "new".into(), days: 30, ..sample() };
    assert_eq!(kept, expect);
}

#[test]
fn saving_rows_again_does_not_conflict_with_itself() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("lines.0.count", &["4"]);
    tab.saved(&mut app);
    let kept = tab.typed("lines.0.count", &["5"]).typed("marks", &["2"]).saved(&mut app);
    assert_eq!((kept.lines[0].count, kept.marks), (5, vec![2]));
}

#[test]
fn changes_by_others_since_the_save_conflict() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    tab.saved(&mut app);
    change(&mut app, |it| it.customer = "Emmy".into());
    let again = tab.typed("customer", &["Mary"]).save(&mut app);
    assert_eq!(again.status, 409);
    assert_eq!(again.errors(), ["This has changed since you opened the form. It is now “Emmy”."]);
    assert_eq!(kept(&app).customer, "Emmy");
}

#[test]
fn changes_by_others_to_other_fields_are_merged() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    tab.saved(&mut app);
    change(&mut app, |it| {
        it.customer = "Emmy".into();
        it.total = 999;
    });
    let kept = tab.typed("days", &["30"]).saved(&mut app);
    let expect = Invoice { customer: "Emmy".into(), total: 999, days: 30, ..sample() };
    assert_eq!(kept, expect, "the customer is unchanged since the save");
}

#[test]
fn changes_by_others_before_the_first_save_still_conflict_at_the_second() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    change(&mut app, |it| it.notes = "theirs".into());
    assert_eq!(tab.saved(&mut app).notes, "theirs");
    // The page still shows the old notes.
    let tab = tab.typed("customer", &["Mary"]);
    let kept = tab.saved(&mut app);
    assert_eq!((kept.customer.as_str(), kept.notes.as_str()), ("Mary", "theirs"));
    let again = tab.typed("notes", &["mine"]).save(&mut app);
    assert_eq!(again.status, 409);
    assert_eq!(again.errors(), ["This has changed since you opened the form. It is now “theirs”."]);
}

/// The user may have typed the original value again, the browser may not have restored the input,
/// or the tab may have been duplicated.
#[test]
fn the_original_value_again_is_an_own_conflict() {
    for (label, expect) in [("Keep what I entered", "Ada"), ("Use “Grace”", "Grace")] {
        let mut app = app();
        let tab = Tab::open(&mut app);
        tab.clone().typed("customer", &["Grace"]).saved(&mut app);
        let again = tab.typed("days", &["30"]).save(&mut app);
        assert_eq!(again.status, 409);
        assert_eq!(again.errors(), ["You already saved “Grace” here."]);
        assert_eq!(kept(&app).customer, "Grace");
        let kept = again.choose("customer", label).saved(&mut app);
        assert_eq!((kept.customer.as_str(), kept.days), (expect, 30));
    }
}

#[test]
fn an_own_conflict_reports_an_empty_field() {
    let mut app = app();
    let tab = Tab::open(&mut app);
    let shown = tab.fields.get("notes").unwrap().to_owned();
    let tab = tab.typed("notes", &[""]);
    tab.saved(&mut app);
    let again = tab.typed("notes", &[&shown]).save(&mut app);
    assert_eq!(again.errors(), ["You already saved this field as empty."]);
}

#[test]
fn a_decision_is_remembered_after_going_back() {
    for label in ["Keep what I entered", "Use “Grace”"] {
        let mut app = app();
        let tab = Tab::open(&mut app).typed("customer", &["Mary"]);
        change(&mut app, |it| it.customer = "Grace".into());
        let decided = tab.save(&mut app).choose("customer", label);
        let customer = decided.saved(&mut app).customer;
        let kept = decided.typed("days", &["30"]).saved(&mut app);
        assert_eq!((kept.customer, kept.days), (customer, 30), "{label}");
    }
}

#[test]
fn a_decided_field_can_be_changed_after_going_back() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Mary"]);
    change(&mut app, |it| it.customer = "Grace".into());
    let decided = tab.save(&mut app).choose("customer", "Keep what I entered");
    decided.saved(&mut app);
    assert_eq!(decided.typed("customer", &["Emmy"]).saved(&mut app).customer, "Emmy");
}

#[test]
fn an_error_after_going_back_forgets_nothing() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    tab.saved(&mut app);
    let wrong = tab.typed("customer", &["Mary"]).typed("days", &["many"]).save(&mut app);
    assert_eq!((wrong.status, wrong.errors()), (422, vec!["Enter a number.".to_owned()]));
    let kept = wrong.typed("customer", &["Emmy"]).typed("days", &["30"]).saved(&mut app);
    assert_eq!((kept.customer.as_str(), kept.days), ("Emmy", 30));
}

#[test]
fn pages_remember_only_their_own_saves() {
    let mut app = app();
    let (one, two) = (Tab::open(&mut app), Tab::open(&mut app));
    one.typed("customer", &["Grace"]).saved(&mut app);
    let again = two.typed("customer", &["Mary"]).save(&mut app);
    assert_eq!(again.status, 409, "another page of the same user has its own memory");
}

#[test]
fn an_equal_change_counts_as_an_own_save() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    change(&mut app, |it| it.customer = "Grace".into());
    tab.saved(&mut app);
    assert_eq!(tab.typed("customer", &["Mary"]).saved(&mut app).customer, "Mary");
}

/// A program that computes a field, can refuse to save, and may save values other than those that
/// were sent.
#[derive(Debug, Clone, PartialEq, Default)]
struct Phone {
    number: String,
    shown_as: String,
    refuses: bool,
}

struct Fields {
    number: String,
    shown_as: String,
}

struct EditPhone;

impl Formlet<Phone> for EditPhone {
    type Record = Fields;

    fn form(&mut self, _: &mut Phone) -> Result<RecordForm<Fields>> {
        // Without this, the fast test would look like a double click.
        let form = form!(Fields { number: text("Number"), shown_as: text("Shown as").read_only() });
        Ok(form.allow_duplicates())
    }

    fn load(&mut self, phone: &mut Phone, _: &Request) -> Result<Option<Fields>> {
        let Phone { number, shown_as, .. } = phone.clone();
        Ok(Some(Fields { number, shown_as }))
    }

    fn save(&mut self, phone: &mut Phone, it: Fields, _: &Submission<'_>) -> Result<Response> {
        if !phone.refuses {
            phone.number = format!("+{}", it.number);
            phone.shown_as = format!("Phone {}", it.number);
        }
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Phone, view: &FormView<Fields>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

#[test]
fn values_changed_by_the_program_do_not_conflict() {
    let mut app = formlet(EditPhone).with_state(Phone::default());
    let tab = Tab::of(Request::get("/").send_to::<IsHandler>(&mut app));
    for (number, expect) in [("2", "+2"), ("2", "+2"), ("3", "+3")] {
        let tab = tab.clone().typed("number", &[number]);
        let request = Request::post("/").form(tab.fields.iter());
        let after = Tab::of(request.send_to::<IsHandler>(&mut app));
        assert_eq!((after.status, after.errors()), (303, vec![]));
        assert_eq!(app.state().number, expect);
    }
}

#[test]
fn values_that_the_program_ignored_are_not_saved() {
    let mut app = formlet(EditPhone).with_state(Phone { refuses: true, ..Phone::default() });
    let tab = Tab::of(Request::get("/").send_to::<IsHandler>(&mut app)).typed("number", &["2"]);
    let post = || Request::post("/").form(tab.fields.iter());
    assert_eq!(post().send_to::<IsHandler>(&mut app).status(), 303);
    *app.state_mut() = Phone { number: "5".into(), ..Phone::default() };
    assert_eq!(post().send_to::<IsHandler>(&mut app).status(), 409);
}

/// What the test knows about one field: its value when the page was shown, and the values that were
/// sent and stored by the last save.
struct Known {
    shown: String,
    left: Option<(String, String)>,
}

impl Known {
    /// Whether a conflict is allowed. This is the case only if others have changed the field since
    /// this page saved it, or if the field has its original value again.
    fn may_ask(&self, mine: &str, now: &str) -> bool {
        let reference = self.left.as_ref().map_or(&self.shown, |(_, kept)| kept);
        let is_again =
            mine == self.shown && self.left.as_ref().is_some_and(|(sent, _)| sent != mine);
        mine != now && (is_again || now != reference && mine != self.shown)
    }
}

proptest! {
    #[test]
    fn a_page_that_is_saved_any_number_of_times_loses_nothing_of_others_and_nothing_of_its_own(
        shown in texts(),
        steps in prop::collection::vec((any::<bool>(), texts()), 1..8),
    ) {
        let mut app = formlet(EditQuad).with_state(shown.clone());
        let tab = Tab::of(Request::get("/").send_to::<IsHandler>(&mut app));
        let mut known = shown.map(|shown| Known { shown, left: None });
        for (is_mine, texts) in steps {
            if !is_mine {
                app.state_mut().clone_from(&texts);
                continue;
            }
            let now = app.state().clone();
            let typed = QUAD.iter().zip(&texts);
            let tab = typed.fold(tab.clone(), |tab, (name, text)| tab.typed(name, &[text]));
            let request = Request::post("/").form(tab.fields.iter());
            let after = Tab::of(request.send_to::<IsHandler>(&mut app));
            let asks = (0..4).any(|at| known[at].may_ask(&texts[at], &now[at]));
            prop_assert!(after.status == 303 || asks, "{:?}", after.errors());
            if after.status == 409 {
                prop_assert_eq!(app.state(), &now);
                continue;
            }
            for (at, known) in known.iter_mut().enumerate() {
                let (mine, now, kept) = (&texts[at], &now[at], &app.state()[at]);
                let reference = known.left.as_ref().map_or(&known.shown, |(_, kept)| kept);
                let was_sent = known.left.as_ref().map_or(&known.shown, |(sent, _)| sent);
                if now != reference {
                    prop_assert_eq!(kept, now, "the change by others is not lost");
                } else if mine != was_sent {
                    prop_assert_eq!(kept, mine, "the input is not lost");
                } else {
                    prop_assert!(kept == mine || kept == now, "an invented value");
                }
                if kept != now || mine != &known.shown && kept == mine {
                    known.left = Some((mine.clone(), kept.clone()));
                }
            }
        }
    }
}
