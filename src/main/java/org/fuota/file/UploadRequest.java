package org.fuota.file;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Digests;
import org.fuota.http.Sha256;
import org.fuota.image.ImageReport;
import org.fuota.image.OtherData;
import org.fuota.web.Requests;

/**
 * What a request to upload says of the file, beside its bytes.
 *
 * @param digests of the body, by the name of the header that says so
 * @param mayBeForm whether it says that the body is the fields of a form, as curl says of any {@code --data-binary}
 * @param mustBeApplication whether nothing else is to be taken
 * @param isForced whether a refusal that concerns devices is only a warning
 */
record UploadRequest(Map<String, Sha256> digests, boolean mayBeForm, boolean mustBeApplication, boolean isForced) {
    /** @throws FuotaException when it is malformed, or its body can't be the file itself */
    static UploadRequest of(HttpServletRequest request) {
        if (request.getHeader("Content-Range") != null) {
            // What curl -C sends: the rest of a file, which would replace all of it (RFC 9110, section 14.5).
            throw new FuotaException(ErrorCode.INVALID, "a part of a file can't be uploaded: no Content-Range");
        }
        for (String coding : Requests.header(request, "Content-Encoding")) {
            if (!coding.strip().equalsIgnoreCase("identity")) {
                throw wrapped("the body has a Content-Encoding");
            }
        }
        String type = Optional.ofNullable(request.getContentType()).orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("multipart/")) {
            throw wrapped("the body is a web form");
        }
        Map<String, String> query = Requests.query(request, Set.of("force", "require"));
        if (!query.getOrDefault("require", "application").equals("application")) {
            throw new FuotaException(ErrorCode.INVALID, "require must be application");
        }
        Map<String, Sha256> digests = new LinkedHashMap<>();
        for (String header : new String[] {"Content-Digest", "Repr-Digest"}) {
            Digests.sha256(header, Requests.header(request, header)).ifPresent(digest -> digests.put(header, digest));
        }
        return new UploadRequest(
                digests,
                type.startsWith("application/x-www-form-urlencoded"),
                query.containsKey("require"),
                Requests.flag(query, "force"));
    }

    /** @throws FuotaException when the bytes aren't the file, or none that the request wants to be taken */
    void requireFit(ImageReport image) {
        if (!(image instanceof ImageReport.Other other)) {
            return;
        }
        OtherData data = other.data();
        if (data == OtherData.MULTIPART_FORM || data == OtherData.FORM_FIELDS && mayBeForm) {
            throw wrapped("the body is a web form");
        }
        if (data == OtherData.EMPTY) {
            throw new FuotaException(ErrorCode.REFUSED_IMAGE, "the upload is empty, so no board could start it");
        }
        if (mustBeApplication && !data.isApplication()) {
            throw new FuotaException(
                    ErrorCode.REFUSED_IMAGE, data.note() + "; ?require=application takes an ESP32's application only");
        }
    }

    private static FuotaException wrapped(String why) {
        return new FuotaException(ErrorCode.WRAPPED, why + ": send the file itself, as curl -T does");
    }
}
