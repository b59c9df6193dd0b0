//! What a model must return when it is asked for several bullets at once: a draft for each, under the number of its bullet.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::draft::{Draft, DraftVariant, limit_items, strict_schema};

/// The rewrites of several bullets. Only its schema is used: each element is read by itself, so that a bad one spoils no other.
///
/// The descriptions are part of what the model reads, and so of every request hash.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "Rewrites of several resume bullets, each on its own.")]
pub struct GroupDraft {
    /// One element a bullet.
    #[schemars(description = "One result for each bullet, in the order of the bullets.")]
    pub results: Vec<GroupElement>,
}

/// The rewrites of one of the bullets.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "The rewrites of one bullet.")]
pub struct GroupElement {
    /// The number of the bullet in the question, from 0.
    #[schemars(description = "The id of the bullet.")]
    pub id: u32,
    /// As many rewrites as were asked for.
    #[schemars(description = "As many as were asked for.")]
    pub variants: Vec<DraftVariant>,
}

/// Name of the schema on the wire.
pub const GROUP_SCHEMA_NAME: &str = "rewrite_group_draft";

impl GroupDraft {
    /// The JSON Schema of so many elements with at most that many variants each, in the same strict subset as that of one draft.
    pub fn schema(bullets: u32, variants: u8) -> Value {
        let mut schema = strict_schema::<Self>();
        limit_items(&mut schema, "/properties/results", bullets, bullets);
        limit_items(&mut schema, "/properties/results/items/properties/variants", 1, variants.into());
        // An unsigned number's format and minimum, which half of the dialects do not know; the numbers are checked here.
        if let Some(Value::Object(id)) = schema.pointer_mut("/properties/results/items/properties/id") {
            id.retain(|keyword, _| !matches!(keyword.as_str(), "format" | "minimum"));
        }
        schema
    }
}

impl From<GroupElement> for Draft {
    fn from(element: GroupElement) -> Self {
        Self { variants: element.variants }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_wants_one_result_a_bullet_and_holds_the_draft_of_one_bullet() {
        let schema = GroupDraft::schema(5, 2);
        let results = &schema["properties"]["results"];
        assert_eq!((&results["minItems"], &results["maxItems"]), (&5.into(), &5.into()));
        let element = &results["items"];
        assert_eq!(element["required"], serde_json::json!(["id", "variants"]));
        assert_eq!(element["properties"]["variants"], Draft::schema(2)["properties"]["variants"]);
        assert_eq!(element["properties"]["id"], serde_json::json!({"description": "The id of the bullet.", "type": "integer"}));
    }
}
