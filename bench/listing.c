/* What the problems are, for people and for other programs: their list, their
 * spaces, values at fixed points, and their values on demand. */
#include "runner.h"

#include "problems/stream.h"
#include "problems/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 1 << 16 };

int write_list(FILE *out, const struct settings *s)
{
    size_t count = 0;
    for (size_t i = 0; i < problem_count(); i++) {
        const struct problem *p = problem_at(i);
        if (!is_chosen(s, p))
            continue;
        fprintf(out, "%-11s %-40s instance %d  d %2zu  optimum %.10g%s\n", p->suite, p->name, p->instance, p->d,
                p->optimum, p->noise > 0 || p->observe ? "  noisy" : "");
        count++;
    }
    fprintf(out, "%zu problems\n", count);
    return 0;
}

int write_methods(FILE *out, const struct settings *s)
{
    for (size_t m = 0; m < afina_method_count(); m++)
        if (is_measured(s, afina_method_name(m)))
            fprintf(out, "%s\n", afina_method_name(m));
    return 0;
}

static int write_space(FILE *out, const struct problem *p)
{
    static char text[TEXT];
    afina_space *space;
    size_t length = 0;
    int32_t rc = problem_space(p, &space);
    rc = rc ? rc : afina_space_to_json(space, text, sizeof text, &length);
    if (rc || length >= sizeof text) {
        fprintf(stderr, "bench: %s: %s\n", p->name, afina_last_error());
        afina_space_free(space);
        return -1;
    }
    fprintf(out, "{\"problem\":\"%s\",\"suite\":\"%s\",\"instance\":%d,\"d\":%zu,\"optimum\":%.17g,\"noise\":%.17g,",
            p->name, p->suite, p->instance, afina_space_parameter_count(space), p->optimum, p->noise);
    fprintf(out, "\"steps\":%d,\"shift\":[", p->steps);
    for (size_t i = 0; i < p->shifts; i++)
        fprintf(out, "%s%.17g", i ? "," : "", p->shift[i]);
    fprintf(out, "],\"space\":%s}\n", text);
    afina_space_free(space);
    return 0;
}

int write_spaces(FILE *out, const struct settings *s)
{
    int rc = 0;
    for (size_t i = 0; i < problem_count(); i++)
        if (is_chosen(s, problem_at(i)))
            rc |= write_space(out, problem_at(i));
    return rc;
}

/* ------------------------------------------------------------------ vectors */

enum { ROWS = 20, ROWS_OF_FURTHER_INSTANCES = 5 };

static int write_point(FILE *out, const afina_space *space, const afina_point *point)
{
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        char text[256];
        size_t length;
        if (afina_point_get_text(point, afina_space_parameter_name(space, i), text, sizeof text, &length))
            return -1;
        fprintf(out, "%s%s", i ? ";" : "", text);
    }
    return 0;
}

static int write_row(FILE *out, const struct problem *p, const afina_space *space, int row)
{
    double x[PROBLEM_PARAMETERS];
    afina_point *point;
    if (afina_space_sample(space, stream_hash(p->name), (uint64_t)(100 * p->instance + row), &point))
        return -1;
    int rc = values_round(space, point) || values_read(space, point, x);
    fprintf(out, "%s,%d,%d,", p->name, p->instance, row);
    rc = rc || write_point(out, space, point);
    fprintf(out, ",%.17g\n", p->value(p, x));
    afina_point_free(point);
    return rc ? -1 : 0;
}

/* Problems of real data are not written: their data is not ours to copy. Of the large ones a
 * line would be as long as a page. */
static int is_recorded(const struct problem *p)
{
    return strcmp(p->suite, "large") && strcmp(p->suite, "tables") && strcmp(p->suite, "surrogates") &&
           strcmp(p->suite, "training");
}

int write_vectors(FILE *out, const struct settings *s)
{
    int rc = 0;
    fprintf(out, "problem,instance,row,point,value\n");
    for (size_t i = 0; i < problem_count() && !rc; i++) {
        const struct problem *p = problem_at(i);
        afina_space *space;
        if (!is_chosen(s, p) || !is_recorded(p))
            continue;
        if (problem_space(p, &space))
            return -1;
        for (int row = 0; row < (p->instance > 1 ? ROWS_OF_FURTHER_INSTANCES : ROWS) && !rc; row++)
            rc = write_row(out, p, space, row);
        afina_space_free(space);
    }
    return rc;
}

