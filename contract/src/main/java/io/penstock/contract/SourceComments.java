package io.penstock.contract;

import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.List;

/** The comments that were written at descriptors. */
final class SourceComments {
    private SourceComments() {}

    /** The comment above an element, else the one behind it, in one line; empty if there is none. */
    static String of(GenericDescriptor element) {
        List<Integer> path = SourceLines.path(element);
        if (path.isEmpty()) {
            return "";
        }
        for (Location location : element.getFile().toProto().getSourceCodeInfo().getLocationList()) {
            if (location.getPathList().equals(path)) {
                String comment =
                        location.hasLeadingComments() ? location.getLeadingComments() : location.getTrailingComments();
                return comment.strip().replaceAll("\\s+", " ");
            }
        }
        return "";
    }
}
