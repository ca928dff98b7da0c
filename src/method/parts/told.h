/* What an observation says about its trial, in the words of a method with one
 * objective. */
#ifndef AFINA_METHOD_TOLD_H
#define AFINA_METHOD_TOLD_H

#include "method/method.h"

/* 1 when a trial that was TOLD teaches: it has a loss, or it failed. 0 when it was stopped or
 * lost before it could say anything. */
int told_counts(const struct observation *told);

/* Its loss; INFINITY when it failed, which is a bad result and not a missing one. */
double told_loss(const struct observation *told);

#endif
