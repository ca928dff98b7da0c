/* The elementary functions: values computed with 80 digits (elementary_reference.py), long double over many
 * arguments, and the bits of a million results, which are the same on every machine. */
#include "core/elementary.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/rng.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The error in units in the last place of the wanted value. */
static double error_in_ulp(double got, long double want)
{
    int exponent;
    frexp((double)want, &exponent);
    if (got == (double)want && (isinf(got) || got == 0))
        return 0;
    return (double)(fabsl((long double)got - want) / ldexpl(1, exponent < -1021 ? -1074 : exponent - 53));
}

/* Wanted values are rounded themselves, hence the half. */
static void assert_near(double got, double want, double ulp)
{
    double error = error_in_ulp(got, (long double)want);
    if (!(error <= ulp + 0.5))
        fail_msg("got %a, want %a, %.3g units in the last place", got, want, error);
}

struct value {
    double x, y;
};

struct value_of_two {
    double x, y, z;
};

static const struct {
    const char *name;
    double (*function)(double);
    double ulp;
    struct value row[11];
} ONE[] = {
    {"exp",
     portable_exp,
     0.76,
     {
         {-0x1.7440000000000p+9, 0x1p-1074},
         {-0x1.6240000000000p+9, 0x0.e6cf6d08897acp-1022},
         {-0x1.4400000000000p+4, 0x1.b93de1e27ca3bp-30},
         {-0x1p+0, 0x1.78b56362cef38p-2},
         {-0x1.12e0be826d695p-30, 0x1.fffffff768fa1p-1},
         {0x1.47ae147ae147bp-8, 0x1.0148802529619p+0},
         {0x1.3333333333333p-2, 0x1.599058c8c1a96p+0},
         {0x1p+0, 0x1.5bf0a8b145769p+1},
         {0x1.3147ae147ae14p+1, 0x1.5b7d70fc618b0p+3},
         {0x1.9200000000000p+6, 0x1.fcc37a76f9e76p+144},
         {0x1.62e0000000000p+9, 0x1.ef85a11e73f2dp+1023},
     }},
    {"expm1",
     portable_expm1,
     0.66,
     {
         {-0x1.2400000000000p+5, -0x1.fffffffffffffp-1},
         {-0x1p+0, -0x1.43a54e4e98864p-1},
         {-0x1.0a3d70a3d70a4p-2, -0x1.d4e2e7fb8ed67p-3},
         {-0x1.eb851eb851eb8p-3, -0x1.b4fc73b4c615ep-3},
         {-0x1.19799812dea11p-40, -0x1.19799812de065p-40},
         {0x1.56e1fc2f8f359p-997, 0x1.56e1fc2f8f359p-997},
         {0x1.999999999999ap-4, 0x1.aec7b35a00d3ap-4},
         {0x1.fdf3b645a1cacp-3, 0x1.218720a4f522bp-2},
         {0x1.010624dd2f1aap-2, 0x1.242853a5af9a0p-2},
         {0x1.3147ae147ae14p+1, 0x1.3b7d70fc618b0p+3},
         {0x1.2c40000000000p+8, 0x1.1fda3eaeb3d0ep+433},
     }},
    {"log",
     portable_log,
     0.52,
     {
         {0x1p-1074, -0x1.74385446d71c3p+9},
         {0x1.56e1fc2f8f359p-997, -0x1.5963447f87fb5p+9},
         {0x1.999999999999ap-4, -0x1.26bb1bbb55515p+1},
         {0x1.6a00000000000p-1, -0x1.630030b3aac49p-2},
         {0x1.fffffca501acbp-1, -0x1.ad7f2b1049b9fp-24},
         {0x1.fffffffffffffp-1, -0x1p-53},
         {0x1.0000000000001p+0, 0x1.fffffffffffffp-53},
         {0x1.8000000000000p+0, 0x1.9f323ecbf984cp-2},
         {0x1.3147ae147ae14p+1, 0x1.bd07aae981c39p-1},
         {0x1.2a05f20000000p+33, 0x1.7069e2aa2aa5bp+4},
         {0x1.e42d130773b76p+1023, 0x1.62dd08fdc6f88p+9},
     }},
    {"log1p",
     portable_log1p,
     0.68,
     {
         {-0x1.fffffffffffffp-1, -0x1.25e4f7b2737fap+5},
         {-0x1p-1, -0x1.62e42fefa39efp-1},
         {-0x1.4f8b588e368f1p-17, -0x1.4f8bc681e6006p-17},
         {0x1.56e1fc2f8f359p-997, 0x1.56e1fc2f8f359p-997},
         {0x1.70ef54646d497p-57, 0x1.70ef54646d497p-57},
         {0x1.49da7e361ce4cp-32, 0x1.49da7e3548631p-32},
         {0x1.47ae147ae147bp-7, 0x1.460d6ccca3677p-7},
         {0x1p+0, 0x1.62e42fefa39efp-1},
         {0x1.3147ae147ae14p+1, 0x1.382793de15916p+0},
         {0x1.1c37937e08000p+53, 0x1.26bb1bbb55516p+5},
         {0x1.7e43c8800759cp+996, 0x1.5963447f87fb5p+9},
     }},
    {"sin_pi",
     portable_sin_pi,
     1,
     {
         {0x1.56e1fc2f8f359p-997, 0x1.0d4cab14b6bc0p-995},
         {0x1.12e0be826d695p-30, 0x1.afc6f70213be6p-29},
         {0x1.999999999999ap-4, 0x1.3c6ef372fe950p-2},
         {0x1p-2, 0x1.6a09e667f3bcdp-1},
         {0x1.fef9db22d0e56p-2, 0x1.ffff5a6a681ffp-1},
         {0x1.8000000000000p-1, 0x1.6a09e667f3bcdp-1},
         {0x1.628f5c28f5c29p+0, -0x1.def2851f4e2e3p-1},
         {-0x1.c400000000000p+2, 0x1.8f8b83c69a60bp-3},
         {0x1.e8480c0000000p+19, 0x1.d906bcf328d46p-1},
     }},
    {"cos_pi",
     portable_cos_pi,
     1.5,
     {
         {0x1.12e0be826d695p-30, 0x1p+0},
         {0x1.999999999999ap-4, 0x1.e6f0e134454ffp-1},
         {0x1p-2, 0x1.6a09e667f3bcdp-1},
         {0x1.fef9db22d0e56p-2, 0x1.9bc62f04cce0ep-9},
         {0x1.8000000000000p-1, -0x1.6a09e667f3bcdp-1},
         {0x1.628f5c28f5c29p+0, -0x1.69f54f37f664ap-2},
         {-0x1.c400000000000p+2, -0x1.f6297cff75cb0p-1},
         {0x1.e8480c0000000p+19, 0x1.87de2a6aea963p-2},
     }},
    {"tan_pi",
     portable_tan_pi,
     2.7,
     {
         {0x1.12e0be826d695p-30, 0x1.afc6f70213be6p-29},
         {0x1.999999999999ap-4, 0x1.4cb7bfb4961afp-2},
         {0x1p-2, 0x1p+0},
         {0x1.fffff94a03595p-2, 0x1.848fd6e4db3a7p+21},
         {0x1.8000000000000p-1, -0x1p+0},
         {-0x1.8a3d70a3d70a4p-2, -0x1.52bdfee9c738ap+1},
     }},
};

