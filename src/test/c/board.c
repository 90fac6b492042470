/*
 * A board's HTTPS client on its own TLS library, mbed TLS 2.28 or 3.6: asks for one URL, and says what came.
 *
 *   cc -o board board.c -lmbedtls -lmbedx509 -lmbedcrypto
 *   ./board PORT CA.PEM USER:PASSWORD PATH VERSION RECORD FRAGMENT
 *
 * VERSION is 1.2 or 1.3. RECORD is how many bytes of content its receive buffer takes; a longer record ends it, as it would
 * end a board. FRAGMENT is what it asks for by max_fragment_length (512, 1024, 2048, 4096), or 0 to ask for nothing.
 * Prints one line: status, bytes of the body, its sum (each byte added, in 32 bits), longest record, version, suite.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mbedtls/base64.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#if MBEDTLS_VERSION_MAJOR > 2
#include <psa/crypto.h>
#endif

#define HEADER 5
/* What a record has beside header and content: nonce and tag in TLS 1.2; type, tag and the JDK's padding of 16 bytes in 1.3. */
#define OVERHEAD 33

struct stream {
    mbedtls_net_context net;
    unsigned char head[HEADER];
    size_t head_bytes;
    size_t left;    /* of the record under way */
    size_t longest; /* without its header */
    size_t most;
};

static void fail(const char *what, int code) {
    printf("%s failed: -0x%04x\n", what, (unsigned) -code);
    exit(1);
}

/* Reads never beyond a record's end, so that each record's length is seen. */
static int receive(void *context, unsigned char *buffer, size_t length) {
    struct stream *stream = context;
    size_t want = stream->left > 0 ? stream->left : HEADER - stream->head_bytes;
    int read = mbedtls_net_recv(&stream->net, buffer, length < want ? length : want);
    if (read <= 0) {
        return read;
    }
    if (stream->left > 0) {
        stream->left -= (size_t) read;
        return read;
    }
    memcpy(stream->head + stream->head_bytes, buffer, (size_t) read);
    stream->head_bytes += (size_t) read;
    if (stream->head_bytes == HEADER) {
        stream->head_bytes = 0;
        stream->left = (size_t) stream->head[3] << 8 | stream->head[4];
        if (stream->left > stream->longest) {
            stream->longest = stream->left;
        }
        if (stream->left > stream->most) {
            printf("a record of %zu bytes, more than its buffer takes\n", stream->left);
            exit(1);
        }
    }
    return read;
}

static int transmit(void *context, const unsigned char *buffer, size_t length) {
    return mbedtls_net_send(&((struct stream *) context)->net, buffer, length);
}

static int fragment_code(int bytes) {
    switch (bytes) {
        case 512: return MBEDTLS_SSL_MAX_FRAG_LEN_512;
        case 1024: return MBEDTLS_SSL_MAX_FRAG_LEN_1024;
        case 2048: return MBEDTLS_SSL_MAX_FRAG_LEN_2048;
        case 4096: return MBEDTLS_SSL_MAX_FRAG_LEN_4096;
        default: return MBEDTLS_SSL_MAX_FRAG_LEN_NONE;
    }
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "usage: board PORT CA.PEM USER:PASSWORD PATH VERSION RECORD FRAGMENT\n");
        return 2;
    }
    const char *version = argv[5];
    struct stream stream = {.most = (size_t) atoi(argv[6]) + OVERHEAD};
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt ca;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
    int code;

    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_x509_crt_init(&ca);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&ssl);
    mbedtls_net_init(&stream.net);
#if MBEDTLS_VERSION_MAJOR > 2
    if (psa_crypto_init() != PSA_SUCCESS) {
        fail("psa_crypto_init", -1);
    }
#endif
    if ((code = mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0)) != 0) {
        fail("seed", code);
    }
    if ((code = mbedtls_x509_crt_parse_file(&ca, argv[2])) != 0) {
        fail("the certificate", code);
    }
    code = mbedtls_ssl_config_defaults(
            &config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (code != 0) {
        fail("config", code);
    }
    mbedtls_ssl_conf_ca_chain(&config, &ca, NULL);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
#if MBEDTLS_VERSION_MAJOR > 2
    mbedtls_ssl_protocol_version only =
            strcmp(version, "1.3") == 0 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2;
    mbedtls_ssl_conf_min_tls_version(&config, only);
    mbedtls_ssl_conf_max_tls_version(&config, only);
#else
    if (strcmp(version, "1.2") != 0) {
        printf("this mbed TLS has no TLS %s\n", version);
        return 1;
    }
#endif
    if ((code = mbedtls_ssl_conf_max_frag_len(&config, (unsigned char) fragment_code(atoi(argv[7])))) != 0) {
        fail("max_fragment_length", code);
    }
    if ((code = mbedtls_ssl_setup(&ssl, &config)) != 0 || (code = mbedtls_ssl_set_hostname(&ssl, "localhost")) != 0) {
        fail("setup", code);
    }
    if ((code = mbedtls_net_connect(&stream.net, "127.0.0.1", argv[1], MBEDTLS_NET_PROTO_TCP)) != 0) {
        fail("connect", code);
    }
    mbedtls_ssl_set_bio(&ssl, &stream, transmit, receive, NULL);
    if ((code = mbedtls_ssl_handshake(&ssl)) != 0) {
        fail("handshake", code);
    }

    unsigned char credentials[512];
    size_t length = 0;
    code = mbedtls_base64_encode(
            credentials, sizeof credentials, &length, (const unsigned char *) argv[3], strlen(argv[3]));
    if (code != 0) {
        fail("base64", code);
    }
    char request[2048];
    int request_bytes = snprintf(
            request,
            sizeof request,
            "GET %s HTTP/1.1\r\nHost: localhost:%s\r\nAuthorization: Basic %.*s\r\nConnection: close\r\n\r\n",
            argv[4],
            argv[1],
            (int) length,
            credentials);
    for (int sent = 0; sent < request_bytes; sent += code) {
        code = mbedtls_ssl_write(&ssl, (unsigned char *) request + sent, (size_t) (request_bytes - sent));
        if (code < 0) {
            fail("write", code);
        }
    }

    char head[4096] = "";
    size_t head_bytes = 0;
    int is_body = 0;
    unsigned long body_bytes = 0;
    uint32_t sum = 0;
    unsigned char buffer[1024];
    while (1) {
        code = mbedtls_ssl_read(&ssl, buffer, sizeof buffer);
#if MBEDTLS_VERSION_MAJOR > 2
        if (code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
            continue;
        }
#endif
        if (code == 0 || code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY || code == MBEDTLS_ERR_SSL_CONN_EOF) {
            break;
        }
        if (code < 0) {
            fail("read", code);
        }
        for (int i = 0; i < code; i++) {
            if (is_body) {
                body_bytes++;
                sum += buffer[i];
            } else if (head_bytes < sizeof head - 1) {
                head[head_bytes++] = (char) buffer[i];
                is_body = head_bytes >= 4 && memcmp(head + head_bytes - 4, "\r\n\r\n", 4) == 0;
            }
        }
    }
    printf("%.3s, %lu bytes, sum %lu, longest record %zu, %s, %s\n",
           head + 9, body_bytes, (unsigned long) sum, stream.longest, mbedtls_ssl_get_version(&ssl),
           mbedtls_ssl_get_ciphersuite(&ssl));
    return 0;
}
