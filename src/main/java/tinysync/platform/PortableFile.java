package tinysync.platform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** An open file with what the JDK has: stat, mode and time go by the path, so they are those of whoever has it then. */
final class PortableFile implements OpenFile {
    private final Path path;
    private final FileChannel channel;

    PortableFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer target) throws FsException {
        try {
            return channel.read(target);
        } catch (IOException failed) {
            throw FsException.of(failed, "read " + path);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws FsException {
        try {
            return channel.read(target, position);
        } catch (IOException failed) {
            throw FsException.of(failed, "read " + path);
        }
    }

    @Override
    public void write(ByteBuffer source) throws FsException {
        PortableDir.attempt(
                "write " + path,
                () -> {
                    while (source.hasRemaining()) {
                        channel.write(source);
                    }
                });
    }

    @Override
    public FileStat stat() throws FsException {
        return PortableStat.of(path).stat();
    }

    @Override
    public FileIdentity identity() throws FsException {
        return PortableStat.of(path).identity();
    }

    @Override
    public boolean tryReadLease() {
        return false;
    }

    @Override
    public void releaseLease() {
        // None was ever granted.
    }

    @Override
    public void chmod(int mode) throws FsException {
        PortableStat.chmod(path, mode);
    }

    @Override
    public void setMtime(Instant mtime) throws FsException {
        PortableDir.attempt("set the time of " + path, () -> Files.setLastModifiedTime(path, FileTime.from(mtime)));
    }

    @Override
    public void truncate(long size) throws FsException {
        PortableDir.attempt(
                "cut " + path,
                () -> {
                    if (size < channel.size()) {
                        long position = channel.position();
                        channel.truncate(size);
                        channel.position(position);
                    } else if (size > channel.size()) {
                        channel.write(ByteBuffer.allocate(1), size - 1);
                    }
                });
    }

    @Override
    public void fsync() throws FsException {
        PortableDir.attempt("make durable " + path, () -> channel.force(true));
    }

    @Override
    public InputStream inputStream() {
        return new FileInput(this);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            // What close could tell of lost writes, fsync has told before.
            System.getLogger(PortableFile.class.getName()).log(System.Logger.Level.DEBUG, "close " + path, failed);
        }
    }
}
