package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.blob.Seal;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LmdbFuzzTest {
    @Test
    void aUrlIsReadOrRefused() throws Exception {
        Fuzz.text(
                        "LMDB URL",
                        List.of("lmdb:./data/store?map_size=64GiB&max_readers=1024"),
                        "%00",
                        "99999999999999",
                        "TiB",
                        "=",
                        "&")
                .run(5_000, text -> {
                    try {
                        LmdbConfig.of(StoreUrl.parse(new String(text, StandardCharsets.UTF_8)));
                    } catch (StoreException e) {
                        assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL);
                    }
                });
    }

    @Test
    void aPresenceRecordIsReadOrLeftOut() throws Exception {
        byte[] key = "penstock:{fuzz}:presence:me".getBytes(StandardCharsets.US_ASCII);
        byte[] value = PresenceValue.encode(
                PresenceRecord.newBuilder().setId("me").setCounter(3).build(), Duration.ofSeconds(5), 7, key);
        Fuzz.bytes("presence", List.of(value)).run(5_000, bytes -> PresenceValue.decode(ByteBuffer.wrap(bytes), key));
        Fuzz.bytes("sealed presence", List.of(Arrays.copyOf(value, value.length - Seal.BYTES)))
                .run(5_000, body -> PresenceValue.decode(ByteBuffer.wrap(Seal.seal(body, key)), key));
    }
}