/* ------------------------------------------------------------- reading back */

static int32_t set_text(const afina_space *space, afina_point *point, const char *name, const char *text)
{
    int32_t kind, rc = afina_space_get_kind(space, name, &kind);
    if (rc || !*text)
        return rc;
    if (kind == AFINA_KIND_REAL)
        return afina_point_set_real(point, name, strtod(text, NULL));
    if (kind == AFINA_KIND_INTEGER)
        return afina_point_set_integer(point, name, strtoll(text, NULL, 10));
    return afina_point_set_string(point, name, text);
}

static int32_t read_point(const afina_space *space, afina_point *point, char *text)
{
    int32_t rc = AFINA_OK;
    for (size_t i = 0; i < afina_space_parameter_count(space) && !rc; i++) {
        char *end = strchr(text, ';');
        if (end)
            *end = '\0';
        rc = set_text(space, point, afina_space_parameter_name(space, i), text);
        text = end ? end + 1 : text + strlen(text);
    }
    return rc;
}

static int same_value(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-12 * fmax(1e-3, fmax(fabs(a), fabs(b)));
}

static int check_row(const struct problem *p, char *text, double recorded)
{
    double x[PROBLEM_PARAMETERS];
    afina_space *space = NULL;
    afina_point *point = NULL;
    int32_t rc = problem_space(p, &space);
    rc = rc ? rc : afina_point_new(&point, space);
    rc = rc ? rc : read_point(space, point, text);
    rc = rc ? rc : values_read(space, point, x);
    const double y = rc ? NAN : p->value(p, x);
    if (rc || !same_value(y, recorded))
        fprintf(stderr, "bench: %s, instance %d: %.17g, recorded %.17g\n", p->name, p->instance, y, recorded);
    afina_point_free(point);
    afina_space_free(space);
    return rc || !same_value(y, recorded) ? -1 : 0;
}

int check_vectors(FILE *in)
{
    char line[4096], name[64], text[4096];
    int instance, row, rows = 0, wrong = 0;
    double recorded;
    while (fgets(line, sizeof line, in)) {
        if (sscanf(line, "%63[^,],%d,%d,%4095[^,],%lf", name, &instance, &row, text, &recorded) != 5)
            continue;
        const struct problem *p = problem_find(name, instance);
        wrong += !p || check_row(p, text, recorded);
        rows++;
    }
    printf("%d of %d recorded values agree\n", rows - wrong, rows);
    return rows > 1000 && !wrong ? 0 : -1;
}

/* One JSON point a line in, one value a line out: how programs in other
 * languages ask for problems whose data or code they do not have. A line
 * "SEED TRIAL {...}" asks for a noisy observation. */
int evaluate_lines(FILE *in, FILE *out, const char *name, int instance)
{
    static char line[TEXT];
    double x[PROBLEM_PARAMETERS];
    afina_space *space;
    const struct problem *p = problem_find(name, instance);
    if (!p || problem_space(p, &space)) {
        fprintf(stderr, "bench: no problem %s, instance %d\n", name, instance);
        return -1;
    }
    while (fgets(line, sizeof line, in)) {
        const char *json = strchr(line, '{');
        unsigned long long seed, trial;
        afina_point *point = NULL;
        int32_t rc = json ? afina_point_from_json(&point, space, json, strlen(json)) : AFINA_E_FORMAT;
        rc = rc ? rc : values_read(space, point, x);
        if (rc)
            fprintf(out, "error %s\n", afina_last_error());
        else if (json > line && sscanf(line, "%llu %llu", &seed, &trial) == 2)
            fprintf(out, "%.17g %.17g\n", problem_observe(p, x, seed, trial), p->value(p, x));
        else
            fprintf(out, "%.17g\n", p->value(p, x));
        fflush(out);
        afina_point_free(point);
    }
    afina_space_free(space);
    return 0;
}
