/**
 * The client as a target: a server that lies, against the built jar in a cage (bubblewrap: the whole system read-only
 * but the device's folder and home), so that whatever would touch something outside is an error that a test sees. Start
 * with {@link tinysync.hostile.HostileServerTest}.
 */
package tinysync.hostile;
