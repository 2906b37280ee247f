package tinysync.server.tls;

import tinysync.platform.PrivateFiles;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The server's own key, in {@code key.p12}. The JDK can make certificates only through its {@code keytool}, which every
 * Java has beside {@code java}.
 */
final class SelfMadeKey {
    private static final String FILE = "key.p12";
    private static final String ALIAS = "tinysync";

    /** PKCS #12 wants one. What protects the key is that its folder can be read by the server alone. */
    private static final String PASSWORD = "no secret: see the folder's mode";

    /**
     * Clients pin the key and do not look at dates; a browser that a person lets in should not have to be told again.
     */
    private static final int DAYS = 20 * 365;

    private static final long PATIENCE_SECONDS = 60;

    private SelfMadeKey() {}

    static KeyPair open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            make(folder, file);
        }
        return read(file);
    }

    /** Under another name first: a key that was cut short is not taken for one. */
    private static void make(Path folder, Path file) throws IOException {
        PrivateFiles.createFolder(folder);
        Path fresh = folder.resolve(FILE + ".new");
        // What is there keeps its mode, while a new file would get what the umask leaves.
        PrivateFiles.writeAtomically(fresh, emptyStore());
        keytool(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-sigalg",
                        "SHA256withECDSA",
                        "-validity",
                        Integer.toString(DAYS),
                        "-dname",
                        "CN=tinysync",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        fresh.toString(),
                        "-storepass",
                        PASSWORD));
        PrivateFiles.writeAtomically(file, Files.readAllBytes(fresh));
        Files.delete(fresh);
    }

    private static byte[] emptyStore() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD.toCharArray());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, PASSWORD.toCharArray());
            return bytes.toByteArray();
        } catch (GeneralSecurityException missing) {
            throw new IOException("this Java knows no PKCS #12: " + missing.getMessage(), missing);
        }
    }

    private static void keytool(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        // It says far less than a pipe holds, so that it is never held up by not being read.
        try (InputStream out = process.getInputStream()) {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("keytool did not make a key within " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                String said = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
                throw new IOException("keytool could not make a key: " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a key was made", e);
        }
    }

    private static KeyPair read(Path file) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            if (store.getKey(ALIAS, PASSWORD.toCharArray()) instanceof PrivateKey key
                    && store.getCertificate(ALIAS) instanceof X509Certificate certificate) {
                return new KeyPair(key, List.of(certificate));
            }
        } catch (GeneralSecurityException | IOException damaged) {
            throw new IOException(unusable(file) + " (" + damaged.getMessage() + ")", damaged);
        }
        throw new IOException(unusable(file));
    }

    private static String unusable(Path file) {
        return file
                + " does not hold the server's key: put it back from a backup, or remove it for a new key, which every"
                + " device must be told by a new invite";
    }
}
