//! Azure's clouds: which hosts are vaults, what tokens for them are called, and who hands those out.

/// One cloud.
#[derive(Debug)]
pub(super) struct Cloud {
    /// Vaults are `NAME.` and this; `https://` and this is the resource that their tokens are for.
    pub(super) vaults: &'static str,
    /// Where identities of this cloud sign in.
    pub(super) authority: &'static str,
}

/// The public cloud, where a host that is in none counts as well.
pub(super) static PUBLIC: Cloud = Cloud { vaults: "vault.azure.net", authority: "https://login.microsoftonline.com" };

/// The sovereign ones (Azure CLI 2.91, cloud table).
static SOVEREIGN: [Cloud; 4] = [
    Cloud { vaults: "vault.azure.cn", authority: "https://login.chinacloudapi.cn" },
    Cloud { vaults: "vault.usgovcloudapi.net", authority: "https://login.microsoftonline.us" },
    Cloud { vaults: "vault.sovcloud-api.fr", authority: "https://login.sovcloud-identity.fr" },
    Cloud { vaults: "vault.microsoftazure.de", authority: "https://login.microsoftonline.de" },
];

/// The cloud whose vault `host` is, if it is in one of Azure's.
pub(super) fn cloud_of(host: &str) -> Option<&'static Cloud> {
    let is_in = |cloud: &&Cloud| is_below(host, cloud.vaults);
    std::iter::once(&PUBLIC).chain(&SOVEREIGN).find(is_in)
}

/// Whether `host` is a name below `domain`; `vault.azure.net.evil.example` is not below `vault.azure.net`.
pub(super) fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_host_belongs_to_the_cloud_of_its_suffix() {
        for (host, authority) in [
            ("kv.vault.azure.net", "https://login.microsoftonline.com"),
            ("kv.vault.azure.cn", "https://login.chinacloudapi.cn"),
            ("kv.vault.usgovcloudapi.net", "https://login.microsoftonline.us"),
        ] {
            assert_eq!(cloud_of(host).unwrap().authority, authority, "{host}");
        }
        for host in [
            "localhost",
            "vault.azure.net",
            ".vault.azure.net",
            "kv.vault.azure.net.evil.example",
            "evilvault.azure.net",
        ] {
            assert!(cloud_of(host).is_none(), "{host}");
        }
    }
}
