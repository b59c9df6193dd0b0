//! `bulletsmith guide`: what gets a developer hired, skill by skill, and whether a guide file holds together.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::input::read_text;
use super::matches::Format;
use super::openapi::pretty;
use super::session::Session;
use super::stop::{Exit, Stop};
use crate::config;
use crate::contract::guides::{GuideAnswer, SkillAnswer};
use crate::domain::guide::{Guide, Tier};

/// Show the guides, or check a guide file
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the guides with their skills
    List {
        /// How the answer is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show a guide, or one skill of it
    Show {
        /// Id of the guide; may be left out when there is only one
        #[arg(value_name = "GUIDE")]
        guide: Option<String>,
        /// Id of a skill
        #[arg(long, value_name = "ID")]
        skill: Option<String>,
        /// How the answer is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Check guide files and tell every fault
    Lint {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

pub(super) async fn run(command: Command, session: &Session<'_>) -> Result<Exit, Stop> {
    match command {
        Command::List { format } => list(format, session).await,
        Command::Show { guide, skill, format } => show(guide, skill, format, session).await,
        Command::Lint { files } => lint(&files, session),
    }
}

async fn list(format: Format, session: &Session<'_>) -> Result<Exit, Stop> {
    let list = session.desk()?.guides().await?;
    if format == Format::Json {
        session.printer().data(&pretty(&list)?)?;
        return Ok(Exit::Done);
    }
    for guide in &list.guides {
        let mut text = format!("{}  {} ({})\n", guide.id, guide.title, guide.edition);
        for skill in &guide.skills {
            let _ = writeln!(text, "  {:<22} {:<13} {}", skill.id, tier(skill.tier), skill.name);
        }
        session.printer().data(&text)?;
    }
    Ok(Exit::Done)
}

async fn show(guide: Option<String>, skill: Option<String>, format: Format, session: &Session<'_>) -> Result<Exit, Stop> {
    let desk = session.desk()?;
    let guide = match guide {
        Some(guide) => guide,
        None => only(desk.guides().await?.guides.into_iter().map(|guide| guide.id).collect())?,
    };
    let text = if let Some(skill) = skill {
        let skill = desk.skill(&guide, &skill).await?;
        if format == Format::Json { pretty(&skill)? } else { skill_text(&skill) }
    } else {
        let guide = desk.guide(&guide).await?;
        if format == Format::Json { pretty(&guide)? } else { guide_text(&guide) }
    };
    session.printer().data(&text)?;
    Ok(Exit::Done)
}

fn only(ids: Vec<String>) -> Result<String, Stop> {
    match <[String; 1]>::try_from(ids) {
        Ok([id]) => Ok(id),
        Err(ids) => Err(Stop::usage(format!("name one of the guides: {}", ids.join(", ")))),
    }
}

fn lint(files: &[PathBuf], session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("guide lint")?;
    let lexicon = config::lexicon()?;
    let mut exit = Exit::Done;
    for file in files {
        let name = file.display().to_string();
        match Guide::parse(&name, &read_text(file)?, &lexicon) {
            Ok(guide) => session.printer().data(&format!("ok {name}: {} with {} skills", guide.id(), guide.skills().len()))?,
            Err(faults) => {
                exit = Exit::Input;
                for fault in faults {
                    session.printer().note(&fault.to_string());
                }
            }
        }
    }
    Ok(exit)
}

const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::MustHave => "must have",
        Tier::NiceToHave => "nice to have",
        Tier::Emerging => "emerging",
    }
}

fn guide_text(guide: &GuideAnswer) -> String {
    let mut text = format!("{} ({})\n{}\n", guide.title, guide.edition, guide.summary);
    for skill in &guide.skills {
        let _ = write!(text, "\n{}", skill_text(skill));
    }
    text
}

fn skill_text(skill: &SkillAnswer) -> String {
    let mut text = format!("{}  {} ({})\n", skill.id, skill.name, tier(skill.tier));
    let keywords: Vec<_> = skill.keywords.iter().map(|keyword| keyword.term.as_str()).collect();
    for (label, words) in [
        ("tested", skill.employers_test.as_str()),
        ("proof", skill.proof.as_str()),
        ("time", skill.time_to_acquire.as_str()),
        ("keywords", keywords.join(", ").as_str()),
    ] {
        let _ = writeln!(text, "  {label:<9} {words}");
    }
    for ask in &skill.asks {
        let _ = writeln!(text, "  {:<9} {}", "add", ask.clause);
    }
    for example in &skill.examples {
        let _ = writeln!(text, "  {:<9} {}\n  {:<9} {}", "before", example.before, "after", example.after);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_is_named_unless_there_is_only_one() {
        assert_eq!(only(vec!["a".to_owned()]).expect("one"), "a");
        let stop = only(vec!["a".to_owned(), "b".to_owned()]).expect_err("two");
        assert_eq!(stop.to_string(), "name one of the guides: a, b");
    }
}
