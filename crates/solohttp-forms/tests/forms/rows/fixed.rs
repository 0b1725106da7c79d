//! Rows whose number is fixed, as in a bulk edit.

use solohttp_core::Fields;
use solohttp_forms::{RecordForm, form, rows, text};

struct Team {
    players: Vec<Player>,
}

struct Player {
    name: String,
}

fn team_form(extra: usize, is_table: bool) -> RecordForm<Team> {
    let player = form!(Player { name: text("Name").required() });
    let players = rows("Players", player).at_least(2).at_most(2).extra(extra);
    form!(Team { players: if is_table { players.as_table() } else { players } })
}

/// The commands of the row buttons, in order.
fn buttons(form: &RecordForm<Team>, count: usize) -> Vec<String> {
    let player = |number: usize| Player { name: format!("Player {number}") };
    let html = form.show(&Team { players: (0..count).map(player).collect() }).render().to_string();
    let start = "name=\":row\" value=\"";
    html.split(start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn a_fixed_number_of_rows_has_no_row_buttons() {
    for is_table in [false, true] {
        assert!(buttons(&team_form(0, is_table), 2).is_empty(), "{is_table}");
    }
    let html = team_form(0, true).blank().render().to_string();
    assert!(html.contains("name=\"players:row\" value=\"1\""), "{html}");
    let sent = [
        ("players:row", "0"),
        ("players.0.name", "Ada"),
        ("players:row", "1"),
        ("players.1.name", "Grace"),
    ];
    assert_eq!(team_form(0, true).submit(&Fields::from_iter(sent)).unwrap().players.len(), 2);
}

#[test]
fn a_record_with_another_number_of_rows_can_be_repaired() {
    let form = team_form(0, false);
    assert_eq!(buttons(&form, 1), ["remove players 0", "add players"]);
    assert!(buttons(&form, 3).contains(&"remove players 2".to_owned()));
}

#[test]
fn extra_rows_keep_their_buttons() {
    assert_eq!(buttons(&team_form(1, false), 1).last().unwrap(), "add players");
}
