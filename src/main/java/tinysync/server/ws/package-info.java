/**
 * The WebSocket {@code /v1/wake} (RFC 6455, server side): tells devices that a vault moved, and nothing else.
 *
 * <p>The JDK's HTTP server cannot upgrade a connection, so this has a listener of its own. No data of a vault passes
 * here, nothing is compressed, and a peer that does not read costs at most one head for each vault that it may reach.
 *
 * <p>Start with {@link tinysync.server.ws.WakeListener}; {@link tinysync.server.ws.WsFrames} is the protocol without
 * sockets.
 */
package tinysync.server.ws;
