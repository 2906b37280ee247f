/**
 * The HTTP side of the server: which call does what, and everything that stands between a socket and a rule.
 *
 * <p>{@link tinysync.server.http.Routes} is the table of all calls. {@link tinysync.server.http.Gate} is the one way
 * in: it checks what the JDK's server lets through, authenticates, limits, and turns every outcome into an answer.
 * {@link tinysync.server.http.Pacer} cuts peers that keep a connection busy without moving bytes. Handlers parse, ask
 * the rules, and write; they hold no rules themselves and no request bodies larger than a chunk or one JSON document.
 */
package tinysync.server.http;
