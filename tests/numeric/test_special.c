/* The normal distribution against values computed with 60 digits
 * (tests/numeric/reference.py). */
#include "numeric/special.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct pair {
    double x, y;
};

static void assert_near(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want) + 1e-307))
        fail_msg("got %.17g, want %.17g, relative error %.3g", got, want, fabs(got / want - 1));
}

static void test_erfcx_has_fourteen_digits(void **state)
{
    (void)state;
    static const struct pair row[] = {
        {-26, 7.657724931490568352e+293},
        {-5.5, 27443409954929.70966},
        {-1, 5.008980080762283466},
        {-0.25, 1.358642370104722115},
        {0, 1.0},
        {1e-08, 0.999999988716208429},
        {0.1, 0.8964569799691266367},
        {0.46875, 0.6320696892495560782},
        {1, 0.4275835761558070044},
        {2.385, 0.2196987300859545236},
        {4, 0.1369994576250613899},
        {7.7, 0.07266847750186702845},
        {26.5, 0.02127504668537110596},
        {100, 0.005641613782989432904},
        {1000000.0, 5.641895835474741922e-7},
        {1e+150, 5.641895835477562869e-151},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(erfcx(row[i].x), row[i].y, 1e-14);
    assert_true(erfcx(INFINITY) == 0);
    assert_true(isinf(erfcx(-INFINITY)));
    assert_true(isnan(erfcx(NAN)));
}

static void test_loss_ratio_has_no_cancellation(void **state)
{
    (void)state;
    static const struct pair row[] = {
        {0, 1.0},
        {0.001, 0.9987476852363606078},
        {0.5, 0.5618177717731538266},
        {1, 0.3443204575812015285},
        {2.385, 0.122602867094046001},
        {10, 0.009714035282680786047},
        {40, 0.0006238317711771541045},
        {49.9, 0.0004011219224345107912},
        {50.1, 0.0003979295540327347766},
        {1000.0, 9.99997000014999895e-7},
        {100000000.0, 9.999999999999997e-17},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(normal_loss_ratio(row[i].x), row[i].y, 1e-14);
    assert_true(normal_loss_ratio(INFINITY) == 0);
    assert_true(normal_loss_ratio(1e200) >= 0);
}

static void test_log_cdf_reaches_far_down(void **state)
{
    (void)state;
    static const struct pair row[] = {
        {-100000.0, -5000000012.431863998}, {-40, -804.6084420137537882},     {-38.5, -745.6952702904110813},
        {-10, -53.23128515051247058},       {-2.385, -4.763045715516370586},  {-1, -1.841021645009263506},
        {-0.5, -1.175911761593618609},      {0, -0.6931471805599453094},      {0.5, -0.3689464152886563931},
        {3, -0.001350809964748193799},      {8.5, -9.479534822203318399e-18}, {20, -2.753624118606233695e-89},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(normal_log_cdf(row[i].x), row[i].y, 1e-14);
    assert_true(isinf(normal_log_cdf(-INFINITY)));
    for (double x = -30; x < 8; x += 0.385)
        assert_near(normal_log_cdf_slope(x), (normal_log_cdf(x + 1e-5) - normal_log_cdf(x - 1e-5)) / 2e-5, 1e-6);
}

static void test_cdf_and_quantile_are_inverse(void **state)
{
    (void)state;
    for (double x = -30; x < 5; x += 0.385)
        assert_near(normal_quantile(normal_cdf(x)), x, x < -20 ? 1e-13 : 1e-8);
    assert_near(normal_pdf(2.385), 0.02321280917163613498, 1e-14);
    assert_true(isnan(normal_quantile(-0.1)));
    assert_true(isnan(normal_quantile(NAN)));
    assert_true(normal_quantile(0) == -INFINITY);
}

static void test_interval_keeps_its_digits_in_the_tails(void **state)
{
    (void)state;
    static const struct {
        double a, b, mass;
    } row[] = {
        {-1.0, 1.0, 0.6826894921370858972},
        {-2.385, 0.5, 0.6829229005973310996},
        {8.0, 9.0, 6.219831985865830283e-16},
        {30.0, 31.0, 4.906713927147917535e-198},
        {-37.0, -36.5, 5.544725655819132329e-292},
        {5.0, 5.000000000931323, 1.384615442969611937e-15},
        {-0.25, -0.2499999999990905, 3.516726035767471021e-13},
        {1.0, 1.9, 0.1299386941154552462},
        {0.5, 40.0, 0.3085375387259868964},
        {-12.0, -0.125, 0.450261775169887107},
    };
    for (size_t i = 0; i < LENGTH(row); i++) {
        assert_near(normal_interval(row[i].a, row[i].b), row[i].mass, 4e-14);
        assert_near(normal_interval(-row[i].b, -row[i].a), row[i].mass, 4e-14);
    }
    assert_near(normal_interval(-INFINITY, INFINITY), 1, 1e-15);
    assert_near(normal_interval(-INFINITY, -8), 6.2209605742717841e-16, 1e-13);
    assert_true(normal_interval(2, 1) == 0);
    assert_true(normal_interval(INFINITY, INFINITY) == 0);
}

static void test_quantile_is_exact_to_the_last_digits(void **state)
{
    (void)state;
    static const struct pair row[] = {
        {5e-324, -38.46740561714434625},
        {1e-300, -37.04709629936119924},
        {1e-20, -9.26234008979840758},
        {1e-05, -4.26489079392282461},
        {0.01, -2.326347874040841093},
        {0.0749, -1.440238267527963663},
        {0.0751, -1.438825392752539982},
        {0.3, -0.524400512708040816},
        {0.4999, -0.0002506628300880074924},
        {0.5000001, 2.506628273311648301e-7},
        {0.77, 0.7388468491852136878},
        {0.925, 1.439531470938456229},
        {0.9251, 1.440238267527963859},
        {0.999, 3.090232306167813278},
        {0.9999999999990905, 7.047700256664408725},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(normal_quantile(row[i].x), row[i].y, 8e-16);
    assert_true(normal_quantile(0.5) == 0 && normal_quantile(1) == INFINITY);
}

static void test_cdf_is_exact_to_the_last_digits(void **state)
{
    (void)state;
    static const struct pair row[] = {
        {-20.25, 1.776199864949570031e-91}, {-5, 2.866515718791939117e-7},  {-1.001, 0.1584134041922800341},
        {-0.71, 0.2388520680899867329},     {-0.69, 0.2450970936743094749}, {-1e-09, 0.4999999996010577196},
        {0.3, 0.6179114221889526331},       {0.699, 0.7577239845812479746}, {0.71, 0.7611479319100132671},
        {2.385, 0.9914604393233179959},     {8, 0.9999999999999993779},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(normal_cdf(row[i].x), row[i].y, 8e-16);
    assert_true(normal_cdf(0) == 0.5 && normal_cdf(INFINITY) == 1 && normal_cdf(-INFINITY) == 0);
    assert_true(isnan(normal_cdf(NAN)));
}

static void test_truncated_quantile_is_exact_in_both_tails(void **state)
{
    (void)state;
    static const struct {
        double u, a, b, x;
    } row[] = {
        {0.385, -1.0, 2.0, -0.06568531921899474846},
        {1e-12, -3.0, 3.0, -2.999999999774969694},
        {0.75, 8.0, 9.0, 8.168898708564893395},
        {0.25, 50.0, 60.0, 50.00575101227132978},
        {0.9, -70.0, -45.5, -45.50231444001846937},
        {0.5, 5.0, 5.001, 5.000499374938190469},
        {0.385, -2.0, 30.0, -0.2559587848611311585},
        {0.9999999999990905, -30.0, 30.0, 7.047700256664408725},
        {8.673617379884035e-19, -9.0, 1.0, -8.776579393034648667},
    };
    for (size_t i = 0; i < LENGTH(row); i++)
        assert_near(truncated_normal_quantile(row[i].u, row[i].a, row[i].b), row[i].x, 2e-14);
}

static void test_truncated_cdf_undoes_the_quantile(void **state)
{
    (void)state;
    static const double end[][2] = {
        {-1, 2},         {-INFINITY, INFINITY}, {3, 4},          {-4, -3},      {40, 41},
        {-900, -899},    {8, INFINITY},         {-INFINITY, -8}, {1, 1.000001}, {-1e-9, 1e-9},
        {-0.001, -1e-9}, {1e5, 1e5 + 1},        {-38, 0},        {0, 38}};
    for (size_t i = 0; i < LENGTH(end); i++) {
        double a = end[i][0], b = end[i][1], before = a;
        for (int k = 1; k < 1000; k++) {
            double u = k / 1000.0;
            double x = truncated_normal_quantile(u, a, b);
            assert_true(x >= a && x <= b && x >= before);
            double grain = 1e-16 * fabs(x) * fmax(1, fabs(x)) + (isinf(b - a) ? 0 : 1e-16 * fabs(x) / (b - a));
            double error = fabs(truncated_normal_cdf(x, a, b) - u);
            if (!(error <= 1e-13 + 4 * grain))
                fail_msg("[%g, %g], u = %g: error %g", a, b, u, error);
            before = x;
        }
        assert_true(truncated_normal_quantile(0, a, b) == a);
        assert_true(truncated_normal_quantile(1, a, b) == b);
    }
    assert_true(truncated_normal_quantile(0.5, 2.385, 2.385) == 2.385);
    assert_true(isnan(truncated_normal_quantile(NAN, 0, 1)));
    assert_true(isnan(truncated_normal_cdf(NAN, 0, 1)));
    assert_true(truncated_normal_cdf(-2, -1, 1) == 0);
    assert_true(truncated_normal_cdf(2, -1, 1) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erfcx_has_fourteen_digits),
        cmocka_unit_test(test_loss_ratio_has_no_cancellation),
        cmocka_unit_test(test_log_cdf_reaches_far_down),
        cmocka_unit_test(test_cdf_and_quantile_are_inverse),
        cmocka_unit_test(test_quantile_is_exact_to_the_last_digits),
        cmocka_unit_test(test_cdf_is_exact_to_the_last_digits),
        cmocka_unit_test(test_interval_keeps_its_digits_in_the_tails),
        cmocka_unit_test(test_truncated_quantile_is_exact_in_both_tails),
        cmocka_unit_test(test_truncated_cdf_undoes_the_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
