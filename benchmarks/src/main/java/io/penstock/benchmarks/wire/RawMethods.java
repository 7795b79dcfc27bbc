package io.penstock.benchmarks.wire;

import io.grpc.MethodDescriptor;
import io.penstock.serving.v1.ServingServiceGrpc;

/** {@code Get} and {@code BatchGet} by their real names, over bytes. */
public final class RawMethods {
    public static final MethodDescriptor<byte[], byte[]> GET = raw(ServingServiceGrpc.getGetMethod());
    public static final MethodDescriptor<byte[], byte[]> BATCH_GET = raw(ServingServiceGrpc.getBatchGetMethod());

    private RawMethods() {}

    /** Any unary method. */
    public static MethodDescriptor<byte[], byte[]> unary(String method) {
        return MethodDescriptor.newBuilder(ByteMarshaller.INSTANCE, ByteMarshaller.INSTANCE)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
    }

    private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
        return method.toBuilder(ByteMarshaller.INSTANCE, ByteMarshaller.INSTANCE)
                .build();
    }
}
