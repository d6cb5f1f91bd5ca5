/* The floor of a scan on this machine: one thread, no ledger, and OpenSSL for SHA-256 only.
 *
 *     floor stat DIRECTORY      statx of every file, the minimum of a rescan without changes
 *     floor dersh DIRECTORY     reads every file, decodes each PEM certificate, walks its DER to notAfter and hashes
 *                               it, the minimum of a first scan
 *
 * Prints the number of files or certificates and the sum of their times, so that nothing is optimised away. */
#define _GNU_SOURCE
/* The low-level SHA256_ functions are deprecated, but the others fetch the digest at each call. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <dirent.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

enum { FILE_LIMIT = 1 << 20, DER_LIMIT = 1 << 17, SLACK = 64 };

static long count;
static int64_t sum;
static char file_bytes[FILE_LIMIT];
static uint8_t der_bytes[DER_LIMIT + SLACK];
static volatile uint8_t hash_sink;

/* MARK: Base64 */

static uint8_t sextet_of[256];

static void fill_base64_table(void) {
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    memset(sextet_of, 0xff, sizeof sextet_of);
    for (int i = 0; i < 64; i++) sextet_of[(uint8_t)alphabet[i]] = (uint8_t)i;
}

#ifdef __AVX2__
/* Decodes 32 characters to 24 bytes and writes 32. Returns 0 if one of them is not in the alphabet.
 * Source: W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", 2018. */
static int decode_32_characters(const char *text, uint8_t *out) {
    const __m256i low_classes = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
    const __m256i high_classes = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
    const __m256i offsets = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i packing = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    const __m256i slash = _mm256_set1_epi8(0x2f);

    __m256i input = _mm256_loadu_si256((const __m256i *)text);
    __m256i high = _mm256_and_si256(_mm256_srli_epi32(input, 4), slash);
    __m256i low = _mm256_and_si256(input, slash);
    if (!_mm256_testz_si256(_mm256_shuffle_epi8(low_classes, low), _mm256_shuffle_epi8(high_classes, high))) return 0;

    __m256i is_slash = _mm256_cmpeq_epi8(input, slash);
    __m256i sextets = _mm256_add_epi8(input, _mm256_shuffle_epi8(offsets, _mm256_add_epi8(is_slash, high)));
    __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
    __m256i triples = _mm256_shuffle_epi8(_mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000)), packing);
    __m256i packed = _mm256_permutevar8x32_epi32(triples, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1));
    _mm256_storeu_si256((__m256i *)out, packed);
    return 1;
}
#endif

static int is_line_end(char character) {
    return character == '\n' || character == '\r';
}

/* Decodes up to the first character that is neither base64 nor a line end. */
static long decode_base64(const char *text, const char *end, uint8_t *out, const char **stop) {
    uint8_t *const start = out;
    for (;;) {
#ifdef __AVX2__
        while (text + 32 <= end && out - start + 24 <= DER_LIMIT && decode_32_characters(text, out)) {
            text += 32;
            out += 24;
        }
#endif
        if (text < end && is_line_end(*text)) {
            text++;
            continue;
        }
        uint32_t bits = 0;
        int sextets = 0;
        for (; sextets < 4 && text < end; text++) {
            if (is_line_end(*text)) continue;
            uint8_t sextet = sextet_of[(uint8_t)*text];
            if (sextet == 0xff) break;
            bits = bits << 6 | sextet;
            sextets++;
        }
        bits <<= 6 * (4 - sextets);
        for (int byte = 0; byte < sextets - 1; byte++) *out++ = (uint8_t)(bits >> (16 - 8 * byte));
        if (sextets < 4 || out - start + 24 > DER_LIMIT) break;
    }
    *stop = text;
    return out - start;
}

/* MARK: DER */

typedef struct {
    const uint8_t *at, *end;
} cursor;

