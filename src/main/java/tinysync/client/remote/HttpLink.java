package tinysync.client.remote;

import tinysync.content.Hash;
import tinysync.platform.SystemClock;
import tinysync.wire.Bearer;
import tinysync.wire.ErrorBody;
import tinysync.wire.Fields;
import tinysync.wire.Refusal;
import tinysync.wire.StrictJson;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

/** Sends calls over one HTTP client and sorts everything that can go wrong into the three {@link RemoteException}s. */
final class HttpLink implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int ERROR_BODY_MAX = 64 << 10;
    private static final int REDIRECT = 3;
    private static final String SHOWN_ADDRESS = "[!-~&&[^?#]]{1,200}";

    /** The patience of a call is spent in slices, and starts anew with each in which something moved. */
    private static final int SLICES = 4;

    private static final SystemClock CLOCK = new SystemClock();

    /** The JDK reads this once. Its own 16 KiB cost a hand-over between two threads for each of them. */
    static {
        if (System.getProperty("jdk.httpclient.bufsize") == null) {
            System.setProperty("jdk.httpclient.bufsize", "65536");
        }
    }

    private final URI base;
    private final Optional<Bearer> token;
    private final Traffic traffic;
    private final HttpClient client;

    HttpLink(URI base, Optional<Bearer> token, Optional<Hash> pin, Traffic traffic) {
        ServerConnection.checkAddress(base, pin);
        this.base = base;
        this.token = Objects.requireNonNull(token);
        this.traffic = Objects.requireNonNull(traffic);
        // A redirect is never followed: it would carry the token to wherever the answer says.
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_TIMEOUT);
        pin.ifPresent(hash -> builder.sslContext(PinnedKey.context(hash)));
        this.client = builder.build();
    }

    HttpClient client() {
        return client;
    }

    URI base() {
        return base;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Sends {@code call} and reads its answer; whatever goes wrong in either is one of the three exceptions. */
    <T> T call(Call call, Reply.Reader<T> reader) throws RemoteException {
        try (Reply reply = open(call)) {
            return reader.read(reply);
        } catch (IOException broken) {
            throw sorted(broken);
        } catch (Refusal | IllegalArgumentException malformed) {
            throw new RemoteException.Garbled("the answer breaks the protocol: " + malformed.getMessage(), malformed);
        }
    }

    /** Sends {@code call}; the 2xx answer is the caller's to read and to close. */
    Reply open(Call call) throws RemoteException {
        HttpResponse<InputStream> response = exchange(call);
        Reply reply = new Reply(response.statusCode(), response.headers(), response.body());
        if (reply.status() / 100 != 2) {
            try (reply) {
                throw refused(reply);
            }
        }
        String type = mediaType(reply.headers());
        boolean bodiless = reply.status() == Reply.NO_CONTENT || (type.isEmpty() && isEmpty(reply.headers()));
        if (!bodiless && !type.equals(call.expects())) {
            reply.close();
            throw new RemoteException.Garbled("expected " + call.expects() + ", but got " + shown(type));
        }
        return reply;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Which of the three a failure of reading is. */
    static RemoteException sorted(IOException broken) {
        return because(broken, SSLHandshakeException.class)
                .<RemoteException>map(
                        refused ->
                                new RemoteException.Garbled("not the server we know: " + certificate(refused), broken))
                .orElseGet(() -> new RemoteException.Unreachable(text(broken), broken));
    }

    private static String certificate(SSLHandshakeException refused) {
        return because(refused, CertPathBuilderException.class).isPresent()
                ? "nobody whom this machine trusts vouches for its certificate; where it made that itself, its address"
                        + " is to end with #pin_…, as in its invites"
                : String.valueOf(refused.getMessage());
    }

    private static <T extends Throwable> Optional<T> because(Throwable broken, Class<T> kind) {
        return Stream.iterate(broken, Objects::nonNull, Throwable::getCause)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }

    /** The same, where it is not yet known that somebody answers there. */
    static RemoteException sorted(URI base, IOException broken) {
        return sorted(broken) instanceof RemoteException.Garbled other
                ? other
                : new RemoteException.Unreachable(base + ": " + whyNobodyAnswers(broken), broken);
    }

    /** In words where the JDK has only the name of a class. */
    private static String whyNobodyAnswers(IOException broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "there is no host of that name";
            }
        }
        return switch (broken) {
            case HttpTimeoutException _ -> "no answer in time";
            case ConnectException refused when refused.getMessage() == null -> "nobody listens there";
            default -> text(broken);
        };
    }

    private HttpResponse<InputStream> exchange(Call call) throws RemoteException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + call.path())).method(call.method(), call.body().publisher());
        call.headers().forEach(request::header);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer.format()));
        CompletableFuture<HttpResponse<InputStream>> response = send(request.build(), call);
        boolean taken = false;
        try {
            HttpResponse<InputStream> answer = await(response, call);
            taken = true;
            return answer;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RemoteException.Unreachable("interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException broken
                    ? sorted(base, broken)
                    : new RemoteException.Unreachable(text(failed.getCause()), failed.getCause());
        } finally {
            // An answer that comes in this very moment must let go of its connection too.
            if (!taken && !response.cancel(true)) {
                response.thenAccept(HttpLink::discard);
            }
        }
    }

    private CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request, Call call) throws RemoteException {
        try {
            return client.sendAsync(request, head -> new BodyStream(call.patience(), traffic, CLOCK::monotonicNanos));
        } catch (RejectedExecutionException closed) {
            throw new RemoteException.Unreachable("closed", closed);
        }
    }

    private static void discard(HttpResponse<InputStream> late) {
        new Reply(late.statusCode(), late.headers(), late.body()).close();
    }

    private static HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> response, Call call)
            throws InterruptedException, ExecutionException, RemoteException {
        long slice = Math.max(1, call.patience().toMillis() / SLICES);
        long progress = call.body().progress();
        int quiet = 0;
        while (true) {
            try {
                return response.get(slice, TimeUnit.MILLISECONDS);
            } catch (TimeoutException nothingYet) {
                long now = call.body().progress();
                quiet = now == progress ? quiet + 1 : 0;
                progress = now;
                if (quiet == SLICES) {
                    throw new RemoteException.Unreachable("the server does not answer", nothingYet);
                }
            }
        }
    }

    private static RemoteException refused(Reply reply) {
        int status = reply.status();
        if (status / 100 == REDIRECT) {
            return new RemoteException.Garbled(redirected(reply));
        }
        if (mediaType(reply.headers()).equals(Call.JSON)) {
            try {
                ErrorBody error = ErrorBody.decode(Fields.of(StrictJson.readObject(reply.body(), ERROR_BODY_MAX)));
                return new RemoteException.Refused(
                        error.code(), status, error.message(), error.item(), retryAfter(reply.headers()));
            } catch (IOException broken) {
                return sorted(broken);
            } catch (Refusal | IllegalArgumentException notOurs) {
                return new RemoteException.Garbled("HTTP status " + status + " with a foreign body", notOurs);
            }
        }
        // What a proxy says when the server behind it is away.
        return status == 502 || status == 503 || status == 504
                ? new RemoteException.Unreachable("HTTP status " + status)
                : new RemoteException.Garbled("HTTP status " + status + " without an error of ours");
    }

    /** Where to, only as far as it can be shown: it is what anybody may have written. */
    private static String redirected(Reply reply) {
        String to = reply.headers().firstValue("Location").filter(text -> text.matches(SHOWN_ADDRESS)).orElse("");
        return "HTTP status "
                + reply.status()
                + " sends us elsewhere"
                + (to.isEmpty() ? "" : ", to " + to)
                + ": what a device shows goes to the address it knows and no other; if the server has moved, use an"
                + " invite or --server with its new address";
    }

    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private static String mediaType(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isEmpty(HttpHeaders headers) {
        return headers.firstValue("Content-Length").filter("0"::equals).isPresent();
    }

    private static String shown(String type) {
        return type.matches("[ -~]{1,80}") ? type : "an answer without a type";
    }

    private static String text(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
