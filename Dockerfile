# Fuota's server as an image:
#
#   docker build --tag fuota .     podman and buildah need --format docker, or they drop the HEALTHCHECK
#   ./run-fuota
#
# All that must outlive a container lies in /var/lib/fuota. Keys and passwords are made on the first start, not here.
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-25
ARG BASE_IMAGE=docker.io/library/tomcat:11-jdk25-temurin

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY pom.xml ./
COPY tomcat-conf/ tomcat-conf/
COPY src/ src/
# Without the tests, which start a Tomcat of their own: `mvn verify` runs them.
RUN mvn --batch-mode --no-transfer-progress package -DskipTests

FROM ${BASE_IMAGE}
COPY tomcat-conf/server.xml tomcat-conf/accp.security $CATALINA_HOME/conf/
COPY tomcat-conf/logging.properties $CATALINA_HOME/conf/fuota.logging.properties
COPY tomcat-conf/ROOT.xml $CATALINA_HOME/conf/Catalina/localhost/
COPY tomcat-conf/setenv.sh $CATALINA_HOME/bin/
COPY tomcat-conf/docker-entrypoint.sh /usr/local/bin/
# Of Tomcat's folders only those that it writes at run time are its user's; the official image lets everybody write three
# of them. The data folder's owner is what a new named volume takes over. What was copied has the modes of the builder's
# umask. Tomcat would log to files too, some of it, such as why an application doesn't start, nowhere else.
# openssl is for the HEALTHCHECK: a base without it fails here, and not as a server that is never healthy.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin fuota \
 && mkdir -p /var/lib/fuota \
 && cd "$CATALINA_HOME" \
 && chown -R fuota:fuota logs temp webapps work /var/lib/fuota \
 && chmod 750 logs temp webapps work /var/lib/fuota \
 && chmod -R u=rwX,go=rX conf/server.xml conf/accp.security conf/Catalina bin/setenv.sh \
 && chmod 755 /usr/local/bin/docker-entrypoint.sh \
 && cat conf/fuota.logging.properties >> conf/logging.properties && rm conf/fuota.logging.properties \
 && sed -i 's/^\(.*handlers\) = .*/\1 = java.util.logging.ConsoleHandler/' conf/logging.properties \
 && openssl version
# Both the application and, by java -jar, the set-up tool.
COPY --from=build /src/target/fuota.war $CATALINA_HOME/webapps/ROOT.war
# The native crypto provider that setenv.sh looks for.
COPY --from=build /src/target/crypto/ $CATALINA_HOME/crypto/

# The port is for `docker run --network host`; elsewhere --publish chooses what the world sees.
ENV FUOTA_DATA=/var/lib/fuota FUOTA_HTTPS_PORT=50000
EXPOSE 50000
# A number, so that Kubernetes can tell that it isn't root.
USER 10001:10001
STOPSIGNAL SIGTERM

# Over TLS, by openssl: the base has no curl, an open port proves little, and a JVM a check is dear. That it lives, not that
# it is ready: a restart doesn't mend its database. The certificate isn't judged: an expired one is no reason to stop a
# server that boards still reach.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD printf 'GET /health/live HTTP/1.0\r\n\r\n' \
    | timeout 8 openssl s_client -quiet -connect "127.0.0.1:$FUOTA_HTTPS_PORT" 2>/dev/null \
    | grep -q '^HTTP/1.1 200'

ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["catalina.sh", "run"]
