package tinysync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tinysync.content.Hash;

import java.net.URI;
import java.util.Optional;

class SecretsTest {
    private static final String ID = "0d1e2f3a000040008000000000000001";
    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String TOKEN = "tsdev_" + ID + "_" + SECRET;
    private static final String CODE = "tsinv_" + ID + "_" + SECRET;

    @Test
    void aDeviceTokenIsReadAndWrittenAndKeepsItsSecret() {
        DeviceToken token = DeviceToken.parse(TOKEN);
        assertEquals("0d1e2f3a-0000-4000-8000-000000000001", token.device().toString());
        assertEquals(TOKEN, token.format());
        assertEquals(
                Hash.parse("a8ae6e6ee929abea3afcfc5258c8ccd6f85273e0d4626d26c7279f3250f77c8e"), token.secretSha256());
        assertFalse(token.toString().contains(SECRET));
        assertFalse(new AdminToken(SECRET).toString().contains(SECRET));
        assertFalse(InviteText.parse("https://h/join#" + CODE).toString().contains(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tsdev_", "tsdev_" + ID, "tsadm_" + ID + "_" + ID, " tsdev_a_b", "tsdev_x_y_z"})
    void whatIsNoDeviceTokenIsRefusedWithoutBeingRepeated(String text) {
        assertTrue(DeviceToken.tryParse(text).isEmpty());
        String said = assertThrows(IllegalArgumentException.class, () -> DeviceToken.parse(text)).getMessage();
        assertTrue(text.isEmpty() || !said.contains(text));
        assertTrue(DeviceToken.tryParse(TOKEN.toUpperCase(java.util.Locale.ROOT)).isEmpty());
        assertTrue(DeviceToken.tryParse(TOKEN + "\n").isEmpty());
    }

    @Test
    void theAuthorizationHeaderTakesBothTokens() {
        assertEquals(Optional.of(DeviceToken.parse(TOKEN)), Bearer.fromHeader("Bearer " + TOKEN));
        assertEquals(Optional.of(new AdminToken(SECRET)), Bearer.fromHeader("bearer tsadm_" + SECRET));
        assertEquals(Optional.empty(), Bearer.fromHeader("Basic " + TOKEN));
        assertEquals(Optional.empty(), Bearer.fromHeader(TOKEN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8460/join#" + CODE,
                "https://files.example/join#" + CODE,
                "https://example/drive/a/join#" + CODE + ".pin_" + SECRET,
                "https://[::1]:8460/join#" + CODE
            })
    void invitesComeBackAsTheyWere(String text) {
        assertEquals(text, InviteText.parse("  " + text + "\n").format());
    }

    @Test
    void anInviteHasItsParts() {
        InviteText invite = InviteText.parse("https://example/drive/join#" + CODE + ".pin_" + SECRET);
        assertEquals(URI.create("https://example/drive"), invite.base());
        assertEquals(CODE, invite.code().format());
        assertEquals(Optional.of(Hash.parse(SECRET)), invite.pin());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                CODE,
                "https://h/join",
                "https://h/#" + CODE,
                "https://h/join#" + CODE + "x",
                "https://h/join#" + CODE + ".pin_12",
                "ftp://h/join#" + CODE,
                "https://user:pw@h/join#" + CODE,
                "https://h?x=/join#" + CODE,
                "https:///join#" + CODE,
                "https://h:65536/join#" + CODE,
                "https://h //join#" + CODE
            })
    void whatIsNoInviteIsRefused(String text) {
        assertEquals(ErrorCode.INVITE_INVALID, assertThrows(Refusal.class, () -> InviteText.parse(text)).code());
    }

    @Test
    void aRegistrationTakesTheCodeOrTheWholeInvite() {
        for (String invite : new String[] {CODE, "https://h/join#" + CODE}) {
            Fields fields =
                    Fields.of(
                            new com.eclipsesource.json.JsonObject()
                                    .add("device_id", "0d1e2f3a-0000-4000-8000-000000000001")
                                    .add("secret_sha256", SECRET)
                                    .add("display_name", "laptop")
                                    .add("invite", invite));
            assertEquals(CODE, Registration.decodeRequest(fields).invite().orElseThrow().format());
        }
    }
}
