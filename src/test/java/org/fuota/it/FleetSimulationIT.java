package org.fuota.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.it.VirtualBoard.Deed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fleet of virtual boards with scripted lives, over the real wire, by a clock of the test's own: whatever the server
 * concludes must be true.
 */
class FleetSimulationIT {
    private static final Instant START = Instant.parse("2031-03-01T00:00:00Z");
    static final Duration PHASE = Duration.ofHours(8);
    private static final int PHASES = 9;
    private static final int RESTART_PHASE = 2;
    private static final int THREADS = 4;

    /** Boards of a life that are looked at closely, in each phase. */
    private static final int SAMPLES = 1;

    static final List<String> PREFIXES = List.of(
            "",
            "",
            "",
            "a,b\"c'",
            "50%41+&=#?",
            "gr\u00fc\u00df-",
            "\u65e5\u672c-",
            "\uff5e",
            "\ud83d\ude00",
            "[^`{|}~]<>",
            " ");

    /**
     * Does | state at the end of the phase | offers | clone | what is remembered. A star is where that state begins; an
     * action takes place after the one before, and a poll a usual gap after that; the last one is less than such a gap before
     * the end, but for what waits.
     */
    private static final String LIVES = """
            never polls; every 30s; 150 boards
                assign 1 a.bin | unseen | 0 | |

            runs another version; every 30s, 1m, 1h~6m; 120 boards
                assign 2 a.bin, poll 1 x4 | waiting | 0 | | seen 1
                poll 1 x4 | waiting | 0 | |
                quiet | silent | 0 | |
                poll 1 x4 | waiting | 0 | |
                poll 3 | waiting | 0 | | version 1>3
                quiet | silent | 0 | |

            was discovered, then assigned; every 30s, 1m; 100 boards
                poll 1 x4 | discovered | 0 | | seen 1
                poll 1 x2, assign 1 a.bin | waiting | 0 | |
                *poll 1 x2 | offered | 2 | | offered a.bin
                *poll 2 x2 | updated | 2 | | updated 1>2
                poll 2 x30 | updated | 2 | |
                quiet | updated_silent | 2 | |
                poll 2 | updated | 2 | |
                quiet | updated_silent | 2 | |

            is assigned while away; every 30s; 60 boards
                poll 1 x4 | discovered | 0 | | seen 1
                assign 1 a.bin | silent | 0 | |
                *poll 1 | offered | 1 | | offered a.bin
                withdraw | silent | 1 | |

            is offered for long; every 30s, 1h~6m; 100 boards
                assign 1 a.bin, *poll 1 | offered | 1 | | seen 1; offered a.bin
                poll 1 | offered | 2 | |
                poll 1 | stuck | 3 | |
                poll 1 | stuck | 4 | |
                quiet | stuck | 4 | |
                *poll 2 | updated | 4 | | updated 1>2

            is offered often, as its update is the same version; every 30s, 1m; 100 boards
                assign 1 a.bin, *poll 1 x6 | offered | 6 | | seen 1; offered a.bin
                poll 1 x4 | stuck | 10 | |
                quiet | silent | 10 | |
                poll 1 x4 | stuck | 14 | |
                quiet | silent | 14 | |

            is stuck after exactly ten minutes; every 5m; 30 boards
                assign 1 a.bin, *poll 1 x3 | stuck | 3 | | seen 1; offered a.bin

            isn't stuck before; every 299s; 30 boards
                assign 1 a.bin, *poll 1 x3 | offered | 3 | | seen 1; offered a.bin

            isn't stuck by two offers; every 10m; 30 boards
                assign 1 a.bin, *poll 1 x2 | offered | 2 | | seen 1; offered a.bin

            updates well; every 30s, 1m, 1h~6m; 210 boards
                assign 1 a.bin | unseen | 0 | |
                *poll 1 | offered | 1 | | seen 1; offered a.bin
                *poll 2 x4 | updated | 1 | | updated 1>2
                poll 2 x4 | updated | 1 | |
                quiet | updated_silent | 1 | |
                poll 2 x4 | updated | 1 | |
                poll 3 x4 | updated | 1 | | version 2>3
                quiet | updated_silent | 1 | |

            updates while it is silent; every 30s, 1m; 90 boards
                assign 1 a.bin, *poll 1 x4 | offered | 4 | | seen 1; offered a.bin
                quiet | silent | 4 | |
                *poll 2 | updated | 4 | | updated 1>2
                quiet | updated_silent | 4 | |

            rolls back, and takes it at last; every 30s, 1m, 1h~6m; 120 boards
                assign 1 a.bin, *poll 1 | offered | 1 | | seen 1; offered a.bin
                *poll 2 x4 | updated | 1 | | updated 1>2
                *poll 1 x4 | reverted | 5 | | reverted 2>1
                quiet | silent | 5 | |
                poll 1 x4 | reverted | 9 | |
                *poll 2 x4 | updated | 9 | | updated 1>2
                quiet | updated_silent | 9 | |

            waits for its file; every 30s, 1m; 60 boards
                assign 1 own.bin | unavailable | 0 | |
                poll 1 x4 | unavailable | 0 | | seen 1
                quiet | silent | 0 | |
                poll 1 x4 | unavailable | 0 | |
                poll 1 x4, upload A | waiting | 0 | |
                *poll 1 x2 | offered | 2 | | offered own.bin
                *poll 2 x2 | updated | 2 | | updated 1>2
                remove, poll 2 x2 | updated | 2 | |
                *poll 1 x2 | reverted | 2 | | reverted 2>1

            loses its file, and gets another; every 30s, 1m; 40 boards
                upload A, assign 1 own.bin, *poll 1 x4 | offered | 4 | | seen 1; offered own.bin
                upload A, poll 1 | stuck | 5 | |
                poll 1, remove | unavailable | 6 | |
                poll 1 x3 | unavailable | 6 | | answer offered>file_missing
                upload A, poll 1 | stuck | 7 | | answer file_missing>offered
                upload B, *poll 1 | offered | 1 | | offered own.bin>own.bin
                *poll 2 | updated | 1 | | updated 1>2
                remove | updated | 1 | |

            loses its row; every 30s, 1m, 1h~6m; 90 boards
                poll 1 x4 | discovered | 0 | | seen 1
                assign 1 a.bin, *poll 1 x2 | offered | 2 | | offered a.bin
                withdraw | silent | 2 | |
                poll 1 x4 | discovered | 2 | | answer offered>unknown_device
                *poll 2 x4 | discovered | 2 | | updated 1>2
                poll 2, assign 1 a.bin | updated | 2 | |
                withdraw | updated_silent | 2 | |

            is reassigned another file while offered; every 30s, 1m; 60 boards
                assign 1 a.bin, *poll 1 x2 | offered | 2 | | seen 1; offered a.bin
                assign 1 a.bin, poll 1 | stuck | 3 | |
                poll 1, assign 1 b.bin | waiting | 4 | |
                *poll 1 | offered | 1 | | offered a.bin>b.bin
                poll 1, assign 1 a.bin | waiting | 2 | |
                *poll 2 | waiting | 2 | | updated 1>2
                assign 1 b.bin | updated | 2 | |

            is reassigned another version while offered; every 30s, 1m; 60 boards
                assign 1 a.bin, *poll 1 x2 | offered | 2 | | seen 1; offered a.bin
                assign 2 a.bin, poll 1 | waiting | 2 | | answer offered>no_update
                assign 1 a.bin, poll 1 | stuck | 3 | | answer no_update>offered
                assign 2 a.bin, *poll 2 | offered | 1 | | updated 1>2; offered a.bin>a.bin
                *poll 3 | updated | 1 | | updated 2>3
                quiet | updated | 1 | |

            goes from 1 over 2 to 3; every 30s, 1m, 1h~6m; 90 boards
                assign 1 a.bin, *poll 1 | offered | 1 | | seen 1; offered a.bin
                *poll 2 | updated | 1 | | updated 1>2
                poll 2, assign 2 b.bin | waiting | 1 | |
                *poll 2 x2 | offered | 2 | | offered a.bin>b.bin
                *poll 3 x4 | updated | 2 | | updated 2>3
                quiet | updated_silent | 2 | |

            is malformed in between; every 30s, 1m; 60 boards
                assign 1 a.bin, *poll 1, poll, poll 1 | offered | 2 | | seen 1; offered a.bin; answer offered>malformed; answer malformed>offered
                poll, *poll 2 | updated | 2 | | answer offered>malformed; updated 1>2
                poll x4 | updated | 2 | | answer no_update>malformed
                quiet | updated_silent | 2 | |

            is malformed at first; every 30s, 1m; 60 boards
                poll x2 | discovered | 0 | | seen
                assign 1 a.bin, poll | waiting | 0 | |
                *poll 1 | offered | 1 | | version 1; offered a.bin
                poll 1 x4, withdraw | discovered | 5 | |
                quiet | silent | 5 | |

            has odd versions; every 30s; 60 boards
                assign 1.0+a"b%41\u00fc,\ud83d\ude00 a.bin, *poll 1.0+a"b%41\u00fc,\ud83d\ude00 | offered | 1 | | seen 1.0+a"b%41\u00fc,\ud83d\ude00; offered a.bin
                *poll 2&app_ver=#?\uff5e | updated | 1 | | updated 1.0+a"b%41\u00fc,\ud83d\ude00>2&app_ver=#?\uff5e

            is forgotten; every 30s; 60 boards
                assign 1 a.bin, *poll 1 x4 | offered | 4 | | seen 1; offered a.bin
                poll 1, forget | unseen | 0 | |
                *poll 1 x2 | offered | 2 | | seen 1; offered a.bin
                withdraw, forget | absent | 0 | |
                quiet | absent | 0 | |
                poll 1 x2 | discovered | 0 | | seen 1
                forget | absent | 0 | |

            has too few gaps to be silent; every 30s; 30 boards
                assign 2 a.bin, poll 1 x3 | waiting | 0 | | seen 1
                quiet | waiting | 0 | |
                poll 1 | waiting | 0 | |
                quiet | silent | 0 | |

            is silent after five gaps; every 1m; 30 boards
                assign 2 a.bin, poll 1 x4, wait 5m | waiting | 0 | | seen 1
                poll 1, wait 5m0.001s | silent | 0 | |
                poll 1 x6, wait 5m | waiting | 0 | |
                poll 1, wait 59m, poll 1, wait 59m, poll 1, wait 59m, poll 1, wait 4h59m | waiting | 0 | |
                quiet | silent | 0 | |

            are two with one id; every 30s; 30 boards
                assign 1 a.bin, *poll 1 | offered | 1 | | seen 1; offered a.bin
                poll 2, poll 1, *poll 2 | updated | 2 | | updated 1>2; reverted 2>1; updated 1>2
                *poll 1, wait 0s | reverted | 3 | clone | reverted 2>1; clone version flips between 2 and 1
                quiet | reverted | 3 | clone |
                quiet | reverted | 3 | clone |
                quiet | reverted | 3 | clone |
                quiet | reverted | 3 | |
                *poll 2 | updated | 3 | | updated 1>2

            were two with one id for less than a day; every 30s; 30 boards
                assign 1 a.bin, *poll 1 | offered | 1 | | seen 1; offered a.bin
                poll 2, poll 1, *poll 2 | updated | 2 | | updated 1>2; reverted 2>1; updated 1>2
                *poll 1, wait 0.001s | reverted | 3 | clone | reverted 2>1; clone version flips between 2 and 1
                quiet | reverted | 3 | clone |
                quiet | reverted | 3 | clone |
                quiet | reverted | 3 | |
                quiet | reverted | 3 | |
                quiet | silent | 3 | |

            goes back and forth, but slowly at first; every 30s; 30 boards
                assign 3 a.bin, poll 1, poll 2, poll 1 | waiting | 0 | | seen 1; version 1>2; version 2>1
                quiet | waiting | 0 | |
                quiet | waiting | 0 | |
                quiet | waiting | 0 | |
                poll 2, poll 1 | waiting | 0 | | version 1>2; version 2>1
                poll 2, wait 0s | waiting | 0 | clone | version 1>2; clone version flips between 1 and 2
                quiet | silent | 0 | clone |

            is behind two uplinks; every 30s; 30 boards
                assign 2 a.bin, from 127.0.0.2, poll 1, from 127.0.0.3, poll 1 | waiting | 0 | | seen 1; address 127.0.0.2>127.0.0.3
                from 127.0.0.2, poll 1, from 127.0.0.3, poll 1 | waiting | 0 | | address 127.0.0.3>127.0.0.2; address 127.0.0.2>127.0.0.3
                from 127.0.0.2, poll 1, wait 0s | waiting | 0 | | address 127.0.0.3>127.0.0.2
                poll 1 x4, wait 0s | waiting | 0 | |
                quiet | silent | 0 | |

            moves on, and on; every 30s; 30 boards
                from 127.0.0.2, poll 1, from 127.0.0.3, poll 1 | discovered | 0 | | seen 1; address 127.0.0.2>127.0.0.3
                from 127.0.0.4, poll 1 x3 | discovered | 0 | | address 127.0.0.3>127.0.0.4
                from 127.0.0.2, poll 2 x3 | discovered | 0 | | version 1>2; address 127.0.0.4>127.0.0.2
                quiet | silent | 0 | |
            """;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("it.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void concludesWhatIsTrue() throws Exception {
        System.out.println("this simulation again: -Dit.seed=" + seed);
        List<VirtualBoard> boards = boards();
        try (SimulatedServer server = new SimulatedServer(
                        folder, START, context -> context.replace("synchronous=FULL", "synchronous=OFF"));
                Workers workers = new Workers()) {
            Server.send("PUT", "/sim/files/a.bin", Server.ADMIN, "a");
            Server.send("PUT", "/sim/files/b.bin", Server.ADMIN, "b");
            for (int phase = 0; phase < PHASES; phase++) {
                Instant end = START.plus(PHASE.multipliedBy(phase + 1));
                live(boards, phase, end, server, workers);
                server.setTime(end);
                check(server, boards);
            }
        }
    }

