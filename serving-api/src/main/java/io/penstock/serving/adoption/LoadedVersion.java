package io.penstock.serving.adoption;

import io.penstock.contract.Contract;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.VersionTable;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;

/** What a version's manifest, contract and chunks say, read and checked. */
record LoadedVersion(DatasetId id, Manifest manifest, Contract contract, VersionTable table) {
    DatasetView view(CatalogStatus catalog, long revision, long nowMillis) {
        return new DatasetView(id, catalog, manifest, contract, table, revision, nowMillis);
    }
}
