package dev.jmtcp.spi.tck.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.tck.DriverFixture;
import dev.jmtcp.spi.tck.PacketIoContractTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The test of the contract test: a driver that breaks the contract in one way fails the tests that hold it to that. */
class BrokenDriverTest {

    /** The defect under test: the engine makes the contract's instance. */
    private static Defect defect = Defect.NONE;

    /** Not to be found by the test runner: nested and not an inner class. */
    static final class Contract extends PacketIoContractTest {
        @Override
        protected DriverFixture fixture() {
            String wire = "broken-" + defect;
            return DriverFixture.connected(
                            new ReferenceProvider(defect), PortConfig.of(wire + ":a"), PortConfig.of(wire + ":b"))
                    .options(Map.of("offload", defect == Defect.TAKES_UNLISTED_WORK ? "off" : "on"))
                    .patience(Duration.ofMillis(200))
                    .soak(30_000)
                    .queues(2);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void contract_driverBrokenInOneWay_failsTheTestsOfThat(Defect broken) {
        List<String> failing = failing(broken);

        assertThat(failed(broken, failing)).containsExactlyInAnyOrderElementsOf(failing);
        assertThat(failing).isNotEmpty();
    }

    /** The names of those of the given contract tests that fail with this defect. */
    private static List<String> failed(Defect broken, List<String> tests) {
        defect = broken;
        Events events = EngineTestKit.engine("junit-jupiter")
                .selectors(tests.stream()
                        .map(test -> selectMethod(Contract.class, test))
                        .toArray(DiscoverySelector[]::new))
                .execute()
                .testEvents();
        assertThat(events.started().count()).as("tests found").isEqualTo(tests.size());
        return events.failed().stream()
                .map(event -> event.getTestDescriptor().getDisplayName().replace("()", ""))
                .toList();
    }

    private static List<String> failing(Defect broken) {
        return switch (broken) {
            case NONE -> List.of();
            case REORDERS ->
                List.of(
                        "receive_framesOfAllLengths_comeInOrderAsTheyWereSent",
                        "receive_burstOf64_leavesTheRest",
                        "receive_manyTimesThePool_neverRunsDry");
            case DUPLICATES ->
                List.of(
                        "receive_framesOfAllLengths_comeInOrderAsTheyWereSent",
                        "queues_everyFrame_reachesExactlyOne",
                        "queues_aThreadEach_doNotDisturbEachOther");
            case TRUNCATES_LONG_FRAMES -> List.of("commit_upToTheMtu_arrives");
            case PADS_WITH_GARBAGE -> List.of("commit_aroundTheEthernetMinimum_arrivesAsItIsOrPadded");
            case DROPS_SILENTLY_WHEN_FULL ->
                List.of(
                        "reserve_nobodyReceives_isAnsweredFullAndLosesNothing",
                        "reserve_fullThenOneByOne_goesOnWhereItStopped",
                        "statistics_receiverOverrun_missNoFrame");
            case OVERWRITES_HELD_FRAMES ->
                List.of(
                        "receivedFrames_moreIsSent_stayAsTheyAre",
                        "receivedFrames_writtenInPlace_stayAsWrittenAndHarmNoOther");
            case LOSES_WHAT_A_BURST_CANNOT_HOLD ->
                List.of(
                        "receive_burstOfOne_leavesTheRest",
                        "receive_burstOf2_leavesTheRest",
                        "receive_burstOf32_leavesTheRest",
                        "receive_burstOf64_leavesTheRest",
                        "receive_burstsOfChangingSize_loseNothing",
                        "await_framesLeftByASmallBurst_returns");
            case LEAVES_THE_BURST_FILLED -> List.of("receive_nothingThere_emptiesTheBurst");
            case LEAKS_FRAMES -> List.of("receive_manyTimesThePool_neverRunsDry");
            case LEAKS_ABANDONED_FRAMES -> List.of("reserve_abandonedOverAndOver_leaksNothing");
            case ALLOCATES -> List.of("warm_manyPackets_allocateNothing", "warm_fullRing_allocatesNothing");
            case ALLOCATES_IN_AWAIT -> List.of("warm_awaitsAndWakeups_allocateNothing");
            case RESERVES_ANY_LENGTH -> List.of("reserve_lengthThatNoFrameHas_isRefused");
            case COMMITS_ANY_LENGTH, REFUSED_COMMIT_ABANDONS ->
                List.of("commit_badLength_isRefusedAndLeavesTheFrameReserved");
            case FLUSH_ABANDONS -> List.of("reservedFrame_receiveFlushAndAwait_staysReserved");
            case COMMITS_WITHOUT_RESERVE ->
                List.of(
                        "commit_withoutReserve_isRefused",
                        "reserve_ringFullBeforeAFlush_isAnsweredFullAndLosesNothing");
            case FORGETS_WAKEUPS -> List.of("wakeup_beforeAwait_endsTheNextOne");
            case SLEEPS_THROUGH_FRAMES ->
                List.of(
                        "await_frameIsThere_returns",
                        "await_framesLeftByASmallBurst_returns",
                        "await_writableAgainAfterFull_returns");
            case SLEEPS_THROUGH_CLOSE -> List.of("close_fromAnotherThread_endsAwait");
            case WORKS_AFTER_CLOSE -> List.of("close_thenAnyQueueCall_isRefused");
            case CLOSES_NOTHING -> List.of("close_inTheMiddleOfTraffic_canBeOpenedAgain");
            case CLOSES_ONCE_ONLY -> List.of("close_again_doesNothing");
            case IGNORES_UNKNOWN_OPTIONS ->
                List.of(
                        "open_unknownOption_isRefusedNamingIt",
                        "open_unknownPortOption_isRefusedNamingIt",
                        "open_afterRefusals_works");
            case IGNORES_BAD_VALUES -> List.of("open_nonsenseInAnOption_isRefusedNamingIt");
            case PICKS_THE_WRONG_QUEUE, TELLS_A_WRONG_HASH ->
                List.of("queues_whereRssIsListed_flowArrivesWhereItsHashPoints");
            case FILLS_IN_NO_CHECKSUM ->
                List.of(
                        "commit_checksumsLeftToTheDevice_frameComesOutRight",
                        "commit_segmentationWhereListed_streamComesOutInSegments");
            case TAKES_UNLISTED_WORK -> List.of("commit_offloadThatIsNotListed_isRefusedAndLeavesTheFrameReserved");
            case SEGMENTS_WRONGLY -> List.of("commit_segmentationWhereListed_streamComesOutInSegments");
            case CALLS_ALL_CHECKSUMS_GOOD -> List.of("receive_wrongTcpChecksum_isNotCalledGood");
            case COUNTS_RESERVED_BYTES, COUNTS_NO_RECEIVED_FRAMES ->
                List.of("statistics_framesPass_countEachWithItsBytes");
        };
    }
}
