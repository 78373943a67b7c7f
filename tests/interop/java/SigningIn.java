import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.util.concurrent.Callable;

final class SigningIn {
    static void register() {
        Main.feature("client secret", () -> works(Room.signedIn()));
        Main.feature("workload identity", () -> works(Room.workloadIdentity()));
        Main.feature("wrong client secret", () -> {
            var credential = Room.clientSecret(System.getenv("AZURE_TENANT_ID"), "wrong");
            fails("AADSTS7000215", () -> Room.client(credential).getSecret("signing-in"));
        });
        // Asked without the vault: the SDK itself refuses a credential whose tenant is not the challenge's.
        Main.feature("unknown tenant", () -> {
            var tenant = "11111111-2222-3333-4444-555555555555";
            var credential = Room.clientSecret(tenant, System.getenv("AZURE_CLIENT_SECRET"));
            fails("AADSTS90002", () -> credential.getTokenSync(new TokenRequestContext().addScopes(Room.SCOPE)));
        });
        Main.feature("token given as it is", () -> works(Room.given("INTEROP_TOKEN")));
        Main.feature("token that is no token", () -> refuses("INTEROP_TOKEN_MALFORMED", "IDX12729"));
        Main.feature("token signed by another key", () -> refuses("INTEROP_TOKEN_FORGED", "IDX10511"));
        Main.feature("token for another audience", () -> refuses("INTEROP_TOKEN_AUDIENCE", "AKV10022"));
        Main.feature("expired token", () -> refuses("INTEROP_TOKEN_EXPIRED", "IDX10223"));
    }

    private static void works(TokenCredential credential) {
        var vault = Room.client(credential);
        vault.setSecret("signing-in", "value");
        Check.equal(vault.getSecret("signing-in").getValue(), "value");
    }

    private static void refuses(String token, String word) throws Exception {
        Check.refused(401, word, () -> Room.client(Room.given(token)).getSecret("signing-in"));
    }

    /** The authority must refuse; how the refusal is wrapped is the SDK's affair. */
    private static void fails(String word, Callable<?> call) throws Exception {
        try {
            call.call();
        } catch (Exception refusal) {
            for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
                if (String.valueOf(cause.getMessage()).contains(word)) {
                    return;
                }
            }
            throw refusal;
        }
        throw new AssertionError("not refused");
    }
}
