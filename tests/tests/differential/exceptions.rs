//! Intended differences between browsers and the program, with the input that they affect and the
//! reasons for them.

use solohttp_tests::browser::Engine;
use solohttp_tests::browser::Engine::{Chromium, Firefox};

use super::classes::{
    bare, decimals, has_a_blank_in_its_host, has_hyphen_at_an_end, has_punycode, has_unseen,
    has_unseen_edges, in_range, is_blank, is_file_of_a_host, is_month, is_multiple_of_5,
    is_no_number, is_tiny, is_week, is_whole, lacks_a_host, units, wants_another_host,
    writes_thousand, year,
};
use Way::{Laxer, Stricter};

/// The direction of a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// The browser accepts the value, but the program reports an error.
    Stricter,
    /// The browser rejects the value, but the program would read it.
    Laxer,
}

/// An intended difference. The test fails unless it occurs in all of its controls and browsers, so
/// the list can't become outdated.
pub(super) struct Exception {
    pub(super) engines: &'static [Engine],
    pub(super) controls: &'static [&'static str],
    pub(super) way: Way,
    /// Whether the exception covers this pair of submitted and typed values.
    pub(super) only: fn(&str, &str) -> bool,
    pub(super) why: &'static str,
}

const BOTH: &[Engine] = &[Chromium, Firefox];

macro_rules! exceptions {
    ($($engines:ident $way:ident $($typed:ident)? [$($control:literal),+] $only:expr, $why:literal;)+) => {
        pub(super) static EXCEPTIONS: &[Exception] = &[$(Exception {
            engines: exceptions!(@ $engines), controls: &[$($control),+], way: $way,
            only: exceptions!(@only $($typed)? $only), why: $why,
        }),+];
    };
    (@only typed $only:expr) => { |_, typed| ($only)(typed) };
    (@only $only:expr) => { |sent, _| ($only)(sent) };
    (@ BOTH) => { BOTH };
    (@ $engine:ident) => { &[$engine] };
}

