// Code with which a board joins, for pasting: with this server's address and the board's id and user, never with a password.

/** What each is called, where its code goes, and what it does. */
export const KINDS = {
  idf: {name: 'ESP-IDF', file: 'main/fuota.c', says: 'Call fuota_check() once there is a network, and then every few minutes. Put server.pem beside it, and EMBED_TXTFILES "server.pem" into main/CMakeLists.txt.'},
  arduino: {name: 'Arduino', file: 'fuota.h', says: 'Call fuotaCheck() from loop() every few minutes, once WiFi is connected.'},
  esphome: {name: 'ESPHome', file: 'board.yaml', says: 'The board is seen and followed. It doesn\u2019t install by itself yet: its updates go on by ESPHome.'},
  micropython: {name: 'MicroPython', file: 'fuota.py', says: 'Call fuota.check() once there is a network, and then every few minutes. Put server.pem beside it.'},
};

/** How the certificate gets to where the code wants it; where the server tells it, it is shown in its place. */
export function certificateCommand(host, port) {
  return `openssl s_client -connect ${host}:${port} -servername ${host} </dev/null 2>/dev/null | openssl x509 > server.pem`;
}

/** By the server's URL, and the board's id, user and version, ready to stand in a URL. */
export function code(kind, {url, id, user, version}) {
  switch (kind) {
    case 'idf':
      return `#include "esp_app_desc.h"
#include "esp_http_client.h"
#include "esp_https_ota.h"
#include "esp_ota_ops.h"

#define SERVER "${url}"
#define ID "${id}"
extern const char server_pem[] asm("_binary_server_pem_start");

static esp_http_client_config_t http(const char *url) {
    return (esp_http_client_config_t) {
        .url = url, .cert_pem = server_pem, .timeout_ms = 10000,
        .username = "${user}", .password = CONFIG_FUOTA_PASSWORD,
        .auth_type = HTTP_AUTH_TYPE_BASIC, .keep_alive_enable = true,
    };
}

void fuota_check(void) {
    char url[384], path[257] = "";
    snprintf(url, sizeof url, SERVER "/devices/" ID "?app_ver=%s", esp_app_get_description()->version);
    esp_http_client_config_t poll = http(url);
    esp_http_client_handle_t client = esp_http_client_init(&poll);
    int status = 0;
    if (esp_http_client_open(client, 0) == ESP_OK && esp_http_client_fetch_headers(client) >= 0) {
        status = esp_http_client_get_status_code(client);
        if (status == 200 && esp_http_client_read_response(client, path, sizeof path - 1) <= 0) {
            status = 0;
        }
    }
    esp_http_client_cleanup(client);
    if (status == 200 || status == 204) {
        // The server can be reached by this firmware: it may stay.
        esp_ota_mark_app_valid_cancel_rollback();
    }
    if (status == 200) {
        snprintf(url, sizeof url, SERVER "/files/%s", path);
        esp_http_client_config_t file = http(url);
        esp_https_ota_config_t ota = {.http_config = &file};
        if (esp_https_ota(&ota) == ESP_OK) {
            esp_restart();
        }
    }
}
`;
    case 'arduino':
      return `#include <HTTPClient.h>
#include <HTTPUpdate.h>
#include <WiFiClientSecure.h>
#include "server_pem.h"  // const char SERVER_PEM[] = R"(-----BEGIN CERTIFICATE----- ...)";
#include "secrets.h"     // #define FUOTA_PASSWORD "..."

#define SERVER "${url}"
#define ID "${id}"
#define VERSION "${version}"

void fuotaCheck() {
  WiFiClientSecure tls;
  tls.setCACert(SERVER_PEM);
  HTTPClient http;
  http.begin(tls, SERVER "/devices/" ID "?app_ver=" VERSION);
  http.setAuthorization("${user}", FUOTA_PASSWORD);
  int status = http.GET();
  String path = http.getString();
  http.end();
  if (status == 200) {
    httpUpdate.setAuthorization("${user}", FUOTA_PASSWORD);
    httpUpdate.update(tls, SERVER "/files/" + path);  // restarts the board
  }
}
`;
    case 'esphome':
      return `http_request:
  timeout: 10s
  verify_ssl: true

interval:
  - interval: 5min
    startup_delay: 30s
    then:
      - http_request.get:
          url: ${url}/devices/${id}?app_ver=${version}
          request_headers:
            # printf '%s' '${user}:PASSWORD' | base64, in secrets.yaml with "Basic " before it
            Authorization: !secret fuota_authorization
`;
    default:
      return `import esp32, machine, ssl, socket, ubinascii
from secrets import FUOTA_PASSWORD

HOST, PORT = "${new URL(url).hostname}", ${new URL(url).port || 443}
ROOT, ID, VERSION = "${new URL(url).pathname.replace(/\/$/, '')}", "${id}", "${version}"

def get(path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.load_verify_locations(open("server.pem").read())
    s = socket.socket()
    s.connect(socket.getaddrinfo(HOST, PORT)[0][-1])
    s = tls.wrap_socket(s, server_hostname=HOST)
    login = ubinascii.b2a_base64(b"${user}:" + FUOTA_PASSWORD.encode()).strip().decode()
    s.write("GET %s%s HTTP/1.0\\r\\nHost: %s:%d\\r\\nAuthorization: Basic %s\\r\\n\\r\\n" % (ROOT, path, HOST, PORT, login))
    status = int(s.readline().split()[1])
    length = 0
    while True:
        line = s.readline().strip().lower()
        if not line:
            return status, length, s
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])

def check():
    status, length, s = get("/devices/%s?app_ver=%s" % (ID, VERSION))
    path = s.read(length).decode() if status == 200 else None
    s.close()
    if status in (200, 204):
        esp32.Partition.mark_app_valid_cancel_rollback()
    if path:
        status, length, s = get("/files/" + path)
        part, block = esp32.Partition(esp32.Partition.RUNNING).get_next_update(), 0
        while status == 200 and length > 0:
            data = s.read(min(4096, length))
            if not data:
                return
            length -= len(data)
            part.writeblocks(block, data + b"\\xff" * (-len(data) % 4096))
            block += 1
        if status == 200:
            part.set_boot()
            machine.reset()
`;
  }
}
