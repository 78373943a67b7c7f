import com.azure.core.exception.HttpResponseException;
import java.util.Objects;
import java.util.concurrent.Callable;

/** What scenarios assert with. */
final class Check {
    static void equal(Object seen, Object expected) {
        that(Objects.equals(seen, expected), "seen " + seen + ", expected " + expected);
    }

    static void that(boolean holds, Object seen) {
        if (!holds) {
            throw new AssertionError(seen);
        }
    }

    /** The vault must refuse `call` with `status`, with `word` in its answer. */
    static void refused(int status, String word, Callable<?> call) throws Exception {
        HttpResponseException refusal;
        try {
            throw new AssertionError("not refused: " + call.call());
        } catch (HttpResponseException error) {
            refusal = error;
        }
        equal(refusal.getResponse().getStatusCode(), status);
        that(refusal.getMessage().contains(word), refusal.getMessage());
    }
}
