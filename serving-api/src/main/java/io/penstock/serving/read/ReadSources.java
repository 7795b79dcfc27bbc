package io.penstock.serving.read;

import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.LossReports;
import io.penstock.serving.view.PinnedVersions;
import io.penstock.serving.view.ViewHolder;

/** What the read path asks of the rest of the server. */
public record ReadSources(ViewHolder views, PinnedVersions pinned, CatalogChecks checks, LossReports losses) {}
