import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** azure-security-keyvault-secrets and azure-identity against a vault: see ../README.md. */
public final class Main {
    private static final Map<String, Callable<String>> SCENARIOS = new LinkedHashMap<>();

    /** A scenario that does what its feature promises, or throws. */
    interface Scenario {
        void run() throws Exception;
    }

    static void feature(String name, Scenario scenario) {
        seen(name, () -> {
            scenario.run();
            return "ok";
        });
    }

    /** A scenario that tells what was seen instead of a plain success. */
    static void seen(String name, Callable<String> scenario) {
        SCENARIOS.put(name, scenario);
    }

    public static void main(String[] arguments) {
        // In the order of ../features.txt.
        SigningIn.register();
        Secrets.register();
        Lists.register();
        Deleting.register();
        Load.register();
        var failed = false;
        for (var scenario : SCENARIOS.entrySet()) {
            String outcome;
            try {
                outcome = scenario.getValue().call();
            } catch (Throwable error) {
                failed = true;
                outcome = "failed: " + error;
                error.printStackTrace();
            }
            var line = "{\"feature\": %s, \"client\": %s, \"outcome\": %s}";
            System.out.printf(line + "%n", quoted(scenario.getKey()), quoted(System.getenv("INTEROP_CLIENT")), quoted(outcome));
        }
        // The SDK's threads would keep the process.
        System.exit(failed ? 1 : 0);
    }

    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(c -> json.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : (char) c));
        return json.append('"').toString();
    }
}
