/* The floor of an mTLS probe with this OpenSSL: one SSL_CTX for all probes, blocking sockets, and for each probe a new
 * connection, a full handshake with a client certificate, and one GET that must be answered with 200.
 *
 *     probe_ssl PROBES THREADS PORT PATH CA_FILE CERTIFICATE_FILE KEY_FILE     the server is localhost */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAXIMUM_THREADS = 64 };

static long wanted;
static atomic_long begun, succeeded;
static int port;
static char request[512];
static SSL_CTX *context;

static SSL_CTX *new_context(const char *ca_file, const char *certificate_file, const char *key_file) {
    SSL_CTX *new = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_session_cache_mode(new, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(new, SSL_VERIFY_PEER, NULL);
    if (!SSL_CTX_load_verify_file(new, ca_file) || SSL_CTX_use_certificate_chain_file(new, certificate_file) != 1
        || SSL_CTX_use_PrivateKey_file(new, key_file, SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "the CA, certificate or key cannot be used\n");
        exit(1);
    }
    return new;
}

static int connected_socket(void) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    return descriptor;
}

/* Sends the request and reads the whole response. */
static int is_answered_with_200(SSL *connection) {
    static const char expected[] = "HTTP/1.1 200";
    char answer[4096];
    SSL_write(connection, request, (int)strlen(request));
    int is_ok = SSL_read(connection, answer, sizeof answer) > (int)sizeof expected
        && memcmp(answer, expected, sizeof expected - 1) == 0;
    while (SSL_read(connection, answer, sizeof answer) > 0) {}
    return is_ok;
}

static void *probe_in_turn(void *unused) {
    while (atomic_fetch_add(&begun, 1) < wanted) {
        int descriptor = connected_socket();
        SSL *connection = SSL_new(context);
        SSL_set_tlsext_host_name(connection, "localhost");
        SSL_set1_host(connection, "localhost");
        SSL_set_fd(connection, descriptor);
        if (SSL_connect(connection) == 1 && is_answered_with_200(connection)) {
            atomic_fetch_add(&succeeded, 1);
            SSL_shutdown(connection);
        }
        SSL_free(connection);
        close(descriptor);
    }
    return unused;
}

int main(int argc, char **argv) {
    int threads = argc == 8 ? atoi(argv[2]) : 0;
    if (threads < 1 || threads > MAXIMUM_THREADS) {
        fprintf(stderr, "usage: probe_ssl PROBES THREADS PORT PATH CA_FILE CERTIFICATE_FILE KEY_FILE\n");
        return 64;
    }
    wanted = atol(argv[1]);
    port = atoi(argv[3]);
    snprintf(
        request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", argv[4]);
    context = new_context(argv[5], argv[6], argv[7]);

    pthread_t all[MAXIMUM_THREADS];
    for (int i = 0; i < threads; i++) pthread_create(&all[i], NULL, probe_in_turn, NULL);
    for (int i = 0; i < threads; i++) pthread_join(all[i], NULL);
    return succeeded == wanted ? 0 : 1;
}
