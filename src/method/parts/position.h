/* The position of a method in a fixed sequence of points (a grid, a design, a
 * low-discrepancy sequence): how far its own suggestions have come. It travels in
 * the note, so that points enqueued by the host, refused proposals and resuming
 * leave no gap and repeat nothing. */
#ifndef AFINA_METHOD_POSITION_H
#define AFINA_METHOD_POSITION_H

#include "method/method.h"

/* Notes that the suggestion leaves the sequence at `next`. */
void position_write(struct suggestion *suggestion, uint64_t next);

/* Moves *next on when the observation is a suggestion of this method, and one back when it says
 * that the last of them was lost. */
void position_observe(uint64_t *next, const struct observation *observation);

/* Moves *next back to any suggestion that was lost: for a sequence whose points are passed over
 * when they were seen. */
void position_return(uint64_t *next, const struct observation *observation);

#endif
