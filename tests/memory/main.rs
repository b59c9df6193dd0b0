//! A million distinct replies, and what came of them, offered to the cache in memory: the process grows by no more than the bytes it was given,
//! and a fifth.
//!
//! A binary of its own, as what is measured is the process. Both shares of the cache weigh their entries by an estimate; here the estimates meet the allocator.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use bulletsmith::adapters::cache::memory::Memory;
    use bulletsmith::app::{self, Tape};
    use bulletsmith::config::{Config, Environment};
    use bulletsmith::domain::cost::PicoUsd;
    use bulletsmith::domain::request::{CacheKey, ModelRequest};
    use bulletsmith::ports::{CachedReply, ReplyCache as _, Timestamp};
    use bulletsmith::service::Caller;
    use bulletsmith::service::sharing::recall::{Question, Recall, Remembered};
    use serde_json::json;
    use serde_json::value::{RawValue, to_raw_value};

    const ENTRIES: usize = 1_000_000;

    /// What the process has in memory, in bytes: now, and at most so far.
    fn resident() -> (usize, usize) {
        let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).expect("it is told");
        let kib = |name: &str| line(name).split_whitespace().next().and_then(|word| word.parse::<usize>().ok()).expect("a number");
        (kib("VmRSS:") << 10, kib("VmHWM:") << 10)
    }

    /// Makes a key of a number.
    fn keys() -> impl Fn(usize) -> CacheKey {
        let request = ModelRequest { messages: vec![], schema_name: "", schema: serde_json::Value::Null, max_output_tokens: 1 }.digest();
        let (model, prompt) = ("p/m".parse().expect("well formed"), "rewrite@1".parse().expect("well formed"));
        move |number| CacheKey::new(&model, &request, &prompt, "", "", &number.to_string())
    }

    /// Replies of the sizes that models give: one variant to three, with and without slots. Grown, as a text is that comes from the wire.
    fn reply(number: usize) -> CachedReply {
        let length = 120 + number.wrapping_mul(0x9e37_79b9) % 1_400;
        let mut text = "Implemented caching to improve API performance; ".repeat(length / 48);
        text.reserve(64);
        let served_model = Some("gpt-6-luna-2026-10-01".to_owned());
        CachedReply { text, served_model, cost: PicoUsd::ZERO, kept_at: Timestamp(1), judgement: None }
    }

    /// What the rules told of a bullet, which is as long as what is told of a model's reply: once, twice and three times.
    async fn told() -> Vec<Box<RawValue>> {
        let config = Config::load(None, &Environment::of(Vec::<(&str, String)>::new())).expect("the defaults are sound");
        let app = app::assemble(&config, &Tape::Off).expect("no model is needed");
        let bullet = "Used Kafka and Redis for message processing of the team's payment services, reducing latency by 40%";
        let request = serde_json::from_value(json!({"bullets": [bullet]})).expect("a request");
        let caller = Caller { tenant: "local".to_owned() };
        let answer = app.service.rewrite(request, &caller, Duration::from_mins(1)).await.expect("an answer");
        let lengths = [1, 2, 3].map(|times| answer.results.iter().cycle().take(times).collect::<Vec<_>>());
        lengths.iter().map(|results| to_raw_value(results).expect("JSON")).collect()
    }

    /// What came of a reply: as long as one to three of them.
    fn remembered(number: usize, key: CacheKey, reply: CachedReply, told: &[Box<RawValue>]) -> Remembered {
        let result = told.iter().cycle().nth(number % 3).expect("three").clone();
        Remembered { model: "fake/gpt-6-luna".parse().expect("well formed"), key, reply, skill: Some("caching".to_owned()), result }
    }

    fn question(number: usize) -> Question {
        let mut question = [0; 32];
        question.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
        Question(question)
    }

    /// Offers so many to the cache and to what is remembered beside it, and says by how much the process grew.
    #[expect(clippy::print_stdout, reason = "the figure that the documents tell, for whoever asks with --nocapture")]
    async fn grows_by(replies: usize, recall: usize, entries: usize) -> usize {
        let (key, told) = (keys(), told().await);
        let before = resident().0;
        let memory = Memory::new(replies, Duration::from_hours(48), Some(Duration::from_hours(6)));
        let recall = Recall::new(recall, Duration::from_hours(24));
        for number in 0..entries {
            let (key_of_it, reply) = (key(number), reply(number));
            recall.put(question(number), remembered(number, key_of_it, reply.clone(), &told)).await;
            memory.put(key_of_it, reply).await;
            // Some are asked for, as the books of what was asked for take memory, too.
            if number.is_multiple_of(7) {
                memory.get(&key(number / 2)).await;
                recall.get(&question(number / 2)).await;
            }
        }
        let grown = resident().1.saturating_sub(before);
        println!("{entries} entries offered: at most {} KiB more, {memory:?}, {recall:?}", grown >> 10);
        grown
    }

    #[tokio::test]
    async fn a_million_entries_take_no_more_than_the_cache_was_given_and_a_fifth() {
        let config = Config::load(None, &Environment::of(Vec::<(&str, String)>::new())).expect("the defaults are sound");
        let bytes = config.cache.memory.expect("the default keeps some");
        let (replies, recall) = config.cache.memory_shares();
        let replies = replies.expect("the default keeps some");
        assert_eq!(replies + recall, bytes, "both are shares of the one bound");
        let grown = grows_by(replies, recall, ENTRIES).await;
        assert!(grown <= bytes + bytes / 5, "{grown} bytes for {bytes}");
        assert!(grown >= bytes / 2, "{grown} bytes for {bytes}: the estimate of an entry is far too high");
    }
}

/// The allocator of the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
