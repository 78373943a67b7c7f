//! Names of variables that decide which code is loaded, run or trusted. Whoever can write a secret would run code with them.

/// Whether a variable of that name is one of them.
pub(super) fn is_dangerous(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || NAMES.iter().any(|names| names.split_whitespace().any(|dangerous| dangerous == name))
}

/// Of dynamic linkers, of shells' exported functions, and of git's settings.
const PREFIXES: &[&str] = &["LD_", "DYLD_", "BASH_FUNC_", "GIT_CONFIG_"];

const NAMES: &[&str] = &[C_LIBRARY, SHELLS, STARTED, INTERPRETERS, TRUST];

const C_LIBRARY: &str = "
    GCONV_PATH GETCONF_DIR GLIBC_TUNABLES HOSTALIASES LOCPATH MALLOC_TRACE NIS_PATH NLSPATH RESOLV_HOST_CONF RES_OPTIONS
    TZDIR";

/// What shells read and run, and where they and others look for programs and files.
const SHELLS: &str = "
    BASHOPTS BASH_ENV CDPATH ENV FPATH HOME IFS PATH PROMPT_COMMAND PS1 PS4 SHELL SHELLOPTS TMPDIR ZDOTDIR";

/// Commands that programs start.
const STARTED: &str = "
    BROWSER EDITOR GIT_ASKPASS GIT_EDITOR GIT_EXEC_PATH GIT_EXTERNAL_DIFF GIT_PAGER GIT_PROXY_COMMAND GIT_SSH
    GIT_SSH_COMMAND GIT_TEMPLATE_DIR LESSCLOSE LESSOPEN MANPAGER PAGER SSH_ASKPASS SUDO_ASKPASS VISUAL";

const INTERPRETERS: &str = "
    CARGO_HOME CLASSPATH GEM_HOME GEM_PATH GOFLAGS JAVA_OPTS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS LUA_CPATH LUA_INIT LUA_PATH
    MAKEFLAGS NODE_OPTIONS NODE_PATH PERL5DB PERL5LIB PERL5OPT PERLLIB PHPRC PHP_INI_SCAN_DIR PYTHONBREAKPOINT
    PYTHONEXECUTABLE PYTHONHOME PYTHONINSPECT PYTHONPATH PYTHONPLATLIBDIR PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS
    RUBYLIB RUBYOPT RUSTC_WRAPPER RUSTFLAGS R_PROFILE R_PROFILE_USER _JAVA_OPTIONS";

/// Modules of the TLS library.
const TRUST: &str = "OPENSSL_CONF OPENSSL_ENGINES OPENSSL_MODULES";

#[cfg(test)]
mod tests {
    use super::is_dangerous;

    #[test]
    fn what_changes_the_code_that_runs_is_told_from_ordinary_names() {
        for name in
            ["LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "BASH_ENV", "PATH", "NODE_OPTIONS", "PYTHONPATH", "PS4"]
        {
            assert!(is_dangerous(name), "{name}");
        }
        for name in ["password", "path", "LD", "AWS_SECRET_ACCESS_KEY", "PATHS", ""] {
            assert!(!is_dangerous(name), "{name}");
        }
    }
}