static const struct value_of_two POWERS[] = {
    {0x1.75c28f5c28f5cp-1, 0x1p-3, 0x1.ec3fe1d165f8cp-1},
    {0x1.3147ae147ae14p+1, -0x1.e000000000000p+2, 0x1.82b3daf131bafp-10},
    {0x1.000001ad7f29bp+0, 0x1.dcd6500000000p+29, 0x1.349445c228792p+144},
    {0x1.4000000000000p+3, -0x1p+1, 0x1.47ae147ae147bp-7},
    {0x1.8000000000000p+1, 0x1.4000000000000p+2, 0x1.e600000000000p+7},
    {0x1p-1, 0x1.0c80000000000p+10, 0x1p-1074},
    {0x1.7e43c8800759cp+996, 0x1.051eb851eb852p+0, 0x1.6c8e5ca239078p+1016},
    {0x1p-1074, 0x1p-1, 0x1p-537},
    {0x1.c000000000000p+2, 0x1.5555555555555p-2, 0x1.e9b5dba58189dp+0},
};
static const struct value_of_two HYPOTS[] = {
    {0x1.f5aa543c31387p+665, 0x1.4e718d7d7625ap+666, 0x1.a20df0dcd3af0p+666},
    {0x1.56e1fc2f8f359p-997, 0x1.124e63593f5e1p-999, 0x1.5dac54ef6ef55p-997},
    {0x1.3147ae147ae14p+1, -0x1.0624dd2f1a9fcp-10, 0x1.3147afd6afaa8p+1},
    {0x1p+0, 0x1p+0, 0x1.6a09e667f3bcdp+0},
};

static void test_values_are_those_of_eighty_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(ONE); i++)
        for (size_t k = 0; k < LENGTH(ONE[i].row); k++)
            if (ONE[i].row[k].x != 0)
                assert_near(ONE[i].function(ONE[i].row[k].x), ONE[i].row[k].y, ONE[i].ulp);
    for (size_t k = 0; k < LENGTH(POWERS); k++)
        assert_near(portable_pow(POWERS[k].x, POWERS[k].y), POWERS[k].z, 0.76);
    for (size_t k = 0; k < LENGTH(HYPOTS); k++)
        assert_near(portable_hypot(HYPOTS[k].x, HYPOTS[k].y), HYPOTS[k].z, 2.1);
}

