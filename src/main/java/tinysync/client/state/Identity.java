package tinysync.client.state;

import tinysync.content.Hash;
import tinysync.tree.DeviceId;
import tinysync.wire.DeviceToken;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who this device is to one server, and what it keeps of it. A home has one for each server that it joined.
 *
 * <p>A daemon that starts replaces its instance in two steps, since between making the new one durable and the server's
 * answer anything can happen: {@link #proposing} before it is told, {@link #acknowledged} after the server said yes.
 * With both present at a start, the server knows one of the two.
 *
 * @param deviceName as others see it
 * @param servers base addresses, the preferred one first; never empty
 * @param pin the hash of the key that the server must have, where it made its certificate itself
 * @param serverId as {@code /v1/info} said at joining; another one there is another server
 * @param instance the last one that the server acknowledged; empty before the first start
 * @param proposed one that the server may have been told, but whose answer is not known
 * @param attachments with names and ids that are unique, also among all identities of a home
 */
public record Identity(
        DeviceToken token,
        String deviceName,
        List<URI> servers,
        Optional<Hash> pin,
        UUID serverId,
        Optional<UUID> instance,
        Optional<UUID> proposed,
        List<Attachment> attachments) {
    public Identity {
        Objects.requireNonNull(token);
        Objects.requireNonNull(deviceName);
        servers = List.copyOf(servers);
        Objects.requireNonNull(pin);
        Objects.requireNonNull(serverId);
        Objects.requireNonNull(instance);
        Objects.requireNonNull(proposed);
        attachments = List.copyOf(attachments);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a device knows its server's address");
        }
        requireDistinct(attachments);
    }

    static void requireDistinct(List<Attachment> attachments) {
        Set<Object> seen = new HashSet<>();
        for (Attachment attachment : attachments) {
            if (!seen.add(attachment.name()) || !seen.add(attachment.id())) {
                throw new IllegalArgumentException("two attachments are called '" + attachment.name() + "'");
            }
        }
    }

    public DeviceId device() {
        return token.device();
    }

    /** The address to try first. */
    public URI server() {
        return servers.getFirst();
    }

    public Optional<Attachment> attachment(String name) {
        return attachments.stream().filter(a -> a.name().equals(name)).findFirst();
    }

    /** With one attachment more, or, where its id is known, with that one changed. */
    public Identity with(Attachment attachment) {
        List<Attachment> changed = new ArrayList<>(attachments);
        int at = attachments.stream().map(Attachment::id).toList().indexOf(attachment.id());
        if (at < 0) {
            changed.add(attachment);
        } else {
            changed.set(at, attachment);
        }
        return with(changed);
    }

    public Identity without(UUID attachment) {
        return with(attachments.stream().filter(a -> !a.id().equals(attachment)).toList());
    }

    /** About to tell the server of a new instance. */
    public Identity proposing(UUID next) {
        return new Identity(token, deviceName, servers, pin, serverId, instance, Optional.of(next), attachments);
    }

    /** The server took {@code now} as this device's instance. */
    public Identity acknowledged(UUID now) {
        return new Identity(token, deviceName, servers, pin, serverId, Optional.of(now), Optional.empty(), attachments);
    }

    /**
     * As another device, which the server does not know an instance of yet. The old one's stays until then: a device
     * without any is never contradicted.
     */
    public Identity as(DeviceToken other) {
        return new Identity(other, deviceName, servers, pin, serverId, instance, Optional.empty(), attachments);
    }

    private Identity with(List<Attachment> changed) {
        return new Identity(token, deviceName, servers, pin, serverId, instance, proposed, changed);
    }
}
