package tinysync.server.store;

import tinysync.server.core.StoreException;
import tinysync.server.core.StoreException.Trouble;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One SQLite file: a session that writes, one transaction after the other, and up to {@value #READERS_MAX} that read
 * beside it, opened when they are first needed. Safe for many threads.
 */
final class SqliteDatabase implements AutoCloseable {
    private static final int READERS_MAX = 4;

    private final Path file;
    private final SqliteSession writer;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Semaphore reading = new Semaphore(READERS_MAX, true);
    private final ConcurrentLinkedQueue<SqliteSession> idleReaders = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private SqliteDatabase(Path file, SqliteSession writer) {
        this.file = file;
        this.writer = writer;
    }

    /** Opens the file, makes it where it is missing, and brings its schema up to date. */
    static SqliteDatabase open(Path file, Migrations migrations) {
        SqliteSession writer = SqliteSession.writer(file);
        try {
            migrations.apply(writer);
            return new SqliteDatabase(file, writer);
        } catch (RuntimeException e) {
            writer.closeAfter(e);
            throw e;
        }
    }

    <T> T write(Function<SqliteSession, T> work) {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction inside a transaction");
        }
        writing.lock();
        try {
            requireOpen();
            return transaction(writer, "BEGIN IMMEDIATE", work);
        } finally {
            writing.unlock();
        }
    }

    <T> T read(Function<SqliteSession, T> work) {
        reading.acquireUninterruptibly();
        try {
            requireOpen();
            SqliteSession idle = idleReaders.poll();
            SqliteSession reader = idle != null ? idle : SqliteSession.reader(file);
            T result;
            try {
                result = transaction(reader, "BEGIN", work);
            } catch (RuntimeException | Error e) {
                giveBack(reader, e);
                throw e;
            }
            idleReaders.add(reader);
            return result;
        } finally {
            reading.release();
        }
    }

    /** A refusal leaves the session as good as before; after storage trouble it is not trusted again. */
    private void giveBack(SqliteSession reader, Throwable thrown) {
        if (!(thrown instanceof StoreException)) {
            idleReaders.add(reader);
            return;
        }
        reader.closeAfter(thrown);
    }

    static <T> T transaction(SqliteSession session, String begin, Function<SqliteSession, T> work) {
        session.execute(begin);
        T result;
        try {
            result = work.apply(session);
            session.execute("COMMIT");
        } catch (RuntimeException | Error e) {
            rollback(session, e);
            throw e;
        }
        return result;
    }

    private static void rollback(SqliteSession session, Throwable thrown) {
        try {
            session.execute("ROLLBACK");
        } catch (StoreException e) {
            // SQLite itself rolls back on some errors; then there is nothing left to roll back.
            thrown.addSuppressed(e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException(Trouble.BROKEN, "the database is closed: " + file.getFileName());
        }
    }

    @Override
    public void close() {
        writing.lock();
        reading.acquireUninterruptibly(READERS_MAX);
        try {
            if (!closed) {
                closed = true;
                idleReaders.forEach(SqliteSession::close);
                idleReaders.clear();
                writer.close();
            }
        } finally {
            reading.release(READERS_MAX);
            writing.unlock();
        }
    }
}
