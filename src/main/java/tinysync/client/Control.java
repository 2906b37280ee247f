package tinysync.client;

import tinysync.client.engine.Engine;
import tinysync.client.engine.Event;
import tinysync.client.engine.Output;
import tinysync.client.engine.StatusView;

import java.time.Instant;
import java.util.Optional;

/** What an {@link AttachmentLoop} drives: the engine, or something that behaves like one. For one thread. */
interface Control {
    void handle(Event event, Instant now);

    Output step(Instant now);

    Optional<Instant> deadline();

    StatusView status();

    static Control of(Engine engine) {
        return new Control() {
            @Override
            public void handle(Event event, Instant now) {
                engine.handle(event, now);
            }

            @Override
            public Output step(Instant now) {
                return engine.step(now);
            }

            @Override
            public Optional<Instant> deadline() {
                return engine.deadline();
            }

            @Override
            public StatusView status() {
                return engine.status();
            }
        };
    }
}
