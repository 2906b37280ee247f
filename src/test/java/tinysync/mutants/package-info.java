/**
 * {@code make mutants PART=package}: breaks the classes of one package in many small ways, one at a time, and runs that
 * package's tests against each. A mutant that lives shows behaviour no test states; a test that no mutant fails states
 * nothing. Start at {@link tinysync.mutants.Mutants}. Not part of the tests.
 */
package tinysync.mutants;
