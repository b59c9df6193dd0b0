//! A million distinct replies offered to the cache in memory: the process grows by no more than the bytes it was given, and a fifth.
//!
//! A binary of its own, as what is measured is the process. The cache weighs its entries by an estimate; here the estimate meets the allocator.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use bulletsmith::adapters::cache::memory::Memory;
    use bulletsmith::domain::cost::PicoUsd;
    use bulletsmith::domain::request::{CacheKey, ModelRequest};
    use bulletsmith::ports::{CachedReply, ReplyCache as _, Timestamp};

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
        CachedReply { text, served_model: Some("gpt-6-luna-2026-10-01".to_owned()), cost: PicoUsd::ZERO, kept_at: Timestamp(1) }
    }

    #[expect(clippy::print_stdout, reason = "the figure that the documents tell, for whoever asks with --nocapture")]
    async fn grows_by(bytes: usize, entries: usize) -> usize {
        let key = keys();
        let before = resident().0;
        let memory = Memory::new(bytes, Duration::from_hours(48), Some(Duration::from_hours(6)));
        for number in 0..entries {
            memory.put(key(number), reply(number)).await;
            // Some are asked for, as the books of what was asked for take memory, too.
            if number.is_multiple_of(7) {
                memory.get(&key(number / 2)).await;
            }
        }
        let grown = resident().1.saturating_sub(before);
        println!("{entries} replies offered to {} KiB: at most {} KiB more, {memory:?}", bytes >> 10, grown >> 10);
        grown
    }

    #[tokio::test]
    async fn a_million_replies_take_no_more_than_the_cache_was_given_and_a_fifth() {
        // The default of the configuration.
        let bytes = 64 << 20;
        let grown = grows_by(bytes, ENTRIES).await;
        assert!(grown <= bytes + bytes / 5, "{grown} bytes for {bytes}");
        assert!(grown >= bytes / 2, "{grown} bytes for {bytes}: the estimate of an entry is far too high");
    }
}
