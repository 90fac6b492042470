package org.fuota.error;

/** Why a request isn't granted; {@code org.fuota.web.ErrorFilter} has the HTTP status of each. From {@link #FAILED} on only counted, never thrown. */
public enum ErrorCode {
    /** The request is malformed, or breaks a rule that its sender could know. */
    INVALID,
    /** The request is right, but not for this sender or this way. */
    FORBIDDEN,
    /** What the request names isn't there. */
    NOT_FOUND,
    /** The request contradicts what is stored. */
    CONFLICT,
    /** What is stored isn't what the request was made for. */
    PRECONDITION_FAILED,
    /** The request's body is longer than the limit. */
    TOO_LARGE,
    /** The request's body isn't the thing itself, but a wrapping of it. */
    WRAPPED,
    /** A file that no board would start, or that isn't of the kind that its sender demands. */
    REFUSED_IMAGE,
    /** The disk is full. */
    STORAGE_FULL,
    /** The server itself is in trouble, such as a database that doesn't answer. */
    UNAVAILABLE,
    /** A bug, or trouble that no rule foresees. */
    FAILED,
    /** The container found them missing, or wrong. */
    CREDENTIALS,
    /** Of a user that may not do this. */
    ROLE,
    /** Nobody's. */
    UNKNOWN_URL,
    /** Anything else that the container refused by itself. */
    OTHER
}
