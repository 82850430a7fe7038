/* SPDX-License-Identifier: MIT */
/* What the tests in C share: each failed check prints one line and sets the exit code. */
#ifndef KEYTONE_TESTS_C_CHECK_H
#define KEYTONE_TESTS_C_CHECK_H

#include <stdio.h>
#include <string.h>

static int failed_checks = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
            ++failed_checks;                                                                                 \
        }                                                                                                    \
    } while (0)

#define CHECK_ERROR(call, expected)                                                                          \
    do {                                                                                                     \
        const keytone_error got = (call);                                                                    \
        if (got != (expected)) {                                                                             \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, keytone_error_text(got));          \
            ++failed_checks;                                                                                 \
        }                                                                                                    \
    } while (0)

static int report_checks(void) {
    if (failed_checks > 0) {
        fprintf(stderr, "%d checks failed\n", failed_checks);
    }
    return failed_checks > 0 ? 1 : 0;
}

#endif
