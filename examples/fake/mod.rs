//! A provider of models that misbehaves on purpose: it speaks OpenAI's chat completions, deals faults by a seed, and keeps its own accounts.
//!
//! It answers honestly, with the bullet that it was sent, so that whatever goes wrong on the way can be seen in what comes out.
//! `examples/fake_llm.rs` puts it behind a port; the tests and the measurements use the same code.

mod answer;
mod faults;
mod server;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use answer::Asked;
pub(crate) use faults::{Fault, Faults};
pub(crate) use server::router;

/// One provider.
#[derive(Debug)]
pub(crate) struct FakeProvider {
    seed: u64,
    faults: Faults,
    latency: Duration,
    books: Mutex<Books>,
}

/// What it does with one call.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// How long it works before the first byte.
    pub(crate) wait: Duration,
    /// HTTP status.
    pub(crate) status: u16,
    /// Headers.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The whole body, also when not all of it is sent.
    pub(crate) body: String,
    /// How the body goes out.
    pub(crate) delivery: Delivery,
    billed: Tokens,
}

/// How a body goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// At once.
    Whole,
    /// Never.
    Never,
    /// Byte by byte, with this long a pause before each.
    Trickle(Duration),
    /// As far as the middle; then the connection breaks.
    Half,
}

/// Tokens of some calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// Calls that are billed.
    pub(crate) calls: u64,
    /// Tokens read, cached ones included.
    pub(crate) input: u64,
    /// Those of them that were cached.
    pub(crate) cached: u64,
    /// Tokens written.
    pub(crate) output: u64,
}

/// What one call is billed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bill {
    /// Tokens read, cached ones included.
    pub(crate) input: u64,
    /// Those of them that were cached.
    pub(crate) cached: u64,
    /// Tokens written.
    pub(crate) output: u64,
}

/// What the provider has counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Calls that came in, whatever became of them.
    pub(crate) attempts: u64,
    /// What is billed and was told to the client to the last byte.
    pub(crate) told: Tokens,
    /// What is billed and the client cannot know: no usage was sent, or it did not arrive.
    pub(crate) untold: Tokens,
    /// How many bills are made out for so many tokens.
    pub(crate) bills: BTreeMap<Bill, u64>,
    /// How often each fault was dealt.
    pub(crate) faults: BTreeMap<&'static str, u64>,
}

#[derive(Debug, Default)]
struct Books {
    counts: Counts,
    /// How often each question was asked.
    asked: HashMap<String, u64>,
}

impl FakeProvider {
    /// A provider that works this long on each call; the same seed deals the same faults to the same questions.
    pub(crate) fn new(seed: u64, faults: Faults, latency: Duration) -> Self {
        Self { seed, faults, latency, books: Mutex::default() }
    }

    /// Takes a call. It counts as billed and untold until [`Self::delivered`] is told otherwise.
    pub(crate) fn take(&self, request: &Value, now: SystemTime) -> Plan {
        let mut books = self.books();
        books.counts.attempts += 1;
        let asked = Asked::of(request);
        let question = asked.question();
        let times = books.asked.entry(question.clone()).or_default();
        *times += 1;
        let dice = Dice::new(self.seed, &question, *times);
        let fault = self.faults.dealt(dice);
        if let Some(fault) = fault {
            *books.counts.faults.entry(fault.name()).or_default() += 1;
        }
        let plan = answer::plan(request, &asked, fault, dice, self.latency, now);
        books.counts.untold.add(plan.billed);
        if let Tokens { calls: 1.., input, cached, output } = plan.billed {
            *books.counts.bills.entry(Bill { input, cached, output }).or_default() += 1;
        }
        plan
    }

    /// The client has the whole of it.
    pub(crate) fn delivered(&self, plan: &Plan) {
        let is_told = serde_json::from_str::<Value>(&plan.body).is_ok_and(|body| body.get("usage").is_some());
        if is_told {
            let mut books = self.books();
            books.counts.told.add(plan.billed);
            books.counts.untold.take(plan.billed);
        }
    }

    /// What it has counted so far.
    pub(crate) fn counts(&self) -> Counts {
        self.books().counts.clone()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// As `GET /counts` shows them.
    fn to_json(&self) -> Value {
        let tokens = |tokens: &Tokens| json!({"calls": tokens.calls, "input_tokens": tokens.input, "cached_tokens": tokens.cached, "output_tokens": tokens.output});
        let bill = |(Bill { input, cached, output }, calls): (&Bill, &u64)| json!({"calls": calls, "input_tokens": input, "cached_tokens": cached, "output_tokens": output});
        let bills: Vec<Value> = self.bills.iter().map(bill).collect();
        json!({"attempts": self.attempts, "told": tokens(&self.told), "untold": tokens(&self.untold), "bills": bills, "faults": self.faults})
    }
}

impl Tokens {
    fn add(&mut self, Self { calls, input, cached, output }: Self) {
        self.calls += calls;
        self.input += input;
        self.cached += cached;
        self.output += output;
    }

    fn take(&mut self, Self { calls, input, cached, output }: Self) {
        self.calls -= calls;
        self.input -= input;
        self.cached -= cached;
        self.output -= output;
    }
}

/// Numbers that look random and are the same each time.
#[derive(Debug, Clone, Copy)]
struct Dice(u64);

impl Dice {
    fn new(seed: u64, question: &str, times: u64) -> Self {
        let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(question.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, mix).wrapping_add(times.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// The number of this throw, below a bound.
    fn below(self, throw: u64, bound: u64) -> u64 {
        let mut state = self.0.wrapping_add(throw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (state ^ (state >> 31)) % bound.max(1)
    }
}
