//! Room for text: estimated widths, and which labels fit below the axis.

/// The size of all text, in pixels.
pub(super) const FONT_SIZE: f64 = 12.0;

/// The least space between two labels.
const SPACE: f64 = 10.0;

/// The width that a long label may take away from its neighbours.
const LONGEST: f64 = 90.0;

/// Returns a width that the text fits in with usual fonts. The real one depends on the browser.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(char_width).sum::<f64>() * FONT_SIZE
}

fn char_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ' ' | '\'' | ':' => 0.35,
        'm' | 'w' | 'M' | 'W' | '—' | '…' => 0.95,
        'A'..='Z' => 0.72,
        // East Asian characters, and emoji.
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffff}' | '\u{1f000}'.. => 1.1,
        _ => 0.6,
    }
}

/// Returns the text if it fits, or the start of it with an ellipsis.
pub(super) fn shortened(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…");
    let mut short: String = text
        .chars()
        .take_while(|c| {
            left -= char_width(*c) * FONT_SIZE;
            left >= 0.0
        })
        .collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Returns how many places apart labels can be, and the room for each label.
pub(super) fn spacing(widest: f64, band: f64) -> (usize, f64) {
    let wanted = widest.min(LONGEST) + SPACE;
    if !(band > 0.0 && wanted > band) {
        return (1, band - SPACE / 2.0);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
    let every = (wanted / band).ceil() as usize;
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let room = band * every as f64 - SPACE / 2.0;
    (every, room)
}

/// Rounds up to 1, 2 or 5 times a power of ten.
pub(super) fn round(every: usize) -> usize {
    let power = 10_usize.pow(every.max(1).ilog10());
    [1, 2, 5, 10]
        .into_iter()
        .map(|digit| digit * power)
        .find(|round| *round >= every)
        .unwrap_or(every)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_shortened() {
        assert_eq!(shortened("Monday", 100.0), "Monday");
        let short = shortened("A very long label indeed", 60.0);
        assert_eq!(short, "A very…");
        assert!(width(&short) <= 60.0);
        assert_eq!(shortened("Monday", 0.0), "…");
        assert_eq!(shortened("月曜日月曜日", 40.0), "月曜…");
    }

    #[test]
    fn labels_are_left_out_if_they_would_overlap() {
        assert_eq!(spacing(30.0, 50.0).0, 1);
        assert_eq!(spacing(30.0, 20.0).0, 2);
        assert_eq!(spacing(30.0, 0.5).0, 80);
        assert_eq!(spacing(500.0, 50.0).0, 2);
        assert_eq!([1, 2, 3, 6, 10, 323].map(round), [1, 2, 5, 10, 10, 500]);
    }
}
