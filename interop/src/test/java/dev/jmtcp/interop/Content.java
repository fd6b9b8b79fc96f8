package dev.jmtcp.interop;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/** What the transfers of a test carry: bytes made from a seed, and the SHA-256 digest by which the two ends compare them. */
final class Content {

    private static final int PIECE = 64 * 1024;

    /** Where bytes go to, all of them. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes, int length) throws IOException;
    }

    /** Where bytes come from: how many were read, or −1 at the end. */
    @FunctionalInterface
    interface Source {
        int read(byte[] bytes, int offset, int length) throws IOException;
    }

    private Content() {}

    /** Sends this many bytes; their digest. */
    static byte[] send(long seed, long length, Sink sink) throws IOException {
        var random = new SplittableRandom(seed);
        MessageDigest digest = sha256();
        var piece = new byte[PIECE];
        for (long left = length; left > 0; ) {
            // Pieces of any size, so that segments begin and end anywhere.
            int size = (int) Math.min(left, 1 + random.nextInt(PIECE));
            random.nextBytes(piece);
            digest.update(piece, 0, size);
            sink.write(piece, size);
            left -= size;
        }
        return digest.digest();
    }

    /** Receives this many bytes; their digest. */
    static byte[] receive(long length, Source source) throws IOException {
        MessageDigest digest = sha256();
        var piece = new byte[PIECE];
        for (long left = length; left > 0; ) {
            int n = source.read(piece, 0, (int) Math.min(left, PIECE));
            if (n < 0) {
                throw new EOFException(left + " of " + length + " bytes are missing");
            }
            digest.update(piece, 0, n);
            left -= n;
        }
        return digest.digest();
    }

    /** Makes a file of so many bytes; its digest. */
    static byte[] file(Path file, long seed, long length) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return send(seed, length, (bytes, n) -> out.write(bytes, 0, n));
        }
    }

    /** Reads to the end; the digest of what came. */
    static byte[] digest(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        var piece = new byte[PIECE];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            digest.update(piece, 0, n);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
