//! A table for people: names to the left, figures to the right, as wide as what stands in it.

use std::fmt;

/// Rows of cells under their headings.
#[derive(Debug)]
pub(super) struct Table {
    /// How many of the first columns hold names.
    names: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub(super) fn new<'a>(names: usize, headings: impl Iterator<Item = &'a str>) -> Self {
        Self { names, rows: vec![headings.map(str::to_owned).collect()] }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, cells: impl Iterator<Item = String>) {
        self.rows.push(cells.collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let cells = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(at, (cell, width))| if at < self.names { format!("{cell:<width$}") } else { format!("{cell:>width$}") });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_left_and_figures_right() {
        let mut table = Table::new(1, ["day", "calls", "p50"].into_iter());
        table.add(["2026-11-06", "12", "-"].map(str::to_owned).into_iter());
        table.add(["total", "1234567", "5 ms"].map(str::to_owned).into_iter());
        assert_eq!(table.to_string(), "day           calls   p50\n2026-11-06       12     -\ntotal       1234567  5 ms\n");
    }
}
