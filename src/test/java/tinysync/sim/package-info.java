/**
 * A whole TinySync in one thread: real engines, the real rules of the server, and models of everything between them.
 *
 * <p>Time is virtual, chance comes from a seed, so a run can be repeated exactly. The models are strict: what no real
 * disk, network or server could do they do not do either, and what breaks a contract fails the test at once.
 *
 * <p>Start with {@link tinysync.sim.World}; {@link tinysync.sim.Device} is one device, {@link tinysync.sim.ModelDisk}
 * its folder, {@link tinysync.sim.ModelServer} the server.
 */
package tinysync.sim;
