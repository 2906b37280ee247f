package tinysync.server.store;

import tinysync.server.core.Store;

class MemoryStoreTest extends StoreContract {
    @Override
    Store open() {
        return new MemoryStore();
    }
}
