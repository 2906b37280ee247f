/** {@code make bench}: TinySync beside other programs, on the same data in the same run. Not part of the tests. */
package tinysync.bench;
