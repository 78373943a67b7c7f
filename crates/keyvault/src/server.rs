//! Starting an embedded Key Vault: its folder, its keys, its listeners.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use strongroom_core::{Error, Kind, Result};
use tempfile::TempDir;

use crate::app::{App, Door, Retention, Vault};
use crate::authority::Tokens;
use crate::identity::{Identity, cannot};
use crate::options::{Options, Storage};
use crate::route;
use crate::running::{Listener, Running, VaultAddress};
use crate::store::{self, Seal, Store};
use crate::switches::Switches;
use crate::tls;

/// Starts an embedded Key Vault; it accepts connections when this returns. To be called on a Tokio runtime.
///
/// # Errors
/// `Invalid` for options that cannot be served, `Conflict` when another server has the folder or the address,
/// `Forbidden` when the system refuses either, `Corrupt` when the folder's files are damaged.
pub async fn start(options: Options) -> Result<Running> {
    start_with(options, |router| router).await
}

/// As [`start`], with each listener's routes passed through `wrap`, so that tests can put a layer of faults before them.
///
/// # Errors
/// Those of [`start`].
pub async fn start_with(options: Options, wrap: impl Fn(Router) -> Router) -> Result<Running> {
    options.check()?;
    let Options { listen, vaults, storage, dns_names, recoverable_days, purge_protection, timing, empty_pages } =
        options;
    let home = Home::open(&storage)?;
    let tls = RustlsConfig::from_config(tls::server_config(&home.identity, &vaults, &dns_names)?);
    let sockets = bind(listen, vaults.len())?;
    let ports = sockets.iter().map(port).collect::<Result<Vec<_>>>()?;
    let store = Store::open(home.database().as_deref(), Seal::new(&home.identity))?;
    let rows = vaults
        .iter()
        .map(|name| Ok(Vault { row: store.vault(name.as_str())?, name: name.clone() }))
        .collect::<Result<Vec<_>>>()?;
    let Home { directory, temporary, lock, identity } = home;

    let app = Arc::new(App {
        store,
        tokens: Tokens::new(&identity)?,
        identity,
        vaults: rows,
        retention: Retention { days: recoverable_days, purge_protection },
        switches: Arc::new(Switches::new(timing, empty_pages)),
        authority: format!("https://localhost:{}", ports[0]),
        serves_azure_authority: dns_names.iter().any(|name| name.eq_ignore_ascii_case(AZURE_AUTHORITY)),
        _lock: lock,
    });
    let mut listeners = Vec::with_capacity(sockets.len());
    for (vault, socket) in sockets.into_iter().enumerate() {
        let router = wrap(route::router(Door { app: app.clone(), vault, port: ports[vault] }));
        listeners.push(serve(socket, &tls, router)?);
    }
    let addresses = vaults.into_iter().zip(&ports);
    let addresses = addresses.map(|(name, port)| VaultAddress { name, url: format!("https://localhost:{port}") });
    Ok(Running::new(app, addresses.collect(), listeners, directory.join(CA_FILE), temporary))
}

/// The host of Azure's own authority in the public cloud.
const AZURE_AUTHORITY: &str = "login.microsoftonline.com";

const CA_FILE: &str = "ca.pem";

/// The folder of an instance, opened: locked, its identity read or made, its CA certificate written.
struct Home {
    directory: PathBuf,
    temporary: Option<TempDir>,
    lock: Option<File>,
    identity: Identity,
}

impl Home {
    fn open(storage: &Storage) -> Result<Self> {
        let home = match storage {
            Storage::Memory => {
                let temporary = tempfile::Builder::new().prefix("strongroom-keyvault-").tempdir();
                let temporary =
                    temporary.map_err(|error| cannot("create a folder in", &std::env::temp_dir(), error))?;
                let directory = temporary.path().to_owned();
                Self { directory, temporary: Some(temporary), lock: None, identity: Identity::fresh()? }
            }
            Storage::Directory(directory) => {
                create_private(directory).map_err(|error| cannot("create", directory, error))?;
                let lock = Some(lock(directory)?);
                let identity = Identity::load_or_create(directory, directory.join(store::FILE).exists())?;
                Self { directory: directory.clone(), temporary: None, lock, identity }
            }
        };
        // Written at every start: it is a copy for clients, and somebody may have removed it.
        let certificate = home.directory.join(CA_FILE);
        fs::write(&certificate, &home.identity.ca_certificate).map_err(|error| cannot("write", &certificate, error))?;
        #[cfg(unix)]
        fs::set_permissions(&certificate, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .map_err(|error| cannot("write", &certificate, error))?;
        Ok(home)
    }

    /// Where the database is; none in memory.
    fn database(&self) -> Option<PathBuf> {
        self.temporary.is_none().then(|| self.directory.join(store::FILE))
    }
}

fn create_private(directory: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// The system releases it when the process ends, however it ends.
fn lock(directory: &Path) -> Result<File> {
    let path = directory.join("lock");
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(|error| cannot("open", &path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Kind::Conflict, format!("another Key Vault server uses `{}`", directory.display()))
                .with_hint("stop it, or name another folder"))
        }
        Err(TryLockError::Error(error)) => Err(cannot("lock", &path, error)),
    }
}

/// A socket for each vault: the first at `listen`, the others on free ports beside it.
fn bind(listen: SocketAddr, count: usize) -> Result<Vec<TcpListener>> {
    let further = SocketAddr::new(listen.ip(), 0);
    let addresses = std::iter::once(listen).chain(std::iter::repeat(further)).take(count);
    addresses
        .map(|address| {
            TcpListener::bind(address).map_err(|error| {
                let kind = match error.kind() {
                    ErrorKind::AddrInUse => Kind::Conflict,
                    ErrorKind::PermissionDenied => Kind::Forbidden,
                    _ => Kind::Unavailable,
                };
                Error::new(kind, format!("cannot listen on `{address}`")).with_source(error)
            })
        })
        .collect()
}

fn port(socket: &TcpListener) -> Result<u16> {
    let address = socket.local_addr();
    address
        .map(|address| address.port())
        .map_err(|error| Error::new(Kind::Unavailable, "the address of a listener cannot be read").with_source(error))
}

fn serve(socket: TcpListener, tls: &RustlsConfig, router: Router) -> Result<Listener> {
    let handle = Handle::new();
    let server = axum_server::from_tcp(socket)
        .map_err(|error| Error::new(Kind::Unavailable, "a listener could not be started").with_source(error))?
        // Answers are small: without this they would wait for the client's delayed acknowledgement.
        .acceptor(RustlsAcceptor::new(tls.clone()).acceptor(NoDelayAcceptor::new()))
        .handle(handle.clone())
        .serve(router.into_make_service());
    Ok(Listener { handle, task: tokio::spawn(server) })
}
