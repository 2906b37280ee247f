package tinysync.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keys and certificates of every kind, as an authority's tools leave them. */
final class MadeKeys {
    private static final String PASSWORD = "password";
    private static final Map<String, KeyPair> MADE = new ConcurrentHashMap<>();

    private MadeKeys() {}

    /**
     * A key pair; the same for the same arguments, since each costs a process.
     *
     * @param number tells keys of one algorithm apart
     */
    static KeyPair make(String algorithm, int number) throws IOException, InterruptedException {
        String name = algorithm + number;
        KeyPair known = MADE.get(name);
        if (known != null) {
            return known;
        }
        Path folder = Files.createTempDirectory("keys");
        try {
            KeyPair made = make(folder, algorithm);
            MADE.put(name, made);
            return made;
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static KeyPair make(Path folder, String algorithm) throws IOException, InterruptedException {
        Path store = folder.resolve("made.p12");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                                "-genkeypair",
                                "-alias",
                                "made",
                                "-keyalg",
                                algorithm,
                                "-dname",
                                "CN=localhost",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        try {
            KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            PrivateKey key = (PrivateKey) made.getKey("made", PASSWORD.toCharArray());
            return new KeyPair(key, List.of((X509Certificate) made.getCertificate("made")));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    static void writeKey(KeyPair pair, Path file) throws IOException {
        Files.writeString(file, pem("PRIVATE KEY", pair.key().getEncoded()));
    }

    static void writeCertificate(KeyPair pair, Path file) throws IOException {
        try {
            Files.writeString(file, pem("CERTIFICATE", pair.certificate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    static String pem(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
