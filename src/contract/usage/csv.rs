//! The rows of a usage report as CSV: a line of names, then one line a row. The total is not among them, so that a column can be added up.

use csv::WriterBuilder;

use super::{UsageAnswer, UsageFigures};
use crate::domain::usage::Grouping;

const SUMS: [&str; 10] = [
    "calls",
    "attempts",
    "cache_hits",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "cost_usd",
    "cost_pico_usd",
    "saved_usd",
    "unknown",
];
const COURSE: [&str; 2] = ["running_cost_usd", "average_7d_cost_usd"];
const LATENCY: [&str; 3] = ["latency_p50_ms", "latency_p95_ms", "latency_p99_ms"];

impl UsageAnswer {
    /// The rows as CSV, by the names of the JSON; what is absent is empty. The columns depend on what is grouped by, never on the rows.
    pub fn to_csv(&self) -> String {
        let mut writer = WriterBuilder::new().from_writer(Vec::new());
        let has_days = self.group_by.contains(&Grouping::Day);
        let groupings = self.group_by.iter().map(|grouping| grouping.as_str());
        let course = COURSE.iter().filter(|_| has_days);
        let names = groupings.chain(SUMS).chain(course.copied()).chain(LATENCY);
        // Nothing can go wrong: what is written to is memory, and every line has as many fields as the first.
        let _ = writer.write_record(names);
        for row in &self.rows {
            let _ = writer.write_record(self.fields(row, has_days));
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn fields(&self, row: &UsageFigures, has_days: bool) -> Vec<String> {
        let UsageFigures {
            day,
            model,
            key,
            prompt,
            skill,
            calls,
            attempts,
            cache_hits,
            input_tokens,
            cached_tokens,
            output_tokens,
            cost_usd,
            cost_pico_usd,
            saved_usd,
            unknown,
            running_cost_usd,
            average_7d_cost_usd,
            latency_p50_ms,
            latency_p95_ms,
            latency_p99_ms,
        } = row;
        let group = self.group_by.iter().map(|grouping| match grouping {
            Grouping::Day => day,
            Grouping::Model => model,
            Grouping::Key => key,
            Grouping::Prompt => prompt,
            Grouping::Skill => skill,
        });
        let mut fields: Vec<String> = group.map(|part| part.clone().unwrap_or_default()).collect();
        let counts = [calls, attempts, cache_hits, input_tokens, cached_tokens, output_tokens];
        fields.extend(counts.map(ToString::to_string));
        fields.extend([cost_usd, cost_pico_usd, saved_usd].map(Clone::clone));
        fields.push(unknown.to_string());
        if has_days {
            fields.extend([running_cost_usd, average_7d_cost_usd].map(|cost| cost.clone().unwrap_or_default()));
        }
        fields.extend([latency_p50_ms, latency_p95_ms, latency_p99_ms].map(|ms| ms.map(|ms| ms.to_string()).unwrap_or_default()));
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(group_by: &[Grouping], rows: Vec<UsageFigures>) -> UsageAnswer {
        UsageAnswer {
            from: "2026-11-01".to_owned(),
            to: "2026-12-01".to_owned(),
            group_by: group_by.to_vec(),
            rows,
            total: UsageFigures::default(),
            budgets: Vec::new(),
            latency_error_percent: 28,
        }
    }

    #[test]
    fn a_line_has_a_field_for_each_name_whether_it_is_there_or_not() {
        let row = UsageFigures {
            day: Some("2026-11-06".to_owned()),
            calls: 2,
            attempts: 3,
            cost_usd: "0.5".to_owned(),
            cost_pico_usd: "500000000000".to_owned(),
            saved_usd: "0".to_owned(),
            running_cost_usd: Some("0.5".to_owned()),
            average_7d_cost_usd: Some("0.071428571428".to_owned()),
            latency_p50_ms: Some(1.25),
            ..UsageFigures::default()
        };
        assert_eq!(
            answer(&[Grouping::Day, Grouping::Skill], vec![row]).to_csv(),
            "day,skill,calls,attempts,cache_hits,input_tokens,cached_tokens,output_tokens,cost_usd,cost_pico_usd,saved_usd,unknown,\
             running_cost_usd,average_7d_cost_usd,latency_p50_ms,latency_p95_ms,latency_p99_ms\n\
             2026-11-06,,2,3,0,0,0,0,0.5,500000000000,0,0,0.5,0.071428571428,1.25,,\n"
        );
    }

    #[test]
    fn names_with_commas_and_quotes_stay_one_field() {
        let row = UsageFigures { model: Some("p/a,\"b\"".to_owned()), ..UsageFigures::default() };
        let csv = answer(&[Grouping::Model], vec![row]).to_csv();
        assert!(csv.ends_with("\n\"p/a,\"\"b\"\"\",0,0,0,0,0,0,,,,0,,,\n"), "{csv}");
    }
}
