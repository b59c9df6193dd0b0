//! What a caller says of the cache in a header, for clients that would rather not say it in the body.

use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;

use crate::contract::rewrite::CacheUse;

/// `no-store` leaves the cache alone, `no-cache` and `max-age=0` ask anew; everything else says nothing that concerns a model's replies.
pub(super) fn cache_use(headers: &HeaderMap) -> Option<CacheUse> {
    let told = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let told: Vec<String> = told.map(|directive| directive.trim().to_ascii_lowercase()).collect();
    let says = |directive: &str| told.iter().any(|told| told == directive);
    if says("no-store") {
        Some(CacheUse::Bypass)
    } else if says("no-cache") || says("max-age=0") {
        Some(CacheUse::Refresh)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_word_counts() {
        let told = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CACHE_CONTROL, value.parse().expect("a header"));
            }
            cache_use(&headers)
        };
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["max-age=60, stale-if-error"]), None);
        assert_eq!(told(&["No-Cache"]), Some(CacheUse::Refresh));
        assert_eq!(told(&["max-age=0"]), Some(CacheUse::Refresh));
        assert_eq!(told(&["no-cache", "private, no-store"]), Some(CacheUse::Bypass));
    }
}
