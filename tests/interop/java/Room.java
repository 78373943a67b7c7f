import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import java.time.OffsetDateTime;
import java.util.List;
import reactor.core.publisher.Mono;

/** Where the vault is, and clients for it. The variables are those of ../README.md. */
final class Room {
    static final String URL = System.getenv("INTEROP_VAULT_URL");
    static final String SCOPE = "https://vault.azure.net/.default";
    // On localhost two checks must be off that cannot hold there: that Microsoft knows the authority, and that the host
    // lies under the token's resource. With defaults nothing is off, and the hosts file leads Azure's names here.
    private static final boolean LOOPBACK = !"1".equals(System.getenv("INTEROP_DEFAULTS"));

    static SecretClient client(TokenCredential credential) {
        var builder = new SecretClientBuilder().vaultUrl(URL).credential(credential);
        return (LOOPBACK ? builder.disableChallengeResourceVerification() : builder).buildClient();
    }

    static TokenCredential clientSecret(String tenant, String secret) {
        var builder = new ClientSecretCredentialBuilder().tenantId(tenant).clientId(System.getenv("AZURE_CLIENT_ID"));
        return (LOOPBACK ? builder.disableInstanceDiscovery() : builder).clientSecret(secret).build();
    }

    /** The credential that works. */
    static TokenCredential signedIn() {
        return clientSecret(System.getenv("AZURE_TENANT_ID"), System.getenv("AZURE_CLIENT_SECRET"));
    }

    static TokenCredential workloadIdentity() {
        var builder = new WorkloadIdentityCredentialBuilder();
        return (LOOPBACK ? builder.disableInstanceDiscovery() : builder).build();
    }

    /** A credential that has one token, whatever it is asked for. */
    static TokenCredential given(String variable) {
        return request -> {
            Check.equal(request.getScopes(), List.of(SCOPE));
            return Mono.just(new AccessToken(System.getenv(variable), OffsetDateTime.now().plusHours(1)));
        };
    }
}
