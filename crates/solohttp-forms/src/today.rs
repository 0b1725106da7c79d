//! The current day.

use jiff::Zoned;
use jiff::civil::Date;

/// Today in the user's time zone. A new record often begins with it:
///
/// ```
/// use solohttp_forms::jiff::civil::Date;
/// use solohttp_forms::{date, form, today};
///
/// struct Sample { taken: Date }
///
/// let form = form!(Sample { taken: date("Taken").initial(today()) });
/// assert!(form.blank().render().to_string().contains(&format!("value=\"{}\"", today())));
/// ```
///
/// A [cached](crate::RecordForm::cached) form would keep the day on which it was declared.
#[must_use]
pub fn today() -> Date {
    Zoned::now().date()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without the features that find it, jiff would use UTC for an unknown zone.
    #[test]
    fn the_time_zone_is_known() {
        assert!(!Zoned::now().time_zone().is_unknown());
        assert_eq!(today(), Zoned::now().date());
    }
}
