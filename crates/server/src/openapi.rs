//! The OpenAPI description, completed by what all routes have in common: unique ids of operations, what a refusal looks like,
//! and how what one route makes is found by others.

use serde_json::{Map, Value, json};

const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

/// `described`, as JSON, completed.
pub(crate) fn completed(described: &utoipa::openapi::OpenApi) -> Value {
    let mut described = serde_json::to_value(described).unwrap_or_default();
    may_be_null(&mut described["components"]["schemas"], "metadata");
    described["components"]["schemas"]["Refusal"] = refusal();
    described["components"]["schemas"]["Misunderstanding"] = misunderstanding();
    let Some(paths) = described["paths"].as_object_mut() else { return described };
    for (path, item) in paths.iter_mut() {
        for (method, operation) in operations(item) {
            operation["operationId"] = id(&method, path).into();
            complete(&method, operation);
        }
    }
    let links: Vec<_> = paths.iter().map(|(path, item)| (path.clone(), links(path, item, paths))).collect();
    for (path, links) in links.into_iter().filter(|(_, links)| !links.is_empty()) {
        paths[&path]["post"]["responses"]["200"]["links"] = links.into();
    }
    described
}

/// Lets properties of that name be null: the derived schema forgets the `Option` around a type parameter.
fn may_be_null(schemas: &mut Value, name: &str) {
    let below: Box<dyn Iterator<Item = &mut Value>> = match schemas {
        Value::Object(fields) => Box::new(fields.values_mut()),
        Value::Array(items) => Box::new(items.iter_mut()),
        _ => return,
    };
    below.for_each(|schema| may_be_null(schema, name));
    if let Some(schema) = schemas.get_mut("properties").and_then(|properties| properties.get_mut(name)) {
        *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
    }
}

fn operations(item: &mut Value) -> impl Iterator<Item = (String, &mut Value)> {
    let methods = item.as_object_mut().into_iter().flatten();
    methods
        .filter(|(method, _)| METHODS.contains(&method.as_str()))
        .map(|(method, operation)| (method.clone(), operation))
}

/// `get_secrets_secret` for `GET /api/v1/secrets/{secret}`.
fn id(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1/").split('/').map(|word| word.trim_matches(['{', '}']));
    [method].into_iter().chain(words).collect::<Vec<_>>().join("_")
}

/// Says of every refusal what it looks like, and that who shows no good token is refused.
fn complete(method: &str, operation: &mut Value) {
    let is_signed = operation.get("security").is_some();
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    if is_signed {
        responses.insert("401".to_owned(), json!({ "description": "no token, or none that is good" }));
    }
    for (status, response) in responses.iter_mut() {
        let schema = match status.as_str() {
            // clients of ZenML read JSON from every success
            "200" if method == "delete" => json!({ "type": "null" }),
            "422" => json!({ "$ref": "#/components/schemas/Misunderstanding" }),
            status if status >= "400" => json!({ "$ref": "#/components/schemas/Refusal" }),
            _ => continue,
        };
        response["content"] = json!({ "application/json": { "schema": schema } });
        if response.get("description").is_none() {
            response["description"] = "".into();
        }
    }
}

/// ZenML's exception by name and message, what its framework says, or what OAuth 2 says of a device.
fn refusal() -> Value {
    let text = json!({ "type": "string" });
    let exception = json!({ "type": "array", "items": text, "minItems": 2, "maxItems": 2 });
    json!({ "description": "Why a request was refused.", "anyOf": [
        { "type": "object", "required": ["detail"], "properties": { "detail": { "anyOf": [exception, text] } } },
        { "type": "object", "required": ["error"], "properties": { "error": text, "error_description": text } },
    ] })
}

/// A bare list, as ZenML's server answers.
fn misunderstanding() -> Value {
    json!({
        "description": "Why a request was not understood: the name of an exception, and a message.",
        "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2,
    })
}

/// From a POST to `path` to all that is done with one of what it makes: the paths that begin with `path/{name}`.
fn links(path: &str, item: &Value, paths: &Map<String, Value>) -> Map<String, Value> {
    let mut links = Map::new();
    if item.get("post").is_none() {
        return links;
    }
    for (below, item) in paths {
        let Some(rest) = below.strip_prefix(path).and_then(|rest| rest.strip_prefix("/{")) else { continue };
        let Some((name, _)) = rest.split_once('}') else { continue };
        if rest.matches('{').count() > 0 {
            continue;
        }
        // what stands in the path before is the same for both
        let before = path.split('/').filter_map(|word| word.strip_prefix('{')?.strip_suffix('}'));
        let mut parameters: Map<_, _> =
            before.map(|name| (name.to_owned(), format!("$request.path.{name}").into())).collect();
        parameters.insert(name.to_owned(), "$response.body#/id".into());
        let methods = item.as_object().into_iter().flatten().map(|(method, _)| method);
        for method in methods.filter(|method| METHODS.contains(&method.as_str())) {
            let id = id(method, below);
            links.insert(id.clone(), json!({ "operationId": id, "parameters": parameters }));
        }
    }
    links
}
