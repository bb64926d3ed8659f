/* SPDX-License-Identifier: Apache-2.0
 * Slack's signature: the published vectors (K), vectors computed from them (D), and every mutation that must fail. */
#include "gateway/core/slack_signature.h"

#include "common/base/attrs.h"
#include "common/io/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char SECRET1[] = "8f742231b10e8888abcd99yyyzzz85a5";
static const char TS1[] = "1531420618";
#define BODY(text) text, sizeof(text) - 1

static const struct vector {
    const char *name, *secret, *timestamp, *body;
    size_t body_bytes;
    const char *signature;
} VECTORS[] = {
    { "K1", "8f742231b10e8888abcd99yyyzzz85a5", "1531420618",
      BODY("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9"
           "T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&"
           "text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F9"
           "6rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b670"
           "3c"),
      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" },
    { "K2", "e6b19c573432dcc6b075501d51b51bb8", "1531431954",
      BODY("{\"token\":\"aF5ynEYQH0dFN9imlgcADxDB\",\"team_id\":\"XXXXXXXXX\",\"api_app_id\":\"YYYYYYY"
           "YY\",\"event\":{\"type\":\"app_mention\",\"user\":\"AAAAAAAAA\",\"text\":\"<@EEEEEEEEE> he"
           "llo world\",\"client_msg_id\":\"477cc591-ch73-a14z-4db8-g0cd76321bec\",\"ts\":\"1531431954"
           ".000073\",\"channel\":\"TTTTTTTTT\",\"event_ts\":\"1531431954.000073\"},\"type\":\"event_c"
           "allback\",\"event_id\":\"TvBP7LRED7\",\"event_time\":1531431954,\"authed_users\":[\"EEEEEE"
           "EEE\"]}"),
      "v0=adada4ed31709aef585c2580ca3267678c6a8eaeb7e0c1aca3ee57b656886b2c" },
    { "K3", "ade6ca762ade4db0e7d31484cd616b9c", "1547933148",
      BODY("{\"token\":\"X34FAqCu8tmGEkEEpoDncnja\",\"challenge\":\"P7sFXA4o3HV2hTx4zb4zcQ9yrvuQs8pDh6"
           "EacOxmMRj0tJaXfQFF\",\"type\":\"url_verification\"}"),
      "v0=91177eea054d65de0fc0f9b4ec57714307bc0ce2c5f3bf0d28b1b720c8f92ba2" },
    { "K4", "fa2c05deeef5a4077494e89f54394de0", "1531420618", BODY("test-body"),
      "v0=baa91ef62d346e56607bbdd278a8acd570b91226854f15a382f43d33be42f666" },
    { "D1", SECRET1, TS1, BODY(""), "v0=55f41ec73231010289b54e669149ea021fccab11b5524355523533ce930cb739" },
    { "D2", SECRET1, TS1, BODY("text=a+b"), "v0=e7c469d4713a57768acca671ae7cc654ebf1b8992429698433cd48f66134432a" },
    { "D3", SECRET1, TS1, BODY("text=a%20b"), "v0=0cd9c97b00d95189660db0123a252037b9a750e0cd957ee84a920aed52cb7255" },
    { "D4", SECRET1, TS1, BODY("text=\xc3\xa9"),
      "v0=0d5137b67e56f3cd2a7991a5bfd9ea4dfa98dd4fb418a1af2ad30273ce091982" },
    { "D5", SECRET1, TS1, BODY("{\"a\":1}"), "v0=9bd39e31413c635ee3162653e2574bcbe07d23f0b386e9a46e1abd6ea3d91133" },
    { "D6", SECRET1, TS1, BODY("{\"a\":1}\n"), "v0=8f29062c9ded1fe4d512bead9a58a1d94790772f657c783078fab15e759313a1" },
    { "D7", SECRET1, TS1, BODY("\xff\x00x"), "v0=35384b6c6c2d1cf6fde2d20bd49f540ad728acaca47f9d88cb041cc0081dfa80" },
    { "D8", SECRET1, TS1, BODY("ssl_check=1&token=x"),
      "v0=a989efe78e57743cc6a6875a4abfd772335fc05c03160f01befb4c9d0358f53c" },
    { "D9", SECRET1, "1531420619", BODY("text=a+b"),
      "v0=86b0657afb0f9de6415d31d5642a921e9efb41fdf991386ed663abe06bc9ae02" },
};

static void hmac(const char *key, const struct slack_part *parts, size_t count, uint8_t ret_mac[SLACK_MAC_BYTES])
{
    struct crypto_part crypto[4];
    assert_true(count <= SW_COUNT(crypto));
    for (size_t i = 0; i < count; i++)
        crypto[i] = (struct crypto_part){ parts[i].data, parts[i].length };
    crypto_hmac_sha256(key, crypto, count, ret_mac);
}

static const struct slack_crypto CRYPTO = { .hmac = hmac, .equal = crypto_equal };

static enum slack_verdict check_at(const struct vector *vector, int64_t now_s)
{
    struct slack_signer signer = { .slot = 99 };
    const struct slack_signed request = { .signature = { vector->signature, 1 },
                                          .timestamp = { vector->timestamp, 1 },
                                          .body = vector->body,
                                          .body_bytes = vector->body_bytes };
    enum slack_verdict verdict = slack_signature_check(&CRYPTO, &vector->secret, 1, &request, now_s, &signer);
    assert_int_equal(signer.slot, verdict == SLACK_SIGNED ? 0 : 99);
    return verdict;
}

static enum slack_verdict check(const struct vector *vector) { return check_at(vector, atoll(vector->timestamp)); }

static void test_vectors_are_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(VECTORS); i++) {
        print_message("  %s\n", VECTORS[i].name);
        assert_int_equal(check(&VECTORS[i]), SLACK_SIGNED);
    }
}

