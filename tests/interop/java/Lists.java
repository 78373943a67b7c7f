import com.azure.core.http.rest.PagedResponse;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

final class Lists {
    private static final SecretClient VAULT = Room.client(Room.signedIn());

    static void register() {
        Main.feature("60 secrets in pages", () -> {
            for (var at = 0; at < 60; at++) {
                var properties = new SecretProperties().setContentType("t");
                VAULT.setSecret(new KeyVaultSecret("page-%02d".formatted(at), "value").setProperties(properties));
            }
            Check.that(complete(VAULT.listPropertiesOfSecrets().streamByPage().toList()) <= 25, "a page over 25");
        });
        Main.seen("60 secrets in pages of 7", () -> {
            var largest = complete(VAULT.listPropertiesOfSecrets().streamByPage(7).toList());
            return largest <= 7 ? "ok" : "the SDK ignores the page size asked for";
        });
        Main.feature("30 versions", () -> {
            var written = new HashMap<String, String>();
            for (var at = 0; at < 30; at++) {
                written.put(VAULT.setSecret("thirty", "" + at).getProperties().getVersion(), "" + at);
            }
            var found = VAULT.listPropertiesOfSecretVersions("thirty").stream().map(SecretProperties::getVersion).toList();
            Check.equal(found.size(), 30);
            for (var version : found) {
                Check.equal(VAULT.getSecret("thirty", version).getValue(), written.remove(version));
            }
            Check.equal(written.size(), 0);
        });
        Main.feature("versions of an unknown name",
            () -> Check.equal(VAULT.listPropertiesOfSecretVersions("absent").stream().count(), 0L));
    }

    /** Checks that the pages hold all 60 once, and gives the size of the largest. */
    private static int complete(List<PagedResponse<SecretProperties>> pages) {
        var items = pages.stream().flatMap(page -> page.getValue().stream()).filter(Lists::ours).toList();
        Check.equal(items.size(), 60);
        var names = items.stream().map(SecretProperties::getName).collect(Collectors.toSet());
        Check.that(names.size() == 60 && names.contains("page-00") && names.contains("page-59"), names);
        Check.that(items.stream().allMatch(item -> item.getVersion() == null && item.getContentType().equals("t")), items);
        return pages.stream().mapToInt(page -> page.getValue().size()).max().orElseThrow();
    }

    private static boolean ours(SecretProperties item) {
        return item.getName().startsWith("page-");
    }
}
