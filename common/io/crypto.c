/* SPDX-License-Identifier: Apache-2.0
 * Digests and MACs; sealing is in crypto_seal.c. Failures of these primitives mean that the library is broken or out of
 * memory; there is no safe way on, so they end the process. */
#include "common/io/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "fatal: OpenSSL failed at %s\n", what);
    abort();
}

void crypto_sha256(const void *data, size_t length, uint8_t ret_digest[CRYPTO_SHA256_BYTES])
{
    must(EVP_Digest(data, length, ret_digest, NULL, EVP_sha256(), NULL) == 1, "SHA-256");
}

void crypto_sha256_hex(const void *data, size_t length, char ret_text[2 * CRYPTO_SHA256_BYTES + 1])
{
    uint8_t digest[CRYPTO_SHA256_BYTES];
    crypto_sha256(data, length, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(ret_text + 2 * i, 3, "%02x", digest[i]);
}

void crypto_hmac_sha256(const char *key, const struct crypto_part *parts, size_t count,
                        uint8_t ret_mac[CRYPTO_SHA256_BYTES])
{
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){ "SHA256" }, 0),
                            OSSL_PARAM_construct_end() };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
    must(context && EVP_MAC_init(context, (const unsigned char *)key, strlen(key), params) == 1, "HMAC init");
    for (size_t i = 0; i < count; i++)
        must(EVP_MAC_update(context, parts[i].data, parts[i].length) == 1, "HMAC update");
    size_t length = 0;
    must(EVP_MAC_final(context, ret_mac, &length, CRYPTO_SHA256_BYTES) == 1, "HMAC final");
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
}

bool crypto_equal(const void *a, const void *b, size_t length) { return CRYPTO_memcmp(a, b, length) == 0; }
void crypto_wipe(void *data, size_t length) { OPENSSL_cleanse(data, length); }
void crypto_random(void *ret_bytes, size_t length) { must(RAND_bytes(ret_bytes, (int)length) == 1, "random bytes"); }