/* -------------------------------------------------------------- many arguments */

static double next_word(struct rng *r)
{
    return rng_uniform(r);
}

/* From the least to the greatest double, each exponent alike. */
static double any_magnitude(struct rng *r)
{
    int exponent = (int)(next_word(r) * 2097) - 1073;
    return ldexp(0.5 + 0.5 * next_word(r), exponent);
}

static double around_zero(struct rng *r)
{
    double sign = next_word(r) < 0.5 ? -1 : 1;
    int exponent = (int)(next_word(r) * -70);
    return sign * ldexp(0.5 + 0.5 * next_word(r), exponent);
}

static double exponent_of(struct rng *r)
{
    return next_word(r) < 0.5 ? -744 + 1453 * next_word(r) : around_zero(r);
}

static double positive(struct rng *r)
{
    double u = next_word(r);
    return u < 0.3 ? any_magnitude(r) : u < 0.6 ? 0.5 + 1.5 * next_word(r) : 1 + around_zero(r) * 0.25;
}

static double above_minus_one(struct rng *r)
{
    return next_word(r) < 0.3 ? any_magnitude(r) : around_zero(r);
}

static double turns(struct rng *r)
{
    return next_word(r) < 0.5 ? next_word(r) - 0.5 : around_zero(r) * 4;
}

static const long double pi_long = 3.14159265358979323846264338327950288L;

/* The long double of the C library over a reduced argument, so that it is the reduction that is tested too. */
static long double sine_of_turns(long double x)
{
    long double r = fmodl(x, 2);
    return sinl(pi_long * r);
}

static const struct {
    const char *name;
    double (*function)(double);
    long double (*exact)(long double);
    double (*draw)(struct rng *r);
    double ulp;
} MANY[] = {
    {"exp", portable_exp, expl, exponent_of, 0.76},
    {"expm1", portable_expm1, expm1l, exponent_of, 0.66},
    {"log", portable_log, logl, positive, 0.52},
    {"log1p", portable_log1p, log1pl, above_minus_one, 0.68},
    {"sin_pi", portable_sin_pi, sine_of_turns, turns, 1.5},
};

/* Where long double is wider than double, as on x86 and aarch64. */
/* Long doubles are no longer than doubles on some machines, and under Memcheck, which computes them so. */
static int long_doubles_are_longer(void)
{
    volatile long double one = 1, small = 0x1p-60L;
    return one + small > one;
}

static void test_errors_are_below_those_stated(void **state)
{
    (void)state;
    if (!long_doubles_are_longer())
        skip();
    for (size_t i = 0; i < LENGTH(MANY); i++) {
        struct rng r;
        rng_start(&r, 2385, i, 1);
        for (int k = 0; k < 40000; k++) {
            double x = MANY[i].draw(&r), got = MANY[i].function(x);
            long double want = MANY[i].exact((long double)x);
            /* The reference itself loses digits of a sine near its zeros at 1, 2, ... */
            if (MANY[i].exact == sine_of_turns && fabsl(want) < 0.01L && fabs(x) > 0.5)
                continue;
            double error = error_in_ulp(got, want);
            if (!(error <= MANY[i].ulp))
                fail_msg("%s(%a) = %a is off by %.4f units in the last place", MANY[i].name, x, got, error);
        }
    }
}

static void test_powers_are_below_their_error(void **state)
{
    (void)state;
    if (!long_doubles_are_longer())
        skip();
    struct rng r;
    rng_start(&r, 2385, 77, 1);
    for (int k = 0; k < 40000; k++) {
        double x = positive(&r), y = turns(&r) * 20, got = portable_pow(x, y);
        long double want = powl((long double)x, (long double)y);
        if (want > (long double)DBL_MAX) {
            assert_true(isinf(got));
            continue;
        }
        double error = error_in_ulp(got, want);
        if (!(error <= 0.76))
            fail_msg("pow(%a, %a) = %a is off by %.4f units in the last place", x, y, got, error);
    }
}

/* ------------------------------------------------------------------- the edges */

