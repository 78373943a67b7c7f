//! Any routes on loopback, with fault switches in front of them.

use crate::Faults;
use axum::Router;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves `router` behind `faults` for as long as the runtime lives; where it answers.
pub async fn serve(router: Router, faults: &Faults) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let service = faults.wrap(router).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.expect("it is bound") });
    url
}
