/* What the tests of core share. */
#ifndef AFINA_TESTS_CORE_HELP_H
#define AFINA_TESTS_CORE_HELP_H

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, 0)

/* The call fails with this code and exactly this message. */
#define FAILS(call, code, message)                                                                                     \
    do {                                                                                                               \
        assert_int_equal(call, code);                                                                                  \
        assert_string_equal(fail_text(), message);                                                                     \
    } while (0)

static inline int same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Any bits but those of a NaN or an infinity. */
static inline double any_finite(struct rng *rng)
{
    for (;;) {
        uint64_t bits = rng_uint64(rng);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (isfinite(x))
            return x;
    }
}

#endif
