#include "method/parts/sequence.h"

/* The index is written as two doubles of 32 bits each, for one double holds 53. */
void sequence_write(struct suggestion *suggestion, uint64_t next)
{
    suggestion->note[0] = (double)(next >> 32);
    suggestion->note[1] = (double)(next & UINT32_MAX);
    suggestion->note_size = 2;
}

static int is_word(double x)
{
    return x >= 0 && x <= (double)UINT32_MAX && x == (double)(uint32_t)x;
}

/* 1 when the note is a index, which a log that others wrote may lack. */
static int read_index(const double *note, size_t size, uint64_t *next)
{
    if (size != 2 || !is_word(note[0]) || !is_word(note[1]))
        return 0;
    *next = (uint64_t)note[0] << 32 | (uint64_t)note[1];
    return 1;
}

static int is_lost(const struct observation *o)
{
    return o->kind == OBSERVED_TOLD && o->state == AFINA_STATE_LOST;
}

/* A suggestion whose note is no index moves on by one. */
void sequence_observe(uint64_t *next, const struct observation *o)
{
    uint64_t noted;
    if (o->origin != AFINA_ORIGIN_SUGGESTED)
        return;
    if (o->kind == OBSERVED_ASKED)
        *next = read_index(o->note, o->note_size, &noted) ? noted : *next + 1;
    else if (is_lost(o) && read_index(o->note, o->note_size, &noted) && noted == *next && noted > 0)
        *next = noted - 1;
}

void sequence_return(uint64_t *next, const struct observation *o)
{
    uint64_t noted;
    if (is_lost(o) && o->origin == AFINA_ORIGIN_SUGGESTED && read_index(o->note, o->note_size, &noted) && noted > 0 &&
        noted <= *next)
        *next = noted - 1;
}
