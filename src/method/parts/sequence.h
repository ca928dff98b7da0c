/* The index of a method's next suggestion in a fixed sequence of points (a grid, a
 * design, a low-discrepancy sequence). It is kept in the note, so that points enqueued
 * by the host, refused proposals and resuming leave no gap and repeat nothing. */
#ifndef AFINA_METHOD_SEQUENCE_H
#define AFINA_METHOD_SEQUENCE_H

#include "method/method.h"

/* Writes to the note that the sequence goes on at `next` after this suggestion. */
void sequence_write(struct suggestion *suggestion, uint64_t next);

/* Increases *next when the observation is a suggestion of this method, and decreases it by one when
 * the last of them was lost. */
void sequence_observe(uint64_t *next, const struct observation *observation);

/* Sets *next back to any suggestion that was lost. For sequences in which points that were seen
 * are passed over. */
void sequence_return(uint64_t *next, const struct observation *observation);

#endif
