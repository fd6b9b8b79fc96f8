package dev.jmtcp.driver.netmap;

/** Numbers of errors, of asm-generic/errno.h. */
final class Errno {

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int EOPNOTSUPP = 95;

    private Errno() {}

    /** What an error means, with its number. */
    static String text(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted (EPERM)";
            case ENOENT -> "no such file (ENOENT)";
            case EIO -> "input/output error (EIO)";
            case ENXIO -> "no such device (ENXIO)";
            case ENOMEM -> "out of memory (ENOMEM)";
            case EACCES -> "permission denied (EACCES)";
            case EBUSY -> "in use (EBUSY)";
            case ENODEV -> "no such device (ENODEV)";
            case EINVAL -> "invalid argument (EINVAL)";
            case ENOTTY -> "no such request (ENOTTY)";
            case EOPNOTSUPP -> "not supported (EOPNOTSUPP)";
            default -> "error " + errno;
        };
    }
}
