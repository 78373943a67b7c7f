//! What is different at a terminal: boxes, colours and questions.

use crate::room::{Room, same};
use nix::pty::{OpenptyResult, Winsize, openpty};
use snapbox::str;
use std::fs::File;
use std::io::{Read, Write};
use std::process::{ExitStatus, Stdio};

/// Runs the program at a terminal of 100 columns. Somebody types each answer once its question is on the screen.
pub(crate) fn at_terminal(room: &Room, words: &[&str], answers: &[(&str, &str)]) -> (ExitStatus, String) {
    let size = Winsize { ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    let OpenptyResult { master, slave } = openpty(&size, None).unwrap();
    let end = || Stdio::from(slave.try_clone().unwrap());
    let mut command = room.command(words);
    let mut child = command.stdin(end()).stdout(end()).stderr(end()).env("TERM", "xterm").spawn().unwrap();
    drop((slave, command)); // the last end is the child's: reading stops when it is gone
    let mut master = File::from(master);
    let (mut screen, mut buffer, mut read_until) = (Vec::new(), [0; 4096], 0);
    let mut answers = answers.iter();
    let mut next = answers.next();
    while let Ok(count @ 1..) = master.read(&mut buffer) {
        screen.extend_from_slice(&buffer[..count]);
        if let Some((question, answer)) = next
            && String::from_utf8_lossy(&screen[read_until..]).contains(question)
        {
            master.write_all(answer.as_bytes()).unwrap();
            read_until = screen.len();
            next = answers.next();
        }
    }
    assert!(next.is_none(), "never asked: {next:?}\n{}", String::from_utf8_lossy(&screen));
    (child.wait().unwrap(), String::from_utf8_lossy(&screen).replace("\r\n", "\n"))
}

#[test]
fn tables_have_borders() {
    let room = Room::new();
    let (status, screen) = at_terminal(&room, &["stack", "describe"], &[]);
    assert!(status.success());
    let table = screen.split_once("\n\n").unwrap().1;
    same(
        table,
        str![[r#"
┌────────────────┬────────────────┬────────┐
│ COMPONENT_TYPE ┆ COMPONENT_NAME ┆ FLAVOR │
╞════════════════╪════════════════╪════════╡
│ ARTIFACT_STORE ┆ default        ┆ local  │
│ ORCHESTRATOR   ┆ default        ┆ local  │
└────────────────┴────────────────┴────────┘

"#]],
    );
}

#[test]
fn errors_are_coloured_unless_somebody_minds() {
    let room = Room::new();
    let (status, screen) = at_terminal(&room, &["stack", "set", "absent"], &[]);
    assert_eq!(status.code(), Some(1));
    assert!(screen.starts_with("\u{1b}[1;31merror:\u{1b}[0m stack `absent` does not exist\n"), "{screen:?}");
    let (_, screen) = at_terminal(&room.with("NO_COLOR", "1"), &["stack", "set", "absent"], &[]);
    assert!(screen.starts_with("error: stack `absent` does not exist\n"), "{screen:?}");
}

#[test]
fn a_question_is_answered_or_refused_or_interrupted() {
    let room = Room::new();
    room.succeeds(["stack", "register", "one", "-a", "default", "-o", "default"]);
    let delete = ["stack", "delete", "one"];
    let (status, screen) = at_terminal(&room, &delete, &[("(y/N)", "n\r")]);
    assert!(status.success() && screen.contains("Stack deletion canceled."), "{screen}");
    let (status, screen) = at_terminal(&room, &delete, &[("(y/N)", "\u{3}")]);
    assert_eq!(status.code(), Some(130), "{screen}");
    assert!(!screen.contains("error"), "{screen}");
    room.succeeds(["stack", "describe", "one"]);
    let (status, screen) = at_terminal(&room, &delete, &[("(y/N)", "y\r")]);
    assert!(status.success() && screen.contains("Deleted stack 'one'."), "{screen}");
    assert_eq!(room.run(["stack", "describe", "one"]).status.code(), Some(1));
}
