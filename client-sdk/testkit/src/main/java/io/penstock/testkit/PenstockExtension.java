package io.penstock.testkit;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.penstock.client.PenstockClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A {@link PenstockKit} for the tests of a class, JUnit 5 or newer.
 *
 * <pre>{@code
 * @RegisterExtension
 * static PenstockExtension penstock =
 *         PenstockExtension.builder().contract(Customer360.getDescriptor()).build();
 *
 * @Test
 * void greetsByName(PenstockKit kit, PenstockClient client) {
 *     kit.publish(customer(42, "Ada"));
 *     assertThat(new Greeter(client).greet(42)).isEqualTo("Hello Ada");
 * }
 * }</pre>
 *
 * <p>In a static field the kit lives for the whole class and is {@link PenstockKit#reset} before each test, so that rows
 * are published in the test, in {@code @BeforeEach}, or by the builder's {@code rows}; not in {@code @BeforeAll}. In a field
 * of the instance each test has a kit of its own. Tests and their life-cycle methods may have parameters of the types {@link
 * PenstockKit}, {@link KitFaults}, {@link PenstockClient} and {@link Channel}, and of generated clients. Tests that share a kit
 * must not run at the same time.
 */
public final class PenstockExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final PenstockKitBuilder builder;

    // JUnit calls one method after the other.
    private @Nullable PenstockKit kit;
    private String startedBy = "";

    private PenstockExtension(PenstockKitBuilder builder) {
        this.builder = builder;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The kit, from before the first test to after the last.
     *
     * @throws KitException if no test is running
     */
    public PenstockKit kit() {
        if (kit == null) {
            throw new KitException(
                    KitException.Code.CLOSED,
                    "kit: not started (expected: in a test of a class with @RegisterExtension)");
        }
        return kit;
    }

    /** The kit's client; see {@link PenstockKit#client}. */
    public PenstockClient client() {
        return kit().client();
    }

    /** The server's address; see {@link PenstockKit#address}. */
    public String address() {
        return kit().address();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        startUnlessStarted(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        startUnlessStarted(context);
        kit().reset();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeIfStartedBy(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        closeIfStartedBy(context);
    }

    /** Nested classes come to an outer class's kit. */
    private void startUnlessStarted(ExtensionContext context) {
        if (kit == null) {
            kit = builder.start();
            startedBy = context.getUniqueId();
        }
    }

    private void closeIfStartedBy(ExtensionContext context) {
        if (kit != null && startedBy.equals(context.getUniqueId())) {
            kit.close();
            kit = null;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == PenstockKit.class
                || type == KitFaults.class
                || type == PenstockClient.class
                || type == Channel.class
                || GeneratedClients.isOne(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == KitFaults.class) {
            return kit().faults();
        }
        if (type == PenstockClient.class) {
            return client();
        }
        if (type == Channel.class) {
            return kit().channel();
        }
        return type == PenstockKit.class ? kit() : GeneratedClients.of(type, client());
    }

    /** Sets an extension up. Not thread-safe. */
    public static final class Builder {
        private final PenstockKitBuilder kit = PenstockKit.builder();

        private Builder() {}

        /** See {@link PenstockKitBuilder#contract}. */
        public Builder contract(Descriptor message) {
            kit.contract(message);
            return this;
        }

        /** See {@link PenstockKitBuilder#rows}. */
        public Builder rows(Message... rows) {
            kit.rows(rows);
            return this;
        }

        /** See {@link PenstockKitBuilder#setting}. */
        public Builder setting(String name, String value) {
            kit.setting(name, value);
            return this;
        }

        /** Returns the extension, which starts nothing before the first test. */
        public PenstockExtension build() {
            return new PenstockExtension(kit);
        }
    }
}
