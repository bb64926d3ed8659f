/* SPDX-License-Identifier: Apache-2.0
 * AES-256-GCM with a random 96-bit nonce. Sources: NIST SP 800-38D; RFC 5869 (HKDF); RFC 4648 section 5 (base64url).
 * The sealed form is base64url(nonce, ciphertext, tag). */
#include "common/io/crypto.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE_BYTES = 12, TAG_BYTES = 16, MAX_PLAIN_BYTES = 16 * 1024 };

void crypto_derive_key(const char *secret, const char *purpose, uint8_t ret_key[CRYPTO_KEY_BYTES])
{
    size_t length = CRYPTO_KEY_BYTES;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    bool done = context && EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set1_hkdf_key(context, (const unsigned char *)secret, (int)strlen(secret)) == 1 &&
                EVP_PKEY_CTX_add1_hkdf_info(context, (const unsigned char *)purpose, (int)strlen(purpose)) == 1 &&
                EVP_PKEY_derive(context, ret_key, &length) == 1;
    EVP_PKEY_CTX_free(context);
    assert(done); /* fails only when the library is unusable */
}

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *base64url_new(const uint8_t *bytes, size_t length)
{
    char *text = malloc(length * 4 / 3 + 4);
    size_t out = 0;
    if (!text)
        return NULL;
    for (size_t bit = 0; bit < length * 8; bit += 6) {
        uint32_t pair = (uint32_t)bytes[bit / 8] << 8;
        if (bit / 8 + 1 < length)
            pair |= bytes[bit / 8 + 1];
        text[out++] = ALPHABET[(pair >> (10 - bit % 8)) & 63];
    }
    text[out] = '\0';
    return text;
}

/* False when a character is not of the alphabet. */
static bool base64url_decode(const char *text, uint8_t *ret_bytes, size_t *ret_length)
{
    uint32_t bits = 0, held = 0;
    size_t out = 0;
    for (; *text; text++) {
        const char *at = strchr(ALPHABET, *text);
        if (!at)
            return false;
        bits = bits << 6 | (uint32_t)(at - ALPHABET);
        held += 6;
        if (held >= 8) {
            held -= 8;
            ret_bytes[out++] = (uint8_t)(bits >> held);
        }
    }
    *ret_length = out;
    return true;
}

/* out: ciphertext, then the tag. */
static bool encrypt(EVP_CIPHER_CTX *context, const uint8_t *key, const uint8_t *nonce, const char *bound,
                    const char *plain, uint8_t *out)
{
    int length = 0, plain_length = (int)strlen(plain);
    return EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
           EVP_EncryptUpdate(context, NULL, &length, (const unsigned char *)bound, (int)strlen(bound)) == 1 &&
           EVP_EncryptUpdate(context, out, &length, (const unsigned char *)plain, plain_length) == 1 &&
           EVP_EncryptFinal_ex(context, out + length, &length) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + plain_length) == 1;
}

char *crypto_seal_new(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound, const char *plain)
{
    size_t plain_length = strlen(plain), total = NONCE_BYTES + plain_length + TAG_BYTES;
    if (plain_length > MAX_PLAIN_BYTES)
        return NULL;
    uint8_t *bytes = malloc(total);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    char *sealed = NULL;
    if (bytes && context) {
        crypto_random(bytes, NONCE_BYTES);
        if (encrypt(context, key, bytes, bound, plain, bytes + NONCE_BYTES))
            sealed = base64url_new(bytes, total);
    }
    EVP_CIPHER_CTX_free(context);
    free(bytes);
    return sealed;
}

static bool decrypt(EVP_CIPHER_CTX *context, const uint8_t *key, const char *bound, uint8_t *bytes,
                    size_t cipher_length, char *ret_plain)
{
    int length = 0, last = 0;
    uint8_t *cipher = bytes + NONCE_BYTES;
    return EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, bytes) == 1 &&
           EVP_DecryptUpdate(context, NULL, &length, (const unsigned char *)bound, (int)strlen(bound)) == 1 &&
           EVP_DecryptUpdate(context, (unsigned char *)ret_plain, &length, cipher, (int)cipher_length) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, cipher + cipher_length) == 1 &&
           EVP_DecryptFinal_ex(context, (unsigned char *)ret_plain + length, &last) == 1;
}

static char *open_bytes(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound, uint8_t *bytes, size_t length)
{
    if (length < NONCE_BYTES + TAG_BYTES)
        return NULL;
    size_t cipher_length = length - NONCE_BYTES - TAG_BYTES;
    char *plain = calloc(1, cipher_length + 1);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool done = plain && context && decrypt(context, key, bound, bytes, cipher_length, plain);
    EVP_CIPHER_CTX_free(context);
    if (done)
        return plain;
    free(plain);
    return NULL;
}

struct sw_status crypto_open(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound, const char *sealed,
                             char **ret_plain)
{
    size_t length = 0;
    uint8_t *bytes = malloc(strlen(sealed) + 1);
    if (!bytes)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    char *plain = base64url_decode(sealed, bytes, &length) ? open_bytes(key, bound, bytes, length) : NULL;
    free(bytes);
    if (!plain)
        return sw_fail(SW_CODE_AUTH, "sealed value was made with another key, for another use, or changed");
    *ret_plain = plain;
    return sw_ok();
}
