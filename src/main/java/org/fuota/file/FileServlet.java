package org.fuota.file;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.ByteRange;
import org.fuota.http.Digests;
import org.fuota.http.Preconditions;
import org.fuota.web.FileBody;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /files} lists all update files; {@code /files/<path>} is one: boards download it, developers upload it. */
@SuppressWarnings("serial") // servlets are never serialized
public final class FileServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(FileServlet.class.getName());

    private final UpdateFiles files;
    private final AssignmentAdvice advice;
    private final UploadCheck uploadCheck;
    private final Supplier<Map<String, Long>> devicesByFile;
    private final FileBody body;
    private final Downloads downloads;
    private final Consumer<SavedFile> uploads;
    private final HistoryStore history;
    private final Clock clock;

    /**
     * @param devicesByFile how many devices are assigned each file, by its path; a file that isn't there has none
     * @param uploads is told of every upload; must be quick
     */
    public FileServlet(
            UpdateFiles files,
            AssignmentAdvice advice,
            UploadCheck uploadCheck,
            Supplier<Map<String, Long>> devicesByFile,
            FileBody body,
            Downloads downloads,
            Consumer<SavedFile> uploads,
            HistoryStore history,
            Clock clock) {
        this.files = files;
        this.advice = advice;
        this.uploadCheck = uploadCheck;
        this.devicesByFile = devicesByFile;
        this.body = body;
        this.downloads = downloads;
        this.uploads = uploads;
        this.history = history;
        this.clock = clock;
    }

    /** Tells, before an upload takes the place of what is there, what it means to the devices that are assigned its path. */
    @FunctionalInterface
    public interface UploadCheck {
        /**
         * @param advice on offering the upload to some of them
         * @param isForced whether a refusal is only a warning
         * @throws FuotaException when it is refused
         */
        UploadEffect check(FilePath path, Function<Recipients, Advice> advice, boolean isForced);
    }

    /** Is told of downloads that begin, of a range or all, and how many bytes there are to send; must be quick. */
    @FunctionalInterface
    public interface Downloads {
        void begun(boolean isPartial, long bytes);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = Requests.path(request);
        switch ((path.isEmpty() ? "all " : "one ") + request.getMethod()) {
            case "all GET" -> list(request, response);
            case "one GET", "one HEAD" -> download(new FilePath(path), request, response);
            case "one PUT" -> upload(new FilePath(path), request, response);
            case "one DELETE" -> delete(new FilePath(path), request, response);
            default -> Responses.methodNotAllowed(response, path.isEmpty() ? "GET" : "GET, HEAD, PUT, DELETE");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // For a client that can't read a refusal while it sends, such as a browser; as the drafts for resumable uploads
        // name it.
        response.setHeader("Upload-Limit", "max-size=" + files.maxFileBytes());
        Map<String, Long> devices = devicesByFile.get();
        Listing listing = Listing.open(
                request, response, "path", "size", "sha256", "uploaded", "chip", "project", "version", "devices");
        files.store()
                .forEach(file -> listing.row(
                        file.path().value(),
                        file.size(),
                        file.sha256().hex(),
                        file.validators().lastModified().toString(),
                        file.image().chip(),
                        file.image().project(),
                        file.image().version(),
                        devices.getOrDefault(file.path().value(), 0L)));
        listing.end();
    }

    /** Preconditions, range, bytes. */
    private void download(FilePath path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        StoredFile file = files.find(path).orElseThrow(() -> notFound(path));
        Preconditions preconditions = Requests.preconditions(request, clock.instant());
        describe(file, response);
        switch (preconditions.check(file.validators())) {
            case PRECONDITION_FAILED -> throw preconditionFailed(path);
            case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            case PROCEED -> {
                Optional<ByteRange> range =
                        preconditions.range(file.validators()).flatMap(header -> ByteRange.parse(header, file.size()));
                sendBytes(file, range, request, response);
            }
        }
    }

    private static void describe(StoredFile file, HttpServletResponse response) {
        response.setHeader("ETag", file.validators().entityTag().toString());
        response.setDateHeader("Last-Modified", file.validators().lastModified().toEpochMilli());
        // A proxy may keep it, and asks each time, with the credentials of who asks, whether it is still the same.
        response.setHeader("Cache-Control", "public, no-cache");
    }

    private void sendBytes(
            StoredFile file, Optional<ByteRange> range, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Path content = files.bytes(file);
        response.setHeader("Accept-Ranges", "bytes");
        if (range.isPresent()) {
            response.setHeader("Content-Range", range.get().contentRange(file.size()));
            if (!range.get().isSatisfiable()) {
                Responses.sentence(
                        response,
                        HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE,
                        "the range begins after the last byte of the file");
                return;
            }
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        }
        response.setContentType("application/octet-stream");
        response.setHeader(
                "Content-Disposition", "attachment; filename=\"" + file.path().lastSegment() + "\"");
        response.setHeader("Repr-Digest", Digests.format(file.sha256()));
        ByteRange bytes = range.orElse(new ByteRange(0, file.size()));
        if (request.getMethod().equals("HEAD")) {
            response.setContentLengthLong(bytes.length());
        } else {
            downloads.begun(range.isPresent(), bytes.length());
            body.send(request, response, content, bytes.first(), bytes.length());
        }
    }

    private void upload(FilePath path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        UploadRequest upload = UploadRequest.of(request);
        Preconditions preconditions = Requests.preconditions(request, clock.instant());
        UploadConditions conditions = new UploadConditions(
                request.getContentLengthLong(),
                upload.digests(),
                present -> {
                    requireMayReplace(request, path, present);
                    requireState(preconditions, path, present);
                },
                facts -> effect(path, facts, upload));
        InputStream content = request.getInputStream();
        SavedFile saved = changing(path, () -> files.save(path, content, conditions, actor(request)));
        uploads.accept(saved);
        log(request, saved.change());
        response.setHeader("ETag", saved.file().validators().entityTag().toString());
        Responses.answer(request, response, saved.lines(), saved.fields());
    }

    private UploadEffect effect(FilePath path, FileFacts facts, UploadRequest upload) {
        upload.requireFit(facts.image());
        return uploadCheck.check(
                path,
                recipients -> advice.on(path, facts.sha256(), ImageFacts.of(path, facts.image()), recipients),
                upload.isForced());
    }

    private void delete(FilePath path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Preconditions preconditions = Requests.preconditions(request, clock.instant());
        Optional<HistoryEvent> deleted = changing(
                path,
                () -> files.delete(path, file -> requireState(preconditions, path, Optional.of(file)), actor(request)));
        log(request, Optional.of(deleted.orElseThrow(() -> notFound(path))));
        Responses.sentence(response, "update file " + path.value() + " is deleted");
    }

    private static Actor actor(HttpServletRequest request) {
        return new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
    }

    private static void log(HttpServletRequest request, Optional<HistoryEvent> change) {
        change.ifPresent(event -> LOG.info(() -> Requests.describe(request) + ": " + event.change()));
    }

    /** Whoever may change a file is told who did so before him; not within the transaction that refuses it. */
    private <T> T changing(FilePath path, Change<T> change) throws IOException {
        try {
            return change.make();
        } catch (FuotaException e) {
            throw e.code() == ErrorCode.PRECONDITION_FAILED
                    ? new FuotaException(e.code(), e.sentence() + whoChanged(path), e)
                    : e;
        }
    }

    private interface Change<T> {
        T make() throws IOException;
    }

    private static void requireState(Preconditions preconditions, FilePath path, Optional<StoredFile> present) {
        Preconditions.Outcome outcome =
                preconditions.check(present.map(StoredFile::validators).orElse(null));
        if (outcome == Preconditions.Outcome.PRECONDITION_FAILED) {
            throw preconditionFailed(path);
        }
    }

    private static void requireMayReplace(HttpServletRequest request, FilePath path, Optional<StoredFile> present) {
        if (present.isPresent() && !request.isUserInRole("fuota-admin")) {
            throw new FuotaException(
                    ErrorCode.FORBIDDEN,
                    "update file " + path.value()
                            + " is there already: the role fuota-publisher uploads only to a path that doesn't exist yet");
        }
    }

    /** A database that is in trouble doesn't keep a file from being refused. */
    private String whoChanged(FilePath path) {
        try {
            return history.newestOfFiles(List.of(path.value()))
                    .map(event -> ": " + event.told())
                    .orElse("");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "the history doesn't tell who changed " + path.value());
            return "";
        }
    }

    private FuotaException notFound(FilePath path) {
        files.inbox().requireTakenIn();
        return new FuotaException(ErrorCode.NOT_FOUND, "there is no update file " + path.value());
    }

    private static FuotaException preconditionFailed(FilePath path) {
        return new FuotaException(
                ErrorCode.PRECONDITION_FAILED,
                "update file " + path.value() + " doesn't meet the request's If-... condition");
    }
}
