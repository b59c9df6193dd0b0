//! One provider of models, checked: the keys fit its kind and its address can be called.

use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::SecretString;

use super::ConfigError;
use super::environment::Environment;
use super::file::{LimitName, ProviderKeys, ProviderKind};

/// Where models answer.
#[derive(Debug, Clone)]
pub enum Provider {
    /// A server.
    Server(ModelServer),
    /// Recorded replies.
    Replay {
        /// The folder they are in.
        dir: PathBuf,
    },
}

/// A server that models answer on.
#[derive(Debug, Clone)]
pub struct ModelServer {
    /// How it is talked to.
    pub kind: ServerKind,
    /// Where it is.
    pub base_url: BaseUrl,
    /// The variable that holds its key.
    pub api_key_env: Option<String>,
    /// The key, when that variable is set.
    pub api_key: Option<SecretString>,
    /// Whether it costs nothing.
    pub free: bool,
    /// The model that an automatic chain uses.
    pub default_model: Option<String>,
    /// How long the model thinks.
    pub reasoning_effort: Option<String>,
    /// How freely it chooses words.
    pub temperature: Option<f64>,
    /// The name of the token limit on the wire of OpenAI's kind.
    pub limit_field: LimitName,
}

/// The wire format of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// OpenAI's chat completions, whoever runs it.
    OpenAi,
    /// Anthropic's Messages.
    Anthropic,
    /// Gemini's `generateContent`.
    Gemini,
}

impl ServerKind {
    /// The word for it in configuration and price files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// The host of the company that the format is of: the one that price rows without a host are written for.
    pub const fn own_host(self) -> &'static str {
        match self {
            Self::OpenAi => "api.openai.com",
            Self::Anthropic => "api.anthropic.com",
            Self::Gemini => "generativelanguage.googleapis.com",
        }
    }

    /// An address as an example.
    const fn base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "http://127.0.0.1:11434/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
        }
    }

    const fn highest_temperature(self) -> f64 {
        match self {
            Self::OpenAi | Self::Gemini => 2.0,
            Self::Anthropic => 1.0,
        }
    }
}

impl Provider {
    pub(super) fn of(name: &str, keys: &ProviderKeys, environment: &Environment) -> Result<Self, ConfigError> {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(good) {
            return Err(ConfigError::value(format!("providers.{name}"), "is not a name; use a-z, 0-9 and _"));
        }
        let server = |kind| ModelServer::of(name, kind, keys, environment).map(Self::Server);
        match keys.kind {
            None => {
                let reason = "is missing; write \"openai\", \"anthropic\", \"gemini\" or \"replay\"";
                Err(ConfigError::value(format!("providers.{name}.kind"), reason))
            }
            Some(ProviderKind::Replay) => recordings(name, keys),
            Some(ProviderKind::OpenAi) => server(ServerKind::OpenAi),
            Some(ProviderKind::Anthropic) => server(ServerKind::Anthropic),
            Some(ProviderKind::Gemini) => server(ServerKind::Gemini),
        }
    }

    /// The model that an automatic chain takes: the default one, where a key is in the environment.
    pub(super) fn automatic_model(&self) -> Option<&str> {
        match self {
            Self::Server(server) => server.api_key.as_ref().and(server.default_model.as_deref()),
            Self::Replay { .. } => None,
        }
    }
}

fn recordings(name: &str, keys: &ProviderKeys) -> Result<Provider, ConfigError> {
    let key = |key: &str| format!("providers.{name}.{key}");
    let ProviderKeys { kind: _, base_url, api_key_env, free, default_model, reasoning_effort, temperature, limit_field, dir } = keys;
    let foreign = [
        ("base_url", base_url.is_some()),
        ("api_key_env", api_key_env.is_some()),
        ("free", free.is_some()),
        ("default_model", default_model.is_some()),
        ("reasoning_effort", reasoning_effort.is_some()),
        ("temperature", temperature.is_some()),
        ("limit_field", limit_field.is_some()),
    ];
    if let Some((foreign, _)) = foreign.iter().find(|(_, given)| *given) {
        return Err(ConfigError::value(key(foreign), "does not fit kind = \"replay\", which takes `dir` alone; remove it"));
    }
    let dir = dir.clone().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.ok_or_else(|| ConfigError::value(key("dir"), "is missing; write the folder of the recorded replies"))?;
    Ok(Provider::Replay { dir })
}

