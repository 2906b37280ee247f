/** The built jar as a user has it: real processes, real sockets, real folders. */
package tinysync.e2e;
