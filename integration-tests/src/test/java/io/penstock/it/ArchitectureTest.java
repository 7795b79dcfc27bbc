package io.penstock.it;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may depend on whom: the rule of ARCHITECTURE.md. */
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> NOT_OURS = resideOutsideOfPackage("io.penstock..");
    private static final DescribedPredicate<JavaClass> PROTO =
            module("proto", "io.penstock.contract.v1..", "io.penstock.serving.v1..", "io.penstock.storage.v1..");
    private static final DescribedPredicate<JavaClass> CONTRACT = module("contract", "io.penstock.contract..");
    private static final DescribedPredicate<JavaClass> MEMORY = module("store/memory", "io.penstock.store.memory..");
    private static final DescribedPredicate<JavaClass> LMDB = module("store/lmdb", "io.penstock.store.lmdb..");
    private static final DescribedPredicate<JavaClass> REDIS_SERVERS =
            module("store/redis-servers", "io.penstock.store.redis.servers..");
    private static final DescribedPredicate<JavaClass> REDIS =
            module("store/redis", "io.penstock.store.redis..").and(DescribedPredicate.not(REDIS_SERVERS));
    private static final DescribedPredicate<JavaClass> CASSANDRA =
            module("store/cassandra", "io.penstock.store.cassandra..");
    private static final DescribedPredicate<JavaClass> TESTKIT = module("store/testkit", "io.penstock.store.testkit..");
    private static final DescribedPredicate<JavaClass> SPI = module(
            "store/spi",
            "io.penstock.store",
            "io.penstock.store.blob..",
            "io.penstock.store.catalog..",
            "io.penstock.store.layout..",
            "io.penstock.store.presence..");
    private static final DescribedPredicate<JavaClass> PUBLISHER = module("publisher", "io.penstock.publisher..");
    private static final DescribedPredicate<JavaClass> SERVING = module("serving-api", "io.penstock.serving..");
    private static final DescribedPredicate<JavaClass> CLIENT = module("client", "io.penstock.client..");
    private static final DescribedPredicate<JavaClass> GENERATOR =
            module("protoc-gen-penstock", "io.penstock.protoc..");
    private static final DescribedPredicate<JavaClass> USERS_TESTKIT =
            module("client-sdk/testkit", "io.penstock.testkit..");

    @SuppressWarnings("NullAway.Init") // set before every test
    private static JavaClasses production;

    @BeforeAll
    static void read() {
        production = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.penstock");
    }

    @Test
    void theContractModelKnowsOnlyItsProtobufForm() {
        onlyDependsOn(CONTRACT, PROTO);
    }

    @Test
    void theStoreSpiKnowsOnlyItsProtobufForm() {
        onlyDependsOn(SPI, PROTO);
    }

    @Test
    void aBackendKnowsOnlyTheSpi() {
        onlyDependsOn(MEMORY, SPI.or(PROTO));
        onlyDependsOn(LMDB, SPI.or(PROTO));
        onlyDependsOn(REDIS, SPI.or(PROTO));
        onlyDependsOn(CASSANDRA, SPI.or(PROTO));
        onlyDependsOn(TESTKIT, SPI.or(PROTO));
    }

    @Test
    void publisherAndServerKnowContractAndSpiButNotEachOther() {
        onlyDependsOn(PUBLISHER, CONTRACT.or(SPI).or(PROTO));
        onlyDependsOn(SERVING, CONTRACT.or(SPI).or(PROTO));
    }

    @Test
    void theClientKnowsOnlyTheApiAndTheContract() {
        onlyDependsOn(CLIENT, CONTRACT.or(PROTO));
    }

    @Test
    void theClientNamesNoTransport() {
        noClasses()
                .that(CLIENT)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc.netty..", "io.grpc.okhttp..", "io.netty.."))
                .because("the transport is found by gRPC, and another may take its place")
                .check(production);
    }

    @Test
    void theClientNamesOptionalLibrariesInOnePackageEach() {
        noClasses()
                .that(CLIENT.and(resideOutsideOfPackage("io.penstock.client.micrometer..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.micrometer.."))
                .because("it works without them")
                .check(production);
        noClasses()
                .that(CLIENT.and(resideOutsideOfPackage("io.penstock.client.opentelemetry..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.opentelemetry.."))
                .because("it works without them")
                .check(production);
    }

    @Test
    void nobodyReachesIntoTheClient() {
        noClasses()
                .that(DescribedPredicate.not(CLIENT))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.penstock.client.internal.."))
                .check(production);
    }

    @Test
    void theGeneratorKnowsOnlyTheContract() {
        onlyDependsOn(GENERATOR, CONTRACT.or(PROTO));
    }

    @Test
    void theUsersTestKitKnowsTheWholeStackAndNobodyKnowsIt() {
        onlyDependsOn(
                USERS_TESTKIT,
                CLIENT.or(SERVING).or(PUBLISHER).or(MEMORY).or(SPI).or(CONTRACT).or(PROTO));
        noClasses()
                .that(DescribedPredicate.not(USERS_TESTKIT))
                .should()
                .dependOnClassesThat(USERS_TESTKIT)
                .check(production);
    }

    @Test
    void nobodyNamesABackend() {
        noClasses()
                .that(DescribedPredicate.not(
                        MEMORY.or(LMDB).or(REDIS).or(CASSANDRA).or(USERS_TESTKIT)))
                .should()
                .dependOnClassesThat(MEMORY.or(LMDB).or(REDIS).or(CASSANDRA))
                .because("backends are found by the URL's scheme")
                .check(production);
    }

    @Test
    void theReadPathKnowsNothingOfItsTransport() {
        noClasses()
                .that()
                .resideInAPackage("io.penstock.serving.read..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "io.netty.."))
                .because("another transport must be able to carry it")
                .check(production);
    }

    @Test
    void theStoreSpiDependsOnNoNetworkLibrary() {
        noClasses()
                .that(SPI)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "io.netty.."))
                .check(production);
    }

    private static void onlyDependsOn(DescribedPredicate<JavaClass> module, DescribedPredicate<JavaClass> allowed) {
        classes()
                .that(module)
                .should()
                .onlyDependOnClassesThat(module.or(allowed).or(NOT_OURS))
                .check(production);
    }

    private static DescribedPredicate<JavaClass> module(String name, String... packages) {
        DescribedPredicate<JavaClass> inside = resideInAnyPackage(packages);
        DescribedPredicate<JavaClass> generated =
                resideInAnyPackage("io.penstock.contract.v1..", "io.penstock.serving.v1..", "io.penstock.storage.v1..");
        return (name.equals("proto") ? inside : inside.and(DescribedPredicate.not(generated))).as(name);
    }
}
