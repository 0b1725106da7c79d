//! The `choices!` macro.

/// Creates [`Choices`](crate::Choices) from the variants of an enum and their labels.
///
/// A missing or misspelled variant is a compile error. The keys are the names of the variants.
///
/// ```
/// use solohttp_forms::{Choices, choices};
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Priority { Low, High }
///
/// fn priorities() -> Choices<Priority> {
///     choices!(Priority { High: "as soon as possible", Low: "some day" })
/// }
/// assert_eq!(priorities().label(&Priority::Low), Some("some day"));
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{Choices, choices};
/// # #[derive(Debug, Clone, Copy, PartialEq)]
/// # enum Priority { Low, High }
/// fn priorities() -> Choices<Priority> {
///     choices!(Priority { High: "as soon as possible" }) // `Low` is missing
/// }
/// ```
#[macro_export]
macro_rules! choices {
    ($Enum:path { $($Variant:ident : $label:expr),+ $(,)? }) => {{
        type __Enum = $Enum;
        let _none_is_missing = |value: &__Enum| match value {
            $(__Enum::$Variant => (),)+
        };
        $crate::Choices::keyed([
            $((__Enum::$Variant, stringify!($Variant), $label),)+
        ])
    }};
}
