//! Values are texts, whatever they look like.

use crate::room::Room;
use serde_json::{Map, Value, json};
use strongroom_core::central::Role;

#[tokio::test(flavor = "multi_thread")]
async fn scenario_59_what_looks_like_a_reference_comes_back_as_it_was() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let mut values = Map::new();
    for (key, value) in [
        ("self", "{{loop.self}}"),
        ("there", "{{loop.back}}"),
        ("back", "{{loop.there}}"),
        ("shell", "${HOME} $(id) `id` $$ %PATH% #{x}"),
        ("template", "{{ loop.self | upper }} {% raw %} <%= 1 %>"),
        ("half", "{{loop. }} {{ ${"),
        ("escapes", "\\u0041 \\n \u{0}\u{1f}\u{2028}\u{feff} é \r\n\t"),
        ("empty", ""),
    ] {
        values.insert(key.to_owned(), value.into());
    }
    for at in 0..25 {
        values.insert(format!("chain-{at}"), format!("{{{{loop.chain-{}}}}}", at + 1).into());
    }
    let values = Value::Object(values);
    let made = room.post("secrets", &ann, json!({"name": "loop", "values": values})).await.good();
    assert_eq!(made["body"]["values"], values);
    let path = format!("secrets/{}", made["id"].as_str().unwrap());
    assert_eq!(room.get(&path, &ann).await.good()["body"]["values"], values);
    let patched =
        room.put(&format!("{path}?patch_values=True"), &ann, json!({"values": {"new": "{{loop.new}}"}})).await;
    assert_eq!(patched.good()["body"]["values"]["new"], "{{loop.new}}");
    let back = room.post(&format!("{path}/rollback"), &ann, json!({"revision": 1})).await.good();
    assert_eq!(back["body"]["values"], values);
    // a name is a text, too
    let named = room.post("secrets", &ann, json!({"name": "{{loop.self}} ${HOME}", "values": {}})).await.good();
    assert_eq!(named["name"], "{{loop.self}} ${HOME}");
}
