package io.penstock.serving.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.penstock.serving.read.ReadFailures;
import io.penstock.serving.v1.GetContractRequest;
import io.penstock.serving.v1.GetContractResponse;
import io.penstock.serving.v1.GetDatasetRequest;
import io.penstock.serving.v1.GetDatasetResponse;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import io.penstock.storage.v1.StoredContract;
import io.penstock.store.DatasetId;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers what is asked about datasets and contracts, from the serving view alone. Runs off the event loops. */
final class DatasetReads extends ServingServiceGrpc.ServingServiceImplBase {
    private static final int PAGE_SIZE = 100;
    private static final int PAGE_SIZE_MAX = 1000;

    private final ViewHolder views;
    private final Descriptions descriptions;
    private final ReadFailures failures;
    private final Watches watches;

    DatasetReads(ViewHolder views, Descriptions descriptions, ReadFailures failures, Watches watches) {
        this.views = views;
        this.descriptions = descriptions;
        this.failures = failures;
        this.watches = watches;
    }

    @Override
    public void getDataset(GetDatasetRequest request, StreamObserver<GetDatasetResponse> response) {
        ServingView view = views.current();
        DatasetStatus status = view.find(request.getDataset());
        if (status == null) {
            fail(response, view.whyMissing(request.getDataset()), request.getDataset());
            return;
        }
        answer(
                response,
                GetDatasetResponse.newBuilder()
                        .setDataset(descriptions.describe(status))
                        .build());
    }

    @Override
    public void listDatasets(ListDatasetsRequest request, StreamObserver<ListDatasetsResponse> response) {
        DatasetId after = null;
        if (!request.getPageToken().isEmpty()) {
            after = idOf(request.getPageToken());
        }
        if (request.getPageSize() < 0
                || (after == null && !request.getPageToken().isEmpty())) {
            fail(response, Reason.REASON_MALFORMED_REQUEST);
            return;
        }
        answer(response, page(request.getPageSize(), after));
    }

    private ListDatasetsResponse page(int asked, @Nullable DatasetId after) {
        int size = asked == 0 ? PAGE_SIZE : Math.min(asked, PAGE_SIZE_MAX);
        ListDatasetsResponse.Builder page = ListDatasetsResponse.newBuilder();
        DatasetId last = null;
        for (DatasetStatus status : views.current().datasets()) {
            if (after != null && status.id().compareTo(after) <= 0) {
                continue;
            }
            if (page.getDatasetsCount() == size && last != null) {
                return page.setNextPageToken(last.toString()).build();
            }
            page.addDatasets(descriptions.describe(status));
            last = status.id();
        }
        return page.build();
    }

    /** A page token is the full name of the page's last dataset. */
    private static @Nullable DatasetId idOf(String token) {
        int slash = token.indexOf('/');
        if (slash < 0) {
            return null;
        }
        try {
            return new DatasetId(token.substring(0, slash), token.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void getContract(GetContractRequest request, StreamObserver<GetContractResponse> response) {
        switch (request.getContractCase()) {
            case DATASET -> contractOf(request.getDataset(), response);
            case DIGEST -> contractWith(request.getDigest(), response);
            case CONTRACT_NOT_SET -> fail(response, Reason.REASON_MALFORMED_REQUEST);
        }
    }

    private void contractOf(String name, StreamObserver<GetContractResponse> response) {
        ServingView view = views.current();
        DatasetStatus status = view.find(name);
        if (status == null) {
            fail(response, view.whyMissing(name), name);
            return;
        }
        DatasetView served = status.served();
        if (served == null) {
            fail(response, Reason.REASON_VERSION_LOADING, name);
            return;
        }
        answer(response, response(served.manifest().getContract()));
    }

    private void contractWith(ByteString digest, StreamObserver<GetContractResponse> response) {
        StoredContract contract = Descriptions.contract(views.current(), digest);
        if (contract == null) {
            fail(response, Reason.REASON_UNKNOWN_VERSION);
            return;
        }
        answer(response, response(contract));
    }

    private static GetContractResponse response(StoredContract contract) {
        return GetContractResponse.newBuilder()
                .setMessage(contract.getMessage())
                .setDescriptorSet(contract.getDescriptorSet())
                .setDigest(contract.getDigest())
                .build();
    }

    @Override
    public void watchDatasets(WatchDatasetsRequest request, StreamObserver<WatchDatasetsResponse> response) {
        ServingView view = views.current();
        Set<DatasetId> asked = new LinkedHashSet<>();
        for (String name : request.getDatasetsList()) {
            DatasetStatus status = view.find(name);
            if (status == null) {
                fail(response, view.whyMissing(name), name);
                return;
            }
            asked.add(status.id());
        }
        watches.add(asked, (ServerCallStreamObserver<WatchDatasetsResponse>) response);
    }

    private static <T> void answer(StreamObserver<T> response, T message) {
        response.onNext(message);
        response.onCompleted();
    }

    private void fail(StreamObserver<?> response, Reason reason) {
        response.onError(Failures.exception(failures.of(reason)));
    }

    /** A name that is not valid is not repeated. */
    private void fail(StreamObserver<?> response, Reason reason, String name) {
        response.onError(Failures.exception(
                reason == Reason.REASON_INVALID_DATASET ? failures.of(reason) : failures.of(reason, name)));
    }
}
