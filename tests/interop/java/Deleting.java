import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.polling.SyncPoller;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.models.DeletedSecret;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

final class Deleting {
    private static final SecretClient VAULT = Room.client(Room.signedIn());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static void register() {
        Main.feature("delete", () -> {
            VAULT.setSecret("doomed", "1");
            VAULT.setSecret("doomed", "2");
            var gone = bury("doomed");
            Check.equal(gone.getRecoveryId(), Room.URL + "/deletedsecrets/doomed");
            Check.equal(Duration.between(gone.getDeletedOn(), gone.getScheduledPurgeDate()), Duration.ofDays(90));
            Check.refused(404, "SecretNotFound", () -> VAULT.getSecret("doomed"));
            Check.equal(VAULT.getDeletedSecret("doomed").getRecoveryId(), gone.getRecoveryId());
            Check.that(VAULT.listPropertiesOfSecrets().stream().noneMatch(item -> item.getName().equals("doomed")), "listed");
        });
        Main.feature("deleted secrets in a list", () -> {
            VAULT.setSecret("doomed-too", "1");
            bury("doomed-too");
            var names = VAULT.listDeletedSecrets().stream().map(DeletedSecret::getName).collect(Collectors.toSet());
            Check.that(names.contains("doomed") && names.contains("doomed-too"), names);
        });
        Main.feature("set on a deleted name",
            () -> Check.refused(409, "ObjectIsDeletedButRecoverable", () -> VAULT.setSecret("DOOMED", "3")));
        Main.feature("recover", () -> {
            settle(VAULT.beginRecoverDeletedSecret("doomed"));
            Check.equal(VAULT.getSecret("doomed").getValue(), "2");
            Check.equal(versions("doomed"), 2L);
            Check.refused(404, "SecretNotFound", () -> VAULT.getDeletedSecret("doomed"));
        });
        Main.feature("purge", () -> {
            bury("doomed");
            VAULT.purgeDeletedSecret("doomed");
            Check.refused(404, "SecretNotFound", () -> VAULT.getDeletedSecret("doomed"));
            untilFree(() -> VAULT.setSecret("doomed", "new"));
            Check.equal(versions("doomed"), 1L);
        });
        Main.feature("backup and restore", () -> {
            var tags = Map.of("a", "b");
            var tagged = new KeyVaultSecret("kept", "1").setProperties(new SecretProperties().setTags(tags));
            var first = VAULT.setSecret(tagged).getProperties().getVersion();
            VAULT.setSecret("kept", "2");
            var blob = VAULT.backupSecret("kept");
            bury("kept");
            Check.refused(409, "ObjectIsDeletedButRecoverable", () -> VAULT.restoreSecretBackup(blob));
            VAULT.purgeDeletedSecret("kept");
            untilFree(() -> VAULT.restoreSecretBackup(blob));
            Check.equal(VAULT.getSecret("kept").getValue(), "2");
            Check.equal(VAULT.getSecret("kept", first).getValue(), "1");
            Check.equal(VAULT.getSecret("kept", first).getProperties().getTags(), tags);
        });
        Main.feature("restore over a secret", () -> {
            VAULT.setSecret("there", "1");
            var blob = VAULT.backupSecret("there");
            Check.refused(409, "Conflict", () -> VAULT.restoreSecretBackup(blob));
            Check.equal(VAULT.getSecret("there").getValue(), "1");
        });
        Main.feature("damaged backup", () -> {
            var nonsense = "nonsense".getBytes(StandardCharsets.UTF_8);
            Check.refused(400, "Malformed backup blob", () -> VAULT.restoreSecretBackup(nonsense));
        });
    }

    private static DeletedSecret bury(String name) {
        return settle(VAULT.beginDeleteSecret(name));
    }

    /** The last answer; the SDK's final result of a delete is empty. */
    private static <T> T settle(SyncPoller<T, Void> poller) {
        return poller.waitForCompletion(PATIENCE).getValue();
    }

    private static long versions(String name) {
        return VAULT.listPropertiesOfSecretVersions(name).stream().count();
    }

    /** After a purge no call tells when the name is free again; writing says 409 until then. */
    private static void untilFree(Runnable write) throws InterruptedException {
        for (var deadline = Instant.now().plus(PATIENCE);; Thread.sleep(200)) {
            try {
                write.run();
                return;
            } catch (HttpResponseException refusal) {
                if (refusal.getResponse().getStatusCode() != 409 || Instant.now().isAfter(deadline)) {
                    throw refusal;
                }
            }
        }
    }
}
