#include "method/parts/rank_weights.h"

#include "core/elementary.h"

#include <math.h>

void rank_weights(size_t lambda, double *w)
{
    double sum = 0;
    for (size_t i = 0; i < lambda; i++) {
        w[i] = portable_log((double)(lambda + 1) / 2) - portable_log((double)(i + 1));
        sum += fmax(w[i], 0);
    }
    for (size_t i = 0; i < lambda && sum > 0; i++)
        w[i] /= w[i] > 0 ? sum : 1;
}

void rank_share(size_t lambda, const double *w, double least, const double *loss, double *share)
{
    for (size_t first = 0, end; first < lambda; first = end) {
        double sum = 0;
        for (end = first; end < lambda && loss[end] == loss[first]; end++)
            sum += fmax(w[end], least);
        for (size_t i = first; i < end; i++)
            share[i] = sum / (double)(end - first);
    }
}

double rank_effective(size_t count, const double *w)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        sum += w[i];
        squares += w[i] * w[i];
    }
    return squares > 0 ? sum * sum / squares : 0;
}
