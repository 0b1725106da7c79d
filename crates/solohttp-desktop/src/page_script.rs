//! The script of every page: `live.js`, without comments and unneeded spaces.

/// Returns the script. `ended` is a string literal with the message to show when the program has
/// ended.
pub(crate) fn page_script(ended: &str) -> String {
    squeeze(include_str!("live.js")).replacen("\"ENDED\"", ended, 1)
}

/// Removes comment lines, and unneeded spaces, line breaks, semicolons and commas.
///
/// Supports only the JavaScript that our script uses: every statement ends with a semicolon or a
/// brace, comments have their own lines, strings contain no escaped quotes, and regular expressions
/// contain no spaces or quotes.
fn squeeze(source: &str) -> String {
    let mut script = String::with_capacity(source.len());
    let mut quote = None;
    let lines = source.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    for line in lines {
        let mut is_after_blank = true;
        for char in line.chars() {
            if quote.is_none() {
                if char == ' ' {
                    is_after_blank = true;
                    continue;
                }
                let is_after_word = script.ends_with(is_word);
                if is_after_blank && is_after_word && is_word(char) {
                    script.push(' ');
                } else if char == '}' && script.ends_with(';')
                    || matches!(char, ')' | ']' | '}') && script.ends_with(',')
                {
                    script.pop();
                }
                is_after_blank = false;
                quote = matches!(char, '"' | '`').then_some(char);
            } else if quote == Some(char) {
                quote = None;
            }
            script.push(char);
        }
    }
    script
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_meaning_is_kept() {
        for (source, expect) in [
            ("// Why.\nlet a = 1;\n\n  let b;\n", "let a=1;let b;"),
            ("if (a) {\n  b();\n} else c(\n  d,\n);", "if(a){b()}else c(d);"),
            ("const [a] = \"x; } y , ) \" + `a ${b} `;", "const[a]=\"x; } y , ) \"+`a ${b} `;"),
            ("return \"a\" in b;", "return\"a\"in b;"),
            ("f = async (it) => $a of _b", "f=async(it)=>$a of _b"),
        ] {
            assert_eq!(squeeze(source), expect);
        }
    }

    #[test]
    fn the_script_is_small_and_says_its_sentence() {
        let script = page_script("\"Stock has exited.\"");
        assert!(script.len() < 7 << 10, "{} bytes", script.len());
        assert!(script.contains("=\"Stock has exited.\";"), "{script}");
        assert!(!script.contains('\n') && !script.contains("//"), "{script}");
    }

    /// Checks for code that a strict content security policy forbids, or that would run a fetched
    /// page's scripts.
    #[test]
    fn the_script_needs_no_unsafe_policy() {
        let source = include_str!("live.js");
        for forbidden in [
            "eval(",
            "Function(",
            "innerHTML",
            "insertAdjacent",
            "document.write",
            "\"style\"",
            "javascript:",
            "import(",
            "setTimeout(\"",
        ] {
            assert!(!source.contains(forbidden), "{forbidden}");
        }
    }
}
