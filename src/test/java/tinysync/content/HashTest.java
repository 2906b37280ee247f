package tinysync.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class HashTest {

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void knownTextsHaveTheirPublishedHashes() {
        assertEquals(NOTHING, Hash.of(new byte[0]).hex());
        assertEquals(ABC, Hash.of("abc".getBytes(US_ASCII)).hex());
        assertEquals(
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
                Hash.of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".getBytes(US_ASCII)).hex());
        assertEquals(
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
                Hash.of("a".repeat(1_000_000).getBytes(US_ASCII)).hex());
    }

    @Test
    void partOfABufferIsHashedAlone() {
        assertEquals(ABC, Hash.of("xxabcx".getBytes(US_ASCII), 2, 3).hex());
    }

    @Test
    void textAndBytesLeadBackToTheSameHash() {
        Hash hash = Hash.parse(ABC);
        assertEquals(ABC, hash.toString());
        assertEquals(hash, Hash.fromBytes(hash.bytes()));
        assertEquals(hash.hashCode(), Hash.fromBytes(hash.bytes()).hashCode());
        assertArrayEquals(Hash.of("abc".getBytes(US_ASCII)).bytes(), hash.bytes());
    }

    @Test
    void onlySixtyFourLowerCaseHexDigitsAreAHash() {
        for (String bad :
                new String[] {
                    "",
                    ABC.substring(1),
                    ABC + "0",
                    ABC.toUpperCase(java.util.Locale.ROOT),
                    " " + ABC.substring(1),
                    "g" + ABC.substring(1),
                    "\uff10" + ABC.substring(1),
                    "+" + ABC.substring(1)
                }) {
            assertEquals(Optional.empty(), Hash.tryParse(bad), bad);
            assertThrows(IllegalArgumentException.class, () -> Hash.parse(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> Hash.fromBytes(new byte[31]));
    }

    @Test
    void hashesAreOrderedAsTheirTexts() {
        String[] ascending = {
            "0".repeat(64),
            "0".repeat(63) + "1",
            "0".repeat(48) + "8" + "0".repeat(15),
            "0".repeat(16) + "f".repeat(48),
            "7" + "f".repeat(63),
            "8" + "0".repeat(63),
            "f".repeat(64)
        };
        for (int i = 0; i + 1 < ascending.length; i++) {
            assertTrue(Hash.parse(ascending[i]).compareTo(Hash.parse(ascending[i + 1])) < 0, ascending[i]);
            assertTrue(Hash.parse(ascending[i + 1]).compareTo(Hash.parse(ascending[i])) > 0, ascending[i]);
        }
        assertEquals(0, Hash.parse(ABC).compareTo(Hash.parse(ABC)));
    }

    @Test
    void aHasherStartsAnewAfterItsEnd() {
        Hasher hasher = new Hasher();
        hasher.update("xabx".getBytes(US_ASCII), 1, 2);
        hasher.update("c".getBytes(US_ASCII));
        assertEquals(ABC, hasher.finish().hex());
        assertEquals(NOTHING, hasher.finish().hex());
    }
}
