//! From a request to what goes over the wire: an honest draft of the bullet in it, or of each of several, and what a fault makes of that.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{Delivery, Dice, Fault, Plan, Tokens};

/// The codes of an account that waiting does not fill.
const QUOTA: [&str; 5] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
];
/// How far apart the bytes of a trickling body are.
const TRICKLE: Duration = Duration::from_millis(5);

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// One bullet.
    One(String),
    /// Several, each under its number.
    Several(Vec<(u64, String)>),
    /// To judge these lines.
    Lines(Vec<JudgedLine>),
}

/// A line that is to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JudgedLine {
    case: u64,
    line: u64,
    text: String,
    bullet: String,
    items: usize,
}

impl Asked {
    /// The bullets of a request: the lines of the user's message that are JSON data hold them; where they have numbers, there are several.
    pub(super) fn of(request: &Value) -> Self {
        let messages = request.get("messages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let users = messages.iter().filter(|message| message.get("role").is_some_and(|role| role == "user"));
        let lines = users.filter_map(|user| user.get("content")?.as_str()).flat_map(str::lines);
        let data: Vec<Value> = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect();
        let judged: Vec<JudgedLine> = data.iter().flat_map(judged_lines).collect();
        if !judged.is_empty() {
            return Self::Lines(judged);
        }
        let bullet = |data: Value| Some((data.get("id").and_then(Value::as_u64), data.get("bullet")?.as_str()?.to_owned()));
        let found: Vec<(Option<u64>, String)> = data.into_iter().filter_map(bullet).collect();
        match found.iter().map(|(id, bullet)| Some(((*id)?, bullet.clone()))).collect::<Option<Vec<_>>>() {
            Some(several) if !several.is_empty() => Self::Several(several),
            _ => Self::One(found.into_iter().next().map(|(_, bullet)| bullet).unwrap_or_default()),
        }
    }

    /// The question, as far as the dice are concerned.
    pub(super) fn question(&self) -> String {
        match self {
            Self::One(bullet) => bullet.clone(),
            Self::Several(bullets) => bullets.iter().map(|(_, bullet)| bullet.as_str()).collect::<Vec<_>>().join("\n"),
            Self::Lines(lines) => lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n"),
        }
    }

    /// An honest answer, but for the fault.
    fn answer(&self, fault: Option<Fault>) -> Value {
        let said = |bullet: &str, is_first: bool| {
            let honest = bullet.trim().trim_end_matches('.');
            let is_invented = fault == Some(Fault::Invented) && is_first;
            let text = if is_invented { format!("Led a team of 12 with Kubernetes: {honest}") } else { honest.to_owned() };
            json!([{"text": text, "with_slots": text}])
        };
        let bullets = match self {
            Self::One(bullet) => return json!({"variants": said(bullet, true)}),
            Self::Several(bullets) => bullets,
            Self::Lines(lines) => return json!({"lines": lines.iter().map(JudgedLine::supported).collect::<Vec<_>>()}),
        };
        let mut results = Vec::new();
        for (at, (id, bullet)) in bullets.iter().enumerate() {
            let result = |id: u64| json!({"id": id, "variants": said(bullet, at == 0)});
            match fault.filter(|_| at == 0) {
                Some(Fault::LeftOut) => {}
                Some(Fault::Doubled) => results.extend([result(*id), result(*id)]),
                Some(Fault::StrangeId) => results.push(result(1_000)),
                Some(Fault::BadElement) => results.push(json!({"id": id, "text": bullet})),
                _ => results.push(result(*id)),
            }
        }
        json!({"results": results})
    }
}

impl JudgedLine {
    /// It believes everything, and quotes the bullet for it; whoever tries it as a judge will find out.
    fn supported(&self) -> Value {
        let Self { case, line, text: _, bullet, items } = self;
        let items: Vec<_> = (1..=*items).map(|item| json!({"item": item, "quote": bullet, "at_fault": "", "supported": true})).collect();
        json!({"case": case, "line": line, "items": items, "quote": bullet, "at_fault": "", "supported": true})
    }
}

/// The lines of one case of a question to a judge; none where the data is something else.
fn judged_lines(data: &Value) -> Vec<JudgedLine> {
    let (Some(case), Some(lines)) = (data.get("case").and_then(Value::as_u64), data.get("lines").and_then(Value::as_array)) else {
        return Vec::new();
    };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let bullet = text(data.pointer("/evidence/bullet"));
    let line = |line: &Value| JudgedLine {
        case,
        line: line.get("line").and_then(Value::as_u64).unwrap_or_default(),
        text: text(line.get("text")),
        bullet: bullet.clone(),
        items: line.get("items").and_then(Value::as_array).map_or(0, Vec::len),
    };
    lines.iter().map(line).collect()
}

/// What is done with one call.
pub(super) fn plan(request: &Value, asked: &Asked, fault: Option<Fault>, dice: Dice, latency: Duration, now: SystemTime) -> Plan {
    let reply = |status, headers, body: Value| Plan {
        wait: latency,
        status,
        headers,
        body: body.to_string(),
        delivery: Delivery::Whole,
        billed: Tokens::default(),
    };
    let seconds = 1 + dice.below(3, 3);
    match fault {
        Some(Fault::RetryAfterSeconds) => reply(429, vec![("retry-after", seconds.to_string())], error("rate_limit_exceeded")),
        Some(Fault::RetryAfterMillis) => reply(429, vec![("retry-after-ms", (seconds * 250).to_string())], error("slow_down")),
        Some(Fault::RetryAfterDate) => {
            let date = httpdate::fmt_http_date(now + Duration::from_secs(seconds));
            reply(429, vec![("retry-after", date)], error("rate_limit_exceeded"))
        }
        Some(Fault::Overloaded) => reply(529, vec![], error("overloaded_error")),
        Some(Fault::ServerError) => reply(500, vec![], error("server_error")),
        Some(Fault::Quota) => {
            let code = usize::try_from(dice.below(4, QUOTA.len() as u64)).ok().and_then(|at| QUOTA.get(at)).copied();
            reply(429, vec![], error(code.unwrap_or("insufficient_quota")))
        }
        Some(Fault::ErrorInSuccess) => reply(200, vec![], json!({"error": {"message": "no server is free", "code": 503}})),
        fault => {
            let (body, billed) = completion(request, asked, fault);
            let delivery = match fault {
                Some(Fault::Stall) => Delivery::Never,
                Some(Fault::Trickle) => Delivery::Trickle(TRICKLE),
                Some(Fault::Cut) => Delivery::Half,
                _ => Delivery::Whole,
            };
            Plan { delivery, billed, ..reply(200, vec![("content-type", "application/json".to_owned())], body) }
        }
    }
}

fn error(code: &str) -> Value {
    json!({"error": {"message": "on purpose", "type": code, "code": code}})
}

/// A completion and what it is billed at.
fn completion(request: &Value, asked: &Asked, fault: Option<Fault>) -> (Value, Tokens) {
    let answer = asked.answer(fault).to_string();
    let half = |text: String| text.chars().take(text.chars().count() / 2).collect::<String>();
    let content = match fault {
        Some(Fault::Truncated | Fault::BrokenJson) => half(answer),
        Some(Fault::Fenced) => format!("Here is the rewrite:\n```json\n{answer}\n```"),
        Some(Fault::WrongSchema) => json!({"bullets": [asked.question()]}).to_string(),
        _ => answer,
    };
    let message = match fault {
        Some(Fault::Refusal) => json!({"role": "assistant", "content": null, "refusal": "I cannot help with that."}),
        _ => json!({"role": "assistant", "content": content}),
    };
    let finish_reason = if fault == Some(Fault::Truncated) { "length" } else { "stop" };
    let asked = request.get("model").and_then(Value::as_str).unwrap_or("fake");
    let model = if fault == Some(Fault::WrongModel) { format!("{asked}-other") } else { asked.to_owned() };
    let words = |text: &str| 1 + text.len() as u64 / 4;
    let input = words(&request.get("messages").map(Value::to_string).unwrap_or_default());
    let billed = match fault {
        Some(Fault::ZeroUsage) => Tokens { calls: 1, ..Tokens::default() },
        Some(Fault::CachedUsage) => Tokens { calls: 1, input, cached: input / 2, output: words(&content) },
        _ => Tokens { calls: 1, input, cached: 0, output: words(&content) },
    };
    let mut body = json!({
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "model": model,
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}],
    });
    if fault != Some(Fault::NoUsage)
        && let Some(body) = body.as_object_mut()
    {
        let usage = json!({
            "prompt_tokens": billed.input,
            "completion_tokens": billed.output,
            "total_tokens": billed.input + billed.output,
            "prompt_tokens_details": {"cached_tokens": billed.cached},
        });
        body.insert("usage".to_owned(), usage);
    }
    (body, billed)
}
