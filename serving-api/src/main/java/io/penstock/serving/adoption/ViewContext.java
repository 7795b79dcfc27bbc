package io.penstock.serving.adoption;

import io.penstock.serving.view.HotRows;
import io.penstock.serving.view.ViewHolder;

/** What everything on the view loop works with. */
record ViewContext(ViewConfig config, ViewLoop loop, ViewHolder holder, VersionLoader loader, HotRows hotRows) {}
