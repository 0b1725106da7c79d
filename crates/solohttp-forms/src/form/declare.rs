//! The `form!` macro.

/// Declares a record's form. The declaration looks like a struct expression, with an element in
/// place of each field's value.
///
/// A missing or misspelled field, or one with an element of the wrong type, is a compile error.
/// Fields that aren't part of the form come from `..record` at the end, which is evaluated every
/// time a record is parsed.
///
/// ```
/// use solohttp_forms::{RecordForm, checkbox, form, text};
///
/// struct Task { id: i64, title: String, done: bool }
///
/// fn task_form(id: i64) -> RecordForm<Task> {
///     form!(Task {
///         title: text("Title").required().max_length(80),
///         done: checkbox("Done"),
///         ..Task { id, title: String::new(), done: false }
///     })
/// }
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{RecordForm, checkbox, form, text};
/// # struct Task { title: String, done: bool }
/// fn task_form() -> RecordForm<Task> {
///     form!(Task { title: text("Title") }) // `done` is missing
/// }
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{RecordForm, checkbox, form, text};
/// # struct Task { title: String, done: bool }
/// fn task_form() -> RecordForm<Task> {
///     form!(Task { titel: text("Title"), done: checkbox("Done") })
/// }
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{RecordForm, checkbox, form, text};
/// # struct Task { title: String, done: bool }
/// fn task_form() -> RecordForm<Task> {
///     form!(Task { title: checkbox("Title"), done: checkbox("Done") })
/// }
/// ```
#[macro_export]
macro_rules! form {
    ($Record:ident $(:: $More:ident)* { $($field:ident : $element:expr),+ $(,)? }) => {
        $crate::form!(@ [$Record $(:: $More)*] { $($field : $element),+ })
    };
    ($Record:ident $(:: $More:ident)* {
        $($field:ident : $element:expr),+ , .. $rest:expr
    }) => {
        $crate::form!(@ [$Record $(:: $More)*] { $($field : $element),+ } $rest)
    };
    // `$expression` is unused, but a macro repetition must contain a variable that repeats.
    (@call $rest:ident $expression:expr) => { $rest() };
    // `record!` of the umbrella crate uses this one, with the fields that aren't part of the form.
    (
        @ [$($Record:tt)+] { $($field:ident : $element:expr),+ $(,)? }
        $(=> { $($other:ident : $value:expr),* $(,)? })? $($rest:expr)?
    ) => {{
        $(let rest = move || $rest;)?
        let mut outline = $crate::declare::Outline::new();
        // Elements are created before any name is bound, so that a field's name can't shadow a
        // variable that an element uses. The tuple is in an `Rc`, because tuples of more than
        // twelve items aren't `Clone`.
        let slots = ::std::rc::Rc::new((
            $($crate::declare::Slot::new(&mut outline, stringify!($field), $element),)+
        ));
        let to_show = slots.clone();
        $crate::RecordForm::declare(
            outline,
            // This closure comes first, so that the compiler's first error about a wrong type
            // points at the field.
            move |place: &mut $crate::declare::Reading<'_>| {
                let ($($field,)+) = &*slots;
                // Parses all fields before returning, to report every error.
                $(let $field = $field.parse(place);)+
                $(let $field = $field?;)+
                // Uses field shorthand, so that the compiler reports a type mismatch on the field's
                // line.
                Some($($Record)+ {
                    $($field,)+
                    $($($other: $value,)*)?
                    $(.. $crate::form!(@call rest $rest))?
                })
            },
            move |record: &$($Record)+, place: &mut $crate::declare::Showing<'_, '_>| {
                let ($($field,)+) = &*to_show;
                $($field.show(&record.$field, place);)+
            },
        )
    }};
}