/* Reads the element at the cursor: returns its tag, sets `content`, and moves the cursor behind it. */
static int next_element(cursor *in, cursor *content) {
    const uint8_t *at = in->at;
    if (in->end - at < 2) return -1;
    int tag = *at++;
    size_t length = *at++;
    if (length & 0x80) {
        int octets = length & 0x7f;
        if (octets > 3 || in->end - at < octets) return -1;
        for (length = 0; octets > 0; octets--) length = length << 8 | *at++;
    }
    if ((size_t)(in->end - at) < length) return -1;
    *content = (cursor){at, at + length};
    in->at = at + length;
    return tag;
}

/* Days since 1970-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int64_t days_from_civil(int year, int month, int day) {
    year -= month <= 2;
    int era = year / 400, year_of_era = year % 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097LL + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int two_digits(const uint8_t *text) {
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* A UTCTime or GeneralizedTime in the form of RFC 5280 4.1.2.5, in seconds since 1970. 0 for any other form. */
static int64_t seconds_of(int tag, cursor time) {
    const uint8_t *at = time.at;
    long length = time.end - time.at;
    int year = two_digits(at);
    if (tag == 0x17 && length == 13) {
        year += year < 50 ? 2000 : 1900;
    } else if (tag == 0x18 && length == 15) {
        year = year * 100 + two_digits(at + 2);
        at += 2;
    } else {
        return 0;
    }
    return days_from_civil(year, two_digits(at + 2), two_digits(at + 4)) * 86400 + two_digits(at + 6) * 3600
        + two_digits(at + 8) * 60 + two_digits(at + 10);
}

static int64_t not_after(const uint8_t *der, long length) {
    cursor outer = {der, der + length}, certificate, body, validity, skipped, time;
    if (next_element(&outer, &certificate) != 0x30 || next_element(&certificate, &body) != 0x30) return 0;
    if (body.at < body.end && *body.at == 0xa0) next_element(&body, &skipped); /* version */
    next_element(&body, &skipped);                                              /* serialNumber */
    next_element(&body, &skipped);                                              /* signature */
    next_element(&body, &skipped);                                              /* issuer */
    if (next_element(&body, &validity) != 0x30) return 0;
    next_element(&validity, &skipped); /* notBefore */
    int tag = next_element(&validity, &time);
    return tag < 0 ? 0 : seconds_of(tag, time);
}

/* MARK: Files */

static void read_certificates(const char *text, long length) {
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    const char *end = text + length;
    while ((text = memmem(text, (size_t)(end - text), begin, sizeof begin - 1)) != NULL) {
        long der_length = decode_base64(text + sizeof begin - 1, end, der_bytes, &text);
        uint8_t hash[SHA256_DIGEST_LENGTH];
        SHA256_CTX context;
        SHA256_Init(&context);
        SHA256_Update(&context, der_bytes, (size_t)der_length);
        SHA256_Final(hash, &context);
        hash_sink ^= hash[0];
        sum += not_after(der_bytes, der_length);
        count++;
    }
}

static void read_file(int directory, const char *name) {
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    long length = read(file, file_bytes, sizeof file_bytes);
    close(file);
    if (length > 0) read_certificates(file_bytes, length);
}

static void stat_file(int directory, const char *name) {
    struct statx status;
    unsigned wanted = STATX_INO | STATX_SIZE | STATX_MTIME | STATX_CTIME;
    if (statx(directory, name, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, wanted, &status) != 0) return;
    sum += status.stx_mtime.tv_sec;
    count++;
}

static void walk(int directory, void (*visit)(int directory, const char *name)) {
    DIR *listing = fdopendir(directory);
    if (listing == NULL) return;
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        if (entry->d_type == DT_REG) visit(directory, entry->d_name);
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
        int below = openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (below >= 0) walk(below, visit);
    }
    closedir(listing);
}

int main(int argc, char **argv) {
    int is_stat = argc == 3 && strcmp(argv[1], "stat") == 0;
    if (!is_stat && !(argc == 3 && strcmp(argv[1], "dersh") == 0)) {
        fprintf(stderr, "usage: floor stat|dersh DIRECTORY\n");
        return 64;
    }
    int root = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        perror(argv[2]);
        return 1;
    }
    fill_base64_table();
    walk(root, is_stat ? stat_file : read_file);
    printf("count=%ld sum=%lld\n", count, (long long)sum);
    return count > 0 ? 0 : 1;
}
