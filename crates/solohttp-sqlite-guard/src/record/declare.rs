//! The `columns!` macro.

/// Declares which table stores a struct, and how. Implements [`Record`](crate::Record).
///
/// The list has the fields of the struct. A missing or misspelled field is a compile error. A field
/// is stored in the column of the same name, in one of these ways:
///
/// | in the list | stored |
/// |---|---|
/// | `mass` | as it is: integers, floats, `bool`, `String`, `Vec<u8>`, `Option`s of these, and all other types that rusqlite converts |
/// | `taken: text` | as text, with `Display` and `FromStr`: dates and times of jiff, addresses; also in an `Option` |
/// | `status: choice` | an enum that is declared with `choices!` of solohttp-forms; also in an `Option` |
/// | `starts: with(write, read)` | as the value that `write` returns: `fn(&Field) -> Stored` and `fn(Stored) -> Result<Field, Error>` |
/// | `photo: skip` | not in this table; read as `Default::default()` |
/// | `id: key` | the table's `INTEGER PRIMARY KEY`, an `i64` that SQLite assigns |
///
/// `as` sets another name for the column: `from: text as "starts"`. A field whose name is a raw
/// identifier needs it.
///
/// ```
/// use solohttp_sqlite_guard::{Database, Record as _, columns};
///
/// struct Contact {
///     id: i64,
///     name: String,
///     born: Option<u16>,
///     homepage: Option<std::net::IpAddr>,
///     has_new_photo: bool,
/// }
///
/// columns!(Contact in "contact" {
///     id: key,
///     name,
///     born as "year",
///     homepage: text,
///     has_new_photo: skip,
/// } with {
///     sort_key = "sort_key(:name)",
/// } except {
///     created,
/// });
///
/// let db = Database::in_memory()
///     .migrations(["CREATE TABLE contact (
///         id INTEGER PRIMARY KEY,
///         name TEXT NOT NULL,
///         year INTEGER,
///         homepage TEXT,
///         sort_key TEXT NOT NULL,
///         created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
///     ) STRICT"])
///     .record::<Contact>()
///     .open()?;
/// let zoe = Contact { id: 0, name: "Zoë".into(), born: None, homepage: None, has_new_photo: true };
/// let id = zoe.insert(&db)?; // SQLite assigns the key
/// let all: Vec<Contact> = Contact::select(&db, "ORDER BY sort_key", [])?;
/// assert_eq!((all[0].id, all[0].has_new_photo), (id, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// - **The key** of the table is the field marked `key`. Without one, it is the column `id`, or
///   another one after `by`: `columns!(Sample in "sample" by "number" { … })`.
/// - **`with`** computes columns in SQL whenever a row is inserted or updated. In an expression,
///   `:name` is the value of the field `name`.
/// - **`except`** lists columns that other code fills, or a `DEFAULT`.
///
/// A field that isn't in the list:
///
/// ```compile_fail,E0063
/// # use solohttp_sqlite_guard::columns;
/// struct Sample { code: String, mass: i64 }
/// columns!(Sample in "sample" { code }); // `mass` is missing
/// ```
///
/// A field that isn't in the struct:
///
/// ```compile_fail,E0560
/// # use solohttp_sqlite_guard::columns;
/// struct Sample { code: String }
/// columns!(Sample in "sample" { code, mass: skip });
/// ```
///
/// A type without a conversion:
///
/// ```compile_fail,E0277
/// # use solohttp_sqlite_guard::columns;
/// struct Sample { from: std::net::IpAddr }
/// columns!(Sample in "sample" { from }); // should be `from: text`
/// ```
#[macro_export]
macro_rules! columns {
    (
        $Record:ident $(:: $More:ident)* in $table:literal $(by $key:literal)? {
            $(
                $field:ident $(: $how:ident $(($write:expr, $read:expr $(,)?))?)? $(as $column:literal)?
            ),+ $(,)?
        }
        $(with { $($computed:ident = $sql:expr),+ $(,)? })?
        $(except { $($except:ident),+ $(,)? })?
    ) => {
        impl $crate::Record for $Record $(:: $More)* {
            type Row = $crate::columns!(
                @if_key { Self } else { $crate::Stored<Self> } $([$($how)?])+
            );

            const TABLE: &'static str = $table;

            const KEY: &'static str = $crate::columns!(
                @key [$($key)?] $([[$($how)?] $field $($column)?])+
            );

            const COLUMNS: &'static str = $crate::declare_record::without_comma(concat!(
                $($crate::columns!(@listed $table [$($how)?] $field $($column)?)),+
            ));

            fn declaration() -> &'static $crate::declare_record::Declaration {
                static COLUMNS: &[$crate::declare_record::Column] = $crate::columns!(
                    @stored [$Record $(:: $More)*] []
                    $([[$($how $(($read))?)?] $field $($column)?])+
                );
                static DECLARATION: $crate::declare_record::Declaration =
                    $crate::declare_record::Declaration::new(
                        stringify!($Record),
                        (
                            <$Record $(:: $More)* as $crate::Record>::TABLE,
                            <$Record $(:: $More)* as $crate::Record>::KEY,
                        ),
                        (
                            <$Record $(:: $More)* as $crate::Record>::COLUMNS,
                            $crate::columns!(@if_key { true } else { false } $([$($how)?])+),
                        ),
                        COLUMNS,
                        &[$($((stringify!($computed), $sql),)+)?],
                        &[$($(stringify!($except),)+)?],
                    );
                &DECLARATION
            }

            fn read(
                row: &$crate::rusqlite::Row<'_>,
                at: &mut $crate::declare_record::Position,
            ) -> $crate::rusqlite::Result<Self> {
                Ok($Record $(:: $More)* {
                    $($field: $crate::columns!(
                        @read row at [$($how $(($read))?)?] $field $($column)?
                    ),)+
                })
            }

            fn bind(
                &self,
                to: &mut $crate::declare_record::Binding<'_>,
            ) -> $crate::rusqlite::Result<()> {
                $($crate::columns!(@bind self to [$($how $(($write))?)?] $field);)+
                Ok(())
            }

            fn into_row(self, id: i64) -> <Self as $crate::Record>::Row {
                let _ = id;
                $crate::columns!(
                    @if_key { self } else { $crate::Stored { id, record: self } } $([$($how)?])+
                )
            }
        }
    };

    // Whether one of the fields is the key.
    (@if_key { $($yes:tt)* } else { $($no:tt)* }) => { $($no)* };
    (@if_key { $($yes:tt)* } else { $($no:tt)* } [key] $($rest:tt)*) => { $($yes)* };
    (@if_key { $($yes:tt)* } else { $($no:tt)* } $first:tt $($rest:tt)*) => {
        $crate::columns!(@if_key { $($yes)* } else { $($no)* } $($rest)*)
    };

    // The name of the key.
    (@key []) => { "id" };
    (@key [$key:literal]) => { $key };
    (@key [$($key:literal)?] [[key] $field:ident $($column:literal)?] $($rest:tt)*) => {
        $crate::columns!(@name $field $($column)?)
    };
    (@key [$($key:literal)?] $first:tt $($rest:tt)*) => {
        $crate::columns!(@key [$($key)?] $($rest)*)
    };

    (@name $field:ident $column:literal) => { $column };
    (@name $field:ident) => { stringify!($field) };

    // `, "table"."column"`
    (@listed $table:literal [skip] $field:ident $($column:literal)?) => { "" };
    (@listed $table:literal [$($how:ident)?] $field:ident $column:literal) => {
        concat!(", \"", $table, "\".\"", $column, "\"")
    };
    (@listed $table:literal [$($how:ident)?] $field:ident) => {
        concat!(", \"", $table, "\".\"", stringify!($field), "\"")
    };

    // The list of stored fields, without the key and skipped fields.
    (@stored $Record:tt [$($done:tt)*]) => { &[$($done)*] };
    (@stored $Record:tt $done:tt [[skip] $($field:tt)*] $($rest:tt)*) => {
        $crate::columns!(@stored $Record $done $($rest)*)
    };
    (@stored $Record:tt $done:tt [[key] $($field:tt)*] $($rest:tt)*) => {
        $crate::columns!(@stored $Record $done $($rest)*)
    };
    (
        @stored [$($Record:tt)+] [$($done:tt)*]
        [[$($how:tt)*] $field:ident $($column:literal)?] $($rest:tt)*
    ) => {
        $crate::columns!(
            @stored [$($Record)+]
            [
                $($done)*
                $crate::declare_record::Column {
                    field: stringify!($field),
                    name: $crate::declare_record::column_name(
                        $crate::columns!(@name $field $($column)?)
                    ),
                    accepted: || $crate::columns!(
                        @accepted [$($how)*] |record: &$($Record)+| &record.$field
                    ),
                },
            ]
            $($rest)*
        )
    };

    (@accepted [] $get:expr) => { $crate::declare_record::accepted_plain($get) };
    (@accepted [text] $get:expr) => { $crate::declare_record::accepted_text($get) };
    (@accepted [choice] $get:expr) => { $crate::declare_record::accepted_choice($get) };
    (@accepted [with($read:expr)] $get:expr) => {
        $crate::declare_record::accepted_with($get, $read)
    };
    (@accepted [$($other:tt)*] $get:expr) => {
        compile_error!(concat!(
            "`", stringify!($($other)*), "` is no way to store a field: use text, choice, ",
            "with(write, read), skip or key"
        ))
    };

    (@read $row:ident $at:ident [skip] $field:ident $($column:literal)?) => {
        ::core::default::Default::default()
    };
    (@read $row:ident $at:ident [$($how:tt)*] $field:ident $($column:literal)?) => {{
        let index = $at.next($row, $crate::columns!(@name $field $($column)?))?;
        $crate::columns!(@read_at $row index [$($how)*])?
    }};

    (@read_at $row:ident $index:ident [text]) => {
        $crate::declare_record::read_text($row, $index)
    };
    (@read_at $row:ident $index:ident [choice]) => {
        $crate::declare_record::read_choice($row, $index)
    };
    (@read_at $row:ident $index:ident [with($read:expr)]) => {
        $crate::declare_record::read_with($row, $index, $read)
    };
    (@read_at $row:ident $index:ident [$($how:tt)*]) => {
        $crate::declare_record::read_plain($row, $index)
    };

    (@bind $self:ident $to:ident [skip] $field:ident) => { () };
    (@bind $self:ident $to:ident [key] $field:ident) => { () };
    (@bind $self:ident $to:ident [text] $field:ident) => {
        $crate::declare_record::bind_text(&$self.$field, $to)?
    };
    (@bind $self:ident $to:ident [choice] $field:ident) => {
        $crate::declare_record::bind_choice(&$self.$field, $to)?
    };
    (@bind $self:ident $to:ident [with($write:expr)] $field:ident) => {
        $crate::declare_record::bind_with(&$self.$field, $to, $write)?
    };
    (@bind $self:ident $to:ident [$($how:tt)*] $field:ident) => {
        $crate::declare_record::bind_plain(&$self.$field, $to)?
    };
}

/// Strips the comma before the first column.
#[must_use]
pub const fn without_comma(columns: &'static str) -> &'static str {
    assert!(columns.len() > 2, "a record needs a column: not all of its fields can be `skip`");
    columns.split_at(2).1
}

/// Returns the name of a column.
#[must_use]
pub const fn column_name(name: &'static str) -> &'static str {
    let bytes = name.as_bytes();
    assert!(
        !(bytes.len() > 1 && bytes[0] == b'r' && bytes[1] == b'#'),
        "a field with a raw identifier needs the name of its column: `r#type as \"type\"`"
    );
    name
}
