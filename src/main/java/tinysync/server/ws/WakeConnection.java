package tinysync.server.ws;

import tinysync.platform.SystemClock;
import tinysync.server.core.Principal;
import tinysync.server.core.Reach;
import tinysync.server.core.StoreException;
import tinysync.server.live.HeadHub;
import tinysync.server.live.Origin;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;
import tinysync.wire.ErrorCode;
import tinysync.wire.Refusal;
import tinysync.wire.Role;
import tinysync.wire.WakeCodec;
import tinysync.wire.WakeFrame;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * One client on the wake socket. A reading thread owns its life; a writing thread sends what the {@link Outbox} holds,
 * so that a peer that does not read blocks only that thread, and that not for ever: {@link #check} cuts it. What ends a
 * connection in good order goes through {@link #end}.
 */
final class WakeConnection {
    private static final int FRAMES_MAX = 200;
    private static final Duration FRAMES_PER = Duration.ofSeconds(10);

    private static final int DRAIN_MAX = 1 << 20;

    /** A few frames: what a peer does not read waits in the {@link Outbox}, where only the newest is kept. */
    private static final int SEND_BUFFER = 16 << 10;

    private final Socket socket;
    private final WakeServices services;
    private final WakeTimes times;
    private final SystemClock clock;
    private final Outbox outbox = new Outbox();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Deadline known = new Deadline();
    private final Deadline written = new Deadline();
    private final ReentrantLock reachLock = new ReentrantLock();
    private Map<VaultId, Role> reach = Map.of();
    private Optional<HeadHub.Registration> heads = Optional.empty();
    private boolean authenticated;
    private long windowBegun;
    private int windowFrames;

    WakeConnection(Socket socket, WakeServices services, WakeTimes times) {
        this.socket = socket;
        this.services = services;
        this.times = times;
        this.clock = services.clock();
        // For the head and for the authentication there are limits that end in an answer, but a handshake of TLS can
        // dribble beneath them, and an answer may find nobody who reads it.
        this.known.set(clock.monotonicNanos() + times.auth().plus(times.goodbye()).multipliedBy(2).toNanos());
    }

    /** Serves the connection until it has ended. */
    void run() {
        try (Socket open = socket) {
            open.setTcpNoDelay(true);
            open.setSendBufferSize(SEND_BUFFER);
            TimedInput timed = new TimedInput(open, clock);
            timed.within(times.auth());
            BufferedInputStream in = new BufferedInputStream(timed, 1 << 10);
            Optional<Handshake.Answer> answer = Handshake.read(in);
            if (answer.isPresent()) {
                open.getOutputStream().write(answer.get().bytes());
                if (answer.get().open()) {
                    Origin origin = services.origins().of(open.getInetAddress(), answer.get().forwardedFor());
                    serve(timed, new WsFrames.Reader(in, WakeCodec.FRAME_MAX, () -> frameBegins(timed)), origin);
                } else {
                    open.shutdownOutput();
                    drain(timed);
                }
            }
        } catch (IOException e) {
            services.log().log(System.Logger.Level.DEBUG, "a wake connection broke: {0}", e.toString());
        } finally {
            known.clear();
            finished.countDown();
        }
    }

    private void serve(TimedInput timed, WsFrames.Reader reader, Origin origin) throws IOException {
        Thread writer = Thread.ofVirtual().name("wake writer").start(this::write);
        try {
            timed.within(times.auth());
            Optional<DeviceId> device = authenticated(reader, origin);
            if (device.isPresent()) {
                authenticated = true;
                known.clear();
                timed.within(times.silence());
                listen(device.get(), reader);
            }
            // The writer says goodbye; the peer's own close or end of stream comes back, or not.
            if (writer.join(times.goodbye())) {
                drain(timed);
            } else {
                cut();
            }
        } catch (SocketTimeoutException noAnswer) {
            services.log().log(System.Logger.Level.DEBUG, "a wake connection was closed without an answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            outbox.close(new Outbox.Closing(WsFrames.NO_STATUS, Optional.empty()));
        }
    }

    /** Between the beginnings of two frames lies no more than the silence that is allowed. */
    private void frameBegins(TimedInput timed) throws WsFrames.Violation {
        long now = clock.monotonicNanos();
        if (now - windowBegun > FRAMES_PER.toNanos()) {
            windowBegun = now;
            windowFrames = 0;
        }
        if (++windowFrames > FRAMES_MAX) {
            throw new WsFrames.Violation(WsFrames.CLOSE_POLICY, "too many frames");
        }
        if (authenticated) {
            timed.within(times.silence());
        }
    }

    /** Cuts the connection where its peer holds up one of its threads for too long. Called now and then. */
    void check(long now) {
        if (known.isPast(now) || written.isPast(now)) {
            known.clear();
            written.clear();
            Thread.ofVirtual().start(this::cut);
        }
    }

    /**
     * Ends it without a word. Without lingering, since closing a socket of TLS would wait for the write that hangs, to
     * say goodbye behind it.
     */
    private void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            services.log().log(System.Logger.Level.DEBUG, "a wake connection did not close: {0}", e.toString());
        }
    }

    /** Closing while bytes wait unread would reset the connection, and the goodbye might never arrive. */
    private void drain(TimedInput timed) throws IOException {
        timed.within(times.goodbye());
        byte[] rest = new byte[1 << 10];
        int left = DRAIN_MAX;
        int got = 0;
        while (left > 0 && got >= 0) {
            got = timed.read(rest, 0, rest.length);
            left -= got;
        }
    }

    /** Empty when the connection is to be closed instead. */
    private Optional<DeviceId> authenticated(WsFrames.Reader reader, Origin origin) throws IOException {
        try {
            Optional<WakeFrame.Auth> auth = Optional.empty();
            while (auth.isEmpty()) {
                Optional<String> text = text(reader);
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                auth =
                        WakeCodec.decode(text.get())
                                .filter(frame -> frame instanceof WakeFrame.Auth)
                                .map(frame -> (WakeFrame.Auth) frame);
            }
            WakeFrame.Auth shown = auth.get();
            return Optional.of(services.attempts().guard(origin, shown.token().format(), () -> authenticated(shown)));
        } catch (SocketTimeoutException late) {
            end(WakeCodec.CLOSE_NO_AUTH_IN_TIME, ErrorCode.UNAUTHENTICATED, "no authentication in time");
        } catch (WsFrames.Violation violation) {
            end(violation);
        } catch (Refusal refusal) {
            int code =
                    switch (refusal.code()) {
                        case DEVICE_REVOKED -> WakeCodec.CLOSE_REVOKED;
                        case RATE_LIMITED -> WakeCodec.CLOSE_TRY_LATER;
                        default -> WakeCodec.CLOSE_UNAUTHENTICATED;
                    };
            end(code, refusal.code(), refusal.getMessage());
        } catch (StoreException e) {
            services.log().log(System.Logger.Level.WARNING, "a wake connection could not be authenticated", e);
            end(WakeCodec.CLOSE_TRY_LATER, ErrorCode.UNAVAILABLE, "try again later");
        }
        return Optional.empty();
    }

    private DeviceId authenticated(WakeFrame.Auth auth) {
        Principal who = services.access().authenticate(auth.token().format());
        return switch (who) {
            case Principal.Admin admin -> throw new Refusal(ErrorCode.UNAUTHENTICATED, "only devices are woken");
            case Principal.Device device -> {
                services.access().checkInstance(device.id(), auth.instance());
                yield device.id();
            }
        };
    }

    private void listen(DeviceId device, WsFrames.Reader reader) throws IOException {
        outbox.ready(device);
        try (HeadHub.Registration _ =
                services.watch().listen(changed -> Thread.ofVirtual().start(() -> follow(device, true, changed)))) {
            follow(device, false, Optional.empty());
            boolean open = true;
            while (open) {
                open = text(reader).isPresent();
            }
        } catch (WsFrames.Violation violation) {
            end(violation);
        } finally {
            stopListening();
        }
    }

    /**
     * Looks up what the device may reach, and hears of just those heads from now on.
     *
     * @param tell whether the client is to hear of it, where something is new to it
     * @param renewed a vault whose name or policy is another now
     */
    private void follow(DeviceId device, boolean tell, Optional<VaultId> renewed) {
        reachLock.lock();
        try {
            Map<VaultId, Role> now =
                    services.access().reach(device).stream()
                            .collect(Collectors.toMap(r -> r.vault().id(), Reach::role));
            boolean nothingNew = now.equals(reach) && renewed.filter(now::containsKey).isEmpty();
            if (finished.getCount() == 0 || tell && nothingNew) {
                return;
            }
            HeadHub.Registration next = services.hub().listen(now.keySet(), outbox::head);
            heads.ifPresent(HeadHub.Registration::close);
            heads = Optional.of(next);
            if (tell) {
                outbox.grants(now.keySet());
            }
            now.keySet().forEach(vault -> outbox.head(vault, services.vaults().of(vault).head()));
            reach = now;
        } catch (Refusal refusal) {
            end(WakeCodec.CLOSE_REVOKED, refusal.code(), refusal.getMessage());
        } catch (RuntimeException e) {
            services.log().log(System.Logger.Level.WARNING, "a wake connection lost track of its vaults", e);
            end(WakeCodec.CLOSE_TRY_LATER, ErrorCode.UNAVAILABLE, "try again later");
        } finally {
            reachLock.unlock();
        }
    }

    private void stopListening() {
        reachLock.lock();
        try {
            finished.countDown();
            heads.ifPresent(HeadHub.Registration::close);
        } finally {
            reachLock.unlock();
        }
    }

    /** The next text; empty once the peer closes. */
    private Optional<String> text(WsFrames.Reader reader) throws IOException {
        while (true) {
            WsFrames.Message message = reader.next();
            switch (message) {
                case WsFrames.Message.Text(String text) -> {
                    return Optional.of(text);
                }
                case WsFrames.Message.Ping(ByteBuffer payload) -> outbox.pong(payload);
                case WsFrames.Message.Pong pong -> {}
                case WsFrames.Message.Close close -> {
                    outbox.close(new Outbox.Closing(close.code(), Optional.empty()));
                    return Optional.empty();
                }
            }
        }
    }

    private void end(WsFrames.Violation violation) {
        end(new Outbox.Closing(violation.code(), Optional.empty()));
    }

    private void end(int code, ErrorCode error, String message) {
        end(new Outbox.Closing(code, Optional.of(new WakeFrame.Error(error.wire(), message))));
    }

    /** Closes with a goodbye; without one when the peer does not take it in time. From any thread. */
    void end(Outbox.Closing closing) {
        outbox.close(closing);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                if (!finished.await(times.goodbye().toMillis(), TimeUnit.MILLISECONDS)) {
                                    cut();
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    /** Returns once the connection has ended, or should have long ago. */
    void awaitEnd() {
        try {
            if (!finished.await(2 * times.goodbye().toMillis(), TimeUnit.MILLISECONDS)) {
                services.log().log(System.Logger.Level.DEBUG, "a wake connection did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            OutputStream out = socket.getOutputStream();
            long pingAt = clock.monotonicNanos() + times.ping().toNanos();
            boolean open = true;
            while (open) {
                long left = pingAt - clock.monotonicNanos();
                if (left <= 0) {
                    write(out, WsFrames.ping());
                    pingAt = clock.monotonicNanos() + times.ping().toNanos();
                } else {
                    open = write(out, outbox.take(Duration.ofNanos(left)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            services.log().log(System.Logger.Level.DEBUG, "a wake connection took no more: {0}", e.toString());
        }
    }

    private boolean write(OutputStream out, Outbox.Next next) throws IOException {
        switch (next) {
            case Outbox.Next.Send(WakeFrame frame) -> write(out, WsFrames.text(WakeCodec.encode(frame)));
            case Outbox.Next.Pong(ByteBuffer payload) -> write(out, WsFrames.pong(payload));
            case Outbox.Next.Nothing nothing -> {}
            case Outbox.Next.Close(Outbox.Closing closing) -> {
                if (closing.error().isPresent()) {
                    write(out, WsFrames.text(WakeCodec.encode(closing.error().get())));
                }
                write(out, WsFrames.close(closing.code(), ""));
                socket.shutdownOutput();
                return false;
            }
        }
        return true;
    }

    /** A peer that takes nothing for so long is as gone as one that says nothing. */
    private void write(OutputStream out, byte[] frame) throws IOException {
        written.set(clock.monotonicNanos() + times.silence().toNanos());
        out.write(frame);
        written.clear();
    }
}