    private void check(SimulatedServer server, List<VirtualBoard> boards) {
        Lies lies = new Lies();
        FleetCheck fleet = new FleetCheck(server, boards, random, lies);
        fleet.checkDevices();
        fleet.checkFilters();
        fleet.checkPages();
        fleet.checkCounts();
        DeviceCheck device = new DeviceCheck(server, lies);
        boards.stream()
                .collect(Collectors.groupingBy(board -> board.life))
                .values()
                .forEach(alike -> random.ints(SAMPLES, 0, alike.size()).forEach(i -> device.check(alike.get(i))));
        lies.failIfAny();
    }

    private void live(List<VirtualBoard> boards, int phase, Instant end, SimulatedServer server, Workers workers)
            throws Exception {
        Map<Instant, List<Deed>> agenda = new TreeMap<>();
        for (VirtualBoard board : boards) {
            board.plan(phase, end)
                    .forEach(deed -> agenda.computeIfAbsent(deed.at(), at -> new ArrayList<>())
                            .add(deed));
        }
        int ticks = 0;
        for (Map.Entry<Instant, List<Deed>> tick : agenda.entrySet()) {
            server.setTime(tick.getKey());
            workers.run(tick.getValue(), server);
            // With polls that aren't written yet: nothing of them may be lost.
            if (phase == RESTART_PHASE && ++ticks == agenda.size() / 2) {
                server.restart();
            }
        }
        boards.forEach(VirtualBoard::endPhase);
    }

    private List<VirtualBoard> boards() {
        List<VirtualBoard> boards = new ArrayList<>();
        for (Life life : Life.parse(LIVES)) {
            for (int number = 0; number < life.boards(); number++) {
                String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
                boards.add(new VirtualBoard(life, number, prefix, new Random(random.nextLong())));
            }
        }
        return boards;
    }

    private static final class Workers implements AutoCloseable {
        private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        private final List<Wire> wires =
                Stream.generate(Wire::new).limit(THREADS).toList();

        /** Does all, a board's deeds in order. */
        void run(List<Deed> deeds, SimulatedServer server) throws InterruptedException, ExecutionException {
            List<Callable<Boolean>> works = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int worker = i;
                works.add(() -> {
                    for (Deed deed : deeds) {
                        if (Math.floorMod(deed.board().id.hashCode(), THREADS) == worker) {
                            deed.board().act(deed, wires.get(worker), server);
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> work : pool.invokeAll(works)) {
                work.get();
            }
        }

        @Override
        public void close() throws IOException {
            pool.shutdown();
            for (Wire wire : wires) {
                wire.close();
            }
        }
    }
}
