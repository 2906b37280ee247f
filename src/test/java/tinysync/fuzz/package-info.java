/**
 * Coverage-guided fuzzing of every reader of foreign bytes. {@link tinysync.fuzz.Target} lists the readers, each with
 * what must hold for any input; {@code make fuzz} runs Jazzer on them, and {@code CorpusTest} runs the kept inputs as a
 * test.
 */
package tinysync.fuzz;
