/* The floor of decisions: rows of the size of a notice, with a unique index on a random fingerprint,
 * committed to a SQLite file with a write-ahead log and synchronous=FULL.
 *
 *     sqlite_limit DATABASE ROWS ROWS_PER_COMMIT     DATABASE must not exist yet */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_BYTES = 256, FINGERPRINT_WORDS = 4 };

static void execute(sqlite3 *database, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, message);
        exit(1);
    }
}

/* xorshift64, since fingerprints are uniformly distributed. */
static uint64_t next_random(void) {
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void insert_row(sqlite3_stmt *insert, long row, const char *payload) {
    uint64_t fingerprint[FINGERPRINT_WORDS];
    for (int word = 0; word < FINGERPRINT_WORDS; word++) fingerprint[word] = next_random();
    sqlite3_bind_blob(insert, 1, fingerprint, sizeof fingerprint, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 2, 30 * 86400);
    sqlite3_bind_int64(insert, 3, row);
    sqlite3_bind_text(insert, 4, payload, PAYLOAD_BYTES, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) {
        fprintf(stderr, "a row could not be inserted\n");
        exit(1);
    }
    sqlite3_reset(insert);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: sqlite_limit DATABASE ROWS ROWS_PER_COMMIT\n");
        return 64;
    }
    long rows = atol(argv[2]), rows_per_commit = atol(argv[3]);
    sqlite3 *database;
    sqlite3_stmt *insert;
    if (sqlite3_open(argv[1], &database) != SQLITE_OK) return 1;
    execute(database, "PRAGMA journal_mode = WAL");
    execute(database, "PRAGMA synchronous = FULL");
    execute(
        database,
        "CREATE TABLE notices(id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, stage INTEGER NOT NULL,"
        " decided_at INTEGER NOT NULL, payload TEXT NOT NULL, UNIQUE(fingerprint, stage))");
    sqlite3_prepare_v2(
        database, "INSERT INTO notices(fingerprint, stage, decided_at, payload) VALUES(?, ?, ?, ?)", -1, &insert,
        NULL);
    char payload[PAYLOAD_BYTES];
    memset(payload, 'x', sizeof payload);

    for (long row = 0; row < rows;) {
        execute(database, "BEGIN IMMEDIATE");
        for (long end = row + rows_per_commit; row < end && row < rows; row++) insert_row(insert, row, payload);
        execute(database, "COMMIT");
    }
    sqlite3_finalize(insert);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
