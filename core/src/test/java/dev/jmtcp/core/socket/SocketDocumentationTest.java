package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The document has every call of mTCP, every error and every option. */
class SocketDocumentationTest {

    private static final String[] CALLS = {
        "init",
        "destroy",
        "getconf",
        "setconf",
        "core_affinitize",
        "create_context",
        "destroy_context",
        "register_signal",
        "pipe",
        "getsockopt",
        "setsockopt",
        "setsock_nonblock",
        "socket_ioctl",
        "socket",
        "bind",
        "listen",
        "accept",
        "init_rss",
        "connect",
        "close",
        "abort",
        "getsockname",
        "getpeername",
        "recv",
        "read",
        "readv",
        "write",
        "writev",
        "epoll_create",
        "epoll_create1",
        "epoll_ctl",
        "epoll_wait"
    };

    private final String text =
            Files.readString(Path.of("..").toAbsolutePath().normalize().resolve("docs/socket-api.md"));

    SocketDocumentationTest() throws IOException {}

    @Test
    void everyCallOfMtcp_isThere() {
        for (String call : CALLS) {
            assertThat(text).containsPattern("`mtcp_" + call + "\\b");
        }
        assertThat(text).contains("`EventToString`");
    }

    @Test
    void everyError_isThere() {
        for (Errno errno : Errno.values()) {
            assertThat(text).contains("`" + errno + "`");
        }
    }

    @Test
    void everyOption_isThere() throws IllegalAccessException {
        for (Field field : MtcpOptions.class.getFields()) {
            assertThat(text).contains("`" + field.getName() + "`");
            assertThat(((java.net.SocketOption<?>) field.get(null)).name()).isEqualTo(field.getName());
        }
    }
}
