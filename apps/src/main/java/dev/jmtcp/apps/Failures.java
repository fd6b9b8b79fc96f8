package dev.jmtcp.apps;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.spi.DeviceFailedException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns exceptions into one line on the error stream and an exit code. */
final class Failures implements IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    Failures() {}

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult result) {
        LOG.debug("the command failed", exception);
        String message = exception.getMessage();
        // these are written for people to read; of others the kind says more than the message
        boolean readable = exception instanceof ConfigException
                || exception instanceof IOException
                || exception instanceof DeviceFailedException;
        command.getErr().println(readable && message != null ? message : "internal error: " + exception);
        command.getErr().flush();
        return exception instanceof ConfigException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
}
