package tinysync.wire;

import tinysync.tree.Cursor;
import tinysync.tree.DeviceId;
import tinysync.tree.VaultId;

import java.util.Objects;
import java.util.UUID;

/** A text frame of the WebSocket {@code /v1/wake}. */
public sealed interface WakeFrame {
    /** The first frame of a client. */
    record Auth(DeviceToken token, UUID instance) implements WakeFrame {
        public Auth {
            Objects.requireNonNull(token);
            Objects.requireNonNull(instance);
        }
    }

    /** The client is let in; a head for each vault in reach follows. */
    record Ready(DeviceId device) implements WakeFrame {
        public Ready {
            Objects.requireNonNull(device);
        }
    }

    /** A vault is at {@code head} now. */
    record Head(VaultId vault, Cursor head) implements WakeFrame {
        public Head {
            Objects.requireNonNull(vault);
            Objects.requireNonNull(head);
        }
    }

    /** What the device may reach has changed: ask {@code /v1/me} again. */
    record Grants() implements WakeFrame {}

    /** The server closes, and this is why. */
    record Error(String code, String message) implements WakeFrame {
        public Error {
            Objects.requireNonNull(code);
            Objects.requireNonNull(message);
        }
    }
}
