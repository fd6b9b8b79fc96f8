package dev.jmtcp.packetdrill.script;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A TCP option in a script. */
public sealed interface OptionSpec {

    record EndOfList() implements OptionSpec {
        @Override
        public String toString() {
            return "eol";
        }
    }

    record NoOperation() implements OptionSpec {
        @Override
        public String toString() {
            return "nop";
        }
    }

    record MaximumSegment(int size) implements OptionSpec {
        @Override
        public String toString() {
            return "mss " + size;
        }
    }

    record WindowScale(int shift) implements OptionSpec {
        @Override
        public String toString() {
            return "wscale " + shift;
        }
    }

    record SackPermitted() implements OptionSpec {
        @Override
        public String toString() {
            return "sackOK";
        }
    }

    /** Blocks of sequence numbers, relative to the initial one. */
    record Sack(List<Block> blocks) implements OptionSpec {
        public Sack {
            blocks = List.copyOf(blocks);
        }

        @Override
        public String toString() {
            return blocks.stream()
                    .map(block -> block.left() + ":" + block.right())
                    .collect(Collectors.joining(" ", "sack ", ""));
        }
    }

    /** A block of a SACK option: from, to (exclusive). */
    record Block(long left, long right) {}

    record Timestamps(long value, long echo) implements OptionSpec {
        @Override
        public String toString() {
            return "TS val " + value + " ecr " + echo;
        }
    }

    /**
     * Any option that is bytes only: MD5, Fast Open, AccECN, unknown kinds.
     *
     * @param name what scripts call it
     * @param kind its number
     * @param hex its content in hexadecimal digits
     */
    record Raw(String name, int kind, String hex) implements OptionSpec {

        /** The content. */
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return (name + " " + hex).strip();
        }
    }
}
