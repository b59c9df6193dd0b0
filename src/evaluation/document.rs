//! The figures as Markdown tables, put between the marks of a page, so that a page cannot say something else than the files of figures.

use std::fmt::Write as _;

use super::baseline::Baseline;
use super::first_sight::{FirstSight, FirstSights};
use super::measure::{Better, Measure};

/// The figures that a page shows.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// The figures of an earlier version.
    pub before: Baseline,
    /// The figures of this version.
    pub now: Baseline,
    /// The figures of each set when nobody had read it.
    pub first_sights: FirstSights,
}

/// A section that a page does not mark.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the page has no `<!-- figures: {0} -->` with an `<!-- end -->` behind it; put both on lines of their own")]
pub struct UnmarkedSection(pub &'static str);

const END: &str = "<!-- end -->";

/// The figures of matching, with their titles.
const MATCHING: &[(&str, &str)] = &[
    ("right", "right"),
    ("right_where_experts_agree", "where experts agree"),
    ("none_recall", "none: recall"),
    ("none_precision", "none: precision"),
    ("none_f1", "none: F1"),
];

/// A page with its tables made from the figures; everything outside the marks stays.
pub fn with_figures(page: &str, figures: &Figures) -> Result<String, UnmarkedSection> {
    let sections = [
        ("check at first sight", figures.check_at_first_sight()),
        ("clean lines", figures.clean_lines()),
        ("faults", figures.faults()),
        ("pairs", figures.pairs()),
        ("matching at first sight", figures.matching_at_first_sight()),
        ("matching", figures.matching()),
        ("rewriting", figures.rewriting()),
    ];
    let mut page = page.to_owned();
    for (name, table) in sections {
        let (before, rest) = page.split_once(&format!("<!-- figures: {name} -->\n")).ok_or(UnmarkedSection(name))?;
        let (_, after) = rest.split_once(END).ok_or(UnmarkedSection(name))?;
        page = format!("{before}<!-- figures: {name} -->\n\n{table}\n{END}{after}");
    }
    Ok(page)
}

impl Figures {
    fn check_at_first_sight(&self) -> String {
        let columns = [("clean_hard", "clean: hard"), ("clean_asked", "clean: asked"), ("faults_grounded", "faults: grounded")];
        let more = [("faults_asked", "faults: asked"), ("pairs_told_apart", "pairs told apart")];
        self.at_first_sight("check/", &[&columns[..], &more].concat())
    }

    fn matching_at_first_sight(&self) -> String {
        self.at_first_sight("match/", MATCHING)
    }

    /// A row for each set of a kind, in the order in which they were entered.
    fn at_first_sight(&self, kind: &str, columns: &[(&str, &str)]) -> String {
        let titles = columns.iter().map(|(_, title)| *title);
        let mut table = Table::new(&["set", "measured"].into_iter().chain(titles).collect::<Vec<_>>());
        for FirstSight { set, date, commit, sha256: _, measures } in
            self.first_sights.sets.iter().filter(|sight| sight.set.starts_with(kind))
        {
            let figures = columns.iter().map(|(name, _)| cell(measures.iter().find(|measure| measure.name == *name)));
            table.row(&[vec![format!("`{set}`"), format!("{date}, `{commit}`")], figures.collect()].concat());
        }
        table.text
    }

    fn clean_lines(&self) -> String {
        self.before_and_now(
            "check/",
            &[("clean_hard", "hard", true), ("clean_asked", "asked", false), ("clean_grounded", "grounded", false)],
        )
    }

    fn faults(&self) -> String {
        let columns = [("faults_grounded", "grounded", true), ("faults_asked", "asked", false), ("faults_hard", "hard", false)];
        self.before_and_now("check/", &[&columns[..], &[("faults_by_a_fitting_code", "by a fitting code", false)]].concat())
    }

    fn pairs(&self) -> String {
        self.before_and_now("check/", &[("pairs_on_the_right_side", "on the right side", true), ("pairs_told_apart", "told apart", true)])
    }

    fn matching(&self) -> String {
        self.before_and_now("match/", &MATCHING.iter().map(|(name, title)| (*name, *title, false)).collect::<Vec<_>>())
    }

    /// Rewriting: figure by figure, as the sets have not all the same.
    fn rewriting(&self) -> String {
        let sets: Vec<_> = self.now.sets.iter().filter(|(set, _)| set.starts_with("rewrite/")).collect();
        let titles: Vec<String> = sets.iter().map(|(set, _)| format!("`{set}`")).collect();
        let mut table = Table::new(&[vec!["figure"], titles.iter().map(String::as_str).collect()].concat());
        let mut shown: Vec<&Measure> = Vec::new();
        for measure in sets.iter().flat_map(|(_, measures)| *measures) {
            if !shown.iter().any(|known| known.name == measure.name) {
                shown.push(measure);
            }
        }
        for measure in shown {
            let way = if measure.better == Better::Lower { " (less is better)" } else { "" };
            let figures = sets.iter().map(|(set, _)| cell(self.now.find(set, &measure.name)));
            table.row(&[vec![format!("{}{way}", measure.name.replace('_', " "))], figures.collect()].concat());
        }
        table.text
    }

    /// A row for each set that has the first figure, now or before; a column with the earlier figure where one is wanted.
    fn before_and_now(&self, kind: &str, columns: &[(&str, &str, bool)]) -> String {
        let mut titles = vec!["set".to_owned()];
        for (_, title, compared) in columns {
            titles.extend(compared.then(|| format!("{title}: before")));
            titles.push(if *compared { format!("{title}: now") } else { (*title).to_owned() });
        }
        let mut table = Table::new(&titles.iter().map(String::as_str).collect::<Vec<_>>());
        let sets = self.now.sets.keys().filter(|set| set.starts_with(kind));
        for set in sets.filter(|set| columns.first().is_some_and(|(name, _, _)| self.now.find(set, name).is_some())) {
            let mut row = vec![format!("`{set}`")];
            for (name, _, compared) in columns {
                row.extend(compared.then(|| cell(self.before.find(set, name))));
                row.push(cell(self.now.find(set, name)));
            }
            table.row(&row);
        }
        table.text
    }
}

/// `42.5 % (85/200), 35.9 to 49.4 %`; nothing where nothing was counted.
fn cell(measure: Option<&Measure>) -> String {
    measure.map(Measure::figure_with_interval).unwrap_or_default()
}

struct Table {
    text: String,
}

impl Table {
    fn new(titles: &[&str]) -> Self {
        let rule = "|---".repeat(titles.len());
        Self { text: format!("| {} |\n{rule}|\n", titles.join(" | ")) }
    }

    fn row(&mut self, cells: &[String]) {
        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SECTIONS: [&str; 7] =
        ["check at first sight", "clean lines", "faults", "pairs", "matching at first sight", "matching", "rewriting"];

    fn page() -> String {
        let marks = SECTIONS.map(|section| format!("<!-- figures: {section} -->\nold\n<!-- end -->\n"));
        format!("# Page\n{}After.\n", marks.concat())
    }

    fn figures() -> Figures {
        let set = |name: &str, measures: Vec<Measure>| (name.to_owned(), measures);
        let sight = FirstSight {
            set: "check/a".to_owned(),
            date: "2026-11-30".to_owned(),
            commit: "dff5d84".to_owned(),
            sha256: String::new(),
            measures: vec![Measure::low("clean_hard", 2, 20)],
        };
        Figures {
            before: Baseline { sets: BTreeMap::from([set("check/a", vec![Measure::low("clean_hard", 2, 20)])]) },
            now: Baseline {
                sets: BTreeMap::from([
                    set("check/a", vec![Measure::low("clean_hard", 0, 20), Measure::low("clean_asked", 10, 20)]),
                    set("check/b", vec![Measure::low("faults_grounded", 1, 29)]),
                    set("rewrite/r/rules", vec![Measure::low("failed", 0, 20)]),
                ]),
            },
            first_sights: FirstSights { sets: vec![sight] },
        }
    }

    #[test]
    fn tables_stand_between_the_marks_and_the_rest_stays() {
        let made = with_figures(&page(), &figures()).expect("all marks");
        insta::assert_snapshot!(made, @r"
        # Page
        <!-- figures: check at first sight -->

        | set | measured | clean: hard | clean: asked | faults: grounded | faults: asked | pairs told apart |
        |---|---|---|---|---|---|---|
        | `check/a` | 2026-11-30, `dff5d84` | 10.0 % (2/20), 2.8 to 30.1 % |  |  |  |  |

        <!-- end -->
        <!-- figures: clean lines -->

        | set | hard: before | hard: now | asked | grounded |
        |---|---|---|---|---|
        | `check/a` | 10.0 % (2/20), 2.8 to 30.1 % | 0.0 % (0/20), 0.0 to 16.1 % | 50.0 % (10/20), 29.9 to 70.1 % |  |

        <!-- end -->
        <!-- figures: faults -->

        | set | grounded: before | grounded: now | asked | hard | by a fitting code |
        |---|---|---|---|---|---|
        | `check/b` |  | 3.4 % (1/29), 0.6 to 17.2 % |  |  |  |

        <!-- end -->
        <!-- figures: pairs -->

        | set | on the right side: before | on the right side: now | told apart: before | told apart: now |
        |---|---|---|---|---|

        <!-- end -->
        <!-- figures: matching at first sight -->

        | set | measured | right | where experts agree | none: recall | none: precision | none: F1 |
        |---|---|---|---|---|---|---|

        <!-- end -->
        <!-- figures: matching -->

        | set | right | where experts agree | none: recall | none: precision | none: F1 |
        |---|---|---|---|---|---|

        <!-- end -->
        <!-- figures: rewriting -->

        | figure | `rewrite/r/rules` |
        |---|---|
        | failed (less is better) | 0.0 % (0/20), 0.0 to 16.1 % |

        <!-- end -->
        After.
        ");
    }

    #[test]
    fn the_page_of_the_figures_is_the_same_made_twice_and_a_missing_mark_is_named() {
        let once = with_figures(&page(), &figures()).expect("all marks");
        assert_eq!(with_figures(&once, &figures()), Ok(once));
        assert_eq!(with_figures(&page().replace("figures: pairs", "pairs"), &figures()), Err(UnmarkedSection("pairs")));
    }
}