impl ModelServer {
    fn of(name: &str, server_kind: ServerKind, keys: &ProviderKeys, environment: &Environment) -> Result<Self, ConfigError> {
        let key = |key: &str| format!("providers.{name}.{key}");
        let word = server_kind.as_str();
        let ProviderKeys { kind: _, base_url, api_key_env, free, default_model, reasoning_effort, temperature, limit_field, dir } = keys;
        if dir.is_some() {
            let reason = format!("does not fit kind = \"{word}\"; remove it, or write kind = \"replay\"");
            return Err(ConfigError::value(key("dir"), reason));
        }
        if limit_field.is_some() && server_kind != ServerKind::OpenAi {
            return Err(ConfigError::value(key("limit_field"), format!("does not fit kind = \"{word}\"; remove it")));
        }
        let base_url = base_url.as_deref().filter(|url| !url.is_empty()).ok_or_else(|| {
            let reason = format!("is missing; write the server's URL, such as \"{}\"", server_kind.base_url());
            ConfigError::value(key("base_url"), reason)
        })?;
        let base_url = BaseUrl::parse(base_url).map_err(|reason| ConfigError::value(key("base_url"), reason))?;
        let highest = server_kind.highest_temperature();
        if temperature.is_some_and(|temperature| !(0.0..=highest).contains(&temperature)) {
            return Err(ConfigError::value(key("temperature"), format!("is out of range; write a number from 0 to {highest}")));
        }
        let api_key_env = filled(api_key_env.as_ref());
        Ok(Self {
            kind: server_kind,
            limit_field: limit_field.unwrap_or_else(|| base_url.usual_limit_field()),
            base_url,
            api_key: api_key_env.as_deref().and_then(|variable| environment.get(variable)).map(SecretString::from),
            api_key_env,
            free: free.unwrap_or(false),
            default_model: filled(default_model.as_ref()),
            reasoning_effort: filled(reasoning_effort.as_ref()),
            temperature: *temperature,
        })
    }
}

/// The environment cannot take a key of the default file away; an empty text stands for that.
fn filled(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// An `http` or `https` URL without credentials, query and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    host: String,
}

impl BaseUrl {
    /// Reads a URL; the error is a reason that fits behind the name of the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bad = |what: &str| Err(format!("{what}; write http://HOST:PORT/PATH or https://HOST/PATH"));
        let lower = text.to_ascii_lowercase();
        let Some(scheme) = ["https://", "http://"].into_iter().find(|scheme| lower.starts_with(scheme)) else {
            return bad("does not begin with http:// or https://");
        };
        let rest = text.get(scheme.len()..).unwrap_or_default();
        if rest.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return bad("holds a space or another character that no URL has");
        }
        if rest.contains(['?', '#']) {
            return bad("holds a query or a fragment");
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return bad("holds a user name or a password; secrets belong in the variable that api_key_env names");
        }
        let (host, port) = split_port(authority);
        if host.is_empty() || port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return bad("has no host, or a port that is not a number");
        }
        Ok(Self { text: format!("{scheme}{}", rest.trim_end_matches('/')), host: host.to_ascii_lowercase() })
    }

    /// The URL, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether what is sent there stays on this machine.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    fn usual_limit_field(&self) -> LimitName {
        if self.host == ServerKind::OpenAi.own_host() { LimitName::MaxCompletionTokens } else { LimitName::MaxTokens }
    }
}

/// `host:port`, `[::1]:port` or either without a port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_http_or_https_with_a_host_and_nothing_secret() {
        for (text, host, loopback) in [
            ("https://api.openai.com/v1/", "api.openai.com", false),
            ("http://127.0.0.1:9099/v1", "127.0.0.1", true),
            ("http://localhost:11434/v1", "localhost", true),
            ("http://[::1]:80", "[::1]", true),
            ("HTTP://10.0.0.1", "10.0.0.1", false),
            ("https://127.0.0.1.example.com", "127.0.0.1.example.com", false),
        ] {
            let url = BaseUrl::parse(text).expect(text);
            assert_eq!((url.host(), url.is_loopback()), (host, loopback), "{text}");
            assert!(!url.as_str().ends_with('/'));
        }
        for bad in ["", "ftp://x", "api.openai.com", "https://", "https://user:pw@host", "https://h/?key=1", "http://h:x", "http://a b"] {
            let reason = BaseUrl::parse(bad).expect_err(bad);
            assert!(reason.contains("write http") && !reason.contains("pw"), "{reason}");
        }
    }
}
