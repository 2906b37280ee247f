package tinysync.server.http;

/** A request that nobody should send, and what may become of it. */
record Hostile(String name, byte[] request, boolean head, boolean ends, Fate fate) {

    /** What may become of it; nothing ever changes for it, and no answer tells of the server's insides. */
    enum Fate {
        /** It is refused with an error of ours. */
        REFUSED,
        /** It is refused, maybe by the JDK's server, in its own words or by closing the connection. */
        TURNED_AWAY,
        /** It is harmless: it may be answered as if the odd thing were not there. */
        HARMLESS,
        /** It is a commit of which every mutation is refused. */
        MUTATIONS_REFUSED
    }

    static Hostile of(String name, RawRequest request, Fate fate) {
        return new Hostile(name, request.bytes(), request.method().equals("HEAD"), false, fate);
    }

    /** Behind which the peer sends no more, where the server would wait for more. */
    static Hostile cutOff(String name, RawRequest request) {
        return new Hostile(name, request.bytes(), request.method().equals("HEAD"), true, Fate.TURNED_AWAY);
    }
}
