#include "values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t choice_index(const afina_space *space, const char *name, const char *choice)
{
    size_t k = 0;
    while (strcmp(afina_space_get_choice(space, name, k), choice) != 0)
        k++;
    return k;
}

static int32_t read_one(const afina_space *space, const afina_point *point, const char *name, double *x)
{
    int32_t kind, active, rc = afina_point_is_active(point, name, &active);
    if (rc || !active) {
        *x = NAN;
        return rc;
    }
    rc = afina_space_get_kind(space, name, &kind);
    if (rc)
        return rc;
    if (kind == AFINA_KIND_REAL || kind == AFINA_KIND_INTEGER)
        return afina_point_get_real(point, name, x);
    const char *choice;
    rc = afina_point_get_string(point, name, &choice);
    if (!rc)
        *x = (double)choice_index(space, name, choice);
    return rc;
}

int32_t values_read(const afina_space *space, const afina_point *point, double *x)
{
    int32_t rc = AFINA_OK;
    for (size_t i = 0; i < afina_space_parameter_count(space) && !rc; i++)
        rc = read_one(space, point, afina_space_parameter_name(space, i), &x[i]);
    return rc;
}

static int32_t write_one(const afina_space *space, double x, const char *name, afina_point *point)
{
    int32_t kind, rc = afina_space_get_kind(space, name, &kind);
    if (rc || isnan(x))
        return rc;
    if (kind == AFINA_KIND_REAL)
        return afina_point_set_real(point, name, x);
    if (kind == AFINA_KIND_INTEGER)
        return afina_point_set_integer(point, name, (int64_t)x);
    return afina_point_set_string(point, name, afina_space_get_choice(space, name, (size_t)x));
}

int32_t values_write(const afina_space *space, const double *x, afina_point *point)
{
    int32_t rc = AFINA_OK;
    for (size_t i = 0; i < afina_space_parameter_count(space) && !rc; i++)
        rc = write_one(space, x[i], afina_space_parameter_name(space, i), point);
    return rc;
}

int32_t values_round(const afina_space *space, afina_point *point)
{
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        const char *name = afina_space_parameter_name(space, i);
        int32_t kind, active;
        double x;
        char text[40];
        if (afina_space_get_kind(space, name, &kind) || kind != AFINA_KIND_REAL ||
            afina_point_is_active(point, name, &active) || !active || afina_point_get_real(point, name, &x))
            continue;
        snprintf(text, sizeof text, "%.4g", x);
        (void)afina_point_set_real(point, name, strtod(text, NULL)); /* a bound may refuse it: then x stays */
    }
    return AFINA_OK;
}
