//! A handler that returns fixed bytes and does nothing else: what `cargo xtask bench server` holds the reading of a secret against.
//! It stands twice on the server's own listener and runtime: under the route of a secret with what surrounds every request of the
//! server, and alone. The first argument is the file of the bytes; the address is printed.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum_server::accept::NoDelayAcceptor;
use std::net::{SocketAddr, TcpListener};

fn main() {
    let file = std::env::args().nth(1).expect("the file of the bytes to answer");
    let bytes = Bytes::from(std::fs::read(file).unwrap());
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    println!("http://{}", socket.local_addr().unwrap());
    let answer = move || std::future::ready(([(CONTENT_TYPE, "application/json")], bytes.clone()));
    let handler = strongroom_server::surrounded(Router::new().route("/api/v1/secrets/{secret}", get(answer.clone())));
    let service = handler.route("/", get(answer)).into_make_service_with_connect_info::<SocketAddr>();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        axum_server::from_tcp(socket).unwrap().acceptor(NoDelayAcceptor).serve(service).await.unwrap();
    });
}
