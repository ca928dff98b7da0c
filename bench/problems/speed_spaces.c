/* The two spaces on which the cost of a suggestion is measured.
 *
 * d10      the sphere on [-5, 5]^10
 * mixed20  l0..l4 in [1e-5, 1] (log), f0..f3 in [0, 1], i0..i3 in 1..64, j0, j1
 *          in 8..1024 (log), c0..c4 of four choices; l3 is active while c0 = a,
 *          l4 while c0 = b, i3 while c1 is a or b, j1 while i0 > 16. A sum of
 *          squares about (1e-3, 0.3, 32, 2^6) and of the choices' 0, 0.5, 1, 2,
 *          over what is active. */
#include "problem.h"

#include <math.h>
#include <stdio.h>

static double sphere(const struct problem *p, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < p->d; i++)
        sum += x[i] * x[i];
    return sum;
}

static int32_t sphere_describe(const struct problem *p, afina_space *space)
{
    return describe_reals(space, p->d, -5, 5, AFINA_SCALE_LINEAR);
}

static double term(size_t i, double x)
{
    static const double choice[4] = {0, 0.5, 1, 2};
    if (i < 5)
        return pow(log10(x) + 3, 2);
    if (i < 9)
        return pow(x - 0.3, 2);
    if (i < 13)
        return pow(x / 64 - 0.5, 2);
    return i < 15 ? pow(log2(x) - 6, 2) : choice[(int)x];
}

static double mixed(const struct problem *p, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < p->d; i++)
        if (!isnan(x[i]))
            sum += term(i, x[i]);
    return sum;
}

static int32_t add_parameter(afina_space *space, char kind, int i)
{
    static const char *const choices[] = {"a", "b", "c", "d"};
    char name[24];
    snprintf(name, sizeof name, "%c%d", kind, i);
    switch (kind) {
    case 'l':
        return afina_space_add_real(space, name, 1e-5, 1, AFINA_SCALE_LOG);
    case 'f':
        return afina_space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR);
    case 'i':
        return afina_space_add_integer(space, name, 1, 64, AFINA_SCALE_LINEAR);
    case 'j':
        return afina_space_add_integer(space, name, 8, 1024, AFINA_SCALE_LOG);
    default:
        return afina_space_add_categorical(space, name, choices, 4);
    }
}

static int32_t mixed_describe(const struct problem *p, afina_space *space)
{
    static const char kinds[] = "lllllffffiiiijjccccc", *const ab[] = {"a", "b"};
    (void)p;
    for (int i = 0, number = 0; kinds[i]; i++) {
        number = i && kinds[i] == kinds[i - 1] ? number + 1 : 0;
        const int32_t rc = add_parameter(space, kinds[i], number);
        if (rc)
            return rc;
    }
    int32_t rc = afina_space_add_condition_in(space, "l3", "c0", ab, 1);
    rc = rc ? rc : afina_space_add_condition_in(space, "l4", "c0", ab + 1, 1);
    rc = rc ? rc : afina_space_add_condition_in(space, "i3", "c1", ab, 2);
    return rc ? rc : afina_space_add_condition(space, "j1", "i0", AFINA_COMPARE_GREATER, 16);
}

int add_speed(void)
{
    struct problem *d10 = problem_add("speed", "d10", 0, 10), *mixed20 = problem_add("speed", "mixed20", 0, 20);
    if (!d10 || !mixed20)
        return -1;
    d10->describe = sphere_describe;
    d10->value = sphere;
    mixed20->describe = mixed_describe;
    mixed20->value = mixed;
    return 0;
}
