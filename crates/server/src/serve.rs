//! A running server: its listeners, what it does by the minute, and its end.

use crate::app::app;
use crate::metrics;
use crate::options::ServerOptions;
use crate::tls;
use axum::Router;
use axum::routing::get;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsAcceptor;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::Engine;
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;

/// How long requests under way get at a stop.
const GRACE: Duration = Duration::from_secs(10);
/// How many connections may wait to be accepted; the system's own limit may be lower. The standard library's 128 makes a crowd of
/// 1,000 clients wait a second or more for the kernel to try again.
const BACKLOG: u32 = 4096;
/// How often what was left behind is looked for, the audit trail is signed, and tokens that ended are forgotten.
const ROUND: Duration = Duration::from_secs(60);

/// A server that accepts connections.
#[derive(Debug)]
pub struct Running {
    /// Where it is.
    pub url: String,
    /// Where its metrics are.
    pub metrics_url: Option<String>,
    engine: Arc<Engine>,
    listeners: Vec<(Handle<SocketAddr>, JoinHandle<std::io::Result<()>>)>,
    rounds: JoinHandle<()>,
}

/// Starts a server on `engine`; it accepts connections when this returns.
///
/// # Errors
/// [`Kind::Invalid`] for options that would send secrets in the clear, or a certificate that cannot be used;
/// [`Kind::Conflict`] when the address is taken, [`Kind::Forbidden`] when the system refuses it.
pub async fn serve(engine: Arc<Engine>, options: &ServerOptions) -> Result<Running> {
    options.check()?;
    let tls = tls::config(&options.tls, options.listen.ip())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let socket = bind(options.listen)?;
    let url = format!("{scheme}://{}", shown(&socket)?);
    let mut listeners = Vec::new();
    let mut metrics_url = None;
    if let Some(listen) = options.metrics_listen {
        let recorder = metrics::recorder()
            .ok_or_else(|| Error::new(Kind::Conflict, "another part of the process counts metrics already"))?;
        let socket = bind(listen)?;
        metrics_url = Some(format!("http://{}/metrics", shown(&socket)?));
        let router = Router::new().route("/metrics", get(async move || recorder.render()));
        listeners.push(listen_on(socket, None, router)?);
    }
    // from the start, whatever a process that was killed left behind
    settle(&engine).await;
    listeners.push(listen_on(socket, tls, app(&engine, options.behind_proxy))?);
    let rounds = tokio::spawn(rounds(Arc::clone(&engine)));
    Ok(Running { url, metrics_url, engine, listeners, rounds })
}

async fn rounds(engine: Arc<Engine>) {
    let mut interval = tokio::time::interval(ROUND);
    interval.tick().await;
    loop {
        interval.tick().await;
        settle(&engine).await;
        if let Err(error) = engine.sign_audit().await {
            tracing::warn!(kind = %error.kind(), "the audit trail is not signed: {error}");
        }
        if let Err(error) = engine.forget_ended_tokens().await {
            tracing::warn!(kind = %error.kind(), "tokens that ended are not forgotten yet: {error}");
        }
    }
}

/// A place of values that does not answer now is no reason not to serve: what was not finished is not shown until it is.
async fn settle(engine: &Engine) {
    if let Err(error) = engine.settle_abandoned().await {
        tracing::warn!(kind = %error.kind(), "what was left behind is not settled yet: {error}");
    }
}

impl Running {
    /// Ends it: no new connections, requests under way are answered, the audit trail is signed.
    ///
    /// # Errors
    /// What signing the audit trail fails with.
    pub async fn stop(self) -> Result<()> {
        for (handle, _) in &self.listeners {
            handle.graceful_shutdown(Some(GRACE));
        }
        for (_, task) in self.listeners {
            if let Ok(Err(error)) = task.await {
                tracing::warn!(%error, "a listener ended with an error");
            }
        }
        self.rounds.abort();
        self.engine.sign_audit().await
    }
}

fn bind(listen: SocketAddr) -> Result<TcpListener> {
    let bind = || {
        let socket = if listen.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(listen)?;
        socket.listen(BACKLOG)?.into_std()
    };
    bind().map_err(|error: std::io::Error| {
        let (kind, hint) = match error.kind() {
            std::io::ErrorKind::AddrInUse => (Kind::Conflict, "another program listens there; port 0 takes a free one"),
            _ => (Kind::Forbidden, "name an address of this machine, and a port that this user may take"),
        };
        Error::new(kind, format!("cannot listen on {listen}")).with_hint(hint).with_source(error)
    })
}

fn shown(socket: &TcpListener) -> Result<String> {
    let address = socket.local_addr();
    address
        .map(|address| address.to_string())
        .map_err(|error| Error::new(Kind::Unavailable, "the address of a listener is not known").with_source(error))
}

fn listen_on(
    socket: TcpListener,
    tls: Option<axum_server::tls_rustls::RustlsConfig>,
    router: Router,
) -> Result<(Handle<SocketAddr>, JoinHandle<std::io::Result<()>>)> {
    let handle = Handle::new();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let failed = |error: std::io::Error| Error::new(Kind::Unavailable, "cannot listen").with_source(error);
    let server = axum_server::from_tcp(socket).map_err(failed)?.handle(handle.clone());
    let task = match tls {
        None => tokio::spawn(server.acceptor(NoDelayAcceptor).serve(service)),
        Some(tls) => {
            let acceptor = RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor);
            tokio::spawn(server.acceptor(acceptor).serve(service))
        }
    };
    Ok((handle, task))
}
