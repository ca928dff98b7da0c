/* The result of a trial that was TOLD, for a method with one objective. */
#ifndef AFINA_METHOD_RESULT_H
#define AFINA_METHOD_RESULT_H

#include "method/method.h"

/* 1 when the trial has a result: a loss, or a failure. 0 when it was stopped or lost before there
 * was one. */
int result_exists(const struct observation *told);

/* Its loss; INFINITY when it failed. */
double result_loss(const struct observation *told);

#endif
