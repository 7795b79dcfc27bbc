package io.penstock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUrlTest {
    @Test
    void splitsSchemeRestAndOptions() {
        StoreUrl url = StoreUrl.parse("REDIS://ann:secret@host:1/2?timeout=2s&tls_ca=/a%20b.pem");
        assertThat(url.scheme()).isEqualTo("redis");
        assertThat(url.rest()).isEqualTo("//ann:secret@host:1/2");
        assertThat(url.options()).containsEntry("timeout", "2s").containsEntry("tls_ca", "/a b.pem");
    }

    @Test
    void anAtSignAfterTheQuestionMarkIsExplained() {
        assertThatThrownBy(() -> StoreUrl.parse("redis://ann:pass?word@host"))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "store URL: an @ after the question mark (expected: in user and password ? as %3F, @ as %40,"
                                + " / as %2F; in an option @ as %40)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://ann:hidden@host",
                "redis://ann:hid/den@host",
                "redis://ann:hid@den@host",
                "redis://ann:hid?den@host",
                "redis://ann:hid?den=1@host",
                "//ann:hid/den@host"
            })
    void noPartOfAPasswordIsEverShown(String url) {
        assertThat(shown(url)).doesNotContain("hid").doesNotContain("den");
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLongUrlIsShownInTimeThatGrowsWithItsLength() {
        String slashes = "/".repeat(1 << 18);
        assertThat(shown("redis:" + slashes)).contains(slashes);
        assertThat(shown(slashes)).contains(slashes);
    }

    private static String shown(String url) {
        try {
            StoreUrl parsed = StoreUrl.parse(url);
            return parsed.redacted() + parsed;
        } catch (StoreException e) {
            return e.toString();
        }
    }
}
