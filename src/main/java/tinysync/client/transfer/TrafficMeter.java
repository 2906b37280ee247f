package tinysync.client.transfer;

import tinysync.client.remote.Traffic;

import java.util.function.LongSupplier;

/** Measures what passes through a {@link tinysync.client.remote.ServerApi}, both ways; limits nothing. Thread-safe. */
public final class TrafficMeter implements Traffic {
    private final RateMeter up;
    private final RateMeter down;

    /**
     * @param nanos a clock that never goes back, in nanoseconds
     */
    public TrafficMeter(LongSupplier nanos) {
        this.up = new RateMeter(nanos);
        this.down = new RateMeter(nanos);
    }

    @Override
    public void up(int bytes) {
        up.add(bytes);
    }

    @Override
    public void down(int bytes) {
        down.add(bytes);
    }

    public RateMeter uploaded() {
        return up;
    }

    public RateMeter downloaded() {
        return down;
    }
}
