package io.penstock.serving.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.serving.v1.CheckOutcome;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.ServedVersion;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.serving.view.ServingView;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.StoredContract;
import io.penstock.store.DatasetId;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Says of a dataset in a serving view what the API says of it. Thread-safe; not for event loops. */
public final class Descriptions {
    private final Clock clock;
    /** The last contract each dataset was described with: reading one takes milliseconds. */
    private final Map<DatasetId, Read> contracts = new ConcurrentHashMap<>();

    public Descriptions(Clock clock) {
        this.clock = clock;
    }

    private record Read(ByteString digest, @Nullable Contract contract) {}

    /** Describes a dataset as it is now. */
    public Dataset describe(DatasetStatus status) {
        long nowMillis = clock.millis();
        Dataset.Builder dataset = Dataset.newBuilder()
                .setNamespace(status.id().namespace())
                .setName(status.id().name())
                .setState(status.state(nowMillis, System.nanoTime()))
                .setProblem(problem(status, nowMillis));
        DatasetView served = status.served();
        if (served == null) {
            return dataset.build();
        }
        dataset.setVersion(version(served));
        Contract contract = contract(served);
        if (contract != null) {
            dataset.setOwner(contract.owner()).setDescription(contract.description());
            contract.freshness().ifPresent(freshness -> dataset.setFreshness(duration(freshness)));
            contract.p99().ifPresent(p99 -> dataset.setP99(duration(p99)));
        }
        return dataset.build();
    }

    private static String problem(DatasetStatus status, long nowMillis) {
        DatasetView served = status.served();
        if (!status.problem().isEmpty()) {
            return status.problem();
        }
        if (status.catalog().condition() != CatalogStatus.Condition.CONFIRMED) {
            return status.catalog().problem();
        }
        return served != null && served.isExpired(nowMillis)
                ? "version " + served.number() + " has expired; publish newer data"
                : "";
    }

    private static ServedVersion version(DatasetView served) {
        Manifest manifest = served.manifest();
        ServedVersion.Builder version = ServedVersion.newBuilder()
                .setVersion(served.number())
                .setRevision(served.revision())
                .setGeneration(served.generation())
                .setDataAsOf(manifest.getDataAsOf())
                .setDataAsOfAssumed(manifest.getDataAsOfAssumed())
                .setPublishedAt(manifest.getPublishedAt())
                .setAdoptedAt(timestamp(served.adoptedAtMillis()))
                .setRows(manifest.getRows())
                .setBuckets(manifest.getBuckets())
                .setBytes(manifest.getBytes())
                .setContractDigest(manifest.getContract().getDigest())
                .setMessage(manifest.getContract().getMessage())
                .putAllLabels(manifest.getLabelsMap());
        if (manifest.hasExpiresAt()) {
            version.setExpiresAt(manifest.getExpiresAt());
        }
        for (CheckResult check : manifest.getChecksList()) {
            version.addChecks(CheckOutcome.newBuilder()
                    .setCheck(check.getCheck())
                    .setPassed(check.getVerdict() == CheckResult.Verdict.VERDICT_PASSED
                            || check.getVerdict() == CheckResult.Verdict.VERDICT_NOT_APPLICABLE)
                    .setDetail(check.getDetail())
                    .setOverrideReason(check.getOverrideReason()));
        }
        return version.build();
    }

    private @Nullable Contract contract(DatasetView served) {
        StoredContract stored = served.manifest().getContract();
        Read known = contracts.get(served.id());
        if (known == null || !known.digest().equals(stored.getDigest())) {
            known = new Read(stored.getDigest(), read(stored));
            contracts.put(served.id(), known);
        }
        return known.contract();
    }

    /** Adoption has checked the contract; one that cannot be read all the same is described without its promises. */
    private static @Nullable Contract read(StoredContract stored) {
        try {
            return Contract.of(stored);
        } catch (ContractException e) {
            return null;
        }
    }

    /** The contract with this digest among those of all loaded versions, or null. */
    static @Nullable StoredContract contract(ServingView view, ByteString digest) {
        for (DatasetStatus status : view.datasets()) {
            DatasetView served = status.served();
            if (served != null && served.manifest().getContract().getDigest().equals(digest)) {
                return served.manifest().getContract();
            }
            for (HeldVersion held : status.held()) {
                StoredContract contract = held.view().manifest().getContract();
                if (contract.getDigest().equals(digest)) {
                    return contract;
                }
            }
        }
        return null;
    }

    private static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static Timestamp timestamp(long millis) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(millis, 1000L))
                .setNanos((int) Math.floorMod(millis, 1000L) * 1_000_000)
                .build();
    }
}
