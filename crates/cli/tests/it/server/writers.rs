//! Writers who remember what was acknowledged, and what of it must be there afterwards.

use super::{Client, path, values};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// What is known of one secret: its path, the last write that was acknowledged, and one that was not, if it was tried.
pub(super) struct Known {
    path: String,
    acknowledged: String,
    tried: Option<String>,
}

/// Values that tell which write they are of; those of two writes are told from those of one.
pub(super) fn of_write(mark: &str) -> Value {
    KEYS.iter().map(|key| ((*key).to_owned(), json!(mark))).collect::<Map<_, _>>().into()
}

/// The write that values are of, if they are of one.
pub(super) fn write_of(values: &Value) -> Option<&str> {
    let mark = values["a"].as_str()?;
    (*values == of_write(mark)).then_some(mark)
}

/// Write number `n` of somebody who knows these secrets: each fourth changes one of them, the others make one. What the server
/// answered.
pub(super) async fn write(client: &Client, n: usize, known: &mut Vec<Known>) -> reqwest::Result<(u16, Value)> {
    let mark = format!("write-{n}");
    if let Some(secret) = known.iter_mut().rev().find(|known| known.tried.is_none()).filter(|_| n % 4 == 3) {
        let change = json!({ "values": of_write(&mark) });
        let answer = client.try_ask(Method::PUT, &secret.path, Some(&change)).await;
        match &answer {
            Ok((200, _)) => secret.acknowledged = mark,
            _ => secret.tried = Some(mark),
        }
        return answer;
    }
    let answer = client.try_ask(Method::POST, "/secrets", Some(&super::new(&format!("s-{n}"), of_write(&mark)))).await;
    if let Ok((200, made)) = &answer {
        known.push(Known { path: path(made), acknowledged: mark, tried: None });
    }
    answer
}

/// Looks for every secret that is known, and reads all that there are: each is wholly of one write, and of the right one. At most
/// `others` were never acknowledged. The writes that were found, by path.
pub(super) async fn outlived(client: &Client, known: Vec<Known>, others: usize) -> HashMap<String, String> {
    let known: HashMap<_, _> = known.into_iter().map(|known| (known.path.clone(), known)).collect();
    let found = all(client).await;
    let lost: Vec<_> = known.keys().filter(|path| !found.contains(*path)).collect();
    assert!(lost.is_empty(), "{} were acknowledged and are gone: {lost:?}", lost.len());
    assert!(found.len() - known.len() <= others, "{} of {} were acknowledged", known.len(), found.len());
    let mut marks = HashMap::new();
    for path in found {
        let read = client.get(&path).await;
        let mark = write_of(values(&read)).unwrap_or_else(|| panic!("torn: {read}")).to_owned();
        if let Some(Known { acknowledged, tried, .. }) = known.get(&path) {
            assert!(mark == *acknowledged || tried.as_ref() == Some(&mark), "{mark} is not {acknowledged}");
        }
        marks.insert(path, mark);
    }
    marks
}

/// The paths of all secrets that there are.
async fn all(client: &Client) -> Vec<String> {
    let mut found = Vec::new();
    for page in 1.. {
        let listed = client.get(&format!("/secrets?size=1000&page={page}")).await;
        found.extend(listed["items"].as_array().unwrap().iter().map(path));
        if page >= listed["total_pages"].as_u64().unwrap() {
            break;
        }
    }
    found
}
