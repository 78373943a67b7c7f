import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class Secrets {
    private static final SecretClient VAULT = Room.client(Room.signedIn());
    private static final Map<String, String> AB = Map.of("a", "b");
    private static final String LARGEST = "é".repeat(12_800);

    static void register() {
        names();
        values();
        tags();
        updates();
        validity();
    }

    private static void names() {
        Main.feature("set and get", () -> {
            var put = VAULT.setSecret(secret("plain", "value", AB, "text/plain"));
            var got = VAULT.getSecret("plain");
            var properties = got.getProperties();
            Check.equal(got.getValue(), "value");
            Check.equal(properties.getTags(), AB);
            Check.equal(got.getId(), Room.URL + "/secrets/plain/" + put.getProperties().getVersion());
            Check.equal(properties.getVersion().length(), 32);
            Check.equal(properties.getContentType(), "text/plain");
            Check.that(properties.isEnabled(), "disabled");
            Check.equal(properties.getCreatedOn(), properties.getUpdatedOn());
            var age = Duration.between(properties.getCreatedOn(), OffsetDateTime.now()).abs();
            Check.that(age.compareTo(Duration.ofMinutes(1)) < 0, age);
            Check.equal(properties.getRecoveryLevel(), "Recoverable+Purgeable");
            Check.equal(properties.getRecoverableDays(), 90);
        });
        Main.feature("get one version", () -> {
            var first = set("versions", "1");
            var second = set("versions", "2");
            Check.that(!first.equals(second), first);
            Check.equal(VAULT.getSecret("versions", first).getValue(), "1");
            Check.equal(VAULT.getSecret("versions", second).getValue(), "2");
            Check.equal(VAULT.getSecret("versions").getValue(), "2");
        });
        Main.feature("names that differ in case only", () -> {
            set("Case-Twin", "1");
            set("case-twin", "2");
            Check.equal(VAULT.getSecret("CASE-TWIN").getValue(), "2");
            Check.equal(VAULT.listPropertiesOfSecretVersions("case-TWIN").stream().count(), 2L);
        });
        Main.feature("name of 127 characters, not 128", () -> {
            set("n".repeat(127), "value");
            Check.equal(VAULT.getSecret("n".repeat(127)).getValue(), "value");
            refuses(secret("n".repeat(128), "value"));
        });
        Main.feature("name with an illegal character", () -> {
            for (var name : List.of("a_b", "a.b", "a b", "ä")) {
                refuses(secret(name, "value"));
            }
        });
        Main.feature("unknown name", () -> {
            Check.refused(404, "SecretNotFound", () -> VAULT.getSecret("absent"));
            Check.refused(404, "SecretNotFound", () -> VAULT.beginDeleteSecret("absent").poll());
        });
        Main.feature("unknown version", () -> {
            set("unknown-version", "value");
            Check.refused(404, "SecretNotFound", () -> VAULT.getSecret("unknown-version", "0".repeat(32)));
        });
    }

    private static void values() {
        Main.feature("Unicode in value and tags", () -> {
            var text = "zwölf Boxkämpfer \ud83d\udd10 \u202e\t\r\n\0 \"'\\ 漢字";
            var tags = Map.of("schlüssel", "値\ud83d\udd11");
            VAULT.setSecret(secret("unicode", text, tags, null));
            Check.equal(VAULT.getSecret("unicode").getValue(), text);
            Check.equal(VAULT.getSecret("unicode").getProperties().getTags(), tags);
        });
        Main.feature("empty value", () -> {
            Check.equal(VAULT.setSecret("empty", "").getValue(), "");
            Check.equal(VAULT.getSecret("empty").getValue(), "");
        });
        Main.feature("value of 25,600 bytes", () -> {
            set("largest", LARGEST);
            Check.equal(VAULT.getSecret("largest").getValue(), LARGEST);
        });
        Main.feature("value of 25,601 bytes", () -> refuses(secret("too-large", LARGEST + "x")));
        Main.feature("content type of 255 characters, not 256", () -> {
            VAULT.setSecret(secret("typed", "v", null, "t".repeat(255)));
            Check.equal(VAULT.getSecret("typed").getProperties().getContentType(), "t".repeat(255));
            refuses(secret("typed", "v", null, "t".repeat(256)));
        });
    }

    private static void tags() {
        Main.feature("15 tags", () -> {
            VAULT.setSecret(secret("tags", "v", many(15), null));
            Check.equal(VAULT.getSecret("tags").getProperties().getTags(), many(15));
        });
        Main.feature("16 tags", () -> refuses(secret("tags", "v", many(16), null)));
        Main.feature("tags of a new version are its own", () -> {
            var first = VAULT.setSecret(secret("own-tags", "1", AB, null)).getProperties().getVersion();
            set("own-tags", "2");
            Check.equal(VAULT.getSecret("own-tags").getProperties().getTags(), null);
            Check.equal(VAULT.getSecret("own-tags", first).getProperties().getTags(), AB);
        });
    }

    private static void updates() {
        Main.feature("update one version", () -> {
            var first = VAULT.setSecret(secret("update-one", "1", AB, null)).getProperties();
            VAULT.setSecret(secret("update-one", "2", AB, null));
            var changed = VAULT.updateSecretProperties(first.setTags(Map.of("c", "d")).setContentType("t"));
            Check.equal(changed.getVersion(), first.getVersion());
            Check.equal(changed.getContentType(), "t");
            var got = VAULT.getSecret("update-one", first.getVersion());
            Check.equal(got.getValue(), "1");
            Check.equal(got.getProperties().getTags(), Map.of("c", "d"));
            Check.equal(VAULT.getSecret("update-one").getProperties().getTags(), AB);
        });
        Main.feature("update without a version", () -> {
            var first = set("update-current", "1");
            VAULT.setSecret(secret("update-current", "2", AB, null));
            // Properties from a list have no version.
            VAULT.updateSecretProperties(listed("update-current").setContentType("t"));
            var got = VAULT.getSecret("update-current");
            Check.equal(got.getValue(), "2");
            Check.equal(got.getProperties().getContentType(), "t");
            Check.equal(got.getProperties().getTags(), AB);
            Check.equal(VAULT.getSecret("update-current", first).getProperties().getContentType(), null);
        });
        Main.feature("disabled secret", () -> {
            var properties = VAULT.setSecret("disabled", "value").getProperties();
            Check.equal(VAULT.updateSecretProperties(properties.setEnabled(false)).isEnabled(), false);
            Check.refused(403, "SecretDisabled", () -> VAULT.getSecret("disabled"));
            Check.equal(listed("disabled").isEnabled(), false);
            VAULT.updateSecretProperties(properties.setEnabled(true));
            Check.equal(VAULT.getSecret("disabled").getValue(), "value");
        });
    }

    private static void validity() {
        Main.feature("not-before and expiry", () -> {
            var past = OffsetDateTime.parse("2001-02-03T04:05:06Z");
            var future = OffsetDateTime.parse("2040-02-03T00:00:00Z");
            var expired = secret("expired", "value");
            expired.getProperties().setExpiresOn(past);
            VAULT.setSecret(expired);
            var early = secret("not-yet", "value");
            early.getProperties().setNotBefore(future);
            VAULT.setSecret(early);
            // The service does not enforce either.
            Check.equal(VAULT.getSecret("expired").getProperties().getExpiresOn(), past);
            Check.equal(VAULT.getSecret("not-yet").getValue(), "value");
            Check.equal(VAULT.getSecret("not-yet").getProperties().getNotBefore(), future);
        });
    }

    /** Writes a version and gives its id's last part. */
    private static String set(String name, String value) {
        return VAULT.setSecret(name, value).getProperties().getVersion();
    }

    private static KeyVaultSecret secret(String name, String value) {
        return secret(name, value, null, null);
    }

    private static KeyVaultSecret secret(String name, String value, Map<String, String> tags, String contentType) {
        var properties = new SecretProperties().setTags(tags).setContentType(contentType);
        return new KeyVaultSecret(name, value).setProperties(properties);
    }

    private static Map<String, String> many(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(at -> "tag" + at, String::valueOf));
    }

    private static void refuses(KeyVaultSecret secret) throws Exception {
        Check.refused(400, "BadParameter", () -> VAULT.setSecret(secret));
    }

    private static SecretProperties listed(String name) {
        return VAULT.listPropertiesOfSecrets().stream().filter(item -> item.getName().equals(name)).findFirst().orElseThrow();
    }
}
