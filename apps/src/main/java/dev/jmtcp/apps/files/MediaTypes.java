package dev.jmtcp.apps.files;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The media types of files, by the ends of their names. */
final class MediaTypes {

    private static final byte[] UNKNOWN = bytes("application/octet-stream");

    private static final Map<String, byte[]> BY_EXTENSION = Map.ofEntries(
            type("html", "text/html; charset=utf-8"),
            type("htm", "text/html; charset=utf-8"),
            type("txt", "text/plain; charset=utf-8"),
            type("md", "text/plain; charset=utf-8"),
            type("css", "text/css; charset=utf-8"),
            type("js", "text/javascript; charset=utf-8"),
            type("mjs", "text/javascript; charset=utf-8"),
            type("json", "application/json"),
            type("xml", "application/xml"),
            type("pdf", "application/pdf"),
            type("wasm", "application/wasm"),
            type("zip", "application/zip"),
            type("gz", "application/gzip"),
            type("png", "image/png"),
            type("jpg", "image/jpeg"),
            type("jpeg", "image/jpeg"),
            type("gif", "image/gif"),
            type("svg", "image/svg+xml"),
            type("webp", "image/webp"),
            type("ico", "image/vnd.microsoft.icon"),
            type("mp4", "video/mp4"),
            type("webm", "video/webm"),
            type("mp3", "audio/mpeg"),
            type("woff2", "font/woff2"));

    private MediaTypes() {}

    /** The media type of a file, in ASCII; not to be changed. */
    static byte[] of(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1);
        return BY_EXTENSION.getOrDefault(extension.toLowerCase(Locale.ROOT), UNKNOWN);
    }

    private static Map.Entry<String, byte[]> type(String extension, String type) {
        return Map.entry(extension, bytes(type));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
