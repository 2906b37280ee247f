package tinysync.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import tinysync.server.core.AccessRules;
import tinysync.tree.FoldKey;
import tinysync.wire.Features;
import tinysync.wire.InfoCodec;
import tinysync.wire.ServerInfo;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What anybody may ask: whether the server lives, what it can do, and how to join. */
final class PublicCalls {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** Says how to join; the secret of an invite is behind the # and never reaches a server. */
    private static final String JOIN_PAGE =
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Join with TinySync</title>
            <h1>You were invited to a TinySync drive</h1>
            <p>The address of this page is the invite. It is a secret: whoever has it can join.</p>
            <ol>
            <li>Get TinySync (it needs Java 25 or newer).</li>
            <li>Copy the whole address of this page, with everything behind the <code>#</code>.</li>
            <li>Run <code>java -jar tinysync.jar join 'ADDRESS'</code>, then
            <code>java -jar tinysync.jar client</code>.</li>
            </ol>
            <p>Your files will be in the folder <code>TinySync</code> of your home.</p>
            """;

    private final HttpServices services;
    private final ServerFacts facts;

    PublicCalls(HttpServices services, ServerFacts facts) {
        this.services = services;
        this.facts = facts;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/healthz", Route.Need.NOBODY, call -> text(call, TEXT, "ok\n")),
                new Route("GET", "/readyz", Route.Need.NOBODY, this::ready),
                new Route("GET", "/metrics", Route.Need.NOBODY, this::metrics),
                new Route("GET", "/join", Route.Need.NOBODY, this::join),
                new Route("GET", "/v1/info", Route.Need.NOBODY, this::info));
    }

    private static void text(Call call, String mediaType, String text) throws IOException {
        call.answer(200, mediaType, text.getBytes(UTF_8));
    }

    /** Ready is who can read its registry. */
    private void ready(Call call) throws IOException {
        services.access().read(AccessRules::serverId).orElseThrow();
        text(call, TEXT, "ready\n");
    }

    private void metrics(Call call) throws IOException {
        text(call, PROMETHEUS, services.metrics().text());
    }

    private void join(Call call) throws IOException {
        call.setHeader("Content-Security-Policy", "default-src 'none'");
        call.setHeader("Referrer-Policy", "no-referrer");
        text(call, "text/html; charset=utf-8", JOIN_PAGE);
    }

    private void info(Call call) throws IOException {
        ServerInfo info =
                new ServerInfo(
                        ServerInfo.PRODUCT,
                        facts.version(),
                        ServerInfo.PROTOCOL,
                        facts.serverId(),
                        List.of(facts.base().toString()),
                        Optional.of(facts.wake().toString()),
                        Features.KNOWN,
                        FoldKey.TABLE,
                        ServerInfo.Limits.DEFAULT);
        call.answer(200, InfoCodec.encode(info));
    }
}
