package tinysync.server.core;

/** How many items live (the root among them), and the bytes of their current contents. */
public record Totals(long items, long bytes) {}
