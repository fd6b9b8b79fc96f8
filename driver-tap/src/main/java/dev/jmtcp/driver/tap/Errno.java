package dev.jmtcp.driver.tap;

/** Numbers of errors, of asm-generic/errno.h. */
final class Errno {

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOBUFS = 105;
    static final int EADDRNOTAVAIL = 99;

    private Errno() {}

    /** Whether a read or write that failed so is to be tried again later. */
    static boolean isPassing(int errno) {
        return errno == EAGAIN || errno == EINTR || errno == ENOMEM || errno == ENOBUFS;
    }

    /** What an error means, with its number. */
    static String text(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted (EPERM)";
            case ENOENT -> "no such file (ENOENT)";
            case EIO -> "input/output error (EIO)";
            case ENOMEM -> "out of memory (ENOMEM)";
            case EACCES -> "permission denied (EACCES)";
            case EBUSY -> "in use (EBUSY)";
            case ENODEV -> "no such device (ENODEV)";
            case EINVAL -> "invalid argument (EINVAL)";
            case EADDRNOTAVAIL -> "address not available (EADDRNOTAVAIL)";
            default -> "error " + errno;
        };
    }
}
