package org.fuota.it;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fuota.image.EspImageBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A request, and what it is answered.
 *
 * @param path of the description, such as {@code /devices/{device_id}}
 * @param target the path and query that are asked for
 * @param type of the answer, as the description has it; empty without a body
 */
record OpenApiExample(
        String path,
        String method,
        String target,
        String user,
        Map<String, String> headers,
        String body,
        String status,
        String type) {
    /** By path: method and target | user | headers | body | status and type of the answer. An N is other for each that is sent. */
    private static final String TABLE = """
            /devices
            GET /devices                      | admin   |                          |       | 200 csv
            GET /devices                      | admin   | Accept: application/json |       | 200 json
            GET /devices;x                    | admin   |                          |       | 400 text
            GET /devices                      | device  |                          |       | 403 text
            PUT /devices                      | admin   |                          | api-1,1,api/app.bin~api-new,1,api/app.bin | 200 text
            PUT /devices?dry_run=true&force=true | admin | Accept: application/json | api-loop,2,api/loop.bin | 200 json
            PUT /devices                      | admin   | Accept: application/json | api-1,1,api/never.bin | 200 json
            PUT /devices?file=api/app.bin&replaces=1&exact=true | admin | Accept: application/json | api-1~api-new,2 | 200 json
            PUT /devices?file=api/app.bin     | admin   | Accept: application/json | api-1~api-none | 200 json
            PUT /devices                      | admin   |                          | api-1,1,api/app.bin~api-1,1,api/app.bin | 400 text
            PUT /devices?dry_run=1            | admin   |                          | api-1,1,api/app.bin | 400 text
            PUT /devices?dry=true             | admin   |                          | api-1,1,api/app.bin | 400 text
            PUT /devices                      | device  |                          | api-1,1,api/app.bin | 403 text
            PUT /devices                      | admin   |                          | api-1,1,api/app.bin~api-loop,2,api/loop.bin | 409 text
            PUT /devices                      | admin   | If-Match: "x"            | api-1,1,api/app.bin | 412 text
            PUT /devices                      | admin   |                          | 128 MiB | 413 text
            DELETE /devices?file=api/never.bin | admin  |                          |       | 200 text
            DELETE /devices?file=api/never.bin&dry_run=true | admin | Accept: application/json | | 200 json
            DELETE /devices                   | admin   |                          |       | 400 text
            DELETE /devices?file=api/never.bin | device |                          |       | 403 text

            /devices/{device_id}
            GET /devices/api-1?app_ver=1      | device  |                          |       | 200 csv
            GET /devices/api-1?app_ver=2      | device  |                          |       | 204
            GET /devices/api-1                | device  |                          |       | 400 text
            GET /devices/api-1;x?app_ver=1    | device  |                          |       | 400 text
            GET /devices/api-1?app_ver=1      | nobody  |                          |       | 403 text
            GET /devices/api-2?app_ver=1      | device  |                          |       | 404 text
            GET /devices/api-3?app_ver=1      | device  |                          |       | 404 text
            PUT /devices/api-1                | admin   |                          | api-1,1,api/app.bin | 200 text
            PUT /devices/api-2                | admin   |                          | api-2,1,api/never.bin | 200 text
            PUT /devices/api-loop?force=true  | admin   |                          | api-loop,2,api/loop.bin | 200 text
            PUT /devices/api-1                | admin   |                          | api-2,1,api/app.bin | 400 text
            PUT /devices/api-1?force=1        | admin   |                          | api-1,1,api/app.bin | 400 text
            PUT /devices/api-1                | device  |                          | api-1,1,api/app.bin | 403 text
            PUT /devices/api-loop             | admin   |                          | api-loop,2,api/loop.bin | 409 text
            PUT /devices/api-1                | admin   | If-Match: "x"            | api-1,1,api/app.bin | 412 text
            PUT /devices/api-1                | admin   | If-None-Match: *         | api-1,1,api/app.bin | 412 text
            PUT /devices/api-1                | admin   |                          | 5 KiB | 413 text
            DELETE /devices/api-1             | admin   |                          |       | 200 text
            DELETE /devices/api%0A            | admin   |                          |       | 400 text
            DELETE /devices/api-1             | device  |                          |       | 403 text
            DELETE /devices/api-3             | admin   |                          |       | 404 text
            DELETE /devices/api-1             | admin   | If-Match: "x"            |       | 412 text
            DELETE /devices/api-1             | admin   | If-None-Match: *         |       | 412 text

            /files
            GET /files                        | admin   |                          |       | 200 csv
            GET /files                        | admin   | Accept: application/json |       | 200 json
            GET /files;x                      | admin   |                          |       | 400 text
            GET /files                        | device  |                          |       | 403 text

            /files/{path}
            GET /files/api/app.bin            | device  |                          |       | 200 bytes
            GET /files/api/app.bin            | device  | Range: bytes=0-9 & If-Range: "x" |  | 200 bytes
            GET /files/api/app.bin            | device  | Range: bytes=0-9         |       | 206 bytes
            GET /files/api/app.bin            | device  | If-None-Match: *         |       | 304
            GET /files/api/app.bin            | device  | If-Modified-Since: FUTURE |      | 304
            GET /files/api/.app.bin           | device  |                          |       | 400 text
            GET /files/api/app.bin            | nobody  |                          |       | 403 text
            GET /files/api/never.bin          | device  |                          |       | 404 text
            GET /files/api                    | device  |                          |       | 404 text
            GET /files/api/app.bin            | device  | If-Match: "x"            |       | 412 text
            GET /files/api/app.bin            | device  | If-Unmodified-Since: PAST |      | 412 text
            GET /files/api/app.bin            | device  | Range: bytes=999999-     |       | 416 text
            HEAD /files/api/app.bin           | device  |                          |       | 200 bytes
            HEAD /files/api/app.bin           | device  | If-None-Match: *         |       | 304
            HEAD /files/api/app.bin           | device  | If-Modified-Since: FUTURE |      | 304
            HEAD /files/api/.app.bin          | device  |                          |       | 400 text
            HEAD /files/api/app.bin           | nobody  |                          |       | 403 text
            HEAD /files/api/never.bin         | device  |                          |       | 404 text
            HEAD /files/api/app.bin           | device  | If-Match: "x"            |       | 412 text
            HEAD /files/api/app.bin           | device  | If-Unmodified-Since: PAST |      | 412 text
            PUT /files/api/new.bin            | publisher |                        | image | 200 text
            PUT /files/api/app.bin            | admin   | Accept: application/json | image | 200 json
            PUT /files/api/free.bin           | admin   | Accept: application/json | free  | 200 json
            PUT /files/api/loop.bin?force=true | admin  |                          | loop  | 200 text
            PUT /files/api/app.bin?require=application | admin |                   | image | 200 text
            PUT /files/api/free.bin?require=application | admin |                  | free  | 422 text
            PUT /files/api/free.bin           | admin   | Content-Encoding: gzip   | free  | 415 text
            PUT /files/api/free.bin           | admin   | Content-Type: multipart/form-data | free | 415 text
            PUT /files/api/free.bin           | admin   | Content-Digest: sha-256=:rZXV+mUbqG2JI/4SONJKTxmIp1Ks/kJqxyrHwERxvBc=: | free | 200 text
            PUT /files/api/free.bin           | admin   | Repr-Digest: sha-256=:AAAA: | free | 400 text
            PUT /files/api/free.bin           | admin   | Content-Range: bytes 0-3/4 | free | 400 text
            PUT /files/api/.free.bin          | admin   |                          | free  | 400 text
            PUT /files/api/free.bin           | device  |                          | free  | 403 text
            PUT /files/api/free.bin           | publisher |                        | free  | 403 text
            PUT /files/api/app.bin/more       | admin   |                          | free  | 409 text
            PUT /files/api                    | admin   |                          | free  | 409 text
            PUT /files/api/free.bin           | admin   | If-Match: "x"            | free  | 412 text
            PUT /files/api/free.bin           | admin   | If-None-Match: *         | free  | 412 text
            PUT /files/api/free.bin           | admin   | If-Unmodified-Since: PAST | free | 412 text
            PUT /files/api/free.bin           | admin   |                          | 17 MiB | 413 text
            PUT /files/api/free.bin           | admin   |                          | damaged image | 422 text
            DELETE /files/api/free.bin        | admin   |                          |       | 200 text
            DELETE /files/api/.free.bin       | admin   |                          |       | 400 text
            DELETE /files/api/free.bin        | device  |                          |       | 403 text
            DELETE /files/api/never.bin       | admin   |                          |       | 404 text
            DELETE /files/api/app.bin         | admin   |                          |       | 409 text
            DELETE /files/api/free.bin        | admin   | If-Match: "x"            |       | 412 text
            DELETE /files/api/free.bin        | admin   | If-None-Match: *         |       | 412 text
            DELETE /files/api/free.bin        | admin   | If-Unmodified-Since: PAST |      | 412 text

            /fleet
            GET /fleet                        | admin   |                          |       | 200 csv
            GET /fleet                        | admin   | Accept: application/json |       | 200 json
            GET /fleet?prefix=api-&limit=1    | admin   | Accept: application/json |       | 200 json
            GET /fleet?after=api-1&clone=false&version=1 | admin | Accept: application/json | | 200 json
            GET /fleet?state=unavailable&file=api/never.bin | admin | Accept: application/json | | 200 json
            GET /fleet?search=API-&sort=-last_seen&offset=1&limit=2 | admin | Accept: application/json | | 200 json
            GET /fleet?fields=device_id,evidence | admin | Accept: application/json |    | 200 json
            GET /fleet?columns=device_id,evidence | admin |                      |       | 200 csv
            GET /fleet?chip=ESP32&project=x&first_seen_from=2026-01-01&first_seen_to=2099-01-01 | admin | Accept: application/json | | 200 json
            GET /fleet?last_seen_from=2026-01-01T00:00Z&last_seen_to=2099-01-01 | admin | Accept: application/json | | 200 json
            GET /fleet?rollout=none&outcome=failed | viewer |          |       | 200 csv
            GET /fleet?rollout=none&outcome=x | admin  |               |       | 400 text
            GET /fleet?rollout=none&group=none | admin  | Accept: application/json |       | 200 json
            GET /fleet?by=state               | admin   |                          |       | 200 csv
            GET /fleet?by=state               | admin   | Accept: application/json |       | 200 json
            GET /fleet?by=version             | admin   | Accept: application/json |       | 200 json
            GET /fleet?by=image&image=0000000000000000000000000000000000000000000000000000000000000000 | admin | Accept: application/json | | 200 json
            GET /fleet?by=project             | admin   | Accept: application/json |       | 200 json
            GET /fleet?by=chip                | viewer  | Accept: application/json |       | 200 json
            GET /fleet?by=group               | admin   | Accept: application/json |       | 200 json
            GET /fleet?state=odd              | admin   |                          |       | 400 text
            GET /fleet                        | device  |                          |       | 403 text

            /fleet/history
            GET /fleet/history                | admin   |                          |       | 200 csv
            GET /fleet/history                | admin   | Accept: application/json |       | 200 json
            GET /fleet/history?from=2026-01-01&to=2099-01-01T00:00:00Z&by=version | admin | Accept: application/json | | 200 json
            GET /fleet/history?by=rollout     | admin   | Accept: application/json |       | 200 json
            GET /fleet/history?every=day      | admin   |                          |       | 200 csv
            GET /fleet/history?by=odd         | admin   |                          |       | 400 text
            GET /fleet/history                | device  |                          |       | 403 text

            /fleet/forget
            POST /fleet/forget                | admin   |                          | api-3 | 200 text
            POST /fleet/forget?dry_run=true&exact=true | admin   | Accept: application/json | api-3~api-none | 200 json
            POST /fleet/forget?dry_run=1      | admin   |                          | api-3 | 400 text
            POST /fleet/forget                | admin   |                          | a/b   | 400 text
            POST /fleet/forget                | device  |                          | api-3 | 403 text
            POST /fleet/forget                | admin   | If-Match: "x"            | api-3 | 412 text
            POST /fleet/forget                | admin   |                          | 128 MiB | 413 text

            /fleet/withdraw
            POST /fleet/withdraw              | admin   |                          | api-1 | 200 text
            POST /fleet/withdraw?dry_run=true&exact=true | admin   | Accept: application/json | "api-1"~api-3 | 200 json
            POST /fleet/withdraw?dry_run=1    | admin   |                          | api-1 | 400 text
            POST /fleet/withdraw              | admin   |                          | a/b   | 400 text
            POST /fleet/withdraw              | device  |                          | api-1 | 403 text
            POST /fleet/withdraw              | admin   | If-Match: "x"            | api-1 | 412 text
            POST /fleet/withdraw              | admin   |                          | 128 MiB | 413 text

            /fleet/{device_id}
            GET /fleet/api-1                  | admin   |                          |       | 200 text
            GET /fleet/api-1                  | admin   | Accept: application/json |       | 200 json
            GET /fleet/api-2                  | admin   | Accept: application/json |       | 200 json
            GET /fleet/api-3                  | admin   | Accept: application/json |       | 200 json
            GET /fleet/api-loop               | admin   | Accept: application/json |       | 200 json
            GET /fleet/api%0A                 | admin   |                          |       | 400 text
            GET /fleet/api-1                  | device  |                          |       | 403 text
            GET /fleet/api-never              | admin   |                          |       | 404 text
            DELETE /fleet/api-3               | admin   |                          |       | 200 text
            DELETE /fleet/api%0A              | admin   |                          |       | 400 text
            DELETE /fleet/api-3               | device  |                          |       | 403 text
            DELETE /fleet/api-never           | admin   |                          |       | 404 text

            /rollouts
            GET /rollouts                     | viewer  |                          |       | 200 csv
            GET /rollouts                     | admin   | Accept: application/json |       | 200 json
            GET /rollouts;x                   | admin   |                          |       | 400 text
            GET /rollouts                     | device  |                          |       | 403 text

            /rollouts/{name}
            GET /rollouts/runs-N              | viewer  |                          |       | 200 text
            GET /rollouts/runs-N              | admin   | Accept: application/json |       | 200 json
            GET /rollouts/waits-N             | admin   | Accept: application/json |       | 200 json
            GET /rollouts/x%20y               | admin   |                          |       | 400 text
            GET /rollouts/runs-N              | device  |                          |       | 403 text
            GET /rollouts/never               | admin   |                          |       | 404 text
            PUT /rollouts/new-N               | admin   |                          | {"file":"api/app.bin","replaces":["new-N"]} | 200 text
            PUT /rollouts/new-N               | admin   | Accept: application/json | {"file":"api/app.bin","replaces":["new-N"],"group":"api-held","except":"api-free","prefix":"api-","stages":["api-held",0.5,100],"starts":"2100-01-01T00:00:00Z","hours":"22:00-05:00","zone":"Europe/Berlin"} | 200 json
            PUT /rollouts/new-N?dry_run=true&force=true | admin   | Accept: application/json | {"file":"api/app.bin","replaces":["1"]} | 200 json
            PUT /rollouts/new-N               | admin   |                          | {}    | 400 text
            PUT /rollouts/new-N?dry_run=1     | admin   |                          | {"file":"api/app.bin","replaces":["new-N"]} | 400 text
            PUT /rollouts/new-N               | device  |                          | {"file":"api/app.bin","replaces":["new-N"]} | 403 text
            PUT /rollouts/new-N               | admin   |                          | {"file":"api/never.bin","replaces":["1"]} | 404 text
            PUT /rollouts/runs-N              | admin   |                          | {"file":"api/app.bin","replaces":["runs-N"]} | 409 text
            PUT /rollouts/new-N               | admin   |                          | 17 MiB | 413 text

            /rollouts/{name}/pause
            POST /rollouts/runs-N/pause       | admin   |                          | why   | 200 text
            POST /rollouts/runs-N/pause       | admin   | Accept: application/json |       | 200 json
            POST /rollouts/runs-N/pause       | admin   |                          | a~b   | 400 text
            POST /rollouts/runs-N/pause       | device  |                          |       | 403 text
            POST /rollouts/never/pause        | admin   |                          |       | 404 text
            POST /rollouts/waits-N/pause      | admin   |                          |       | 409 text
            POST /rollouts/runs-N/pause       | admin   |                          | 17 MiB | 413 text

            /rollouts/{name}/resume
            POST /rollouts/waits-N/resume     | admin   |                          | why   | 200 text
            POST /rollouts/waits-N/resume     | admin   | Accept: application/json |       | 200 json
            POST /rollouts/waits-N/resume     | admin   |                          | a~b   | 400 text
            POST /rollouts/waits-N/resume     | device  |                          |       | 403 text
            POST /rollouts/never/resume       | admin   |                          |       | 404 text
            POST /rollouts/runs-N/resume      | admin   |                          |       | 409 text
            POST /rollouts/waits-N/resume     | admin   |                          | 17 MiB | 413 text

            /rollouts/{name}/advance
            POST /rollouts/runs-N/advance     | admin   |                          | why   | 200 text
            POST /rollouts/runs-N/advance     | admin   | Accept: application/json |       | 200 json
            POST /rollouts/runs-N/advance     | admin   |                          | a~b   | 400 text
            POST /rollouts/runs-N/advance     | device  |                          |       | 403 text
            POST /rollouts/never/advance      | admin   |                          |       | 404 text
            POST /rollouts/waits-N/advance    | admin   |                          |       | 409 text
            POST /rollouts/runs-N/advance     | admin   |                          | 17 MiB | 413 text

            /rollouts/{name}/stop
            POST /rollouts/runs-N/stop        | admin   |                          | why   | 200 text
            POST /rollouts/runs-N/stop        | admin   | Accept: application/json |       | 200 json
            POST /rollouts/runs-N/stop        | admin   |                          | a~b   | 400 text
            POST /rollouts/runs-N/stop        | device  |                          |       | 403 text
            POST /rollouts/never/stop         | admin   |                          |       | 404 text
            POST /rollouts/ended-N/stop       | admin   |                          |       | 409 text
            POST /rollouts/runs-N/stop        | admin   |                          | 17 MiB | 413 text

            /rollouts/{name}/rollback
            POST /rollouts/runs-N/rollback    | admin   |                          |       | 200 text
            POST /rollouts/runs-N/rollback?force=true | admin | Accept: application/json | {"file":"api/free.bin"} | 200 json
            POST /rollouts/runs-N/rollback    | admin   |                          | no    | 400 text
            POST /rollouts/runs-N/rollback    | device  |                          |       | 403 text
            POST /rollouts/never/rollback     | admin   |                          |       | 404 text
            POST /rollouts/waits-N/rollback   | admin   |                          |       | 409 text
            POST /rollouts/runs-N/rollback    | admin   |                          | 17 MiB | 413 text

            /groups
            GET /groups                       | viewer  |                          |       | 200 csv
            GET /groups                       | admin   | Accept: application/json |       | 200 json
            GET /groups;x                     | admin   |                          |       | 400 text
            GET /groups                       | device  |                          |       | 403 text

            /groups/{name}
            GET /groups/api-free              | viewer  |                          |       | 200 csv
            GET /groups/api-free?after=api-1  | admin   | Accept: application/json |       | 200 json
            GET /groups/api-free?limit=1      | viewer  |                          |       | 200 csv
            GET /groups/api-free?limit=0      | admin   |                          |       | 400 text
            GET /groups/x%20y                 | admin   |                          |       | 400 text
            GET /groups/api-free              | device  |                          |       | 403 text
            GET /groups/never                 | admin   |                          |       | 404 text
            PUT /groups/api-free              | admin   |                          | api-3~api-4 | 200 text
            PUT /groups/api-free?dry_run=true&exact=true | admin   | Accept: application/json | "api-1" | 200 json
            PUT /groups/api-free?dry_run=1    | admin   |                          | api-3~api-4 | 400 text
            PUT /groups/api-free              | admin   |                          | a/b   | 400 text
            PUT /groups/api-free              | device  |                          | api-3~api-4 | 403 text
            PUT /groups/api-free              | admin   | If-Match: "x"            | api-3~api-4 | 412 text
            PUT /groups/api-free              | admin   |                          | 128 MiB | 413 text
            DELETE /groups/api-free           | admin   |                          |       | 200 text
            DELETE /groups/api-free           | admin   | Accept: application/json |       | 200 json
            DELETE /groups/x%20y              | admin   |                          |       | 400 text
            DELETE /groups/api-free           | device  |                          |       | 403 text
            DELETE /groups/never              | admin   |                          |       | 404 text
            DELETE /groups/api-held           | admin   |                          |       | 409 text

            /groups/{name}/leave
            POST /groups/api-free/leave       | admin   |                          | api-1~api-4 | 200 text
            POST /groups/api-free/leave?dry_run=true&exact=true | admin   | Accept: application/json | "api-1" | 200 json
            POST /groups/api-free/leave?dry_run=1 | admin   |                          | api-1~api-4 | 400 text
            POST /groups/api-free/leave       | admin   |                          | a/b   | 400 text
            POST /groups/api-free/leave       | device  |                          | api-1~api-4 | 403 text
            POST /groups/api-free/leave       | admin   | If-Match: "x"            | api-1~api-4 | 412 text
            POST /groups/api-free/leave       | admin   |                          | 128 MiB | 413 text

            /groups/{name}/{device_id}
            DELETE /groups/api-free/api-1     | admin   |                          |       | 200 text
            DELETE /groups/api-free/api-1     | admin   | Accept: application/json |       | 200 json
            DELETE /groups/api-free/api%0A    | admin   |                          |       | 400 text
            DELETE /groups/api-free/api-1     | device  |                          |       | 403 text
            DELETE /groups/api-free/api-9     | admin   |                          |       | 404 text

            /notes
            GET /notes                        | viewer  |                          |       | 200 csv
            GET /notes                        | admin   | Accept: application/json |       | 200 json
            GET /notes;x                      | admin   |                          |       | 400 text
            GET /notes                        | publisher |                        |       | 403 text

            /notes/{device_id}
            GET /notes/api-1                  | viewer  |                          |       | 200 csv
            GET /notes/api-1                  | admin   | Accept: application/json |       | 200 json
            GET /notes/api%0A                 | admin   |                          |       | 400 text
            GET /notes/api-1                  | device  |                          |       | 403 text
            POST /notes/api-1                 | admin   |                          | two~lines | 200 text
            POST /notes/api-1                 | admin   | Accept: application/json | \u00e9 | 200 json
            POST /notes/api-1                 | admin   |                          | a\tb | 400 text
            POST /notes/api-1                 | admin   |                          |       | 400 text
            POST /notes/api-1                 | viewer  |                          | no    | 403 text
            POST /notes/api-full              | admin   |                          | more  | 409 text
            POST /notes/api-1                 | admin   |                          | 5 KiB | 413 text

            /notes/{device_id}/{number}
            DELETE /notes/api-1/NUMBER        | admin   |                          |       | 200 text
            DELETE /notes/api%0A/1            | admin   |                          |       | 400 text
            DELETE /notes/api-1/NUMBER        | viewer  |                          |       | 403 text
            DELETE /notes/api-2/NUMBER        | admin   |                          |       | 404 text

            /attention
            GET /attention                    | viewer  |                          |       | 200 text
            GET /attention                    | admin   | Accept: application/json |       | 200 json
            GET /attention?x=1                | admin   |                          |       | 400 text
            GET /attention                    | publisher |                        |       | 403 text

            /stop
            GET /stop                         | viewer  |                          |       | 200 text
            GET /stop                         | admin   | Accept: application/json |       | 200 json
            GET /stop?x=1                     | admin   |                          |       | 400 text
            GET /stop                         | device  |                          |       | 403 text
            PUT /stop                         | admin   |                          | why   | 200 text
            PUT /stop                         | admin   | Accept: application/json |       | 200 json
            PUT /stop                         | admin   |                          | a~b   | 400 text
            PUT /stop                         | device  |                          |       | 403 text
            PUT /stop                         | admin   |                          | 5 KiB | 413 text
            DELETE /stop                      | admin   |                          |       | 200 text
            DELETE /stop                      | admin   | Accept: application/json |       | 200 json
            DELETE /stop?x=1                  | admin   |                          |       | 400 text
            DELETE /stop                      | device  |                          |       | 403 text

            /backup
            GET /backup                       | admin   |                          |       | 200 zip
            GET /backup                       | device  |                          |       | 403 text

            /webhooks
            GET /webhooks                     | admin   |                          |       | 200 csv
            GET /webhooks                     | admin   | Accept: application/json |       | 200 json
            GET /webhooks;x                   | admin   |                          |       | 400 text
            GET /webhooks                     | device  |                          |       | 403 text

            /webhooks/test
            POST /webhooks/test               | admin   |                          |       | 200 text
            POST /webhooks/test               | device  |                          |       | 403 text

            /session
            GET /session                      | publisher |                        |       | 200 text
            GET /session                      | admin   | Accept: application/json |       | 200 json
            GET /session?x=1                  | viewer  |                          |       | 400 text
            GET /session                      | device  |                          |       | 403 text

            /health/live
            GET /health/live                  | nobody  |                          |       | 200 text
            GET /health/live;x                | nobody  |                          |       | 400 text

            /health/ready
            GET /health/ready                 | nobody  |                          |       | 200 text
            GET /health/ready                 | nobody  | Accept: application/json |       | 200 json
            GET /health/ready                 | admin   |                          |       | 200 text
            GET /health/ready                 | admin   | Accept: application/json |       | 200 json
            GET /health/ready                 | viewer  |                          |       | 200 text
            GET /health/ready                 | viewer  | Accept: application/json |       | 200 json
            GET /health/ready;x               | nobody  |                          |       | 400 text
            GET /health/ready                 | wrong   |                          |       | 403 text

            /metrics
            GET /metrics                      | monitor |                          |       | 200 metrics
            GET /metrics                      | device  |                          |       | 403 text

            /openapi.yaml
            GET /openapi.yaml                 | nobody  |                          |       | 200 yaml
            """;

    private static final Map<String, String> TYPES = Map.of(
            "csv", "text/csv",
            "json", "application/json",
            "text", "text/plain;charset=UTF-8",
            "bytes", "application/octet-stream",
            "metrics", "text/plain;version=0.0.4;charset=utf-8",
            "yaml", "application/yaml",
            "zip", "application/zip");

    /** Who asks: the one role that they have, or what they send for it. */
    static final List<String> USERS =
            List.of("nobody", "stranger", "device", "monitor", "viewer", "publisher", "admin");

    static List<OpenApiExample> all() {
        List<OpenApiExample> examples = new ArrayList<>();
        String path = "";
        for (String line : TABLE.lines().filter(line -> !line.isEmpty()).toList()) {
            if (line.startsWith("/")) {
                path = line;
            } else {
                examples.add(parse(path, line));
            }
        }
        return examples;
    }

    private static OpenApiExample parse(String path, String line) {
        String[] cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
        String[] request = cells[0].split(" ");
        boolean isRefused = Server.status(request[0], request[1], Integer.parseInt(cells[4].split(" ")[0])) == 409;
        String[] answer = (isRefused ? "409 text" : cells[4]).split(" ");
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : cells[2].isEmpty() ? new String[0] : cells[2].split(" & ")) {
            headers.put(header.substring(0, header.indexOf(": ")), header.substring(header.indexOf(": ") + 2));
        }
        String type = answer.length == 1 ? "" : TYPES.get(answer[1]);
        return new OpenApiExample(path, request[0], request[1], cells[1], headers, cells[3], answer[0], type);
    }

    OpenApiExample by(String other) {
        return new OpenApiExample(path, method, target, other, headers, body, status, type);
    }

    OpenApiExample with(String otherMethod) {
        return new OpenApiExample(path, otherMethod, target, user, Map.of(), "", status, type);
    }

    /** About a note that is there. */
    OpenApiExample of(String number) {
        return new OpenApiExample(path, method, target.replace("NUMBER", number), user, headers, body, status, type);
    }

    /** The names of the query's parameters, and of the headers that say more than what is wanted, and how the body comes. */
    List<String> parameters() {
        List<String> names = new ArrayList<>(headers.keySet());
        names.removeAll(List.of("Accept", "Content-Type", "Content-Encoding"));
        Matcher parameter = Pattern.compile("[?&]([^=]+)=").matcher(target);
        parameter.results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    HttpResponse<String> send() {
        return send("N");
    }

    /** @param mark in place of the N of names, which rollouts have for ever */
    HttpResponse<String> send(String mark) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + target.replace("-N", "-" + mark)))
                .method(method, content(mark));
        headers.forEach((name, value) -> request.header(
                name,
                value.replace("PAST", "Mon, 01 Jan 2001 00:00:00 GMT")
                        .replace("FUTURE", "Fri, 01 Jan 2100 00:00:00 GMT")));
        String authorization = authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return Server.send(request.build(), BodyHandlers.ofString());
    }

    private BodyPublisher content(String mark) {
        return switch (body) {
            case "" -> BodyPublishers.noBody();
            case "image" -> BodyPublishers.ofByteArray(image());
            case "damaged image" -> BodyPublishers.ofByteArray(Arrays.copyOf(image(), image().length - 1));
            case "5 KiB" -> chunks(5 << 10);
            case "17 MiB" -> chunks(17 << 20);
            case "128 MiB" -> chunks((128 << 20) + 1);
            default -> BodyPublishers.ofString(body.replace('~', '\n').replace("-N", "-" + mark));
        };
    }

    static byte[] image() {
        return EspImageBuilder.application().build();
    }

    /** Line feeds, in chunks, so that the server learns only as it reads how many there are. */
    private static BodyPublisher chunks(int bytes) {
        return BodyPublishers.ofInputStream(() -> new InputStream() {
            private final byte[] lines = "\n".repeat(16 << 10).getBytes(StandardCharsets.US_ASCII);
            private int left = bytes;

            @Override
            public int read() {
                return left-- > 0 ? '\n' : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                int count = Math.min(Math.min(length, left), lines.length);
                System.arraycopy(lines, 0, buffer, offset, count);
                left -= count;
                return count;
            }
        });
    }

    private @Nullable String authorization() {
        Map<String, String> users = new HashMap<>();
        users.put("stranger", Server.STRANGER);
        users.put("device", Server.DEVICE);
        users.put("monitor", Server.MONITOR);
        users.put("viewer", Server.VIEWER);
        users.put("publisher", Server.PUBLISHER);
        users.put("admin", Server.ADMIN);
        users.put("wrong", Server.basic("admin", "wrong"));
        return users.get(user);
    }

    @Override
    public String toString() {
        return method + " " + target + " by " + user + headers + " is " + status + " " + type;
    }
}
