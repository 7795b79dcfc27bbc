package io.penstock.serving;

import com.google.protobuf.Timestamp;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import io.penstock.store.DatasetId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what is served from now on. Confined to the thread that moves the view. */
final class AdoptionLog {
    private static final Logger LOG = LoggerFactory.getLogger(AdoptionLog.class);

    private final Map<DatasetId, DatasetView> served = new HashMap<>();
    private final BiConsumer<DatasetId, Duration> adopted;

    /** @param adopted told each dataset that moved to a version published since, and how long ago it was published */
    AdoptionLog(BiConsumer<DatasetId, Duration> adopted) {
        this.adopted = adopted;
    }

    /** Compares with what was served before. */
    void flipped(ServingView view) {
        for (DatasetStatus status : view.datasets()) {
            DatasetView now = status.served();
            if (now == null) {
                continue;
            }
            DatasetView before = served.put(status.id(), now);
            if (before == null || before.revision() != now.revision()) {
                tell(status.id(), before, now);
            }
        }
    }

    private void tell(DatasetId id, @Nullable DatasetView before, DatasetView now) {
        Timestamp published = now.manifest().getPublishedAt();
        Instant publishedAt = Instant.ofEpochSecond(published.getSeconds(), published.getNanos());
        if (before != null && now.number() > before.number()) {
            Duration lag = Duration.between(publishedAt, Instant.ofEpochMilli(now.adoptedAtMillis()));
            adopted.accept(id, lag.isNegative() ? Duration.ZERO : lag); // clocks of two machines
        }
        LOG.atInfo()
                .addKeyValue("dataset", id)
                .addKeyValue("version", now.number())
                .addKeyValue("revision", now.revision())
                .addKeyValue("from_version", before == null ? "none" : before.number())
                .addKeyValue("rows", now.manifest().getRows())
                .log("adopted");
    }
}
