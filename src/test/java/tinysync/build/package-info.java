/**
 * The programs that the Makefile runs: {@link tinysync.build.PackJar} packs the jar, {@link tinysync.build.RunTests}
 * runs the tests. They know nothing of the product.
 */
package tinysync.build;
