/**
 * TLS of the server's own: a key it made itself and that invites pin, or PEM files of the operator's that may be
 * renewed while it runs. Never talks to a socket. Start at {@link tinysync.server.tls.ServerTls}.
 */
package tinysync.server.tls;
