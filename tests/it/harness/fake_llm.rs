//! A provider on loopback that follows a script, for the real adapter to talk to.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::routing::post;
use axum::{Router, body::to_bytes};
use bulletsmith::adapters::llm::anthropic::{Anthropic, AnthropicOptions};
use bulletsmith::adapters::llm::gemini::{Gemini, GeminiOptions};
use bulletsmith::adapters::llm::http::HttpTransport;
use bulletsmith::adapters::llm::openai::{OpenAi, OpenAiOptions};
use bulletsmith::adapters::llm::wire::Wire;
use bulletsmith::ports::ChatModel;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{ManualClock, draft};

/// One reply of the provider.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

impl Reply {
    pub(crate) fn new(status: u16, headers: &[(&'static str, &'static str)], body: impl Into<String>) -> Self {
        Self { status, headers: headers.to_vec(), body: body.into() }
    }

    /// A status with an error as providers write it.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::new(status, &[], json!({"error": {"message": "Bad key sk-123", "type": code, "code": code}}).to_string())
    }

    /// A success whose choice is this; 100 tokens in and 20 out.
    pub(crate) fn choice(finish_reason: &str, message: &Value) -> Self {
        let usage = json!({"prompt_tokens": 100, "completion_tokens": 20});
        let body =
            json!({"model": "served", "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}], "usage": usage});
        Self::new(200, &[("content-type", "application/json")], body.to_string())
    }

    /// A complete answer with this text.
    pub(crate) fn text(text: &str) -> Self {
        Self::choice("stop", &json!({"role": "assistant", "content": text}))
    }

    /// A complete answer with this text, as Anthropic writes one; 90 tokens in, 10 read from the cache and 20 out.
    pub(crate) fn anthropic(text: &str) -> Self {
        let usage = json!({"input_tokens": 90, "cache_read_input_tokens": 10, "output_tokens": 20, "service_tier": "standard"});
        let body = json!({"type": "message", "model": "claude-haiku-5-5", "stop_reason": "end_turn", "usage": usage,
            "content": [{"type": "text", "text": text}]});
        Self::new(200, &[("content-type", "application/json")], body.to_string())
    }

    /// A complete answer with this text, as Gemini writes one; 100 tokens in, 10 of them cached, 15 out and 5 thought.
    pub(crate) fn gemini(text: &str) -> Self {
        let usage = json!({"promptTokenCount": 100, "cachedContentTokenCount": 10, "candidatesTokenCount": 15, "thoughtsTokenCount": 5,
            "totalTokenCount": 120});
        let body = json!({"modelVersion": "gemini-3.5-flash-lite", "usageMetadata": usage,
            "candidates": [{"finishReason": "STOP", "content": {"parts": [{"text": text}]}}]});
        Self::new(200, &[("content-type", "application/json")], body.to_string())
    }

    /// A complete answer with this rewrite.
    pub(crate) fn rewrite(text: &str) -> Self {
        Self::text(&draft(text))
    }
}

#[derive(Debug)]
struct Stage {
    script: Vec<Reply>,
    heard: Mutex<Vec<Value>>,
    heads: Mutex<Vec<String>>,
}

/// A provider on a port of its own; it goes away with this value.
#[derive(Debug)]
pub(crate) struct FakeLlm {
    base: String,
    stage: Arc<Stage>,
    _server: JoinSet<()>,
}

impl FakeLlm {
    /// Gives these replies in turn; the last again and again.
    pub(crate) async fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let stage = Arc::new(Stage { script, heard: Mutex::default(), heads: Mutex::default() });
        let router = Router::new().fallback(post(reply)).with_state(Arc::clone(&stage));
        let mut server = JoinSet::new();
        server.spawn(async { axum::serve(listener, router).await.expect("serves until dropped") });
        Self { base, stage, _server: server }
    }

    /// The base URL.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The real adapter, pointed here.
    pub(crate) fn model(&self, id: &str) -> Arc<dyn ChatModel> {
        model_at(&self.base, id)
    }

    /// The real adapter of this wire format, pointed here.
    pub(crate) fn model_of(&self, wire: Wire, id: &str) -> Arc<dyn ChatModel> {
        let transport = Arc::new(HttpTransport::new(&self.base, wire, None).expect("well formed"));
        let (clock, id) = (Arc::new(ManualClock::default()), id.parse().expect("well formed"));
        match wire {
            Wire::OpenAi => Arc::new(OpenAi::new(id, transport, clock, OpenAiOptions::default())),
            Wire::Anthropic => Arc::new(Anthropic::new(id, transport, clock, AnthropicOptions::default())),
            Wire::Gemini => Arc::new(Gemini::new(id, transport, clock, GeminiOptions::default())),
        }
    }

    /// Where the requests went and which key they carried, in order: `/v1/messages x-api-key: k`.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.stage.heads.lock().expect("not poisoned").clone()
    }

    /// The bodies that came, in order.
    pub(crate) fn heard(&self) -> Vec<Value> {
        self.stage.heard.lock().expect("not poisoned").clone()
    }
}

/// The real adapter, pointed at this base URL.
pub(crate) fn model_at(base: &str, id: &str) -> Arc<dyn ChatModel> {
    let transport = HttpTransport::open(base).expect("well formed");
    let clock = Arc::new(ManualClock::default());
    Arc::new(OpenAi::new(id.parse().expect("well formed"), Arc::new(transport), clock, OpenAiOptions::default()))
}

async fn reply(State(stage): State<Arc<Stage>>, request: Request) -> Response<Body> {
    let mut address = request.uri().to_string();
    for name in ["authorization", "x-api-key", "x-goog-api-key"] {
        if let Some(key) = request.headers().get(name) {
            address = format!("{address} {name}: {}", key.to_str().expect("text"));
        }
    }
    stage.heads.lock().expect("not poisoned").push(address);
    let body = to_bytes(request.into_body(), usize::MAX).await.expect("the whole body");
    let call = {
        let mut heard = stage.heard.lock().expect("not poisoned");
        heard.push(serde_json::from_slice(&body).expect("JSON"));
        heard.len() - 1
    };
    let Reply { status, headers, body } = stage.script[call.min(stage.script.len() - 1)].clone();
    let response = headers.into_iter().fold(Response::builder().status(status), |response, (name, value)| response.header(name, value));
    response.body(Body::from(body)).expect("a response can be made of this")
}
