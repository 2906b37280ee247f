package tinysync.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Defines the project's classes anew, one of them changed; all else comes from the parent. */
final class MutantLoader extends ClassLoader {
    private static final String OWN = "tinysync.";

    private final Mutant mutant;

    MutantLoader(ClassLoader parent, Mutant mutant) {
        super(parent);
        this.mutant = mutant;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] wanted = name.equals(mutant.className()) ? mutant.apply(bytes) : bytes;
            return defineClass(name, wanted, 0, wanted.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
