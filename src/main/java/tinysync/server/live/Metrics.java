package tinysync.server.live;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What is counted, and its text for Prometheus (exposition format 0.0.4). Labels never hold names, tokens or paths of
 * users. Thread-safe.
 */
public final class Metrics {
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    private enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** All series of one name; a series is its labels as they are written, braces included, or nothing. */
    private record Family(
            Type type,
            String help,
            Map<String, LongAdder> counts,
            Map<String, LongSupplier> gauges,
            Histogram histogram) {
        static Family of(Type type, String help, long... bounds) {
            return new Family(
                    type, help, new ConcurrentSkipListMap<>(), new ConcurrentSkipListMap<>(), new Histogram(bounds));
        }
    }

    /** Counts of values by upper bounds. */
    private static final class Histogram {
        private final long[] bounds;
        private final LongAdder[] counts;
        private final LongAdder sum = new LongAdder();

        Histogram(long... bounds) {
            this.bounds = bounds;
            this.counts = new LongAdder[bounds.length + 1];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }

        void add(long value) {
            int i = 0;
            while (i < bounds.length && value > bounds[i]) {
                i++;
            }
            counts[i].increment();
            sum.add(value);
        }

        void write(StringBuilder text, String name) {
            long total = 0;
            for (int i = 0; i < counts.length; i++) {
                total += counts[i].sum();
                String bound = i < bounds.length ? Long.toString(bounds[i]) : "+Inf";
                text.append(name).append("_bucket{le=\"").append(bound).append("\"} ").append(total).append('\n');
            }
            text.append(name).append("_sum ").append(sum.sum()).append('\n');
            text.append(name).append("_count ").append(total).append('\n');
        }
    }

    public Metrics() {
        counter("tinysync_http_requests_total", "Requests by route and status.");
        counter("tinysync_http_received_bytes_total", "Bytes of request bodies.");
        counter("tinysync_http_sent_bytes_total", "Bytes of response bodies.");
        counter("tinysync_transactions_total", "Transactions on vaults.");
        counter("tinysync_mutations_total", "Mutations by result.");
        counter("tinysync_authentication_failures_total", "Tokens and invites that were wrong.");
        counter("tinysync_rate_limited_total", "Attempts that were not looked at, after too many failures.");
        families.put(
                "tinysync_transaction_mutations",
                Family.of(Type.HISTOGRAM, "Mutations in one transaction.", 1, 2, 4, 8, 16, 32, 64, 128, 256));
        families.put(
                "tinysync_transaction_microseconds",
                Family.of(
                        Type.HISTOGRAM,
                        "How long a transaction took, until it was durable.",
                        500,
                        1_000,
                        2_000,
                        5_000,
                        10_000,
                        20_000,
                        50_000,
                        100_000,
                        500_000,
                        1_000_000));
    }

    private void counter(String name, String help) {
        families.put(name, Family.of(Type.COUNTER, help));
    }

    /** Shows what {@code value} says at the moment of asking; {@code labels} as {@code {a="b"}}, or nothing. */
    public void gauge(String name, String help, String labels, LongSupplier value) {
        families.computeIfAbsent(name, missing -> Family.of(Type.GAUGE, help)).gauges().put(labels, value);
    }

    public void removeGauge(String name, String labels) {
        Family family = families.get(name);
        if (family != null) {
            family.gauges().remove(labels);
        }
    }

    public void request(String route, int status) {
        count("tinysync_http_requests_total", "{route=\"" + route + "\",status=\"" + status + "\"}", 1);
    }

    public void received(long bytes) {
        count("tinysync_http_received_bytes_total", "", bytes);
    }

    public void sent(long bytes) {
        count("tinysync_http_sent_bytes_total", "", bytes);
    }

    public void authenticationFailed() {
        count("tinysync_authentication_failures_total", "", 1);
    }

    public void rateLimited() {
        count("tinysync_rate_limited_total", "", 1);
    }

    /** {@code result} is {@code applied}, {@code duplicate}, or the code of the refusal. */
    public void mutation(String result) {
        count("tinysync_mutations_total", "{result=\"" + result + "\"}", 1);
    }

    public void transaction(int mutations, long nanos) {
        count("tinysync_transactions_total", "", 1);
        families.get("tinysync_transaction_microseconds").histogram().add(nanos / 1_000);
        if (mutations > 0) {
            families.get("tinysync_transaction_mutations").histogram().add(mutations);
        }
    }

    private void count(String name, String labels, long by) {
        families.get(name).counts().computeIfAbsent(labels, missing -> new LongAdder()).add(by);
    }

    /** Everything, as Prometheus reads it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        families.forEach(
                (name, family) -> {
                    text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
                    text.append("# TYPE ").append(name).append(' ');
                    text.append(family.type().name().toLowerCase(Locale.ROOT)).append('\n');
                    family.counts().forEach((labels, n) -> line(text, name + labels, n.sum()));
                    family.gauges().forEach((labels, value) -> line(text, name + labels, value.getAsLong()));
                    if (family.type() == Type.HISTOGRAM) {
                        family.histogram().write(text, name);
                    }
                });
        return text.toString();
    }

    private static void line(StringBuilder text, String series, long value) {
        text.append(series).append(' ').append(value).append('\n');
    }
}
