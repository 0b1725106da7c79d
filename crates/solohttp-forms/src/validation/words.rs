//! What forms say: their buttons and notes, and every mistake, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of all forms of an application: set them once, in its
    /// [`Locale`](solohttp_core::Locale).
    ///
    /// ```
    /// use solohttp_core::Locale;
    /// use solohttp_forms::{FormWords, form, text};
    ///
    /// struct Task { title: String }
    /// let mut words = FormWords::default();
    /// words.save = "Speichern".into();
    /// words.missing = "Bitte ausfüllen.".into();
    /// Locale::new().with(words).install();
    ///
    /// let form = form!(Task { title: text("Titel").required() });
    /// assert!(form.blank().render().to_string().contains("Speichern"));
    /// ```
    ///
    /// One form can have its own with [`RecordForm::words`](crate::RecordForm::words).
    pub struct FormWords {
        /// The button of a form that declares none.
        save: "Save",
        /// Above the summary of errors, unless none of them is at a field.
        summary: "Check these fields:",
        /// A field's error in the summary.
        summary_entry: "{field}: {mistake}",
        /// Where a field in a row is, before its label. {rows} is the label of all rows.
        row: "{rows} {number}",
        /// The radio button for no choice.
        none: "None",
        /// A choice that is no longer offered. {choice} is its text.
        unavailable: "{choice} (not available)",
        /// The button that adds a row.
        add: "Add",
        /// The button that removes a row.
        remove: "Remove",
        /// The button that moves a row up.
        up: "Move up",
        /// The button that moves a row down.
        down: "Move down",
        /// What a row's button does, for screen readers. {button} is its label, {row} its place.
        row_button: "{button}: {row}",
        /// A file that was sent and is kept until the form is saved. {name}, and {bytes}.
        kept: "Chosen: {name} ({bytes} bytes)",
        /// The check box that drops such a file.
        drop: "Don't use this file",
        /// When a form was sent twice, as by a double click.
        already: "This has already been saved.",
        /// [`ValidationError::AlreadySaved`](crate::ValidationError::AlreadySaved).
        already_saved: "This was saved already. Save again to add it a second time.",
        /// When a form was set aside and is no longer there.
        gone: "Your draft has expired.",
        /// [`ValidationError::ChangedMeanwhile`](crate::ValidationError::ChangedMeanwhile). {value} is the new one.
        changed_meanwhile: "Changed meanwhile: it is now “{value}”.",
        /// The same where it is blank now.
        emptied_meanwhile: "Changed meanwhile: it is now empty.",
        /// [`ValidationError::SavedHere`](crate::ValidationError::SavedHere). {value} is what was saved.
        saved_here: "You already saved “{value}” here.",
        /// The same where it was saved blank.
        emptied_here: "You already saved this field empty.",
        /// {value} of the sentences above and below where it is a stored file.
        other_file: "a different file",
        /// Above the choice between two versions of a field. {field} is its label.
        which_version: "{field}: which one should be saved?",
        /// The choice of one's own version.
        keep_mine: "Keep what I entered",
        /// The choice of the other version. {value} is its text.
        use_theirs: "Use “{value}”",
        /// The same where it is blank.
        use_empty: "Leave it empty",
        /// [`ValidationError::DeletedMeanwhile`](crate::ValidationError::DeletedMeanwhile).
        deleted_meanwhile: "This record was deleted meanwhile.",
        /// The button that saves a form as a new record because its own was deleted.
        save_as_new: "Save as new",
        /// [`ValidationError::EnterAgain`](crate::ValidationError::EnterAgain).
        enter_again: "Enter this again.",
        /// 400, for a button that the form doesn't have.
        no_button: "This form doesn't have this button.",
        /// 400, for a row that can't be added, moved or removed.
        no_row: "This row can't be added, moved or removed.",
        /// 501, for a side button without an action. {button} is its name.
        no_action: "The button {button} has no action.",
        /// [`ValidationError::Missing`](crate::ValidationError::Missing).
        missing: "Fill in this field.",
        /// [`ValidationError::TooShort`](crate::ValidationError::TooShort).
        too_short: "Enter at least {least} characters (you entered {is}).",
        /// [`ValidationError::TooLong`](crate::ValidationError::TooLong).
        too_long: "Enter at most {most} characters (you entered {is}).",
        /// [`ValidationError::Unprintable`](crate::ValidationError::Unprintable).
        unprintable: "Remove the unsupported character.",
        /// [`ValidationError::NotANumber`](crate::ValidationError::NotANumber).
        not_a_number: "Enter a number.",
        /// [`ValidationError::WrongDecimalMark`](crate::ValidationError::WrongDecimalMark) for a point.
        decimal_point: "Use a decimal point, not a comma.",
        /// The same for a comma or another {mark}.
        decimal_comma: "Use “{mark}” before the decimals.",
        /// [`ValidationError::WrongGroups`](crate::ValidationError::WrongGroups).
        groups: "Enter a number such as 1{group}234{decimal}5.",
        /// The same where nothing stands between groups.
        no_groups: "Enter a number such as 1234{decimal}5.",
        /// [`ValidationError::NotWhole`](crate::ValidationError::NotWhole).
        not_whole: "Enter a whole number.",
        /// [`ValidationError::TooManyDecimals`](crate::ValidationError::TooManyDecimals).
        too_many_decimals: "Enter at most {most} decimal places.",
        /// [`ValidationError::TooSmall`](crate::ValidationError::TooSmall).
        too_small: "Enter {least} or more.",
        /// [`ValidationError::TooLarge`](crate::ValidationError::TooLarge).
        too_large: "Enter {most} or less.",
        /// [`ValidationError::NotAStep`](crate::ValidationError::NotAStep).
        not_a_step: "Enter a value in steps of {step}.",
        /// [`ValidationError::NotBetween`](crate::ValidationError::NotBetween).
        not_between: "Enter a time from {least} to {most}.",
        /// [`ValidationError::NotNear`](crate::ValidationError::NotNear).
        not_near: "The nearest allowed values are {below} and {above}.",
        /// [`ValidationError::NotNearest`](crate::ValidationError::NotNearest).
        not_nearest: "The nearest allowed value is {nearest}.",
        /// [`ValidationError::NotADate`](crate::ValidationError::NotADate).
        not_a_date: "Enter a date such as 2025-03-31.",
        /// [`ValidationError::NotATime`](crate::ValidationError::NotATime).
        not_a_time: "Enter a time such as 17:30.",
        /// [`ValidationError::NotADateTime`](crate::ValidationError::NotADateTime).
        not_a_date_time: "Enter a date and time such as 2025-03-31T17:30.",
        /// [`ValidationError::NotAMonth`](crate::ValidationError::NotAMonth).
        not_a_month: "Enter a month such as 2025-03.",
        /// [`ValidationError::NotAWeek`](crate::ValidationError::NotAWeek).
        not_a_week: "Enter a week such as 2025-W14.",
        /// [`ValidationError::NotAColor`](crate::ValidationError::NotAColor).
        not_a_color: "Enter a color such as #ff8000.",
        /// [`ValidationError::NotAnEmail`](crate::ValidationError::NotAnEmail).
        not_an_email: "Enter an email address such as name@example.org.",
        /// [`ValidationError::NotAUrl`](crate::ValidationError::NotAUrl).
        not_a_url: "Enter a web address such as https://example.org/.",
        /// [`ValidationError::NoSuchChoice`](crate::ValidationError::NoSuchChoice).
        no_such_choice: "This choice is no longer available. Choose another one.",
        /// [`ValidationError::TooFew`](crate::ValidationError::TooFew).
        too_few: "At least {least} required.",
        /// [`ValidationError::TooMany`](crate::ValidationError::TooMany).
        too_many: "At most {most} allowed.",
        /// [`ValidationError::FileTooLarge`](crate::ValidationError::FileTooLarge), where one file can be chosen.
        /// {is} and {most} are sizes.
        file_too_large: "The file is {is}, and no more than {most} can be kept here.",
        /// The same where several can be chosen. {name} is that of the file.
        one_file_too_large: "The file {name} is {is}, and no more than {most} can be kept here.",
        /// [`ValidationError::NoRoomForFile`](crate::ValidationError::NoRoomForFile). {name} is that of the file,
        /// {most} is a size.
        no_room_for_file: "The files are larger than {most} together. Choose {name} again: the others are kept.",
        /// A small size. {number} is a number. Larger ones have the units KB, MB, GB, TB and PB.
        bytes: "{number} bytes",
        /// [`ValidationError::WrongFileType`](crate::ValidationError::WrongFileType). {accepted} is as in the HTML
        /// attribute `accept`.
        wrong_file_type: "The file {name} has the wrong type (allowed: {accepted}).",
        /// [`ValidationError::FileGone`](crate::ValidationError::FileGone).
        file_gone: "The file is no longer available. Choose it again.",
    }
}
