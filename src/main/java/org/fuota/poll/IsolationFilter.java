package org.fuota.poll;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.fuota.device.AssignmentStore;
import org.fuota.rollout.RunningRollouts;
import org.fuota.rollout.TrialStore;
import org.fuota.web.Requests;

/**
 * Keeps boards apart, where each has a user of its own, named like its device id: it polls as itself only, and downloads only the file that it is
 * assigned at that moment, or that a rollout which has come to it offers. For {@code /devices/<id>} and {@code /files/<path>}; admins may do all, and
 * viewers read all files.
 *
 * <p>Others are refused by the container's own 403, in the same words and counted alike. While the database doesn't answer, a download is 503, after
 * which a board polls again.
 */
@SuppressWarnings("serial") // filters are never serialized
public final class IsolationFilter extends HttpFilter {
    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final AssignmentStore updates;
    private final RunningRollouts rollouts;
    private final TrialStore trials;

    public IsolationFilter(AssignmentStore updates, RunningRollouts rollouts, TrialStore trials) {
        this.updates = updates;
        this.rollouts = rollouts;
        this.trials = trials;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.isUserInRole("fuota-admin") || !isForBoards(request) || isTheirs(request)) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    /** Lists and uploads are for others: web.xml has let in only those who may. */
    private static boolean isForBoards(HttpServletRequest request) {
        return READS.contains(request.getMethod())
                && !Requests.path(request).isEmpty()
                && !(request.getServletPath().equals("/files") && request.isUserInRole("fuota-viewer"));
    }

    private boolean isTheirs(HttpServletRequest request) {
        String user = request.getRemoteUser();
        if (user == null) {
            return false;
        }
        String path = Requests.path(request);
        if (request.getServletPath().equals("/devices")) {
            return path.equals(user);
        }
        return rollouts.mayOffer(user, path, trials::board) || updates.isAssigned(user, path);
    }
}
