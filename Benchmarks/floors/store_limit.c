/* The floor of storing a scan: for each certificate its DER and facts, its file with a change key, and the observation that
 * relates them with a verdict, by integer keys, in a write-ahead log with synchronous=FULL.
 *
 *     store_limit DATABASE CERTIFICATES CERTIFICATES_PER_COMMIT     DATABASE must not exist yet */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The mean sizes in the corpus of gen. */
enum { DER_BYTES = 800, FACTS_BYTES = 300, PATH_BYTES = 96, CHANGE_KEY_BYTES = 40, FINGERPRINT_WORDS = 4 };

static const char *const schema[] = {
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -16384",
    "PRAGMA wal_autocheckpoint = 8000",
    "CREATE TABLE certificates(id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL UNIQUE, not_after INTEGER NOT NULL,"
    " facts TEXT NOT NULL, der BLOB NOT NULL)",
    "CREATE TABLE files(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, change_key BLOB NOT NULL)",
    "CREATE TABLE observations(id INTEGER PRIMARY KEY, certificate INTEGER NOT NULL, file INTEGER NOT NULL,"
    " judged_at INTEGER NOT NULL, due_at INTEGER)",
    "CREATE INDEX observations_certificate ON observations(certificate)",
    "CREATE INDEX observations_due ON observations(due_at) WHERE due_at IS NOT NULL",
};

static void execute(sqlite3 *database, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, message);
        exit(1);
    }
}

static sqlite3_stmt *prepared(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(database));
        exit(1);
    }
    return statement;
}

static void step(sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) {
        fprintf(stderr, "a row could not be inserted\n");
        exit(1);
    }
    sqlite3_reset(statement);
}

/* xorshift64, since fingerprints are uniformly distributed. */
static uint64_t next_random(void) {
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: store_limit DATABASE CERTIFICATES CERTIFICATES_PER_COMMIT\n");
        return 64;
    }
    long count = atol(argv[2]), batch = atol(argv[3]);
    sqlite3 *database;
    if (sqlite3_open(argv[1], &database) != SQLITE_OK) return 1;
    for (size_t index = 0; index < sizeof schema / sizeof *schema; index++) execute(database, schema[index]);
    sqlite3_stmt *certificate = prepared(database, "INSERT INTO certificates VALUES(?, ?, ?, ?, ?)");
    sqlite3_stmt *file = prepared(database, "INSERT INTO files VALUES(?, ?, ?)");
    sqlite3_stmt *observation = prepared(database, "INSERT INTO observations VALUES(?, ?, ?, 0, ?)");
    static char facts[FACTS_BYTES], der[DER_BYTES], key[CHANGE_KEY_BYTES], path[PATH_BYTES];
    memset(facts, 'x', sizeof facts);

    for (long id = 1; id <= count;) {
        execute(database, "BEGIN IMMEDIATE");
        for (long end = id + batch; id < end && id <= count; id++) {
            uint64_t fingerprint[FINGERPRINT_WORDS];
            for (int word = 0; word < FINGERPRINT_WORDS; word++) fingerprint[word] = next_random();
            sqlite3_bind_int64(certificate, 1, id);
            sqlite3_bind_blob(certificate, 2, fingerprint, sizeof fingerprint, SQLITE_STATIC);
            sqlite3_bind_int64(certificate, 3, id);
            sqlite3_bind_text(certificate, 4, facts, sizeof facts, SQLITE_STATIC);
            sqlite3_bind_blob(certificate, 5, der, sizeof der, SQLITE_STATIC);
            step(certificate);
            snprintf(path, sizeof path, "/srv/pki/tenant-%02ld/d%04ld/client-%06ld.pem", id % 37, id / 100, id);
            sqlite3_bind_int64(file, 1, id);
            sqlite3_bind_text(file, 2, path, -1, SQLITE_STATIC);
            sqlite3_bind_blob(file, 3, key, sizeof key, SQLITE_STATIC);
            step(file);
            for (int column = 1; column <= 4; column++) sqlite3_bind_int64(observation, column, id);
            step(observation);
        }
        execute(database, "COMMIT");
    }
    sqlite3_finalize(certificate);
    sqlite3_finalize(file);
    sqlite3_finalize(observation);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
