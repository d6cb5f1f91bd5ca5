/* Generates a corpus of client certificates like that of a private PKI after some years:
 *
 *     gen DIRECTORY COUNT SEED NOW     NOW in seconds since 1970
 *
 * Equal arguments give equal bytes, since OpenSSL's random numbers come from a seeded generator. A directory has 100 files;
 * the CAs' own certificates are in DIRECTORY/ca. 70 % of the certificates have P-256 keys, 25 % RSA 2048, the rest P-384 or
 * Ed25519. 1 % expired within the last 60 days, 6 % expire within the next 30, 1 % after 2050, and the others within
 * 825 days. 5 % of the files begin with text, 3 % have CRLF line ends. */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_set_rand_method is the one way to repeatable keys and signatures. */
#include <openssl/bn.h>
#include <openssl/conf.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { AUTHORITIES = 20, FILES_IN_A_DIRECTORY = 100, DAY = 86400 };

static const char *const organizations[] = {
    "Northwind Traders Ltd", "Contoso Logistik GmbH", "Fabrikam Payments AG", "Müller & Söhne KG",
    "Société Générale d'Énergie", "Globex Insurance plc", "Umbrella Pharma SA", "Hooli Telecom Oy"};
static const char *const units[] = {"Payments", "B2B Gateway", "Fleet Telemetry", "EDI", "Field Devices"};
static const char *const countries[] = {"DE", "GB", "FR", "NL", "US", "SE", "CH", "PL"};
static const char *const states[] = {"Bavaria", "Greater London", "Île-de-France", "Zürich", "Mazowieckie"};
static const char *const services[] = {"orders", "ledger", "tracking", "pay-gw", "edi-bridge", "fleet-agent"};
static const char *const stages[] = {"prod", "prod", "prod", "stage", "dr"};
static const char *const domains[] = {"partner.example.com", "clients.example.net", "b2b.example.org"};

