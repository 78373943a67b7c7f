//! The back-end in memory.

use secrecy::{ExposeSecret, SecretString};
use strongroom_backends::memory::Memory;
use strongroom_core::{Backend, Item, ItemName, Tags};

#[tokio::test]
async fn earlier_writes_are_kept() {
    let memory = Memory::new();
    let name: ItemName = "one".parse().unwrap();
    let item = |text: &str| Item::new(name.clone(), SecretString::from(text), Tags::new());
    let first = memory.put(&item("1"), strongroom_core::PutMode::Upsert).await.unwrap();
    memory.put(&item("2"), strongroom_core::PutMode::Upsert).await.unwrap();
    assert_eq!(memory.get(&name, Some(&first)).await.unwrap().unwrap().value.expose_secret(), "1");
    assert_eq!(memory.get(&name, None).await.unwrap().unwrap().value.expose_secret(), "2");
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    let value = |text: &str| text.to_owned();
    strongroom_testkit::backend_contract(&Memory::new(), value).await;
    strongroom_testkit::random_operations(&Memory::new(), value, 1000, 0x5eed).await;
}
