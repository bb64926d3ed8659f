/* SPDX-License-Identifier: Apache-2.0
 * crypto: the project's only door to OpenSSL: SHA-256, HMAC-SHA256, constant-time compare, sealing. Any thread. */
#ifndef COMMON_IO_CRYPTO_H
#define COMMON_IO_CRYPTO_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { CRYPTO_SHA256_BYTES = 32, CRYPTO_KEY_BYTES = 32 };

struct crypto_part {
    const void *data;
    size_t length;
};

void crypto_sha256(const void *data, size_t length, uint8_t ret_digest[CRYPTO_SHA256_BYTES]);
/* Lower-case hex of the digest. */
void crypto_sha256_hex(const void *data, size_t length, char ret_text[2 * CRYPTO_SHA256_BYTES + 1]);
void crypto_hmac_sha256(const char *key, const struct crypto_part *parts, size_t count,
                        uint8_t ret_mac[CRYPTO_SHA256_BYTES]);
bool crypto_equal(const void *a, const void *b, size_t length); /* constant time */
void crypto_wipe(void *data, size_t length);
void crypto_random(void *ret_bytes, size_t length);

/* Sealing (AES-256-GCM, random nonce) for a value that crosses Kafka. The key is derived from a secret with HKDF-SHA256
 * under `purpose`. The text form is base64url without padding; free() it. */
void crypto_derive_key(const char *secret, const char *purpose, uint8_t ret_key[CRYPTO_KEY_BYTES]);
/* bound: text that must be the same when opening, such as the command's id. NULL when out of memory. */
char *crypto_seal_new(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound, const char *plain);
/* SW_CODE_AUTH when it was made with another key, for another `bound`, or changed. free() the result. */
struct sw_status crypto_open(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound, const char *sealed,
                             char **ret_plain) SW_MUST_CHECK;
#endif
