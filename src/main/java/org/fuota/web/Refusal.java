package org.fuota.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.fuota.error.ErrorCode;

/** Why a request was refused, for whoever counts: by a rule of ours, by a failure, or by the container. */
public enum Refusal {
    INVALID,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    PRECONDITION_FAILED,
    TOO_LARGE,
    WRAPPED,
    REFUSED_IMAGE,
    STORAGE_FULL,
    UNAVAILABLE,
    /** A bug, or trouble that no rule foresees: 500. */
    FAILED,
    /** Missing, or wrong. */
    CREDENTIALS,
    /** Of a user that may not do this. */
    ROLE,
    /** Nobody's. */
    UNKNOWN_URL,
    /** Anything else that the container refused by itself. */
    OTHER;

    /** Its name in metrics, such as {@code not_found}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Refusal of(ErrorCode code) {
        return valueOf(code.name());
    }

    /** @param status what the container was about to answer, before its 401 becomes a 403 */
    static Refusal ofContainer(int status) {
        return switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST -> INVALID;
            case HttpServletResponse.SC_UNAUTHORIZED -> CREDENTIALS;
            case HttpServletResponse.SC_FORBIDDEN -> ROLE;
            case HttpServletResponse.SC_NOT_FOUND -> UNKNOWN_URL;
            case HttpServletResponse.SC_INTERNAL_SERVER_ERROR -> FAILED;
            default -> OTHER;
        };
    }
}
