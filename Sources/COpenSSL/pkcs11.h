#ifndef COPENSSL_PKCS11_H
#define COPENSSL_PKCS11_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ui.h>

// Engines are deprecated since OpenSSL 3, and the only way to a token with the packages of Debian 12; some builds leave
// them out. What is needed of them is in this header, so that nothing else warns, or misses them.
#ifndef OPENSSL_NO_ENGINE

#include <openssl/engine.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// A functional reference to the engine `pkcs11`; NULL where it is not installed. It is quiet, for it would print URIs.
static inline void *notafter_pkcs11_engine(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL);
    ENGINE *engine = ENGINE_by_id("pkcs11");
    if (engine == NULL) return NULL;
    ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 1);
    int is_ready = ENGINE_init(engine);
    ENGINE_free(engine);
    return is_ready ? engine : NULL;
}

// A UI that opens for nobody: a daemon has nobody to ask for a PIN.
static inline int notafter_refuse_ui(UI *ui) {
    (void)ui;
    return 0;
}

// The private key that `uri` names, which the caller owns.
static inline EVP_PKEY *notafter_pkcs11_key(void *engine, const char *uri) {
    UI_METHOD *nobody = UI_create_method("notafter");
    if (nobody == NULL) return NULL;
    UI_method_set_opener(nobody, notafter_refuse_ui);
    EVP_PKEY *key = ENGINE_load_private_key((ENGINE *)engine, uri, nobody, NULL);
    UI_destroy_method(nobody);
    return key;
}

#pragma GCC diagnostic pop

#else

static inline void *notafter_pkcs11_engine(void) { return NULL; }

static inline EVP_PKEY *notafter_pkcs11_key(void *engine, const char *uri) {
    (void)engine;
    (void)uri;
    return NULL;
}

#endif
#endif