static void test_the_window_is_300_seconds_both_ways(void **state)
{
    (void)state;
    const int64_t at_s = 1531420618;
    assert_int_equal(check_at(&VECTORS[0], at_s + 300), SLACK_SIGNED);
    assert_int_equal(check_at(&VECTORS[0], at_s - 300), SLACK_SIGNED);
    assert_int_equal(check_at(&VECTORS[0], at_s + 301), SLACK_STALE);
    assert_int_equal(check_at(&VECTORS[0], at_s - 301), SLACK_STALE);
}

static void expect_timestamp(const char *timestamp, enum slack_verdict expected)
{
    struct vector vector = VECTORS[0];
    vector.timestamp = timestamp;
    print_message("  timestamp \"%s\"\n", timestamp);
    assert_int_equal(check_at(&vector, 1531420618), expected);
}

static void test_timestamps_that_are_no_plain_number(void **state)
{
    (void)state;
    expect_timestamp("", SLACK_ONE_MISSING);
    expect_timestamp("01531420618", SLACK_MISMATCH); /* a number, but not the one that was signed */
    const char *const bad[] = { "abc", " +1531420618", "1531420618.0", "1e9",        "Infinity",
                                "-1",  " 1531420618",  "1531420618 ",  "0x5b47a40a", "123456789012345678901234567890" };
    for (size_t i = 0; i < SW_COUNT(bad); i++)
        expect_timestamp(bad[i], SLACK_BAD_TIMESTAMP);
}

static void expect_signature(const char *signature, enum slack_verdict expected)
{
    struct vector vector = VECTORS[0];
    vector.signature = signature;
    print_message("  signature \"%s\"\n", signature);
    assert_int_equal(check(&vector), expected);
}

static void test_signatures_of_another_form(void **state)
{
    (void)state;
    char text[128];
    const char *good = VECTORS[0].signature;
    expect_signature("", SLACK_ONE_MISSING);
    expect_signature("v0=invalid", SLACK_BAD_SIGNATURE);
    expect_signature(good + 3, SLACK_BAD_SIGNATURE); /* without v0= */
    memcpy(text, good, strlen(good) + 1);
    text[1] = '1';
    expect_signature(text, SLACK_BAD_SIGNATURE);
    memcpy(text, good, strlen(good));
    memcpy(text + strlen(good), "=junk", 6);
    expect_signature(text, SLACK_BAD_SIGNATURE);
    memcpy(text, good, strlen(good) + 1);
    text[3] = 'A'; /* upper-case hex */
    expect_signature(text, SLACK_BAD_SIGNATURE);
    text[3] = (char)0xC3;
    expect_signature(text, SLACK_BAD_SIGNATURE);
}

static void test_each_flipped_digit_is_a_mismatch(void **state)
{
    (void)state;
    struct vector vector = VECTORS[0];
    char text[80];
    for (size_t i = 3; i < strlen(vector.signature); i++) {
        memcpy(text, VECTORS[0].signature, strlen(VECTORS[0].signature) + 1);
        text[i] = text[i] == '0' ? '1' : '0';
        vector.signature = text;
        assert_int_equal(check(&vector), SLACK_MISMATCH);
    }
}

