//! The choice between two versions of a field that was changed in two places.

use solohttp_core::{IoList, iolist};

use crate::markup::tag::tag;
use crate::merge::conflict::Conflict;
use crate::validation::words::FormWords;

/// Two radio buttons: the user's version and the saved one. `label` names the field, and `error` is
/// the id of its error text.
pub(super) fn choice(
    conflict: &Conflict,
    words: &FormWords,
    (id, label): (&str, &str),
    error: Option<String>,
) -> IoList {
    let theirs = match conflict.saved.as_str() {
        "" => words.use_empty.say(&[]),
        value => words.use_theirs.say(&[("value", &value)]),
    };
    let id = format!("{id}-version");
    let (name, values) = conflict.choice();
    let labels = [words.keep_mine.say(&[]), theirs];
    let buttons = values.iter().zip(labels).enumerate().map(|(index, (value, label))| {
        let id = format!("{id}-{index}");
        let input = tag("input")
            .attr("type", "radio")
            .attr("id", &id)
            .attr("name", &name)
            .attr("value", value)
            .flag_if("required", true);
        let label = tag("label").attr("for", &id).text(&label);
        tag("div").attr("class", "choice").content(iolist![input.void(), " ", label])
    });
    let question = words.which_version.say(&[("field", &label)]);
    let legend = tag("span").attr("class", "label").attr("id", &id).text(&question);
    tag("div")
        .attr("class", "versions")
        .attr("role", "radiogroup")
        .attr("aria-labelledby", &id)
        .attr_if("aria-describedby", error)
        .content(iolist![legend, buttons.collect::<IoList>()])
}
