//! Filters, order and pages of lists.

use crate::room::{Room, same};
use snapbox::str;

fn room() -> Room {
    let room = Room::new();
    for name in ["blue", "red_1", "red_2"] {
        room.succeeds(["orchestrator", "register", name, "-f", "kubernetes"]);
    }
    room
}

#[test]
fn filters_order_and_pages() {
    let room = room();
    same(
        room.cli(["orchestrator", "list"]),
        str![[r#"
exit: 0
----- stdout -----
ACTIVE  NAME     COMPONENT ID                          FLAVOR
*       default  [ID]  local
        blue     [ID]  kubernetes
        red_1    [ID]  kubernetes
        red_2    [ID]  kubernetes
----- stderr -----
Page `(1/1)`, `4` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--name=startswith:red", "--sort_by=desc:name"]),
        str![[r#"
exit: 0
----- stdout -----
ACTIVE  NAME   COMPONENT ID                          FLAVOR
        red_2  [ID]  kubernetes
        red_1  [ID]  kubernetes
----- stderr -----
Page `(1/1)`, `2` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--size=3", "--page=2", "--sort-by", "name"]),
        str![[r#"
exit: 0
----- stdout -----
ACTIVE  NAME   COMPONENT ID                          FLAVOR
        red_2  [ID]  kubernetes
----- stderr -----
Page `(2/2)`, `4` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--flavor", "local", "--name", "blue", "--logical_operator=or"]),
        str![[r#"
exit: 0
----- stdout -----
ACTIVE  NAME     COMPONENT ID                          FLAVOR
*       default  [ID]  local
        blue     [ID]  kubernetes
----- stderr -----
Page `(1/1)`, `2` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--name=absent"]),
        str![[r#"
exit: 0
----- stderr -----
No components found for the given filters.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--name=absent", "-o", "json"]),
        str![[r#"
exit: 0
----- stdout -----
[]

"#]],
    );
}

#[test]
fn what_a_list_refuses() {
    let room = room();
    same(
        room.cli(["orchestrator", "list", "--page=9"]),
        str![[r#"
exit: 1
----- stderr -----
error: Invalid page 9. The requested page size is 50 and there are a total of 4 items for this query. The maximum page value therefore is 1.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--size=0"]),
        str![[r#"
exit: 1
----- stderr -----
error: pages start at 1 and have 1 to 10000 entries

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--size=many"]),
        str![[r#"
exit: 2
----- stderr -----
error: invalid value 'many' for '--size <NUMBER>': invalid digit found in string

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--sort_by=colour"]),
        str![[r#"
exit: 1
----- stderr -----
error: there is no field `colour` to filter or sort by

hint: fields: id, name, flavor, type, created, updated

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--created=soon"]),
        str![[r#"
exit: 1
----- stderr -----
error: `soon` is not a time

hint: write it as `2023-09-01 12:30:45`, in UTC

"#]],
    );
    same(
        room.cli(["orchestrator", "list", "--logical-operator=xor"]),
        str![[r#"
exit: 2
----- stderr -----
error: invalid value 'xor' for '--logical-operator <and|or>'
  [possible values: and, or]

For more information, try '--help'.

"#]],
    );
}
