/* assert_float_equal() of cmocka compares in single precision; this does not. */
#ifndef AFINA_TESTS_MLP_NEAR_H
#define AFINA_TESTS_MLP_NEAR_H

#include <math.h>

#define assert_near(a, b, tolerance)                                                                                   \
    do {                                                                                                               \
        double near_a = (double)(a), near_b = (double)(b);                                                             \
        if (!(fabs(near_a - near_b) <= (tolerance)))                                                                   \
            fail_msg("%s is %.17g, not %.17g", #a, near_a, near_b);                                                    \
    } while (0)

#endif
