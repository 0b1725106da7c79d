//! The wording of forms in the application's language: buttons, notes and error messages.

use solohttp_core::sentences;

sentences! {
    /// The wording of all forms in an application. Set it once, in the application's
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
    /// A form can have its own wording: see [`RecordForm::words`](crate::RecordForm::words).
    pub struct FormWords {
        /// The button of a form that declares no buttons.
        save: "Save",
        /// The button that leads to the next step of a form with steps.
        next: "Next",
        /// The button that leads to the step before.
        back: "Back",
        /// The heading of a step. {title} is the title of the page, {number} and {count} are numbers,
        /// and {step} is the title of the step.
        step: "{title}, step {number} of {count}: {step}",
        /// The heading of the error summary, if any error belongs to a field.
        summary: "Check these fields:",
        /// The same for a program, which gets the errors as a list in a JSON document.
        problem: "Some fields are invalid.",
        /// A field's error in the summary.
        summary_entry: "{field}: {error}",
        /// The legend of a row, also shown before the label of a field in the row. {rows} is the label
        /// of the whole list of rows.
        row: "{rows} {number}",
        /// The radio button that selects nothing.
        none: "None",
        /// A choice that isn't available. {choice} is its text.
        unavailable: "{choice} (not available)",
        /// The button that adds a row.
        add: "Add",
        /// The button that removes a row.
        remove: "Remove",
        /// The button that moves a row up.
        up: "Move up",
        /// The button that moves a row down.
        down: "Move down",
        /// The label of a row's button for screen readers. {button} is the visible label, and {row}
        /// names the row.
        row_button: "{button}: {row}",
        /// A file that has been uploaded and is waiting for the form to be saved. {bytes} is its
        /// size.
        chosen_file: "Chosen: {name} ({bytes} bytes)",
        /// The file that the record has. {bytes} is its size.
        current_file: "{name} ({bytes} bytes)",
        /// The checkbox that discards a chosen file, or removes the one that the record has.
        remove_file: "Remove this file",
        /// The page shown after a double click, if the first response wasn't a redirect.
        double_click: "This has already been saved.",
        /// [`ValidationError::AlreadySaved`](crate::ValidationError::AlreadySaved).
        already_saved: "This has already been saved. Save again to add it a second time.",
        /// The message for a draft that no longer exists.
        draft_expired: "Your draft has expired.",
        /// [`ValidationError::ChangedElsewhere`](crate::ValidationError::ChangedElsewhere). {value}
        /// is the saved value.
        changed_elsewhere: "This has changed since you opened the form. It is now “{value}”.",
        /// Used instead if the saved value is empty.
        emptied_elsewhere: "This has changed since you opened the form. It is now empty.",
        /// [`ValidationError::SavedHere`](crate::ValidationError::SavedHere). {value} is the saved
        /// value.
        saved_here: "You already saved “{value}” here.",
        /// Used instead if the saved value is empty.
        emptied_here: "You already saved this field as empty.",
        /// Used as {value} in these sentences if the saved value is a stored file.
        other_file: "a different file",
        /// The heading of the choice between two versions of a field. {field} is the field's label.
        which_version: "{field}: which version should be saved?",
        /// The option that keeps the user's own version.
        keep_mine: "Keep what I entered",
        /// The option that uses the saved version. {value} is its text.
        use_theirs: "Use “{value}”",
        /// Used instead if the saved value is empty.
        use_empty: "Leave it empty",
        /// [`ValidationError::Deleted`](crate::ValidationError::Deleted).
        deleted: "This record has been deleted since you opened the form.",
        /// The button that saves the input as a new record when the original has been deleted.
        save_as_new: "Save as new",
        /// The title of the page that adds a record, if [`RecordPages`](crate::RecordPages) have no
        /// titles of their own.
        new_record: "New",
        /// The title of the page that edits a record.
        edit_record: "Edit",
        /// The button of [`RecordPages`](crate::RecordPages) that deletes the record.
        delete: "Delete",
        /// [`ValidationError::EnterAgain`](crate::ValidationError::EnterAgain).
        enter_again: "Enter this again.",
        /// The error message (400) for a button that the form doesn't have.
        no_button: "This form has no such button.",
        /// The error message (400) for a row that can't be added, moved or removed.
        no_row: "This row can't be added, moved or removed.",
        /// The error message (501) for a side button without an action. {button} is its name.
        no_action: "The button {button} has no action.",
        /// [`ValidationError::Missing`](crate::ValidationError::Missing).
        missing: "Fill in this field.",
        /// [`ValidationError::TooShort`](crate::ValidationError::TooShort).
        too_short: "Enter at least {min} characters (you entered {len}).",
        /// [`ValidationError::TooLong`](crate::ValidationError::TooLong).
        too_long: "Enter at most {max} characters (you entered {len}).",
        /// [`ValidationError::Unprintable`](crate::ValidationError::Unprintable).
        unprintable: "Remove the unsupported character.",
        /// [`ValidationError::NotANumber`](crate::ValidationError::NotANumber).
        not_a_number: "Enter a number.",
        /// [`ValidationError::WrongDecimalMark`](crate::ValidationError::WrongDecimalMark) for a
        /// point.
        decimal_point: "Use a decimal point, not a comma.",
        /// Replaces that message if the decimal mark is a comma or another {mark}.
        decimal_comma: "Use “{mark}” as the decimal mark.",
        /// [`ValidationError::WrongGroups`](crate::ValidationError::WrongGroups).
        groups: "Enter a number such as 1{group}234{decimal}5.",
        /// Replaces that message if there is no thousands separator.
        no_groups: "Enter a number such as 1234{decimal}5.",
        /// [`ValidationError::NotWhole`](crate::ValidationError::NotWhole).
        not_whole: "Enter a whole number.",
        /// [`ValidationError::TooManyDecimals`](crate::ValidationError::TooManyDecimals).
        too_many_decimals: "Enter at most {max} decimal places.",
        /// [`ValidationError::TooSmall`](crate::ValidationError::TooSmall).
        too_small: "Enter {min} or more.",
        /// [`ValidationError::TooLarge`](crate::ValidationError::TooLarge).
        too_large: "Enter {max} or less.",
        /// [`ValidationError::NotAStep`](crate::ValidationError::NotAStep).
        not_a_step: "Enter a value in steps of {step}.",
        /// [`ValidationError::NotBetween`](crate::ValidationError::NotBetween).
        not_between: "Enter a time from {min} to {max}.",
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
        /// [`ValidationError::NotOneOf`](crate::ValidationError::NotOneOf).
        not_one_of: "Enter one of {choices}, not “{text}”.",
        /// [`ValidationError::NotYesOrNo`](crate::ValidationError::NotYesOrNo). {yes} and {no} are
        /// the first of the words below.
        not_yes_or_no: "Enter {yes} or {no}, not “{text}”.",
        /// [`ValidationError::NotInNumberFormat`](crate::ValidationError::NotInNumberFormat).
        not_in_number_format: "“{text}” is not a number like {example}.",
        /// The words for a checked box in CSV files, separated by commas. The first is used in files
        /// that the program writes. `true`, `1`, `x` and `on` are always accepted.
        csv_yes: "yes",
        /// The words for an unchecked box. `false`, `0` and `off` are always accepted.
        csv_no: "no",
        /// [`CsvError::UnknownColumn`](crate::CsvError::UnknownColumn).
        csv_unknown_column: "Unknown column “{column}”. The columns are {columns}.",
        /// [`CsvError::UnnamedColumn`](crate::CsvError::UnnamedColumn).
        csv_unnamed_column: "Column {number} has no name.",
        /// [`CsvError::RepeatedColumn`](crate::CsvError::RepeatedColumn).
        csv_repeated_column: "There are two columns “{column}”.",
        /// [`CsvError::MissingColumns`](crate::CsvError::MissingColumns) for one column.
        csv_missing_column: "The column “{column}” is missing.",
        /// Replaces that message for several columns.
        csv_missing_columns: "These columns are missing: {columns}.",
        /// [`CsvError::NotUtf8`](crate::CsvError::NotUtf8), also used for a row.
        csv_not_utf8: "The file is not UTF-8. Save it as CSV UTF-8.",
        /// A row with too many or too few cells.
        csv_wrong_width: "The row has {cells} cells, but there are {columns} columns.",
        /// A cell whose closing quotation mark is missing, so that it contains the rest of the file.
        csv_open_quote: "A quotation mark in this row has no counterpart.",
        /// A row that is longer than {max} bytes.
        csv_long_row: "The row is longer than {max} bytes. A quotation mark may be missing.",
        /// An error in a row, if the file has other columns too. {error} is a sentence.
        csv_cell: "{column}: {error}",
        /// An invalid row of [`CsvError::InvalidRows`](crate::CsvError::InvalidRows).
        csv_line: "Line {line}: {error}",
        /// The number of invalid rows that aren't listed.
        csv_more: "And {count} more invalid rows.",
        /// [`ValidationError::TooFew`](crate::ValidationError::TooFew).
        too_few: "At least {min} required.",
        /// [`ValidationError::TooMany`](crate::ValidationError::TooMany).
        too_many: "At most {max} allowed.",
        /// [`ValidationError::FileTooLarge`](crate::ValidationError::FileTooLarge) in a field for
        /// one file. {size} and {max} include units.
        file_too_large: "The file is too large ({size}; the limit is {max}).",
        /// Replaces that message in a field for several files. {name} is the name of the file.
        one_file_too_large: "The file {name} is too large ({size}; the limit is {max}).",
        /// [`ValidationError::NoRoomForFile`](crate::ValidationError::NoRoomForFile). {name} is the
        /// name of the file. {max} includes a unit.
        no_room_for_file: "Together, the files are larger than {max}. Choose {name} again; the others have been uploaded.",
        /// The size of a small file. Larger sizes use the units KB, MB, GB, TB and PB.
        bytes: "{number} bytes",
        /// [`ValidationError::WrongFileType`](crate::ValidationError::WrongFileType). {accepted} is
        /// the HTML attribute `accept`.
        wrong_file_type: "The file {name} has the wrong type (allowed: {accepted}).",
        /// [`ValidationError::NotAnImage`](crate::ValidationError::NotAnImage) in a field for one
        /// file.
        not_an_image: "Choose a PNG, JPEG, GIF or WebP image.",
        /// Replaces that message in a field for several files. {name} is the name of the file.
        one_not_an_image: "The file {name} is not a PNG, JPEG, GIF or WebP image.",
        /// [`ValidationError::FileExpired`](crate::ValidationError::FileExpired), also for a file that
        /// was deleted with its record.
        file_expired: "The file is no longer available. Choose it again.",
        /// [`ValidationError::FileDeleted`](crate::ValidationError::FileDeleted).
        file_deleted: "The stored file was deleted, too. To keep it, choose it again.",
        /// [`ValidationError::Taken`](crate::ValidationError::Taken).
        taken: "This is already taken.",
        /// [`ValidationError::TakenTogether`](crate::ValidationError::TakenTogether).
        taken_together: "This combination already exists.",
        /// [`ValidationError::NotAllowed`](crate::ValidationError::NotAllowed).
        not_allowed: "This value is not allowed.",
        /// [`ValidationError::NotAllowedTogether`](crate::ValidationError::NotAllowedTogether).
        not_allowed_together: "This combination is not allowed.",
        /// [`ValidationError::InUse`](crate::ValidationError::InUse).
        in_use: "This is still in use.",
    }
}