static void test_the_ends_of_the_range(void **state)
{
    (void)state;
    assert_true(portable_exp(INFINITY) == INFINITY && portable_exp(-INFINITY) == 0 && isnan(portable_exp(NAN)));
    assert_true(portable_exp(710) == INFINITY && portable_exp(-746) == 0 && portable_exp(0) == 1);
    assert_true(portable_exp(1e300) == INFINITY && portable_exp(-1e300) == 0);
    assert_true(portable_expm1(-INFINITY) == -1 && portable_expm1(710) == INFINITY && isnan(portable_expm1(NAN)));
    assert_true(portable_log(0) == -INFINITY && portable_log(INFINITY) == INFINITY && portable_log(1) == 0);
    assert_true(isnan(portable_log(-1)) && isnan(portable_log(NAN)) && isnan(portable_log(-INFINITY)));
    assert_true(portable_log1p(-1) == -INFINITY && isnan(portable_log1p(-1.5)) && isnan(portable_log1p(NAN)));
    assert_true(portable_log1p(INFINITY) == INFINITY && signbit(portable_log1p(-0.0)));
    assert_true(portable_log1p(5e-324) == 5e-324 && portable_expm1(5e-324) == 5e-324);
    assert_true(portable_hypot(0, 0) == 0 && portable_hypot(-INFINITY, 1) == INFINITY && isnan(portable_hypot(NAN, 1)));
    assert_true(portable_hypot(1.5e308, 1.5e308) == INFINITY && portable_hypot(3e307, 4e307) < 1e308);
}

static void test_powers_at_the_ends(void **state)
{
    (void)state;
    assert_true(portable_pow(0, 2) == 0 && portable_pow(0, -2) == INFINITY && portable_pow(0, 0) == 1);
    assert_true(portable_pow(INFINITY, 2) == INFINITY && portable_pow(INFINITY, -2) == 0);
    assert_true(portable_pow(2, INFINITY) == INFINITY && portable_pow(0.5, INFINITY) == 0);
    assert_true(portable_pow(-0.5, 3) == -0.125 && portable_pow(-0.5, 2) == 0.25 && isnan(portable_pow(-0.5, 0.5)));
    assert_true(portable_pow(2, 1e300) == INFINITY && portable_pow(2, -1e300) == 0 && portable_pow(1, 1e300) == 1);
    assert_true(portable_pow(-2, 3) == -8 && isnan(portable_pow(2, NAN)) && isnan(portable_pow(NAN, 2)));
    assert_true(portable_pow(2, 1024) == INFINITY && portable_pow(2, -1074) == 0x1p-1074);
}

static void test_powers_that_are_numbers_are_exact(void **state)
{
    (void)state;
    for (int base = 2; base <= 10; base++) {
        double power = 1;
        for (int k = 1; power * base < 0x1p53; k++) {
            power *= base;
            assert_true(portable_pow(base, k) == power);
        }
    }
    for (int k = -1074; k < 1024; k++)
        assert_true(portable_pow(2, k) == ldexp(1, k));
}

static void test_sines_of_quarter_turns_are_exact(void **state)
{
    (void)state;
    for (int k = -8; k <= 8; k++) {
        assert_true(portable_sin_pi(k) == 0 && fabs(portable_cos_pi(k)) == 1);
        assert_true(portable_cos_pi(k + 0.5) == 0 && fabs(portable_sin_pi(k + 0.5)) == 1);
        assert_true((portable_cos_pi(k) > 0) == (k % 2 == 0));
    }
}

/* -------------------------------------------------------------------- the bits */

static uint64_t mix(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (hash ^ bits) * 0x9E3779B97F4A7C15u ^ hash >> 29;
}

/* Recorded on x86-64; another compiler, processor or C library has to find the same. */
static void test_the_bits_are_the_same_everywhere(void **state)
{
    (void)state;
    struct rng r;
    uint64_t hash = 0;
    rng_start(&r, 2385, 5, 1);
    for (int k = 0; k < 100000; k++) {
        double x = exponent_of(&r), y = positive(&r), z = turns(&r);
        hash = mix(mix(mix(hash, portable_exp(x)), portable_expm1(x)), portable_log(y));
        hash = mix(mix(mix(hash, portable_log1p(y - 1)), portable_pow(y, z)), portable_sin_pi(z));
        hash = mix(mix(mix(hash, portable_cos_pi(z)), portable_tan_pi(z)), portable_hypot(x, z));
    }
    if (hash != 0xb7a67e371e346306u)
        fail_msg("the hash of the bits is 0x%016llx", (unsigned long long)hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_those_of_eighty_digits),
        cmocka_unit_test(test_errors_are_below_those_stated),
        cmocka_unit_test(test_powers_are_below_their_error),
        cmocka_unit_test(test_the_ends_of_the_range),
        cmocka_unit_test(test_powers_at_the_ends),
        cmocka_unit_test(test_powers_that_are_numbers_are_exact),
        cmocka_unit_test(test_sines_of_quarter_turns_are_exact),
        cmocka_unit_test(test_the_bits_are_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
