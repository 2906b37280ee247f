/**
 * The state machine of one attachment: events in, effects out.
 *
 * <p>The engine owns the three trees and every decision. It reads no disk, socket, clock or chance and starts no
 * thread: what happened comes in as an {@link tinysync.client.engine.Event}, what shall happen goes out as an {@link
 * tinysync.client.engine.Effect}, time is an argument, and fresh ids come from a port. So the very same engine runs in
 * the daemon and in a simulator, and a run can be replayed from its events.
 *
 * <p>The one law for whoever drives it: all {@link tinysync.client.engine.StateChange}s of a step are durable before
 * the first effect of that step is performed.
 *
 * <p>Start with {@link tinysync.client.engine.Engine}.
 */
package tinysync.client.engine;
