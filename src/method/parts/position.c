#include "method/parts/position.h"

/* Two doubles of 32 bits each: a double alone holds 53. */
void position_write(struct suggestion *suggestion, uint64_t next)
{
    suggestion->note[0] = (double)(next >> 32);
    suggestion->note[1] = (double)(next & UINT32_MAX);
    suggestion->note_size = 2;
}

static int is_word(double x)
{
    return x >= 0 && x <= (double)UINT32_MAX && x == (double)(uint32_t)x;
}

/* A note may come from a log that others wrote: what is no position counts as
 * one step. */
void position_observe(uint64_t *next, const struct observation *observation)
{
    if (observation->kind != OBSERVED_ASKED || observation->origin != AFINA_ORIGIN_SUGGESTED)
        return;
    const double *note = observation->note;
    if (observation->note_size == 2 && is_word(note[0]) && is_word(note[1]))
        *next = (uint64_t)note[0] << 32 | (uint64_t)note[1];
    else
        ++*next;
}
