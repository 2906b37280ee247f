package tinysync.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a certificate chain and a private key as operators have them (RFC 7468). */
final class PemFiles {
    private static final long BYTES_MAX = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Map<String, String> KEY_AND_SIGNATURE =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private PemFiles() {}

    /**
     * @throws IOException with a sentence for the operator
     */
    static KeyPair read(Path certificateFile, Path keyFile) throws IOException {
        List<X509Certificate> chain = chain(certificateFile);
        PrivateKey key = key(keyFile);
        if (!belongTogether(key, chain.getFirst().getPublicKey())) {
            throw new IOException(
                    "the key in " + keyFile + " is not that of the first certificate in " + certificateFile);
        }
        return new KeyPair(key, chain);
    }

    private static List<X509Certificate> chain(Path file) throws IOException {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text(file).getBytes(StandardCharsets.UTF_8)))
                            .stream()
                            .map(PemFiles::x509)
                            .toList();
            if (chain.isEmpty()) {
                throw new IOException(file + " has no certificate: it wants the chain, in PEM, the server's own first");
            }
            return chain;
        } catch (CertificateException damaged) {
            throw new IOException(file + " is not a chain of certificates in PEM: " + damaged.getMessage(), damaged);
        }
    }

    private static X509Certificate x509(Certificate certificate) {
        return (X509Certificate) certificate;
    }

    private static PrivateKey key(Path file) throws IOException {
        Matcher block = BLOCK.matcher(text(file));
        Optional<String> other = Optional.empty();
        while (block.find()) {
            if (block.group(1).equals("PRIVATE KEY")) {
                return decoded(file, block.group(2));
            }
            if (block.group(1).endsWith("PRIVATE KEY")) {
                other = Optional.of(block.group(1));
            }
        }
        String found = other.map(label -> "has a key in the form " + label).orElse("has no private key");
        throw new IOException(
                file
                        + " "
                        + found
                        + ": it wants PKCS #8 in PEM, not encrypted, as made by"
                        + " `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEWKEY`");
    }

    private static PrivateKey decoded(Path file, String base64) throws IOException {
        try {
            var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
            for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
                Optional<PrivateKey> key = tried(algorithm, encoded);
                if (key.isPresent()) {
                    return key.get();
                }
            }
        } catch (IllegalArgumentException damaged) {
            throw new IOException("the private key in " + file + " is damaged", damaged);
        }
        throw new IOException("the private key in " + file + " is neither RSA, EC nor Ed25519, or it is damaged");
    }

    private static Optional<PrivateKey> tried(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (InvalidKeySpecException another) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java lacks " + algorithm, impossible);
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        byte[] probe = "tinysync".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(KEY_AND_SIGNATURE.get(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException ofAnotherKind) {
            return false;
        }
    }

    private static String text(Path file) throws IOException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException(file + " is too large for a key or certificate");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw new IOException(file + " does not exist", missing);
        } catch (AccessDeniedException closed) {
            throw new IOException(file + " cannot be read by this user", closed);
        }
    }
}