static void test_a_changed_body_is_a_mismatch(void **state)
{
    (void)state;
    struct vector vector = VECTORS[0];
    char body[1024];
    memcpy(body, vector.body, vector.body_bytes);
    memcpy(body + vector.body_bytes, "------", 6);
    vector.body = body;
    vector.body_bytes += 6;
    assert_int_equal(check(&vector), SLACK_MISMATCH);
    vector.body_bytes -= 7;
    assert_int_equal(check(&vector), SLACK_MISMATCH);
}

static void test_other_secrets_are_a_mismatch(void **state)
{
    (void)state;
    struct vector vector = VECTORS[0];
    const char *const secrets[] = { "8f742231b10e8888abcd99yyyzzz85a5\n", "e6b19c573432dcc6b075501d51b51boo", "x" };
    for (size_t i = 0; i < SW_COUNT(secrets); i++) {
        vector.secret = secrets[i];
        assert_int_equal(check(&vector), SLACK_MISMATCH);
    }
}

static void test_a_blank_secret_matches_nothing(void **state)
{
    (void)state;
    /* HMAC with an empty key is valid, and anybody can compute it. */
    uint8_t mac[SLACK_MAC_BYTES];
    char signature[68] = "v0=";
    hmac("", (const struct slack_part[]){ { "v0:1531420618:x", 15 } }, 1, mac);
    for (size_t i = 0; i < sizeof mac; i++)
        (void)snprintf(signature + 3 + 2 * i, 3, "%02x", mac[i]);
    assert_int_equal(check(&(struct vector){ "", "", TS1, BODY("x"), signature }), SLACK_MISMATCH);
    assert_int_equal(check(&(struct vector){ "", " \n", TS1, BODY("x"), signature }), SLACK_MISMATCH);
}

static enum slack_verdict check_counts(size_t signatures, size_t timestamps)
{
    struct slack_signer signer;
    const char *secret = SECRET1;
    const struct slack_signed request = {
        .signature = { signatures ? VECTORS[0].signature : NULL, signatures },
        .timestamp = { timestamps ? TS1 : NULL, timestamps },
        .body = VECTORS[0].body,
        .body_bytes = VECTORS[0].body_bytes,
    };
    return slack_signature_check(&CRYPTO, &secret, 1, &request, 1531420618, &signer);
}

static void test_each_header_stands_exactly_once(void **state)
{
    (void)state;
    assert_int_equal(check_counts(1, 1), SLACK_SIGNED);
    assert_int_equal(check_counts(0, 0), SLACK_NO_HEADERS);
    assert_int_equal(check_counts(1, 0), SLACK_ONE_MISSING);
    assert_int_equal(check_counts(0, 1), SLACK_ONE_MISSING);
    assert_int_equal(check_counts(2, 1), SLACK_REPEATED);
    assert_int_equal(check_counts(1, 2), SLACK_REPEATED);
}

static void test_either_secret_of_a_rotation_matches(void **state)
{
    (void)state;
    struct slack_signer signer;
    const char *const secrets[] = { "the next one", SECRET1 };
    const struct slack_signed request = { .signature = { VECTORS[0].signature, 1 },
                                          .timestamp = { TS1, 1 },
                                          .body = VECTORS[0].body,
                                          .body_bytes = VECTORS[0].body_bytes };
    assert_int_equal(slack_signature_check(&CRYPTO, secrets, 2, &request, 1531420618, &signer), SLACK_SIGNED);
    assert_int_equal(signer.slot, 1);
    assert_int_equal(signer.mac[0], 0xa2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_are_accepted),
        cmocka_unit_test(test_the_window_is_300_seconds_both_ways),
        cmocka_unit_test(test_timestamps_that_are_no_plain_number),
        cmocka_unit_test(test_signatures_of_another_form),
        cmocka_unit_test(test_each_flipped_digit_is_a_mismatch),
        cmocka_unit_test(test_a_changed_body_is_a_mismatch),
        cmocka_unit_test(test_other_secrets_are_a_mismatch),
        cmocka_unit_test(test_a_blank_secret_matches_nothing),
        cmocka_unit_test(test_each_header_stands_exactly_once),
        cmocka_unit_test(test_either_secret_of_a_rotation_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
