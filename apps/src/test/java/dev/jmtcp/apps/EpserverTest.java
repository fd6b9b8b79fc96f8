package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** epserver, as it is run, with a client of every manner on the other end of the wire. */
class EpserverTest {

    /** Larger than all buffers, and than what is kept in memory. */
    private static final int LARGE = 10 << 20;

    private static final String PATTERN = "0123456789";

    @TempDir
    private Path folder;

    /** What a test does. */
    @FunctionalInterface
    private interface Exchange {
        void with(Network network, Context client) throws Exception;
    }

    private void exchange(String serverConfig, Exchange exchange) throws Exception {
        try (var network = new Network(folder, 1, serverConfig);
                var jmtcp = Jmtcp.init(network.clientConfig());
                var client = jmtcp.createContext(0)) {
            Files.writeString(network.www.resolve("digits"), PATTERN);
            Files.writeString(network.www.resolve("index.html"), "index");
            exchange.with(network, client);
        }
    }

    private void exchange(Exchange exchange) throws Exception {
        exchange("", exchange);
    }

    private static byte[] large(Network network) throws IOException {
        var bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        Files.write(network.www.resolve("large"), bytes);
        return bytes;
    }

    @Test
    void keepAlive_manyRequests_areAnsweredOnOneConnection() throws Exception {
        exchange((network, client) -> {
            try (var peer = new HttpPeer(client)) {
                for (int i = 0; i < 300; i++) {
                    HttpPeer.Answer answer = peer.get("/digits");
                    assertThat(answer.status()).isEqualTo("HTTP/1.1 200 OK");
                    assertThat(answer.text()).isEqualTo(PATTERN);
                    assertThat(answer.field("connection")).isEqualTo("Keep-Alive");
                }
            }
            assertThat(network.stop()).as(network.shown().toString()).isZero();
            assertThat(network.shown().toString()).contains("Served 300 requests on 1 connections, broken: 0");
        });
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws Exception {
        exchange((network, client) -> {
            try (var peer = new HttpPeer(client)) {
                int requests = 500;
                peer.send("GET /digits HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(requests));
                for (int i = 0; i < requests; i++) {
                    assertThat(peer.answer(true).text()).isEqualTo(PATTERN);
                    assertThat(peer.answer(false).field("content-length")).isEqualTo("5");
                }
            }
        });
    }

    @Test
    void range_isAnsweredWithThatPart() throws Exception {
        exchange((network, client) -> {
            byte[] large = large(network);
            try (var peer = new HttpPeer(client)) {
                HttpPeer.Answer answer = peer.get("/digits", "Range: bytes=2-4");
                assertThat(answer.status()).isEqualTo("HTTP/1.1 206 Partial Content");
                assertThat(answer.field("content-range")).isEqualTo("bytes 2-4/10");
                assertThat(answer.text()).isEqualTo("234");

                int from = LARGE - 1_000_000;
                byte[] end = peer.get("/large", "Range: bytes=" + from + "-").content();
                assertThat(Arrays.equals(end, Arrays.copyOfRange(large, from, LARGE)))
                        .isTrue();
                assertThat(peer.get("/digits", "Range: bytes=10-").status()).contains("416");
            }
        });
    }

    @Test
    void head_andErrors_keepTheConnection() throws Exception {
        exchange((network, client) -> {
            try (var peer = new HttpPeer(client)) {
                HttpPeer.Answer head = peer.ask("HEAD", "/digits");
                assertThat(head.status()).contains("200");
                assertThat(head.field("content-length")).isEqualTo("10");
                assertThat(peer.get("/none").status()).isEqualTo("HTTP/1.1 404 Not Found");
                assertThat(peer.ask("DELETE", "/digits").status()).contains("405");
                assertThat(peer.get("/").text()).isEqualTo("index");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../server.conf", "/%2e%2e/server.conf", "/x/../../server.conf", "/link"})
    void pathOutOfTheFolder_isRefused(String path) throws Exception {
        exchange((network, client) -> {
            Files.createSymbolicLink(network.www.resolve("link"), folder.resolve("server.conf"));
            try (var peer = new HttpPeer(client)) {
                assertThat(peer.get(path).status()).matches("HTTP/1.1 40[04] .*");
            }
        });
    }

    @Test
    void close_asked_endsTheConnectionAfterTheAnswer() throws Exception {
        exchange((network, client) -> {
            try (var peer = new HttpPeer(client)) {
                HttpPeer.Answer answer = peer.get("/digits", "Connection: close");
                assertThat(answer.text()).isEqualTo(PATTERN);
                assertThat(answer.field("connection")).isEqualTo("Close");
                assertThat(peer.isAtEnd()).isTrue();
            }
        });
    }

    @Test
    void requestsAfterTheLast_doNotCostTheAnswer() throws Exception {
        exchange((network, client) -> {
            large(network);
            try (var peer = new HttpPeer(client)) {
                peer.send("GET /large HTTP/1.1\r\nHost: x\r\nRange: bytes=0-999999\r\nConnection: close\r\n\r\n"
                        + "GET /digits HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000));
                assertThat(peer.answer(true).content()).hasSize(1_000_000);
                assertThat(peer.isAtEnd()).isTrue();
            }
        });
    }

    @Test
    void clientThatHasShutItsSide_getsItsAnswer() throws Exception {
        exchange((network, client) -> {
            try (var peer = new HttpPeer(client)) {
                peer.send("GET /digits HTTP/1.1\r\nHost: x\r\n\r\n");
                peer.socket.shutdown(MtcpSocket.Direction.WRITE);
                assertThat(peer.answer(true).text()).isEqualTo(PATTERN);
                assertThat(peer.isAtEnd()).isTrue();
            }
            assertThat(network.stop()).as(network.shown().toString()).isZero();
            assertThat(network.shown().toString()).contains("Served 1 requests on 1 connections, broken: 0");
        });
    }

    @Test
    void largeFile_isSentWhole_whileASlowReaderHoldsUpNobody() throws Exception {
        exchange((network, client) -> {
            byte[] large = large(network);
            try (var slow = new HttpPeer(client);
                    var quick = new HttpPeer(client)) {
                slow.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
                slow.read(1);
                for (int i = 0; i < 100; i++) {
                    assertThat(quick.get("/digits").text()).isEqualTo(PATTERN);
                }
                assertThat(Arrays.equals(quick.get("/large").content(), large)).isTrue();
                slow.unread('H');
                assertThat(Arrays.equals(slow.answer(true).content(), large)).isTrue();
            }
        });
    }

    @Test
    void abortInTheMiddle_concernsNobodyElse() throws Exception {
        exchange((network, client) -> {
            large(network);
            try (var other = new HttpPeer(client)) {
                for (int i = 0; i < 20; i++) {
                    var peer = new HttpPeer(client);
                    peer.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
                    peer.read(1000 * i + 1);
                    peer.socket.abort();
                    assertThat(other.get("/digits").text()).isEqualTo(PATTERN);
                }
            }
            assertThat(network.stop()).as(network.shown().toString()).isZero();
            assertThat(network.shown().toString())
                    .contains("Served 40 requests on 21 connections, broken: 20, cut off: 0");
        });
    }

    @Test
    void silentClient_isLetGoAfterTheTimeout() throws Exception {
        exchange("tcp_timeout = 200ms\n", (network, client) -> {
            try (var silent = new HttpPeer(client);
                    var halfway = new HttpPeer(client)) {
                halfway.send("GET /digits HT");
                assertThatThrownBy(silent::isAtEnd)
                        .isInstanceOf(MtcpException.class)
                        .hasMessageContaining("ECONNRESET");
                assertThatThrownBy(halfway::isAtEnd)
                        .isInstanceOf(MtcpException.class)
                        .hasMessageContaining("ECONNRESET");
                assertThat(network.stop()).isZero();
                assertThat(network.shown().toString()).contains("Served 0 requests on 2 connections, broken: 2");
            }
        });
    }

    @Test
    void interrupt_duringATransfer_letsItFinish_andEndsIdleConnections() throws Exception {
        exchange((network, client) -> {
            byte[] large = large(network);
            try (var idle = new HttpPeer(client);
                    var busy = new HttpPeer(client)) {
                assertThat(idle.get("/digits").text()).isEqualTo(PATTERN);
                busy.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
                busy.read(1);
                network.interrupt();
                assertThat(idle.isAtEnd()).isTrue();
                assertThatThrownBy(() -> new HttpPeer(client)).hasMessageContaining("ECONNREFUSED");
                busy.unread('H');
                assertThat(Arrays.equals(busy.answer(true).content(), large)).isTrue();
            }
            assertThat(network.stop()).as(network.shown().toString()).isZero();
            assertThat(network.shown().toString())
                    .contains("Served 2 requests on 2 connections, broken: 0, cut off: 0");
        });
    }

    @Test
    void interrupt_duringATransferThatDoesNotEnd_cutsItOffAfterAWhile() throws Exception {
        exchange((network, client) -> {
            large(network);
            try (var stuck = new HttpPeer(client)) {
                stuck.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
                stuck.read(1);
                long start = System.nanoTime();
                assertThat(network.stop()).isEqualTo(1);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Network.LIMITS.drainNanos());
                assertThat(network.shown().toString())
                        .contains("Served 1 requests on 1 connections, broken: 0, cut off: 1");
            }
        });
    }
}
