package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Toeplitz against the vectors of Microsoft's "Verifying the RSS Hash Calculation", and against the definition of the hash. */
class ToeplitzTest {

    private static final byte[] VERIFICATION_KEY =
            HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private final Toeplitz toeplitz = new Toeplitz(VERIFICATION_KEY);

    @ParameterizedTest
    @CsvSource({
        "66.9.149.187, 2794, 161.142.100.80, 1766, 323e8fc2, 51ccc178",
        "199.92.111.2, 14230, 65.69.140.83, 4739, d718262a, c626b0ea",
        "24.19.198.95, 12898, 12.22.207.184, 38024, d2d0a5de, 5c2b394a",
        "38.27.205.30, 48228, 209.142.163.6, 2217, 82989176, afc7327f",
        "153.39.163.191, 44251, 202.188.127.2, 1303, 5d1809c5, 10e828a2"
    })
    void hash_ipv4Vectors_match(
            String source, int sourcePort, String destination, int destinationPort, String addressHash, String tcpHash)
            throws UnknownHostException {
        int from = ByteBuffer.wrap(InetAddress.getByName(source).getAddress()).getInt();
        int to =
                ByteBuffer.wrap(InetAddress.getByName(destination).getAddress()).getInt();

        assertThat(toeplitz.hash(from, to)).isEqualTo(HexFormat.fromHexDigits(addressHash));
        assertThat(toeplitz.hash(from, to, sourcePort, destinationPort)).isEqualTo(HexFormat.fromHexDigits(tcpHash));
    }

    @ParameterizedTest
    @CsvSource({
        "3ffe:2501:200:1fff::7, 2794, 3ffe:2501:200:3::1, 1766, 2cc18cd5, 40207d3d",
        "3ffe:501:8::260:97ff:fe40:efab, 14230, ff02::1, 4739, 0f0c461c, dde51bbf",
        "3ffe:1900:4545:3:200:f8ff:fe21:67cf, 44251, fe80::200:f8ff:fe21:67cf, 38024, 4b61e985, 02d1feef"
    })
    void hash_ipv6Vectors_match(
            String source, int sourcePort, String destination, int destinationPort, String addressHash, String tcpHash)
            throws UnknownHostException {
        ByteBuffer from = ByteBuffer.wrap(Inet6Address.getByName(source).getAddress());
        ByteBuffer to = ByteBuffer.wrap(Inet6Address.getByName(destination).getAddress());

        assertThat(toeplitz.hash(from.getLong(0), from.getLong(8), to.getLong(0), to.getLong(8)))
                .isEqualTo(HexFormat.fromHexDigits(addressHash));
        assertThat(toeplitz.hash(
                        from.getLong(0), from.getLong(8), to.getLong(0), to.getLong(8), sourcePort, destinationPort))
                .isEqualTo(HexFormat.fromHexDigits(tcpHash));
    }

    @Test
    void hash_randomKeysAndTuples_matchTheDefinition() {
        long seed = 1;
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var key = new byte[Toeplitz.MINIMUM_KEY_LENGTH + random.nextInt(13)];
            random.nextBytes(key);
            int source = random.nextInt();
            int destination = random.nextInt();
            int sourcePort = random.nextInt(1 << 16);
            int destinationPort = random.nextInt(1 << 16);
            byte[] tuple = ByteBuffer.allocate(12)
                    .putInt(source)
                    .putInt(destination)
                    .putShort((short) sourcePort)
                    .putShort((short) destinationPort)
                    .array();

            assertThat(new Toeplitz(key).hash(source, destination, sourcePort, destinationPort))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(byDefinition(key, tuple));
        }
    }

    @Test
    void hash_symmetricKey_isTheSameBothWays() {
        long seed = 2;
        var random = new Random(seed);
        var symmetric = new Toeplitz(Toeplitz.symmetricKey());
        for (int round = 0; round < 1000; round++) {
            int here = random.nextInt();
            int there = random.nextInt();
            long here6 = random.nextLong();
            long there6 = random.nextLong();
            int herePort = random.nextInt(1 << 16);
            int therePort = random.nextInt(1 << 16);

            assertThat(symmetric.hash(here, there, herePort, therePort))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(symmetric.hash(there, here, therePort, herePort));
            assertThat(symmetric.hash(here6, 7, there6, 9, herePort, therePort))
                    .as("seed %d, round %d, IPv6", seed, round)
                    .isEqualTo(symmetric.hash(there6, 9, here6, 7, therePort, herePort));
        }
    }

    @Test
    void symmetricKey_manyFlows_spreadsThemOver64Hashes() {
        var symmetric = new Toeplitz(Toeplitz.symmetricKey());
        long different = java.util.stream.IntStream.range(1024, 2048)
                .map(port -> symmetric.hash(0x0a000001, 0x0a000002, port, 80))
                .distinct()
                .count();

        assertThat(different).isEqualTo(64);
    }

    @Test
    void symmetricKey_asked_isAFreshArray() {
        byte[] key = Toeplitz.symmetricKey();
        Arrays.fill(key, (byte) 0);

        assertThat(Toeplitz.symmetricKey()).hasSize(40).containsOnly(5);
    }

    @Test
    void key_changedLater_changesNothing() {
        byte[] key = VERIFICATION_KEY.clone();
        var hash = new Toeplitz(key);
        Arrays.fill(key, (byte) 0);

        assertThat(hash.hash(0x420995bb, 0xa18e6450, 2794, 1766)).isEqualTo(0x51ccc178);
    }

    @Test
    void key_tooShort_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Toeplitz(new byte[39]));
    }

    /** For every bit of the input that is set, from the left, the 32 leftmost bits of the key; then the key shifts left by one. */
    private static int byDefinition(byte[] key, byte[] input) {
        int hash = 0;
        for (int bit = 0; bit < 8 * input.length; bit++) {
            if ((input[bit / 8] & 0x80 >> bit % 8) != 0) {
                int window = 0;
                for (int i = bit; i < bit + 32; i++) {
                    window = window << 1 | key[i / 8] >> 7 - i % 8 & 1;
                }
                hash ^= window;
            }
        }
        return hash;
    }
}
