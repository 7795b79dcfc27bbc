package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import com.google.rpc.ErrorInfo;
import io.grpc.Deadline;
import io.grpc.Status;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GetTest {
    private static final String CUSTOMERS = "customer-360.v1";

    private final FakeServer server = new FakeServer();
    private final PenstockClient client =
            server.client().deadline(Duration.ofSeconds(20)).build();

    @BeforeEach
    void serve() {
        server.serve(CUSTOMERS, 3);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void findsAValueAndSaysWhatVersionItIsFrom() {
        Lookup<ByteString> lookup = client.get(CUSTOMERS, "42");
        assertThat(lookup.outcome()).isEqualTo(Outcome.FOUND);
        assertThat(lookup.value()).contains(ByteString.copyFromUtf8("v3:42"));
        assertThat(lookup.version()).isEqualTo(3);
        assertThat(lookup.revision()).isEqualTo(1);
        assertThat(lookup.dataAsOf()).isEqualTo(Instant.ofEpochSecond(3_000, 7));
        assertThat(lookup.generation()).isEqualTo(-3);
        assertThat(lookup.failure()).isEmpty();
        assertThat(lookup).hasToString("FOUND in version 3 (revision 1)");
    }

    @ParameterizedTest
    @CsvSource({"absent, ABSENT", "expired, EXPIRED"})
    void takesNoValueForAnAnswer(String key, Outcome outcome) {
        Lookup<ByteString> lookup = client.get(CUSTOMERS, key);
        assertThat(lookup.outcome()).isEqualTo(outcome);
        assertThat(lookup.value()).isEmpty();
        assertThat(lookup.version()).isEqualTo(3);
    }

    @Test
    void doesNotPassAnUnchangedValueForAnAbsentOne() {
        server.get = request -> server.answer(request).toBuilder()
                .setOutcome(io.penstock.serving.v1.Outcome.OUTCOME_UNCHANGED)
                .clearValue()
                .build();
        Lookup<ByteString> lookup =
                client.get(CUSTOMERS, "42", ReadOptions.none().withIfGeneration(-3));
        assertThat(lookup.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThatThrownBy(lookup::value)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("value: UNCHANGED (expected: the caller takes the one it has)");
    }

    @Test
    void readsMessages() {
        StringValue ada = StringValue.of("Ada");
        server.get = request ->
                server.answer(request).toBuilder().setValue(ada.toByteString()).build();
        assertThat(client.get(CUSTOMERS, "42", StringValue.parser()).value()).contains(ada);
        assertThat(client.getAsync(CUSTOMERS, "42", StringValue.parser()).join().value())
                .contains(ada);
    }

    @Test
    void readsThroughABindingWithKeysOfItsOwn() {
        DatasetBinding<Long, ByteString> binding =
                new DatasetBinding<>(CUSTOMERS, id -> Long.toString(id), value -> value);
        assertThat(client.get(binding, 42L).value()).contains(ByteString.copyFromUtf8("v3:42"));
        assertThat(client.getAsync(binding, 42L).join().value()).contains(ByteString.copyFromUtf8("v3:42"));
    }

    @Test
    void sendsTheOptions() {
        client.get(CUSTOMERS, "42");
        client.get(
                CUSTOMERS,
                "42",
                ReadOptions.none()
                        .withVersion(3)
                        .withMinRevision(1)
                        .withMaxAge(Duration.ofMillis(1_500))
                        .withIfGeneration(-7)
                        .withFields(List.of(4, 2, 4)));
        assertThat(server.gets.get(0).hasOptions()).isFalse();
        assertThat(server.gets.get(1).getOptions())
                .isEqualTo(io.penstock.serving.v1.ReadOptions.newBuilder()
                        .setVersion(3)
                        .setMinRevision(1)
                        .setMaxAge(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(1)
                                .setNanos(500_000_000))
                        .setIfGeneration(-7)
                        .addFields(2)
                        .addFields(4)
                        .build());
    }

    @Test
    void refusesFieldsThatHaveNoNumber() {
        assertThatThrownBy(() -> ReadOptions.none().withFields(List.of(3, 0)))
                .hasMessage("fields: 0 (expected: numbers of fields, > 0)");
    }

    @Test
    void tellsAnswersApartByTheirType() {
        assertThat(client.get(CUSTOMERS, "42"))
                .isInstanceOfSatisfying(
                        Lookup.Found.class,
                        found -> assertThat(found.row()).isEqualTo(ByteString.copyFromUtf8("v3:42")));
        assertThat(client.get(CUSTOMERS, "absent")).isInstanceOf(Lookup.Absent.class);
        assertThat(client.get(CUSTOMERS, "expired")).isInstanceOf(Lookup.Expired.class);
    }

    @Test
    void throwsForARowThatIsNotThere() {
        assertThat(client.get(CUSTOMERS, "42").orElseThrow()).isEqualTo(ByteString.copyFromUtf8("v3:42"));
        assertThatThrownBy(() -> client.get(CUSTOMERS, "absent").orElseThrow())
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("value: ABSENT in version 3 (revision 1) (expected: FOUND)");
        assertThatThrownBy(() -> client.get(CUSTOMERS, "expired").orElseThrow())
                .isInstanceOf(NoSuchElementException.class);
    }

    @ParameterizedTest
    @CsvSource({"5, 100", "10, 100", "11, 110", "2000, 20000"})
    void allowsAReadTenTimesTheContractsP99ButNoLessThanAHundredMilliseconds(long p99Millis, long deadlineMillis) {
        assertThat(Calls.ofContract(Optional.of(Duration.ofMillis(p99Millis)), true))
                .isEqualTo(Duration.ofMillis(deadlineMillis));
    }

    @Test
    void allowsASecondUntilThereIsAConnection() {
        assertThat(Calls.ofContract(Optional.of(Duration.ofMillis(5)), false)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Calls.ofContract(Optional.of(Duration.ofSeconds(3)), false)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Calls.ofContract(Optional.empty(), true)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void takesTheContractsDeadlineUnlessTheCallerChoseOne() throws Exception {
        DatasetBinding<String, ByteString> customers =
                DatasetBinding.bytes(CUSTOMERS).withP99(Duration.ofSeconds(3));
        PenstockClient plain = server.client().build();
        plain.get(customers, "42");
        assertWithin(30_000);
        plain.getAsync(customers, "42").join();
        assertWithin(30_000);
        plain.session().get(customers, "42");
        assertWithin(30_000);
        plain.withDeadline(Duration.ofSeconds(7)).get(customers, "42");
        assertWithin(7_000);
        client.get(customers, "42");
        assertWithin(20_000);
        plain.session().withDeadline(Duration.ofSeconds(6)).get(customers, "42");
        assertWithin(6_000);
    }

    @Test
    void givesEveryReadADeadline() throws Exception {
        PenstockClient plain = server.client().build();
        plain.get(CUSTOMERS, "42");
        assertWithin(1_000);
        plain.withDeadline(Duration.ofSeconds(7)).get(CUSTOMERS, "42");
        assertWithin(7_000);
        plain.getAsync(CUSTOMERS, "42").join();
        assertWithin(1_000);
        plain.session().withDeadline(Duration.ofSeconds(7)).get(CUSTOMERS, "42");
        assertWithin(7_000);
    }

    private void assertWithin(long millis) throws InterruptedException {
        Deadline deadline = server.deadlines.poll(10, TimeUnit.SECONDS);
        assertThat(deadline).isNotNull();
        assertThat(deadline.timeRemaining(TimeUnit.MILLISECONDS)).isLessThanOrEqualTo(millis);
        assertThat(deadline.offset(500, TimeUnit.MILLISECONDS).isExpired()).isFalse();
    }

    @Test
    void endsAReadAtItsDeadline() {
        server.get = request -> null;
        UnavailableException failure = catchThrowableOfType(
                UnavailableException.class,
                () -> client.withDeadline(Duration.ofMillis(20)).get(CUSTOMERS, "42"));
        assertThat(failure.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(failure).hasMessageStartingWith("Get of customer-360.v1: DEADLINE_EXCEEDED: ");
    }

    @Test
    void refusesADeadlineOfNothing() {
        assertThatThrownBy(() -> client.withDeadline(Duration.ZERO)).hasMessage("deadline: PT0S (expected: > 0)");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, REASON_KEY_TOO_LONG, InvalidRequestException",
        "INVALID_ARGUMENT, REASON_INVALID_DATASET, InvalidRequestException",
        "UNIMPLEMENTED, REASON_UNSUPPORTED_OPTION, InvalidRequestException",
        "NOT_FOUND, REASON_UNKNOWN_DATASET, NotFoundException",
        "NOT_FOUND, REASON_VERSION_ROLLED_BACK, NotFoundException",
        "FAILED_PRECONDITION, REASON_TOO_OLD, StaleDataException",
        "FAILED_PRECONDITION, REASON_VERSION_EXPIRED, StaleDataException",
        "DATA_LOSS, REASON_BUCKET_LOST, DataLossException",
        "DATA_LOSS, REASON_BUCKET_CORRUPT, DataLossException",
        "UNAVAILABLE, REASON_STORE_UNREACHABLE, UnavailableException",
        "UNAVAILABLE, REASON_REVISION_NOT_REACHED, UnavailableException",
        "RESOURCE_EXHAUSTED, REASON_OVERLOADED, UnavailableException",
        "RESOURCE_EXHAUSTED, REASON_QUOTA, UnavailableException",
        "RESOURCE_EXHAUSTED, REASON_RESPONSE_TOO_LARGE, PenstockException",
        "INTERNAL, REASON_INTERNAL, PenstockException",
        "UNAUTHENTICATED, REASON_UNSPECIFIED, PenstockException"
    })
    void turnsStatusesIntoExceptions(Status.Code code, Reason reason, String type) {
        server.get = request -> {
            throw FakeServer.failure(code.toStatus().withDescription("said the server"), reason);
        };
        PenstockException failure = catchThrowableOfType(PenstockException.class, () -> client.get(CUSTOMERS, "42"));
        assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.reason()).isEqualTo(reason);
        String shown =
                reason == Reason.REASON_UNSPECIFIED ? "" : " (" + reason.name().substring("REASON_".length()) + ")";
        assertThat(failure).hasMessage("Get of customer-360.v1: " + code + shown + ": said the server");
        assertThatThrownBy(() -> client.getAsync(CUSTOMERS, "42").get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(failure.getClass())
                .hasMessage(failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"penstock, SOMETHING_NEWER", "elsewhere, BUCKET_LOST", "penstock, RECOGNIZED", "penstock, ''"})
    void takesTheStatusWhereItDoesNotKnowTheReason(String domain, String reason) {
        server.get = request -> {
            throw FakeServer.status(
                    Status.UNAVAILABLE,
                    ErrorInfo.newBuilder().setDomain(domain).setReason(reason).build());
        };
        PenstockException failure = catchThrowableOfType(UnavailableException.class, () -> client.get(CUSTOMERS, "42"));
        assertThat(failure.reason()).isEqualTo(Reason.REASON_UNSPECIFIED);
    }

    @Test
    void takesTheStatusWhereThereAreNoDetails() {
        server.get = request -> {
            throw Status.DATA_LOSS.asRuntimeException();
        };
        assertThatThrownBy(() -> client.get(CUSTOMERS, "42"))
                .isInstanceOf(DataLossException.class)
                .hasMessage("Get of customer-360.v1: DATA_LOSS");
    }

    @Test
    void refusesToPassBytesForAMessageTheyAreNot() {
        assertThatThrownBy(() -> client.get(CUSTOMERS, "42", StringValue.parser()))
                .isInstanceOf(PenstockException.class)
                .hasMessage("Get of customer-360.v1: INTERNAL: the value is not a message of the type it is read as:"
                        + " is it the dataset's contract?");
    }

    @Test
    void refusesOutcomesItDoesNotKnow() {
        server.get = request -> GetResponse.newBuilder().setOutcomeValue(77).build();
        assertThatThrownBy(() -> client.get(CUSTOMERS, "42"))
                .hasMessage("Get of customer-360.v1: INTERNAL: the answer has no outcome this client knows");
    }

    @ParameterizedTest
    @CsvSource({"'', REASON_EMPTY_KEY", "LONG, REASON_KEY_TOO_LONG", "BROKEN, REASON_KEY_NOT_UTF8"})
    void doesNotSendAKeyThatCannotBeOne(String name, Reason reason) {
        String key = switch (name) {
            case "LONG" -> "k".repeat(1_025);
            case "BROKEN" -> "\ud83d";
            default -> name;
        };
        InvalidRequestException failure =
                catchThrowableOfType(InvalidRequestException.class, () -> client.get(CUSTOMERS, key));
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThatThrownBy(() -> client.getAsync(CUSTOMERS, key)).isInstanceOf(InvalidRequestException.class);
        assertThat(server.gets).isEmpty();
    }

    @Test
    void refusesADatasetThatHasNoName() {
        assertThatThrownBy(() -> client.get("", "42"))
                .hasMessage("dataset: 0 characters (expected: 1 to 192, <product>.v<major> or"
                        + " <namespace>/<product>.v<major>)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "minRevision", "maxAge"})
    void refusesOptionsThatMakeNoSense(String option) {
        assertThatThrownBy(() -> {
                    switch (option) {
                        case "version" -> ReadOptions.none().withVersion(-1);
                        case "minRevision" -> ReadOptions.none().withMinRevision(-1);
                        default -> ReadOptions.none().withMaxAge(Duration.ZERO);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(option + ": ");
    }

    @Test
    void cancelsTheCallOfACancelledFuture() throws Exception {
        server.get = request -> null;
        CompletableFuture<Lookup<ByteString>> future = client.getAsync(CUSTOMERS, "42");
        assertThat(server.deadlines.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(future.cancel(false)).isTrue();
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsABlockingReadWhenItsThreadIsInterrupted() {
        server.get = request -> null;
        Thread.currentThread().interrupt();
        PenstockException failure = catchThrowableOfType(PenstockException.class, () -> client.get(CUSTOMERS, "42"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void readsNothingOnceItIsClosed() {
        client.close();
        client.close();
        assertThatThrownBy(() -> client.get(CUSTOMERS, "42"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("client: closed (expected: open for as long as it is used)");
        assertThatThrownBy(() -> client.getAsync(CUSTOMERS, "42")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.session().get(CUSTOMERS, "42")).isInstanceOf(IllegalStateException.class);
    }
}