static void check(int is_ok, const char *what) {
    if (is_ok) return;
    fprintf(stderr, "%s failed\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

/* MARK: Repeatable randomness */

/* SplitMix64, with one state for the corpus and one for OpenSSL, so that OpenSSL's use does not affect the corpus. */
static uint64_t corpus_state, openssl_state;

static uint64_t next_random(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

static long below(long bound) {
    return (long)(next_random(&corpus_state) % (uint64_t)bound);
}

static int happens(int percent) {
    return below(100) < percent;
}

#define ANY(list) list[below(sizeof list / sizeof *list)]

static int fill_with_random(unsigned char *bytes, int count) {
    for (int i = 0; i < count; i++) bytes[i] = (unsigned char)next_random(&openssl_state);
    return 1;
}

static int is_seeded(void) {
    return 1;
}

/* MARK: Keys, re-used because RSA keys take long to make */

enum { P256_KEYS = 64, RSA_KEYS = 16, OTHER_KEYS = 8 };
static EVP_PKEY *p256_keys[P256_KEYS], *rsa_keys[RSA_KEYS], *p384_keys[OTHER_KEYS], *ed25519_keys[OTHER_KEYS];

static EVP_PKEY *checked_key(EVP_PKEY *key) {
    check(key != NULL, "making a key");
    return key;
}

static void make_keys(void) {
    for (int i = 0; i < P256_KEYS; i++) p256_keys[i] = checked_key(EVP_EC_gen("P-256"));
    for (int i = 0; i < RSA_KEYS; i++) rsa_keys[i] = checked_key(EVP_RSA_gen(2048));
    for (int i = 0; i < OTHER_KEYS; i++) p384_keys[i] = checked_key(EVP_EC_gen("P-384"));
    for (int i = 0; i < OTHER_KEYS; i++) ed25519_keys[i] = checked_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
}

static EVP_PKEY *any_key(void) {
    long share = below(1000);
    if (share < 700) return ANY(p256_keys);
    if (share < 950) return ANY(rsa_keys);
    return share < 975 ? ANY(p384_keys) : ANY(ed25519_keys);
}

/* MARK: Certificates */

typedef struct {
    X509 *certificate;
    EVP_PKEY *key;
} authority;

static authority authorities[AUTHORITIES];

static X509 *new_certificate(EVP_PKEY *key, time_t not_before, time_t not_after) {
    X509 *certificate = X509_new();
    unsigned char serial[16];
    for (size_t i = 0; i < sizeof serial; i++) serial[i] = (unsigned char)below(256);
    serial[0] = (serial[0] & 0x3f) | 0x40;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_TIME_set(X509_getm_notBefore(certificate), not_before);
    ASN1_TIME_set(X509_getm_notAfter(certificate), not_after);
    X509_set_pubkey(certificate, key);
    return certificate;
}

static void add_name(X509_NAME *name, const char *attribute, const char *value) {
    check(
        X509_NAME_add_entry_by_txt(name, attribute, MBSTRING_UTF8, (const unsigned char *)value, -1, -1, 0),
        attribute);
}

static void add_extension(X509 *certificate, X509 *issuer, int identifier, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_nconf_nid(NULL, &context, identifier, value);
    check(extension != NULL && X509_add_ext(certificate, extension, -1), value);
    X509_EXTENSION_free(extension);
}

static void sign(X509 *certificate, const authority *issuer) {
    int is_p384 = EVP_PKEY_get_bits(issuer->key) == 384;
    check(X509_sign(certificate, issuer->key, is_p384 ? EVP_sha384() : EVP_sha256()), "signing");
}

static void make_authority(int index, time_t now) {
    authority *made = &authorities[index];
    made->key = index % 10 < 6 ? ANY(p256_keys) : index % 10 < 9 ? ANY(rsa_keys) : ANY(p384_keys);
    made->certificate = new_certificate(made->key, now - 3L * 365 * DAY, now + DAY * (10 + below(7 * 365)));
    char common_name[64];
    snprintf(common_name, sizeof common_name, "Client Issuing CA %02d", index + 1);
    X509_NAME *name = X509_get_subject_name(made->certificate);
    add_name(name, "C", ANY(countries));
    add_name(name, "O", ANY(organizations));
    add_name(name, "CN", common_name);
    X509_set_issuer_name(made->certificate, name);
    add_extension(made->certificate, made->certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(made->certificate, made->certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(made->certificate, made->certificate, NID_subject_key_identifier, "hash");
    sign(made->certificate, made);
}

static time_t any_not_after(time_t now) {
    static const long year_2051 = 2556144000, no_well_defined_expiry = 253402300799;
    long share = below(100);
    if (share < 1) return now - 60 - below(60 * DAY);
    if (share < 7) return now + 3600 + below(30 * DAY - 7200);
    if (share < 8) return happens(50) ? no_well_defined_expiry : year_2051 + below(900000000);
    return now + 30 * DAY + 7200 + below(795 * DAY);
}

static void add_names(X509 *certificate, X509 *issuer, long index) {
    const char *service = ANY(services), *stage = ANY(stages), *domain = ANY(domains);
    char common_name[128], alternatives[512];
    snprintf(common_name, sizeof common_name, "%s-%05ld.%s.%s", service, index, stage, domain);
    X509_NAME *subject = X509_get_subject_name(certificate);
    add_name(subject, "C", ANY(countries));
    if (happens(60)) add_name(subject, "ST", ANY(states));
    add_name(subject, "O", ANY(organizations));
    if (happens(80)) add_name(subject, "OU", ANY(units));
    add_name(subject, "CN", common_name);
    if (!happens(80)) return;
    int length = snprintf(alternatives, sizeof alternatives, "DNS:%s", common_name);
    for (long more = below(3); more > 0; more--) {
        length += snprintf(
            alternatives + length, sizeof alternatives - (size_t)length, ",DNS:%s-%ld.%s.%s", service, more, stage,
            domain);
    }
    if (happens(20)) {
        snprintf(
            alternatives + length, sizeof alternatives - (size_t)length, ",URI:spiffe://%s/ns/%s/sa/%s", domain, stage,
            service);
    }
    add_extension(certificate, issuer, NID_subject_alt_name, alternatives);
}

static X509 *make_client(long index, time_t now) {
    static const long lifetimes[] = {90, 365, 825};
    const authority *issuer = &authorities[below(AUTHORITIES)];
    time_t not_after = any_not_after(now), not_before = not_after - ANY(lifetimes) * DAY;
    X509 *client = new_certificate(any_key(), not_before > now ? now - DAY : not_before, not_after);
    X509_set_issuer_name(client, X509_get_subject_name(issuer->certificate));
    add_extension(client, issuer->certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(client, issuer->certificate, NID_key_usage, "critical,digitalSignature");
    add_extension(client, issuer->certificate, NID_ext_key_usage, happens(30) ? "clientAuth,serverAuth" : "clientAuth");
    add_extension(client, issuer->certificate, NID_subject_key_identifier, "hash");
    add_extension(client, issuer->certificate, NID_authority_key_identifier, "keyid:always");
    add_names(client, issuer->certificate, index);
    if (happens(50)) {
        add_extension(client, issuer->certificate, NID_crl_distribution_points, "URI:http://crl.example.com/a.crl");
        add_extension(client, issuer->certificate, NID_info_access, "OCSP;URI:http://ocsp.example.com");
    }
    sign(client, issuer);
    return client;
}

/* MARK: Files */

static void write_certificate(const char *path, X509 *certificate, const char *prelude, int has_crlf) {
    BIO *memory = BIO_new(BIO_s_mem());
    check(PEM_write_bio_X509(memory, certificate), path);
    char *text;
    long length = BIO_get_mem_data(memory, &text);
    FILE *file = fopen(path, "w");
    check(file != NULL, path);
    fputs(prelude, file);
    for (long i = 0; i < length; i++) {
        if (has_crlf && text[i] == '\n') putc('\r', file);
        putc(text[i], file);
    }
    check(fclose(file) == 0, path);
    BIO_free(memory);
}

static void write_client(const char *directory, long index, time_t now) {
    char path[4096];
    long number = index / FILES_IN_A_DIRECTORY;
    int length = snprintf(path, sizeof path, "%s/tenant-%02ld", directory, number % 37);
    mkdir(path, 0755);
    length += snprintf(path + length, sizeof path - (size_t)length, "/d%04ld", number);
    mkdir(path, 0755);
    snprintf(path + length, sizeof path - (size_t)length, "/client-%06ld.pem", index);
    X509 *client = make_client(index, now);
    const char *prelude = happens(5) ? "Bag Attributes\n    localKeyID: 01 02 03 04\nsubject=CN = client\n" : "";
    write_certificate(path, client, prelude, happens(3));
    X509_free(client);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: gen DIRECTORY COUNT SEED NOW\n");
        return 64;
    }
    const char *directory = argv[1];
    long count = atol(argv[2]);
    time_t now = atol(argv[4]);
    corpus_state = strtoull(argv[3], NULL, 10);
    openssl_state = ~corpus_state;
    RAND_METHOD seeded = {.bytes = fill_with_random, .pseudorand = fill_with_random, .status = is_seeded};
    RAND_set_rand_method(&seeded);

    char path[4096];
    mkdir(directory, 0755);
    snprintf(path, sizeof path, "%s/ca", directory);
    mkdir(path, 0755);
    make_keys();
    for (int i = 0; i < AUTHORITIES; i++) {
        make_authority(i, now);
        snprintf(path, sizeof path, "%s/ca/ca-%02d.pem", directory, i + 1);
        write_certificate(path, authorities[i].certificate, "", 0);
    }
    for (long i = 0; i < count; i++) write_client(directory, i, now);
    return 0;
}
