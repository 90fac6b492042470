# Read by Tomcat's bin/catalina.sh: copy it to bin/setenv.sh. FUOTA_DATA is the folder that the set-up tool made.
FUOTA_DATA="${FUOTA_DATA:-$CATALINA_BASE/fuota}"

# With quotes of their own, because catalina.sh evaluates them once more.
CATALINA_OPTS="$CATALINA_OPTS \
  \"-Dfuota.data=$FUOTA_DATA\" \
  \"-Dfuota.tls.certificate=${FUOTA_TLS_CERTIFICATE:-$FUOTA_DATA/tls/cert.pem}\" \
  \"-Dfuota.tls.key=${FUOTA_TLS_KEY:-$FUOTA_DATA/tls/key.pem}\""

# Which groups a handshake may use: see server.xml. JDK 17 takes them from the second one.
FUOTA_TLS_GROUPS="${FUOTA_TLS_GROUPS:-secp256r1,x25519}"
CATALINA_OPTS="$CATALINA_OPTS -Dfuota.tls.groups=$FUOTA_TLS_GROUPS -Djdk.tls.namedGroups=$FUOTA_TLS_GROUPS"

# Amazon Corretto Crypto Provider, where its jar for this machine lies in the folder crypto: a handshake then costs half.
for jar in "$CATALINA_BASE"/crypto/AmazonCorrettoCryptoProvider-*-linux-"$(uname -m | sed s/aarch64/aarch_64/)".jar; do
  if [ -r "$jar" ] && [ -r "$CATALINA_BASE/conf/accp.security" ]; then
    CLASSPATH="$CLASSPATH${CLASSPATH:+:}$jar"
    CATALINA_OPTS="$CATALINA_OPTS \"-Djava.security.properties=$CATALINA_BASE/conf/accp.security\""
  fi
done

# This collector costs polls least, and its pauses are short, because little is kept in memory. Any other may be chosen.
# Two hundredths of the time are its to spend before it takes more memory: with one, the default, each download costs more.
case "$CATALINA_OPTS $JAVA_OPTS" in
  *-XX:+Use*GC*) ;;
  *) CATALINA_OPTS="$CATALINA_OPTS -XX:+UseParallelGC -XX:GCTimeRatio=49" ;;
esac
# Of JDK 25; older ones don't know it.
CATALINA_OPTS="$CATALINA_OPTS -XX:+IgnoreUnrecognizedVMOptions -XX:+UseCompactObjectHeaders"
# Heap and machine code in pages of 2 MiB save a twentieth of a poll, where Linux gives them to those who ask.
case "$CATALINA_OPTS $JAVA_OPTS" in
  *UseTransparentHugePages*) ;;
  *) if grep -qs '\[madvise\]\|\[always\]' /sys/kernel/mm/transparent_hugepage/enabled; then
    CATALINA_OPTS="$CATALINA_OPTS -XX:+UseTransparentHugePages"
  fi ;;
esac

# A client that shakes hands again and again on one connection takes the server's time for little of its own.
CATALINA_OPTS="$CATALINA_OPTS -Djdk.tls.rejectClientInitiatedRenegotiation=true"

# A Tomcat that can't open its port or read its certificate ends, instead of running without its connector.
CATALINA_OPTS="$CATALINA_OPTS -Dorg.apache.catalina.startup.EXIT_ON_INIT_FAILURE=true"

# sqlite-jdbc loads a native library; JDK 24 and newer want that said.
CATALINA_OPTS="$CATALINA_OPTS --enable-native-access=ALL-UNNAMED"
