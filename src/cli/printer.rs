//! The one place that writes: data to stdout, everything else to stderr.
//!
//! What is written can hold words of a service, a model or a file that somebody else made; none of them may drive the terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use super::stop::Stop;

/// Where data and words for people go.
pub struct Printer {
    out: Mutex<Box<dyn Write + Send>>,
    err: Mutex<Box<dyn Write + Send>>,
}

impl Printer {
    /// The two streams of this process.
    pub fn of_process() -> Self {
        Self { out: Mutex::new(Box::new(io::stdout())), err: Mutex::new(Box::new(io::stderr())) }
    }

    /// Writes lines of data. A reader that went away ends the command quietly.
    pub(super) fn data(&self, text: &str) -> Result<(), Stop> {
        match write_line(&self.out, text) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Stop::Closed),
            Err(source) => Err(Stop::Output(source)),
        }
    }

    /// Writes lines for people. Nobody can be told when that fails.
    pub(super) fn note(&self, text: &str) {
        let _ = write_line(&self.err, text);
    }
}

fn write_line(stream: &Mutex<Box<dyn Write + Send>>, text: &str) -> io::Result<()> {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    stream.write_all(visible(text.trim_end_matches('\n')).as_bytes())?;
    stream.write_all(b"\n")?;
    stream.flush()
}

/// Control characters as JSON writes them, which in JSON changes nothing; only line ends and tabs stay.
fn visible(text: &str) -> Cow<'_, str> {
    let drives = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(drives) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if drives(c) {
            let _ = write!(shown, "\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Printer")
    }
}

#[cfg(test)]
mod capture {
    use std::sync::Arc;

    use super::*;

    /// What a test's command has written.
    #[derive(Clone, Default)]
    pub(in crate::cli) struct Captured {
        out: Arc<Mutex<Vec<u8>>>,
        err: Arc<Mutex<Vec<u8>>>,
    }

    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Printer {
        pub(in crate::cli) fn captured() -> (Self, Captured) {
            let captured = Captured::default();
            let stream = |bytes: &Arc<Mutex<Vec<u8>>>| Mutex::new(Box::new(Shared(Arc::clone(bytes))) as Box<dyn Write + Send>);
            (Self { out: stream(&captured.out), err: stream(&captured.err) }, captured)
        }
    }

    impl Captured {
        /// Stdout and stderr.
        pub(in crate::cli) fn texts(&self) -> (String, String) {
            let text = |bytes: &Arc<Mutex<Vec<u8>>>| String::from_utf8(bytes.lock().expect("not poisoned").clone()).expect("UTF-8");
            (text(&self.out), text(&self.err))
        }
    }

    #[test]
    fn nobodys_words_drive_the_terminal() {
        let (printer, captured) = Printer::captured();
        printer.note("red \u{1b}[31m\u{9b}0m\r\u{7f} é\tx\ny\n");
        assert_eq!(captured.texts().1, "red \\u001b[31m\\u009b0m\\u000d\\u007f é\tx\ny\n");
        let json = serde_json::json!({"a": "\u{9b}1m\u{1b}\n"});
        printer.data(&json.to_string()).expect("written");
        let told: serde_json::Value = serde_json::from_str(&captured.texts().0).expect("still JSON");
        assert_eq!(told, json);
    }

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_a_quiet_end() {
        let printer = Printer { out: Mutex::new(Box::new(Gone)), err: Mutex::new(Box::new(Gone)) };
        let stop = printer.data("x").expect_err("nobody reads");
        assert_eq!(stop.exit(), super::super::Exit::Done);
        printer.note("x");
    }
}
