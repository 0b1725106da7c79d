//! The sentences of charts.

use solohttp_core::sentences;

sentences! {
    /// The sentences of [charts](crate::Chart).
    ///
    /// Set them in the application's [`Locale`](solohttp_core::Locale). `{name}` is the name of a
    /// series, and `{lowest_at}` and `{highest_at}` are labels.
    pub struct ChartWords {
        /// Unfolds the table. {title} is the chart's title.
        table: "{title}: table",
        /// Below a table that is too long.
        first_rows: "The first {shown} of {count} rows.",
        /// In the table, for a gap.
        gap: "no value",
        /// A chart without values.
        no_data: "No data",
        /// For screen readers, at the start of the description.
        bars: "Bar chart.",
        /// For screen readers, at the start of the description.
        lines: "Line chart.",
        /// For screen readers: a series with a single value.
        single: "{name}: {value} ({at}).",
        /// For screen readers: a series.
        range: "{name}: {count} values, from {lowest} ({lowest_at}) to {highest} ({highest_at}).",
        /// For screen readers: a sparkline.
        trend: "{name}: {count} values, the first {first}, the last {last}, from {lowest} to {highest}.",
        /// For screen readers: a series without values.
        none: "{name}: no data.",
    }
}
