import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

final class Load {
    static void register() {
        Main.feature("100 secrets at once", () -> {
            var vault = Room.client(Room.signedIn());
            var calls = IntStream.range(0, 100).<Callable<Void>>mapToObj(at -> () -> {
                var written = vault.setSecret("load-" + at, "" + at);
                var read = vault.getSecret("load-" + at);
                Check.equal(read.getValue(), "" + at);
                Check.equal(read.getId(), written.getId());
                return null;
            }).toList();
            var threads = Executors.newFixedThreadPool(100);
            for (var call : threads.invokeAll(calls)) {
                call.get();
            }
            threads.shutdown();
            var count = vault.listPropertiesOfSecrets().stream().filter(item -> item.getName().startsWith("load-")).count();
            Check.equal(count, 100L);
        });
    }
}
