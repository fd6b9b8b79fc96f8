package dev.jmtcp.packetdrill;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results in the XML format that JUnit made common: a failed script is a failure, an unsupported one is skipped. */
public final class JunitReport {

    private static final double SECOND = 1e9;

    private JunitReport() {}

    /** Writes a report. */
    public static void write(Path file, List<Suite.Result> results) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            suite(xml, results);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void suite(XMLStreamWriter xml, List<Suite.Result> results) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "packetdrill");
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", count(results, Outcome.Failed.class));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", count(results, Outcome.Unsupported.class));
        xml.writeAttribute(
                "time", seconds(results.stream().mapToLong(Suite.Result::nanos).sum()));
        for (Suite.Result result : results) {
            xml.writeCharacters("\n  ");
            testCase(xml, result);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, Suite.Result result) throws XMLStreamException {
        Path folder = result.script().getParent();
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", folder == null ? "." : folder.toString());
        xml.writeAttribute("name", String.valueOf(result.script().getFileName()));
        xml.writeAttribute("time", seconds(result.nanos()));
        switch (result.outcome()) {
            case Outcome.Passed() -> {}
            case Outcome.Failed(int line, String message) -> {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", "line " + line + ": " + firstLine(message));
                xml.writeCharacters(clean(message));
                xml.writeEndElement();
            }
            case Outcome.Unsupported(int line, String reason) -> {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", "line " + line + ": " + clean(reason));
            }
        }
        xml.writeEndElement();
    }

    private static String firstLine(String message) {
        return clean(message.lines().findFirst().orElse(""));
    }

    /** Without the characters that XML cannot hold. */
    private static String clean(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x20-\\uFFFD]", "?");
    }

    private static String seconds(long nanos) {
        return String.format(java.util.Locale.ROOT, "%.3f", nanos / SECOND);
    }

    private static String count(List<Suite.Result> results, Class<? extends Outcome> kind) {
        return Long.toString(results.stream()
                .filter(result -> kind.isInstance(result.outcome()))
                .count());
    }
}