exceptions! {
    // Text.
    BOTH Stricter ["text_required", "search", "tel_lengths", "textarea"] is_blank,
        "only whitespace and invisible characters count as blank";
    BOTH Stricter ["password_lengths"] |text| is_blank(text) && units(text) >= 4,
        "only whitespace and invisible characters count as blank";
    Chromium Stricter ["text_min", "tel_lengths", "textarea_lengths"] |text| units(text) < 3,
        "Chromium checks lengths only for text typed by the user, not set by a script";
    Chromium Stricter ["search_lengths"] |text| units(text) < 2,
        "Chromium checks lengths only for text typed by the user, not set by a script";
    Chromium Stricter ["password_lengths"] |text| units(text) < 4,
        "Chromium checks lengths only for text typed by the user, not set by a script";
    BOTH Stricter ["text_min", "tel_lengths"] |text| units(text) >= 3 && units(bare(text)) < 3,
        "surrounding whitespace and invisible characters are trimmed before counting";
    BOTH Stricter ["search_lengths"] |text| units(text) >= 2 && units(bare(text)) < 2,
        "surrounding whitespace and invisible characters are trimmed before counting";
    Firefox Laxer ["text_min", "search_lengths"] is_blank,
        "whitespace counts as blank, which is valid in an optional field";
    BOTH Stricter ["tel"] |text: &str| text != "+" && bare(text) == "+",
        "surrounding whitespace is trimmed before the pattern is checked";
    BOTH Laxer ["tel", "text_pattern"] has_unseen_edges,
        "surrounding whitespace and invisible characters are trimmed before the pattern is checked";

    // Numbers in text controls, which browsers don't check.
    BOTH Stricter ["whole", "natural", "float", "price"] is_no_number,
        "a text control accepts any text, so that the form can report it";
    BOTH Stricter ["whole", "natural"] |text| !is_whole(text),
        "no attribute makes a text control reject a fraction";
    BOTH Stricter ["whole", "natural", "whole_control", "step_control"] writes_thousand,
        "three zeros after a point may be meant as thousands";
    BOTH Stricter ["whole"] |text| !in_range(text, -5.0, 1_000.0),
        "a text control has no min and max";
    BOTH Stricter ["natural"] |text| !in_range(text, 0.0, 65_535.0),
        "a text control has no min and max";
    BOTH Stricter ["natural"] |text| !is_multiple_of_5(text), "a text control has no step";
    BOTH Stricter ["price", "price_control"] |text| decimals(text) > 2,
        "more than two decimals may be meant as thousands, even if they are zeros";
    BOTH Stricter ["price", "price_control"] |text| !in_range(text, -9.2e16, 9.2e16),
        "more cents than fit in an `i64`";
    BOTH Stricter ["float"] |text| !in_range(text, f64::MIN, f64::MAX),
        "more than fits in an `f64`";

    // Numbers in the browser's own controls.
    BOTH Stricter ["whole_control", "step_control"] is_tiny, "browsers treat nearly 0 as 0";
    Firefox Stricter ["slider_steps"] is_tiny, "browsers treat nearly 0 as 0";

    // Dates and times.
    BOTH Stricter ["date"] |text| year(text) > 9_999, "the calendar ends with the year 9999";
    BOTH Laxer ["time", "time_min", "time_range", "time_night", "moment", "moment_max", "moment_min"]
        |text: &str| text.matches(':').count() == 2,
        "a record may have seconds; its control is then rendered with a step of seconds";
    Chromium Stricter ["month_step"] |text| year(text) > 9_999, "the calendar ends with the year 9999";
    Firefox Stricter ["month", "month_range", "month_step"] |text| !is_month(text),
        "Firefox shows a text field instead of this control";
    Firefox Stricter ["month_range"] |text| !("2020-02"..="2025-11").contains(&bare(text)),
        "Firefox shows a text field instead of this control, without min and max";
    Firefox Stricter ["month_step"] is_month, "Firefox shows a text field instead of this control, without min and step";
    Firefox Stricter ["week", "week_range", "week_step"] |text| !is_week(text),
        "Firefox shows a text field instead of this control";
    Firefox Stricter ["week_step"] is_week, "Firefox shows a text field instead of this control, without min and step";
    Firefox Stricter ["week_range"] |text| !("2020-W02"..="2025-W40").contains(&bare(text)),
        "Firefox shows a text field instead of this control, without min and max";

    // Addresses.
    BOTH Laxer ["mail", "mail_pattern"] is_blank,
        "only whitespace and invisible characters count as blank, which is valid here";
    Firefox Laxer ["mail_lengths"] is_blank,
        "only whitespace and invisible characters count as blank, which is valid here";
    BOTH Laxer ["mail_pattern"] |text| !is_blank(text) && has_unseen(text),
        "invisible characters, often copied along with an address, are dropped";
    Firefox Laxer typed ["mail_pattern"] |text: &str| text.trim() != text,
        "Firefox checks the pattern before it trims the address";
    Firefox Stricter ["mail_required"] has_hyphen_at_an_end,
        "no domain starts with a hyphen (RFC 5891); Firefox checks only its ASCII form";
    Firefox Laxer ["mail_required", "mail_lengths"] has_punycode,
        "Firefox decodes Punycode to check it; Chromium and the program keep what they can't decode";
    BOTH Stricter ["site", "site_required"] lacks_a_host,
        "a URL without a host, or with only a scheme, is useless";
    BOTH Stricter ["site", "site_required"] has_a_blank_in_its_host,
        "a host name contains no spaces";
    BOTH Laxer ["site"] is_blank,
        "only whitespace and invisible characters count as blank, which is valid here";
    BOTH Laxer ["site", "site_required"] has_unseen_edges,
        "invisible characters, often copied along with an address, are dropped";
    BOTH Laxer ["site"] wants_another_host,
        "the value is kept as text and its host is never resolved; `url::Url` is stricter";
    Chromium Laxer ["site_required"] wants_another_host,
        "the value is kept as text and its host is never resolved; `url::Url` is stricter";
    Chromium Laxer ["site", "site_required"] is_file_of_a_host,
        "Chromium accepts few hosts in `file:` URLs; Firefox accepts all";
}
