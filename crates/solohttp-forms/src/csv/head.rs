//! The first line of a file: finds the column for each name.

use std::io::Read;

use solohttp_core::Fields;

use crate::csv::rows::CsvRows;
use crate::csv::split::{Record, Splitter};
use crate::csv::{Csv, CsvError};
use crate::lens::invisible;

/// How much of an unknown column's name is quoted.
const NAME_SHOWN: usize = 60;

impl<T> Csv<T> {
    /// Reads the names of the columns. The rows are read while you iterate over them. For an
    /// [`Upload`](solohttp_core::Upload), pass its `reader()`.
    ///
    /// # Errors
    /// If the columns are wrong, or if the file can't be read.
    pub fn read<'a, R: Read>(self, file: R) -> Result<CsvRows<'a, T, R>, CsvError> {
        let (mut splitter, mut record) = (Splitter::new(file)?, Record::default());
        splitter.read(&mut record)?;
        let (mut heads, mut order) = (Vec::new(), Vec::new());
        for (index, head) in record.cells().enumerate() {
            let head = str::from_utf8(head).map_err(|_| CsvError::NotUtf8)?;
            let head = invisible::trim(head);
            if head.is_empty() {
                return Err(CsvError::UnnamedColumn { number: index + 1 });
            }
            let column = self.find(head)?;
            if order.contains(&column) {
                let column = self.columns[column].name.clone();
                return Err(CsvError::RepeatedColumn { column });
            }
            heads.push(head.to_owned());
            order.push(column);
        }
        let all = || self.columns.iter().enumerate();
        let missing = all().filter(|(index, one)| !order.contains(index) && !one.may_be_missing());
        let columns: Vec<String> = missing.map(|(_, column)| column.name.clone()).collect();
        if !columns.is_empty() {
            return Err(CsvError::MissingColumns { columns });
        }
        let blank = self.form.blank_fields();
        let is_in_file = |name: &str| order.iter().any(|&index| self.columns[index].name == name);
        let base: Fields = blank.iter().filter(|(name, _)| !is_in_file(name)).collect();
        Ok(CsvRows {
            csv: self,
            splitter,
            record,
            heads,
            order,
            base,
            resolve: Vec::new(),
            check: None,
            on_row: None,
            has_failed: false,
        })
    }

    /// Finds a column by its name or, if it is unique, its label.
    fn find(&self, head: &str) -> Result<usize, CsvError> {
        let lower = head.to_lowercase();
        if let Some(index) = self.columns.iter().position(|column| column.is_named(&lower)) {
            return Ok(index);
        }
        let mut labelled =
            self.columns.iter().enumerate().filter(|(_, column)| column.is_labelled(&lower));
        match (labelled.next(), labelled.next()) {
            (Some((index, _)), None) => Ok(index),
            _ => {
                let mut column: String = head.chars().take(NAME_SHOWN).collect();
                if column.len() < head.len() {
                    column.push('…');
                }
                let columns = self.columns().map(str::to_owned).collect();
                Err(CsvError::UnknownColumn { column, columns })
            }
        }
    }
}
