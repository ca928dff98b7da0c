/* The critical-difference picture: methods on an axis of mean ranks, joined where no difference is shown. */
#ifndef AFINA_EXPERIMENT_RANK_PICTURE_H
#define AFINA_EXPERIMENT_RANK_PICTURE_H

#include "core/text.h"

struct rank_picture {
    const char *const *names;
    const double *ranks; /* mean ranks */
    const double *p;     /* p[i * methods + j] of each pair, corrected */
    size_t methods, blocks;
    double level;
    double difference; /* drawn as a bar over the axis; 0: none */
    const char *test;  /* what the pairs were tested with */
};

/* Writes it as SVG. AFINA_E_MEMORY. */
int32_t rank_picture_write(const struct rank_picture *picture, struct text *out);

#endif
