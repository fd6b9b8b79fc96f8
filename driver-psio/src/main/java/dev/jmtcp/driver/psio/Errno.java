package dev.jmtcp.driver.psio;

/** Numbers of errors, of asm-generic/errno.h. */
final class Errno {

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EFAULT = 14;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;

    private Errno() {}

    /** Whether a call that failed so is to be tried again later. EWOULDBLOCK is EAGAIN. */
    static boolean isPassing(int errno) {
        return errno == EAGAIN || errno == EINTR || errno == ENOMEM;
    }

    /** What an error means, with its name. */
    static String text(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted (EPERM)";
            case ENOENT -> "no such file (ENOENT)";
            case EINTR -> "interrupted (EINTR)";
            case EIO -> "input/output error (EIO)";
            case ENXIO -> "no such device or address (ENXIO)";
            case EAGAIN -> "nothing there (EAGAIN)";
            case ENOMEM -> "out of memory (ENOMEM)";
            case EACCES -> "permission denied (EACCES)";
            case EFAULT -> "bad address (EFAULT)";
            case EBUSY -> "in use (EBUSY)";
            case ENODEV -> "no such device (ENODEV)";
            case EINVAL -> "invalid argument (EINVAL)";
            case ENOTTY -> "not understood by the device (ENOTTY)";
            default -> "error " + errno;
        };
    }
}
