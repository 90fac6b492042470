package org.fuota.attention;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fuota.error.FuotaException;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /attention}: what needs a person, the most urgent first. It is answered while the server is in trouble, too. */
@SuppressWarnings("serial") // servlets are never serialized
public final class AttentionServlet extends HttpServlet {
    private final Node node;
    private final Offers offers;
    private final Boards boards;
    private final Clock clock;

    public AttentionServlet(Node node, Offers offers, Boards boards, Clock clock) {
        this.node = node;
        this.offers = offers;
        this.boards = boards;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
            Responses.methodNotAllowed(response, "GET, HEAD");
            return;
        }
        Requests.query(request, Set.of());
        List<Concern> concerns = concerns();
        List<String> lines = concerns.stream().map(Concern::sentence).toList();
        Responses.answer(
                request,
                response,
                lines.isEmpty() ? List.of("all is well") : lines,
                concerns.stream().map(Concern::fields).toList());
    }

    private List<Concern> concerns() {
        List<Concern> concerns = new ArrayList<>();
        List<String> reasons = node.reasons();
        reasons.forEach(reason -> concerns.add(AttentionRules.notReady(reason)));
        offers.stop().map(AttentionRules::stopped).ifPresent(concerns::add);
        offers.paused().forEach(pause -> concerns.add(AttentionRules.paused(pause)));
        node.certificate()
                .flatMap(validity -> AttentionRules.certificate(validity, clock.instant()))
                .ifPresent(concerns::add);
        try {
            concerns.addAll(AttentionRules.lost(node.lostFiles()));
            boards.silentGroups().forEach((group, since) -> concerns.add(AttentionRules.silent(group, since)));
            concerns.addAll(AttentionRules.boards(boards.byState(), boards.clones()));
            boards.loops().forEach((file, devices) -> concerns.add(AttentionRules.loop(file, devices)));
        } catch (FuotaException e) {
            // What isn't known isn't well; a server that isn't ready has said so.
            if (reasons.isEmpty()) {
                concerns.add(AttentionRules.notReady(e.sentence()));
            }
        }
        concerns.sort(AttentionRules.MOST_URGENT_FIRST);
        return concerns;
    }
}
