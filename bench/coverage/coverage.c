/* The best of several configurations, chosen for its mean loss: what its value and its interval are worth, as it stands
 * and as afina_winner() gives them. In each of many simulated studies the true means of the candidates are normal with
 * deviation `spread`, and every candidate's estimate has a normal error: of deviation 1, or of log-normal deviations
 * (median 1, sd of the logarithm .5; "-unequal" in the table). The nominal probability is .9.
 *
 *     coverage [--runs N] --csv FILE --svg FILE
 */
#include "coverage.h"

#include "problems/stream.h"

#include <afina.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200 };

const int coverage_sizes[SIZES] = {10, 50, 200};
const double coverage_spreads[SPREADS] = {0, 0.25, 0.5, 1, 2, 3, 5, 10};

static const double confidence = 0.9, quantile = 1.6448536269514722;

struct study {
    double truth[MOST], error[MOST], value[MOST];
};

static void draw_study(struct study *s, int count, double spread, int unequal, uint64_t run)
{
    uint64_t seed = (uint64_t)(2 * count + unequal) * 1000 + (uint64_t)(spread * 4);
    for (int j = 0; j < count; j++) {
        s->truth[j] = spread * stream_normal(seed, run, (uint32_t)(3 * j));
        s->error[j] = unequal ? exp(0.5 * stream_normal(seed, run, (uint32_t)(3 * j + 1))) : 1;
        s->value[j] = s->truth[j] + s->error[j] * stream_normal(seed, run, (uint32_t)(3 * j + 2));
    }
}

static void add(struct coverage *c, double estimate, double low, double high, double truth, double error)
{
    c->held += low <= truth && truth <= high;
    c->bias += (truth - estimate) / error; /* of a loss: lower is too good */
}

static void measure(struct coverage cell[ESTIMATORS], int count, double spread, int unequal, int runs)
{
    for (int run = 0; run < runs; run++) {
        struct study s;
        size_t w;
        double shrunk, low, high;
        draw_study(&s, count, spread, unequal, (uint64_t)run);
        if (afina_winner(s.value, s.error, (size_t)count, AFINA_DIRECTION_MINIMISE, confidence, &w, &shrunk, &low,
                         &high)) {
            fprintf(stderr, "coverage: %s\n", afina_last_error());
            exit(1);
        }
        double reach = quantile * s.error[w];
        add(&cell[0], s.value[w], s.value[w] - reach, s.value[w] + reach, s.truth[w], s.error[w]);
        add(&cell[1], shrunk, low, high, s.truth[w], s.error[w]);
    }
    for (int e = 0; e < ESTIMATORS; e++) {
        cell[e].held /= runs;
        cell[e].bias /= runs;
    }
}

static void write_table(FILE *f, const struct coverage_table *t)
{
    static const char *const names[ERRORS][ESTIMATORS] = {{"naive", "corrected"},
                                                          {"naive-unequal", "corrected-unequal"}};
    fprintf(f, "candidates,spread,estimator,coverage,bias,runs\n");
    for (int u = 0; u < ERRORS; u++)
        for (int i = 0; i < SIZES; i++)
            for (int j = 0; j < SPREADS; j++)
                for (int e = 0; e < ESTIMATORS; e++)
                    fprintf(f, "%d,%g,%s,%.4f,%.4f,%d\n", coverage_sizes[i], coverage_spreads[j], names[u][e],
                            t->cell[u][i][j][e].held, t->cell[u][i][j][e].bias, t->runs);
}

/* Whether the goal is reached: coverage within three standard errors of .9 or above, bias at most .2. */
static int is_reached(const struct coverage_table *t)
{
    double least = 1, most = 0, slack = 3 * sqrt(confidence * (1 - confidence) / t->runs);
    for (int u = 0; u < ERRORS; u++)
        for (int i = 0; i < SIZES; i++)
            for (int j = 0; j < SPREADS; j++) {
                least = fmin(least, t->cell[u][i][j][1].held);
                most = fmax(most, fabs(t->cell[u][i][j][1].bias));
            }
    printf("corrected: coverage at least %.3f (nominal %g), bias at most %.3f standard errors\n", least, confidence,
           most);
    return least >= confidence - slack && most <= 0.2 + 3 / sqrt(t->runs);
}

static FILE *open_file(const char *name)
{
    FILE *f = fopen(name, "w");
    if (!f) {
        perror(name);
        exit(1);
    }
    return f;
}

int main(int argc, char **argv)
{
    static struct coverage_table table = {.runs = 4000};
    const char *csv = NULL, *svg = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--runs") == 0)
            table.runs = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--csv") == 0)
            csv = argv[i + 1];
        else if (strcmp(argv[i], "--svg") == 0)
            svg = argv[i + 1];
    }
    table.confidence = confidence;
    if (table.runs < 1 || !csv || !svg) {
        fprintf(stderr, "usage: coverage [--runs N] --csv FILE --svg FILE\n");
        return 2;
    }
    for (int u = 0; u < ERRORS; u++)
        for (int i = 0; i < SIZES; i++)
            for (int j = 0; j < SPREADS; j++)
                measure(table.cell[u][i][j], coverage_sizes[i], coverage_spreads[j], u, table.runs);
    /* Opened only now: a run that is cut off leaves the files of the last one. */
    FILE *rows = open_file(csv), *picture = open_file(svg);
    write_table(rows, &table);
    coverage_draw(picture, &table);
    if (fclose(rows) || fclose(picture)) {
        perror("coverage");
        return 1;
    }
    return !is_reached(&table);
}
