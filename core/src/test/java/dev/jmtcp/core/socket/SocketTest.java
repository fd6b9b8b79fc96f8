package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketTest {

    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void connect_listener_accepted() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        MtcpSocket client = net.client.socket();

        assertThat(client.connect(serverAddress(80))).isTrue();
        MtcpSocket accepted = listener.accept();

        assertThat(client.remoteAddress()).isEqualTo(serverAddress(80));
        assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
        assertThat(client.write(bytes("hello"))).isEqualTo(5);
        assertThat(read(accepted)).isEqualTo("hello");
        assertThat(accepted.write(bytes("world"))).isEqualTo(5);
        assertThat(read(client)).isEqualTo("world");
        client.close();
        assertThat(read(accepted)).isEqualTo("EOF");
        accepted.close();
    }
}
