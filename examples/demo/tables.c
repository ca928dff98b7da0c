/* The hyperparameters that were found, and which of them mattered. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value as a person reads it: reals to four digits, "-" where not active. */
static void readable(const afina_space *space, const afina_point *point, const char *name, char out[64])
{
    double real;
    int32_t kind, active;
    size_t n;
    check(afina_space_get_kind(space, name, &kind));
    check(afina_point_is_active(point, name, &active));
    if (!active) {
        snprintf(out, 64, "-");
    } else if (kind == AFINA_KIND_REAL) {
        check(afina_point_get_real(point, name, &real));
        snprintf(out, 64, "%.4g", real);
    } else {
        check(afina_point_get_text(point, name, out, 64, &n));
    }
}

void print_hyperparameters(const afina_space *space, const afina_point *tuned, const afina_point *standard)
{
    printf("\n  %-18s %-18s %s\n", "hyperparameter", "tuned", "default");
    for (size_t i = 0; i < afina_space_parameter_count(space); i++) {
        const char *name = afina_space_parameter_name(space, i);
        char text[2][64];
        readable(space, tuned, name, text[0]);
        readable(space, standard, name, text[1]);
        if (strcmp(text[0], "-") != 0 || strcmp(text[1], "-") != 0)
            printf("  %-18s %-18s %s\n", name, text[0], text[1]);
    }
}

/* The index of the largest share, which is taken out of the list. */
static size_t take_largest(double *shares, size_t count, double *share)
{
    size_t largest = 0;
    for (size_t i = 1; i < count; i++)
        if (shares[i] > shares[largest])
            largest = i;
    *share = shares[largest];
    shares[largest] = -1;
    return largest;
}

/* The five largest shares in what the model expects. */
void print_importances(afina_optimizer *optimizer, const afina_space *space)
{
    size_t count = afina_space_parameter_count(space);
    double *shares = calloc(count, sizeof *shares), share;
    if (!shares)
        exit(1);
    if (afina_model_importances(optimizer, 0, shares, count, &count) == AFINA_OK) {
        printf("\nWhat mattered, by the model:");
        for (size_t k = 0; k < 5 && k < count; k++) {
            size_t i = take_largest(shares, count, &share);
            printf("%s %s %.0f %%", k ? "," : "", afina_space_parameter_name(space, i), 100 * share);
        }
        printf("\n");
    }
    free(shares);
}
