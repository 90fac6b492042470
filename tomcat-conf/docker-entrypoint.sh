#!/usr/bin/env bash
# The image's first process: sets Fuota up, which keeps what is there, and then becomes the command, which is Tomcat.
set -euo pipefail

fail() {
  echo "Fuota: $*" >&2
  exit 1
}

# As process 1 the shell would ignore SIGTERM, and `docker stop` during set-up take its full ten seconds.
trap 'exit 143' TERM

certificate="${FUOTA_TLS_CERTIFICATE:-}"
key="${FUOTA_TLS_KEY:-}"
[[ "${certificate:+set}" == "${key:+set}" ]] || fail "set both FUOTA_TLS_CERTIFICATE and FUOTA_TLS_KEY, or neither"
for file in ${certificate:+"$certificate" "$key"}; do
  [[ -r "$file" ]] || fail "$file isn't there, or user $(id -u) of this container can't read it"
done

java -jar "$CATALINA_HOME/webapps/ROOT.war" \
  --data "$FUOTA_DATA" --host "${FUOTA_HOST:-}" --port "$FUOTA_HTTPS_PORT" \
  --device-user "${FUOTA_DEVICE_USER:-device}" --admin-user "${FUOTA_ADMIN_USER:-admin}"
[[ -z "$certificate" ]] || echo "  The server shows $certificate instead of the certificate above."

# Tomcat needs only their digests.
unset FUOTA_DEVICE_PASSWORD FUOTA_ADMIN_PASSWORD
# The access log goes to the volume: for Docker's log, which is never cut, it is too large. What the caller sets wins.
CATALINA_OPTS="-Dfuota.access.log.folder=$FUOTA_DATA/logs ${CATALINA_OPTS:-}"
export CATALINA_OPTS="$CATALINA_OPTS -Dfuota.https.port=$FUOTA_HTTPS_PORT -Dfuota.users=$FUOTA_DATA/conf/tomcat-users.xml"
exec "$@"
