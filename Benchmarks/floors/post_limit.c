/* The floor of deliveries: messages are posted one after the other on one open connection. Each is a row that is inserted in
 * one durable commit and updated in another. Batches share both commits and the request.
 *
 *     post_limit DATABASE PORT MESSAGES MESSAGES_PER_REQUEST     DATABASE must not exist yet */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As large as a webhook's body. */
enum { BODY_BYTES = 1024 };

static void fail(const char *what) {
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static void execute(sqlite3 *database, const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql);
}

static void step(sqlite3_stmt *statement, long id) {
    sqlite3_bind_int64(statement, 1, id);
    if (sqlite3_step(statement) != SQLITE_DONE) fail("a row");
    sqlite3_reset(statement);
}

static int connection_to(int port) {
    int connection = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connection;
}

static void post(int connection, const char *request, size_t length) {
    char answer[1024];
    size_t count = 0;
    if (write(connection, request, length) != (ssize_t)length) fail("write");
    while (count == 0 || memmem(answer, count, "\r\n\r\n", 4) == NULL) {
        ssize_t received = read(connection, answer + count, sizeof answer - count);
        if (received <= 0) fail("read");
        count += (size_t)received;
    }
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: post_limit DATABASE PORT MESSAGES MESSAGES_PER_REQUEST\n");
        return 64;
    }
    long messages = atol(argv[3]), batch = atol(argv[4]);
    sqlite3 *database;
    if (sqlite3_open(argv[1], &database) != SQLITE_OK) fail("open");
    execute(database, "PRAGMA journal_mode = WAL");
    execute(database, "PRAGMA synchronous = FULL");
    execute(database, "CREATE TABLE messages(id INTEGER PRIMARY KEY, state INTEGER NOT NULL, body BLOB NOT NULL)");
    sqlite3_stmt *insert, *update;
    sqlite3_prepare_v2(database, "INSERT INTO messages VALUES(?, 0, zeroblob(1024))", -1, &insert, NULL);
    sqlite3_prepare_v2(database, "UPDATE messages SET state = 1 WHERE id = ?", -1, &update, NULL);

    size_t body = BODY_BYTES * (size_t)batch;
    char *request = malloc(body + 256);
    if (request == NULL) fail("malloc");
    int header = snprintf(
        request, 256, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
        body);
    memset(request + header, 'x', body);

    int connection = connection_to(atoi(argv[2]));
    for (long first = 0; first < messages; first += batch) {
        long end = first + batch < messages ? first + batch : messages;
        execute(database, "BEGIN IMMEDIATE");
        for (long id = first; id < end; id++) step(insert, id);
        execute(database, "COMMIT");
        post(connection, request, (size_t)header + body);
        execute(database, "BEGIN IMMEDIATE");
        for (long id = first; id < end; id++) step(update, id);
        execute(database, "COMMIT");
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(update);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
