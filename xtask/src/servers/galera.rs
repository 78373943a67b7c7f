//! A Galera cluster: three MariaDB servers on this machine that agree on every transaction.

use super::mariadb::{CLIENT, SERVER};
use super::mariadb::{asked, client, make_data, server, url};
use super::packages::{need, version};
use super::starting::{Export, Starting, export, free_ports, password};
use super::user::give;
use crate::shell::Outcome;

/// The package's user: for root, rsync would give up its rights and then could write nowhere.
const USER: &str = "mysql";
const PROVIDER: &str = "/usr/lib/libgalera_smm.so";

pub(super) fn install() -> Outcome<String> {
    let transfer = ["/usr/bin/wsrep_sst_rsync", "/usr/bin/rsync", "/usr/bin/lsof"];
    need(
        &[&[SERVER, CLIENT, PROVIDER], &transfer[..]].concat(),
        &["mariadb-server", "mariadb-client-core", "galera-4", "rsync", "lsof"],
    )?;
    version(SERVER)
}

/// The first node makes the cluster; each further one copies the data of those before.
pub(super) fn start(starting: &mut Starting) -> Outcome<Vec<Export>> {
    let (folder, password) = (starting.folder_of(USER)?, password()?);
    let ports: [u16; 12] = free_ports()?;
    let nodes: Vec<&[u16]> = ports.chunks(4).collect();
    let members: Vec<_> = nodes.iter().map(|node| format!("127.0.0.1:{}", node[1])).collect();
    let mut urls = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let &[sql, group, state, transfer] = *node else { return Err("four ports for each node".to_owned()) };
        let (name, log) = (format!("node{}", index + 1), format!("node{}.log", index + 1));
        let data = folder.join(&name);
        make_data(&data, &password)?;
        give(&data, USER)?;
        let mut server = server(&data, sql);
        server.arg(format!("--user={USER}"));
        server.args(["--wsrep-on=ON", "--wsrep-cluster-name=strongroom", "--wsrep-sst-method=rsync"]);
        server.args(["--binlog-format=ROW", "--innodb-autoinc-lock-mode=2"]).args([
            format!("--wsrep-provider={PROVIDER}"),
            format!("--wsrep-cluster-address=gcomm://{}", members.join(",")),
            format!("--wsrep-node-name={name}"),
            format!("--wsrep-node-address=127.0.0.1:{group}"),
            format!("--wsrep-sst-receive-address=127.0.0.1:{transfer}"),
            format!(
                "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{group};ist.recv_addr=127.0.0.1:{state}"
            ),
        ]);
        if index == 0 {
            server.arg("--wsrep-new-cluster");
        }
        let process = starting.process(&mut server, "TERM", &log)?;
        let client = client(starting.folder(), sql, &password)?;
        let state = "select variable_value from information_schema.global_status \
                     where variable_name = 'wsrep_local_state_comment'";
        starting.wait(&process, &log, || asked(&client, state).as_deref() == Some("Synced"))?;
        urls.push(url(sql, &password));
    }
    Ok(vec![export("STRONGROOM_TEST_GALERA_URLS", urls.join(","))])
}
