//! Triggers that keep virtual tables up to date during a replay. A full-text table, for example,
//! relies on triggers on the table that it indexes. Each trigger here is a copy of one of the
//! program's, with only the statements that write to a virtual table. The log already has the
//! effects of the other statements.

use crate::sql::{offset, quoted, tokens};
use crate::watch::statement::writes_to;

/// The name of the copy with this number.
pub(crate) fn follower_name(at: usize) -> String {
    format!("solohttp_undo_follower_{at}")
}

/// Builds the statement that creates the copy of a trigger. Returns `None` if the trigger doesn't
/// write to a virtual table.
pub(crate) fn follower(
    trigger: &str,
    at: usize,
    database: &str,
    virtual_tables: &[String],
) -> Option<String> {
    let tokens = tokens(trigger);
    let find = |from: usize, word: &str| {
        let is_word = |token: &&str| token.eq_ignore_ascii_case(word);
        Some(from + tokens.get(from..)?.iter().position(is_word)?)
    };
    // CREATE TRIGGER [IF NOT EXISTS] [database.]name {BEFORE …} ON [database.]table {WHEN …} BEGIN
    let mut name = find(0, "TRIGGER")? + 1;
    if tokens.get(name)?.eq_ignore_ascii_case("IF") {
        name += 3;
    }
    name = skip_database(&tokens, name);
    let on = find(name + 1, "ON")?;
    let table = skip_database(&tokens, on + 1);
    let begin = find(table + 1, "BEGIN")?;
    let end = tokens.iter().rposition(|token| token.eq_ignore_ascii_case("END"))?;
    let text = |from: usize, to: usize| {
        let start = offset(trigger, tokens.get(from)?);
        let last = tokens.get(to.checked_sub(1)?)?;
        trigger.get(start..offset(trigger, last) + last.len())
    };
    let mut statements = Vec::new();
    for statement in tokens.get(begin + 1..end)?.split(|token| *token == ";") {
        let Some((first, last)) = statement.first().zip(statement.last()) else { continue };
        let text = &trigger[offset(trigger, first)..offset(trigger, last) + last.len()];
        statements.extend(Some(text).filter(|text| writes_to(text, virtual_tables)));
    }
    if statements.is_empty() {
        return None;
    }
    let event = text(name + 1, on)?;
    let condition = if table + 1 < begin { text(table + 1, begin)? } else { "" };
    Some(format!(
        "CREATE TEMP TRIGGER {} {event} ON {}.{} {condition} BEGIN {}; END;\n",
        follower_name(at),
        quoted(database),
        tokens[table],
        statements.join("; "),
    ))
}

/// Returns the position of a name, after an optional database and dot.
fn skip_database(tokens: &[&str], name: usize) -> usize {
    if tokens.get(name + 1) == Some(&".") { name + 2 } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(trigger: &str, expect: Option<&str>) {
        let virtual_tables = ["found".to_owned(), "my index".to_owned()];
        let made = follower(trigger, 3, "main", &virtual_tables);
        let made = made.map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!(made.as_deref(), expect, "{trigger}");
    }

    #[test]
    fn keeps_only_what_writes_to_a_virtual_table() {
        check(
            "CREATE TRIGGER t AFTER INSERT ON note BEGIN INSERT INTO found VALUES (NEW.a); END",
            Some(
                "CREATE TEMP TRIGGER solohttp_undo_follower_3 AFTER INSERT ON \"main\".note \
                 BEGIN INSERT INTO found VALUES (NEW.a); END;",
            ),
        );
        check(
            "create trigger if not exists main.\"a on b\" /* ON x */ before update of a, \"on\"\n\
             on [my table] when NEW.a <> 'BEGIN; x' -- BEGIN\n begin\n\
             update total set n = 'into found; ';\n\
             delete from \"my index\" where rowid = case OLD.a when 1 then 2 else 3 end;\n\
             insert or replace into FOUND (a) values (';');;\n\
             select 1 from found; end",
            Some(
                "CREATE TEMP TRIGGER solohttp_undo_follower_3 before update of a, \"on\" ON \
                 \"main\".[my table] when NEW.a <> 'BEGIN; x' BEGIN \
                 delete from \"my index\" where rowid = case OLD.a when 1 then 2 else 3 end; \
                 insert or replace into FOUND (a) values (';'); END;",
            ),
        );
    }

    #[test]
    fn other_triggers_are_left_out() {
        check("CREATE TRIGGER t AFTER DELETE ON note BEGIN DELETE FROM other; END", None);
        check("CREATE TRIGGER t AFTER DELETE ON found BEGIN SELECT 'INSERT INTO found'; END", None);
        for broken in
            ["", "CREATE TRIGGER", "CREATE TRIGGER t ON", "TRIGGER IF ON é BEGIN END", "'"]
        {
            check(broken, None);
        }
    }
}
