package dev.jmtcp.testsupport;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which requirement a test shows: an id of RFC 9293, Appendix B, such as {@code MUST-13}, or one of those that {@code core/src/test/requirements.txt}
 * adds. From these {@code docs/conformance.md} is made.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.SOURCE)
@Repeatable(Requirement.All.class)
public @interface Requirement {

    /** The id. */
    String value();

    /** Several of them. */
    @Documented
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.SOURCE)
    @interface All {

        /** Each of them. */
        Requirement[] value();
    }
}
