//! The pieces of a form in a custom layout, and HTML tags.

use solohttp_core::Fields;
use solohttp_forms::{
    Errors, FormWords, RecordForm, ValidationError, checkbox, field, form, group, option, radio,
    rows, tag, text,
};

use crate::accessible;
use crate::datebook::{self, Task};

#[test]
fn tags_escape_their_text_and_attributes() {
    let input = tag("input").attr("value", "a\"<b>&'").flag_if("disabled", true);
    assert_eq!(input.void().to_string(), "<input value=\"a&quot;&lt;b&gt;&amp;&#x27;\" disabled>");
    assert_eq!(tag("p").text("1 < 2").to_string(), "<p>1 &lt; 2</p>");
    assert_eq!(tag("p").content("<b>x</b>").to_string(), "<p><b>x</b></p>");
    assert_eq!(
        option("a", "A&B", true).to_string(),
        "<option value=\"a\" selected>A&amp;B</option>"
    );
    assert_eq!(tag("br").attr_if("id", None::<&str>).void().to_string(), "<br>");
}

#[test]
fn pieces_in_a_custom_layout_are_accessible() {
    let fields = Fields::from_iter([("due", "x")]);
    let view = datebook::task_form().submit(&fields).unwrap_err();
    let mut html = view.summary().to_string() + &view.open().to_string();
    for field in view.fields() {
        for piece in [field.error(), field.control(), field.help(), field.label()] {
            html += &piece.to_string();
        }
    }
    html += &(view.button("save").to_string() + &view.close().to_string());
    accessible::check(&html);
    assert!(html.contains("role=\"radiogroup\""), "{html}");
}

#[test]
fn pieces_have_names_for_templates() {
    let view = datebook::task_form().blank();
    let names: Vec<String> = view.pieces().map(|(name, _)| name).collect();
    for name in ["form_open", "form_errors", "title", "title_label", "notes_help", "due_error"] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    let title = view.pieces().find(|(name, _)| name == "title_control").unwrap().1;
    assert_eq!(title, view[field!(Task.title)].control());
}

struct Person {
    home: Address,
    phones: Vec<Phone>,
}

struct Address {
    street: String,
}

struct Phone {
    number: String,
    r#type: String,
    own: bool,
}

fn person_form() -> RecordForm<Person> {
    let address = form!(Address { street: text("Street").required() });
    let phone = form!(Phone {
        number: text("Number").required(),
        r#type: text("Type"),
        own: checkbox("Own"),
    });
    form!(Person { home: group("Home", address), phones: rows("Phones", phone) })
}

#[test]
fn field_references_find_fields_in_groups_and_rows() {
    let record = Person {
        home: Address { street: "Here 1".into() },
        phones: vec![Phone { number: "12".into(), r#type: "work".into(), own: true }],
    };
    assert!(record.phones[0].own);
    let view = person_form().show(&record);
    assert_eq!(view[field!(Person.home).then(field!(Address.street))].text(), record.home.street);
    let number = || field!(Person.phones).row(0, field!(Phone.number));
    assert_eq!(view[number()].text(), record.phones[0].number);
    assert_eq!(view[field!(Person.phones).row(0, field!(Phone.r#type))].text(), "work");
    assert_eq!(view["phones"].rows()[0]["type"].text(), record.phones[0].r#type);
    let mut errors = Errors::new();
    errors.on(number(), "Nobody answers.");
    errors.on_form("Odd.");
    let view = person_form().filled(person_form().fields_of(&record), errors);
    let summary = view.summary().to_string();
    assert!(
        summary.contains("<a href=\"#f-phones-0-number\">Phones 1, Number: Nobody answers.</a>"),
        "{summary}"
    );
    assert!(summary.contains("<li><span>Odd.</span></li>"), "{summary}");
    accessible::check(&view.render().to_string());
}

#[test]
fn words_and_wording_can_be_replaced() {
    let mut words = FormWords::default();
    words.save = "Speichern".into();
    words.summary = "Bitte berichtigen:".into();
    let german = datebook::task_form().words(words).wording(|error| match error {
        ValidationError::Missing => Some("Bitte ausfüllen.".to_owned()),
        _ => None,
    });
    let html = german.submit(&Fields::new()).unwrap_err().render().to_string();
    for text in ["Speichern</button>", "Bitte berichtigen:", "Title: Bitte ausfüllen."] {
        assert!(html.contains(text), "{text} in {html}");
    }
}

#[test]
fn two_forms_share_a_page() {
    let one = datebook::task_form().blank().render().to_string();
    let two = datebook::task_form().id_prefix("g").action("/b?c&d").blank().render().to_string();
    assert!(two.contains("action=\"/b?c&amp;d\""), "{two}");
    accessible::check(&(one + &two));
}

#[test]
fn optional_radio_buttons_have_a_button_for_none() {
    struct Vote {
        voice: Option<i64>,
    }
    let choices = solohttp_forms::Choices::numbered(1, ["Yes"]);
    let form = form!(Vote { voice: radio("Voice", choices).optional().blank_label("Abstain") });
    let html = form.blank().render().to_string();
    assert!(
        html.contains("value=\"\" checked> <label for=\"f-voice-0\">Abstain</label>"),
        "{html}"
    );
    assert_eq!(form.submit(&Fields::from_iter([("voice", "")])).unwrap().voice, None);
}

#[test]
fn checks_in_the_browser_can_be_disabled() {
    let form = datebook::task_form();
    assert!(!form.blank().open().to_string().contains("novalidate"));
    assert!(form.without_browser_checks().blank().open().to_string().contains(" novalidate"));
}

#[test]
fn a_form_and_its_fields_are_serialized_as_their_html() {
    use serde::Serialize;

    /// serde writes text to a formatter as it is.
    struct Text<T>(T);

    impl<T: Serialize> std::fmt::Display for Text<T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.serialize(f)
        }
    }

    let view = datebook::task_form().blank();
    assert_eq!(Text(&view).to_string(), view.render().to_string());
    for field in view.fields() {
        assert_eq!(Text(field).to_string(), field.render().to_string());
    }
}
