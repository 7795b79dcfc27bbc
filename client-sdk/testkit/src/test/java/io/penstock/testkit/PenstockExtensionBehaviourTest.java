package io.penstock.testkit;

import static io.penstock.testkit.Rows.customer;
import static io.penstock.testkit.Rows.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.grpc.Channel;
import io.penstock.client.PenstockClient;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import shop.customer.v1.Customer;

/** The life of a kit in JUnit: the classes below are test classes that are run by tests. */
class PenstockExtensionBehaviourTest {
    @Test
    void oneKitServesAClassAndItsNestedClassesAndIsResetBeforeEachTest() {
        InAStaticField.ADDRESSES.clear();
        Events tests = run(InAStaticField.class);
        tests.assertStatistics(statistics -> statistics.started(3).succeeded(3));
        assertThat(InAStaticField.ADDRESSES).hasSize(3).containsOnly(InAStaticField.ADDRESSES.get(0));
        assertThatThrownBy(InAStaticField.PENSTOCK::kit)
                .isInstanceOf(KitException.class)
                .hasMessage("kit: not started (expected: in a test of a class with @RegisterExtension)");
    }

    @Test
    void aFieldOfTheInstanceMakesAKitForEachTest() {
        InAnInstanceField.KITS.clear();
        run(InAnInstanceField.class)
                .assertStatistics(statistics -> statistics.started(2).succeeded(2));
        assertThat(InAnInstanceField.KITS)
                .doesNotHaveDuplicates()
                .hasSize(2)
                .allSatisfy(kit -> assertThatThrownBy(kit::heal).hasMessage("kit: closed (expected: open)"));
    }

    @Test
    void aWrongContractFailsTheClassWithItsReason() {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(WithoutAContract.class))
                .execute()
                .allEvents();
        assertThat(tests.failed().stream())
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).contains("shop.stock.v1.Note is no contract"));
    }

    private static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents();
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class InAStaticField {
        static final List<String> ADDRESSES = new ArrayList<>();

        @RegisterExtension
        static final PenstockExtension PENSTOCK =
                PenstockExtension.builder().contract(Customer.getDescriptor()).build();

        @BeforeEach
        void publish(PenstockKit kit) {
            assertThat(kit.publish(customer(1, "Ada")).version()).isEqualTo(1);
            ADDRESSES.add(PENSTOCK.address());
        }

        @Test
        @Order(1)
        void breaks(PenstockKit kit, KitFaults faults, PenstockClient client) {
            kit.publish(customer(1, "Eve"));
            faults.down();
            assertThat(client).isSameAs(PENSTOCK.client()).isSameAs(kit.client());
        }

        @Test
        @Order(2)
        void findsEverythingWell(PenstockClient client, Channel channel) {
            assertThat(name(client, 1)).isEqualTo("Ada");
            assertThat(ServingServiceGrpc.newBlockingStub(channel)
                            .listDatasets(ListDatasetsRequest.getDefaultInstance())
                            .getDatasetsCount())
                    .isEqualTo(1);
        }

        @Nested
        class Inner {
            @Test
            void findsTheOuterKit(CustomerNames names) {
                assertThat(names.name(1)).isEqualTo("Ada");
            }
        }
    }

    static class InAnInstanceField {
        static final List<PenstockKit> KITS = new ArrayList<>();

        @RegisterExtension
        final PenstockExtension penstock = PenstockExtension.builder()
                .contract(Customer.getDescriptor())
                .rows(customer(1, "Ada"))
                .build();

        @Test
        void first() {
            KITS.add(penstock.kit());
            assertThat(name(penstock.client(), 1)).isEqualTo("Ada");
        }

        @Test
        void second() {
            KITS.add(penstock.kit());
            assertThat(name(penstock.client(), 1)).isEqualTo("Ada");
        }
    }

    static class WithoutAContract {
        @RegisterExtension
        static final PenstockExtension PENSTOCK = PenstockExtension.builder()
                .contract(shop.stock.v1.Note.getDescriptor())
                .build();

        @Test
        void neverRuns() {}
    }
}
