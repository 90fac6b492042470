# Read by Tomcat's bin/catalina.sh: copy it to bin/setenv.sh. FUOTA_DATA is the folder that the set-up tool made.
FUOTA_DATA="${FUOTA_DATA:-$CATALINA_BASE/fuota}"

# With quotes of their own, because catalina.sh evaluates them once more.
CATALINA_OPTS="$CATALINA_OPTS \
  \"-Dfuota.data=$FUOTA_DATA\" \
  \"-Dfuota.tls.certificate=${FUOTA_TLS_CERTIFICATE:-$FUOTA_DATA/tls/cert.pem}\" \
  \"-Dfuota.tls.key=${FUOTA_TLS_KEY:-$FUOTA_DATA/tls/key.pem}\""

# P-256 first, which every ESP32 has; without P-521, which costs 9 ms a handshake.
CATALINA_OPTS="$CATALINA_OPTS -Djdk.tls.namedGroups=secp256r1,x25519,secp384r1"

# A Tomcat that can't open its port or read its certificate ends, instead of running without its connector.
CATALINA_OPTS="$CATALINA_OPTS -Dorg.apache.catalina.startup.EXIT_ON_INIT_FAILURE=true"

# sqlite-jdbc loads a native library; JDK 24 and newer want that said.
CATALINA_OPTS="$CATALINA_OPTS --enable-native-access=ALL-UNNAMED"

# Java 24 and newer: as many threads as there are connections, so that nobody can hold them all, as anybody can by sending bodies
# slowly. SQLite keeps a carrier while it waits for a lock: there are more of them than connections to the database.
if grep -Eqs '^JAVA_VERSION="(2[4-9]|[3-9][0-9])' "${JAVA_HOME:-$JRE_HOME}/release"; then
  CATALINA_OPTS="-Dfuota.threads.virtual=true -Djdk.virtualThreadScheduler.parallelism=64 $CATALINA_OPTS"
fi
