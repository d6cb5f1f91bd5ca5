/* A cheap receiver of webhooks: it accepts every request on every connection and answers each with the same status.
 *
 *     sink STATUS      prints the port, serves until standard input ends */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_LIMIT = 1 << 20 };

static char answer[128];

/* The end of the request at the start of `text`. 0 while it is incomplete. */
static size_t end_of_request(char *text, size_t count) {
    char *end = memmem(text, count, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    size_t length = (size_t)(end - text) + 4;
    *end = 0;
    char *field = strcasestr(text, "\ncontent-length:");
    *end = '\r';
    if (field != NULL) length += (size_t)atol(field + strlen("\ncontent-length:"));
    return length <= count ? length : 0;
}

static void *serve(void *argument) {
    int connection = (int)(intptr_t)argument;
    char *text = malloc(REQUEST_LIMIT);
    size_t count = 0;
    while (text != NULL && count < REQUEST_LIMIT) {
        ssize_t received = read(connection, text + count, REQUEST_LIMIT - count);
        if (received <= 0) break;
        count += (size_t)received;
        for (size_t end = end_of_request(text, count); end > 0; end = end_of_request(text, count)) {
            memmove(text, text + end, count - end);
            count -= end;
            if (write(connection, answer, strlen(answer)) < 0) break;
        }
    }
    free(text);
    close(connection);
    return NULL;
}

static void *accept_all(void *argument) {
    int listener = (int)(intptr_t)argument;
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) return NULL;
        int one = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection) == 0) pthread_detach(thread);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: sink STATUS\n");
        return 64;
    }
    snprintf(answer, sizeof answer, "HTTP/1.1 %d Benchmark\r\nContent-Length: 0\r\n\r\n", atoi(argv[1]));
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        perror("sink");
        return 71;
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listener) != 0) return 71;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (getchar() != EOF) {}
    return 0;
}
