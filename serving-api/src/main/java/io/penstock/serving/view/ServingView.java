package io.penstock.serving.view;

import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers from: every dataset of its namespaces at one version each, those committed together in it
 * together. Immutable, so a request that takes it once sees one state whatever it asks for. Thread-safe; hot.
 */
public final class ServingView {
    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9.-]{1,63}/)?[a-z0-9.-]{1,128}");

    private final List<NamespaceView> namespaces;
    private final NameTable names;

    private ServingView(List<NamespaceView> namespaces) {
        this.namespaces = List.copyOf(namespaces);
        this.names = NameTable.of(this.namespaces);
    }

    /**
     * Makes a view.
     *
     * @param namespaces at least one; datasets of the first may be named without their namespace
     */
    public static ServingView of(List<NamespaceView> namespaces) {
        if (namespaces.isEmpty()) {
            throw new IllegalArgumentException("namespaces: none (expected: at least one)");
        }
        return new ServingView(namespaces);
    }

    /** This view with one namespace replaced by its next state. */
    public ServingView with(NamespaceView next) {
        List<NamespaceView> all = new ArrayList<>(namespaces);
        all.replaceAll(each -> each.namespace().equals(next.namespace()) ? next : each);
        return new ServingView(all);
    }

    public List<NamespaceView> namespaces() {
        return namespaces;
    }

    /** The namespace, or null if this server does not serve it. */
    public @Nullable NamespaceView namespace(String namespace) {
        for (NamespaceView each : namespaces) {
            if (each.namespace().equals(namespace)) {
                return each;
            }
        }
        return null;
    }

    /**
     * Finds a dataset by its name as it stands in a request, without a string. Null: see {@link #whyMissing}. A status
     * without a served version is answered {@code VERSION_LOADING}.
     *
     * @param offset absolute index of the name's first byte; the buffer's position is not used or moved
     */
    public @Nullable DatasetStatus find(ByteBuffer request, int offset, int length) {
        return names.find(request, offset, length);
    }

    /** Finds a dataset by its name as it stands in a request. */
    public @Nullable DatasetStatus find(String nameInRequest) {
        byte[] bytes = nameInRequest.getBytes(StandardCharsets.UTF_8);
        return names.find(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    public @Nullable DatasetStatus find(DatasetId id) {
        NamespaceView namespace = namespace(id.namespace());
        return namespace == null ? null : namespace.dataset(id.name());
    }

    /** What is served under a name as it stands in a request; null if nothing is. */
    public @Nullable DatasetView dataset(String nameInRequest) {
        DatasetStatus status = find(nameInRequest);
        return status == null ? null : status.served();
    }

    /** All datasets, in the order of their full names. */
    public List<DatasetStatus> datasets() {
        List<DatasetStatus> all = new ArrayList<>();
        for (NamespaceView namespace : namespaces) {
            all.addAll(namespace.datasets().values());
        }
        all.sort(Comparator.comparing(DatasetStatus::id));
        return all;
    }

    /**
     * Why {@link #find} finds nothing under a name: {@code INVALID_DATASET}, {@code UNKNOWN_DATASET}, or that the
     * catalog is not there or cannot be confirmed. Not for the path of a read that succeeds.
     */
    public Reason whyMissing(String nameInRequest) {
        if (!NAME.matcher(nameInRequest).matches()) {
            return Reason.REASON_INVALID_DATASET;
        }
        int slash = nameInRequest.indexOf('/');
        NamespaceView namespace = slash < 0 ? namespaces.get(0) : namespace(nameInRequest.substring(0, slash));
        return namespace == null ? Reason.REASON_UNKNOWN_DATASET : namespace.whyMissing();
    }
}
