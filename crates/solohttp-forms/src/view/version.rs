//! The choice between two versions of a field, where two people have changed it.

use solohttp_core::{IoList, iolist};

use crate::element::Shape;
use crate::markup::tag::tag;
use crate::view::FieldView;

/// Two radio buttons: what is typed, or what the record has now; nothing if they do not differ.
pub(super) fn choice(field: &FieldView) -> IoList {
    let conflicts = &field.context.meanwhile.conflicts;
    let Some(conflict) = conflicts.iter().find(|conflict| conflict.name == field.name) else {
        return IoList::new();
    };
    let words = field.words();
    let theirs = match conflict.now.as_str() {
        "" => words.use_empty.say(&[]),
        now => words.use_theirs.say(&[("value", &now)]),
    };
    let id = format!("{}-version", field.id());
    let (name, values) = conflict.choice();
    let labels = [words.keep_mine.say(&[]), theirs];
    let buttons = values.iter().zip(labels).enumerate().map(|(place, (value, label))| {
        let id = format!("{id}-{place}");
        let input = tag("input")
            .attr("type", "radio")
            .attr("id", &id)
            .attr("name", &name)
            .attr("value", value)
            .flag_if("required", true);
        let label = tag("label").attr("for", &id).text(&label);
        tag("div").attr("class", "choice").content(iolist![input.void(), " ", label])
    });
    // Of a hidden field, the summary alone tells what is wrong.
    let error = (field.shape() != Shape::Hidden).then(|| field.error_id());
    let label = match field.label_text() {
        "" => field.name(),
        label => label,
    };
    let question = words.which_version.say(&[("field", &label)]);
    let legend = tag("span").attr("class", "label").attr("id", &id).text(&question);
    tag("div")
        .attr("class", "versions")
        .attr("role", "radiogroup")
        .attr("aria-labelledby", &id)
        .attr_if("aria-describedby", error)
        .content(iolist![legend, buttons.collect::<IoList>()])
}
