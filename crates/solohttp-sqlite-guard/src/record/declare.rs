//! The `columns!` macro.

#[doc = include_str!("../../docs/columns.md")]
#[macro_export]
macro_rules! columns {
    (
        $Record:ident $(:: $More:ident)* in $table:literal $(by $key:literal)?
        $(of $parent:literal $(placed $place:literal)?)?
        {
            $(
                $field:ident
                $(: $how:ident $(in $file:literal)? $(($write:expr, $read:expr $(,)?))?)?
                $(as $column:literal)?
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
                $($crate::columns!(@listed $table [$($how $(in $file)?)?] $field $($column)?)),+
            ));

            fn declaration() -> &'static $crate::declare_record::Declaration {
                static COLUMNS: &[$crate::declare_record::Column] = $crate::columns!(
                    @stored [$Record $(:: $More)*] []
                    $([[$($how $(in $file)? $(($read))?)?] $field $($column)?])+
                );
                static PARTS: &[$crate::declare_record::Part] = $crate::columns!(
                    @parts [$Record $(:: $More)*] [] $([$($how $(in $file)?)?] $field)+
                );
                static DECLARATION: $crate::declare_record::Declaration =
                    $crate::declare_record::Declaration::new(
                        stringify!($Record),
                        (
                            <$Record $(:: $More)* as $crate::Record>::TABLE,
                            <$Record $(:: $More)* as $crate::Record>::KEY,
                            <$Record $(:: $More)* as $crate::Record>::COLUMNS,
                        ),
                        COLUMNS,
                        &[$($((stringify!($computed), $sql),)+)?],
                        &[$($(stringify!($except),)+)?],
                        ($crate::columns!(@parent $($parent $($place)?)?), PARTS),
                    );
                &DECLARATION
            }

            fn read(
                row: &$crate::rusqlite::Row<'_>,
                at: &mut $crate::declare_record::Position,
            ) -> $crate::rusqlite::Result<Self> {
                Ok($Record $(:: $More)* {
                    $($field: $crate::columns!(
                        @read row at [$($how $(in $file)? $(($read))?)?] $field $($column)?
                    ),)+
                })
            }

            fn bind(
                &self,
                to: &mut $crate::declare_record::Binding<'_>,
            ) -> $crate::rusqlite::Result<()> {
                $($crate::columns!(@bind self to [$($how $(in $file)? $(($write))?)?] $field);)+
                Ok(())
            }

            fn into_row(self, id: i64) -> <Self as $crate::Record>::Row {
                let _ = id;
                $crate::columns!(
                    @if_key { self } else { $crate::Stored { id, record: self } } $([$($how)?])+
                )
            }

            fn of_row(row: &mut <Self as $crate::Record>::Row) -> &mut Self {
                $crate::columns!(@if_key { row } else { &mut row.record } $([$($how)?])+)
            }

            fn read_parts(
                db: &$crate::rusqlite::Connection,
                records: &mut [(i64, &mut Self)],
            ) -> $crate::rusqlite::Result<()> {
                let _ = (db, &records);
                $($crate::columns!(@read_part Self db records [$($how $(in $file)?)?] $field);)+
                Ok(())
            }

            fn write_parts(
                &self,
                db: &$crate::rusqlite::Connection,
                id: i64,
                is_new: bool,
            ) -> ::core::result::Result<(), $crate::WriteError> {
                let _ = (db, id, is_new);
                $($crate::columns!(@write_part self db id is_new [$($how $(in $file)?)?] $field);)+
                Ok(())
            }
        }

        $crate::columns!(
            @child [$Record $(:: $More)*] [$($parent)?] $([[$($how)?] $field])+
        );
    };

    // A child row has a parent and a key.
    (@child $Record:tt [] $($fields:tt)*) => {};
    (@child [$($Record:tt)+] [$parent:literal] [[key] $field:ident] $($rest:tt)*) => {
        impl $crate::declare_record::ChildRecord for $($Record)+ {
            fn row_key(&self) -> Option<i64> {
                $crate::declare_record::RowKey::row_key(&self.$field)
            }
        }
    };
    (@child $Record:tt [$parent:literal] $first:tt $($rest:tt)*) => {
        $crate::columns!(@child $Record [$parent] $($rest)*);
    };
    (@child $Record:tt [$parent:literal]) => {
        compile_error!("a record with `of` needs a key, which says which rows are new: a field \
            `id: Option<i64>` that is stored as `key`");
    };

    (@parent) => { ::core::option::Option::None };
    (@parent $parent:literal) => {
        ::core::option::Option::Some($crate::declare_record::Parent {
            column: $parent,
            place: ::core::option::Option::None,
        })
    };
    (@parent $parent:literal $place:literal) => {
        ::core::option::Option::Some($crate::declare_record::Parent {
            column: $parent,
            place: ::core::option::Option::Some($place),
        })
    };

    // The fields that are stored in other tables.
    (@parts $Record:tt [$($done:tt)*]) => { &[$($done)*] };
    (
        @parts [$($Record:tt)+] [$($done:tt)*] [rows] $field:ident $($rest:tt)*
    ) => {
        $crate::columns!(
            @parts [$($Record)+]
            [
                $($done)*
                $crate::declare_record::Part {
                    field: stringify!($field),
                    kind: $crate::declare_record::PartKind::Rows(
                        || $crate::declare_record::row_declaration(
                            |record: &$($Record)+| &record.$field
                        ),
                    ),
                },
            ]
            $($rest)*
        )
    };
    (
        @parts $Record:tt [$($done:tt)*] [file in $file:literal] $field:ident $($rest:tt)*
    ) => {
        $crate::columns!(
            @parts $Record
            [
                $($done)*
                $crate::declare_record::Part {
                    field: stringify!($field),
                    kind: $crate::declare_record::PartKind::File($file),
                },
            ]
            $($rest)*
        )
    };
    (@parts $Record:tt $done:tt [$($how:tt)*] $field:ident $($rest:tt)*) => {
        $crate::columns!(@parts $Record $done $($rest)*)
    };

    (@read_part $Record:ident $db:ident $records:ident [rows] $field:ident) => {
        $crate::declare_record::load_rows($db, $records, |record: &mut $Record| {
            &mut record.$field
        })?
    };
    (@read_part $Record:ident $db:ident $records:ident [file in $file:literal] $field:ident) => {
        $crate::declare_record::load_files(
            $db,
            <$Record as $crate::Record>::declaration(),
            ($file, |record: &mut $Record| &mut record.$field),
            $records,
        )?
    };
    (@read_part $Record:ident $db:ident $records:ident [$($how:tt)*] $field:ident) => { () };

    (@write_part $self:ident $db:ident $id:ident $new:ident [rows] $field:ident) => {
        $crate::declare_record::write_rows($db, ($id, $new), stringify!($field), &$self.$field)?
    };
    (
        @write_part $self:ident $db:ident $id:ident $new:ident [file in $file:literal] $field:ident
    ) => {
        $crate::declare_record::write_file(
            $db,
            <Self as $crate::Record>::declaration(),
            ($id, $new),
            $file,
            &$self.$field,
        )?
    };
    (@write_part $self:ident $db:ident $id:ident $new:ident [$($how:tt)*] $field:ident) => { () };

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
    (@listed $table:literal [rows] $field:ident $($column:literal)?) => { "" };
    (@listed $table:literal [file in $file:literal] $field:ident $($column:literal)?) => { "" };
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
    (@stored $Record:tt $done:tt [[rows] $($field:tt)*] $($rest:tt)*) => {
        $crate::columns!(@stored $Record $done $($rest)*)
    };
    (@stored $Record:tt $done:tt [[file in $file:literal] $($field:tt)*] $($rest:tt)*) => {
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
            "with(write, read), rows, file in \"table\", skip or key"
        ))
    };

    (@read $row:ident $at:ident [skip] $field:ident $($column:literal)?) => {
        ::core::default::Default::default()
    };
    (@read $row:ident $at:ident [rows] $field:ident $($column:literal)?) => {
        ::std::vec::Vec::new()
    };
    (
        @read $row:ident $at:ident [file in $file:literal] $field:ident $($column:literal)?
    ) => {
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
    (@bind $self:ident $to:ident [rows] $field:ident) => { () };
    (@bind $self:ident $to:ident [file in $file:literal] $field:ident) => { () };
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
