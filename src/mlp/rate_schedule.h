/* How the learning rate falls during training. */
#ifndef AFINA_MLP_RATE_SCHEDULE_H
#define AFINA_MLP_RATE_SCHEDULE_H

#include <stdint.h>

/* In the order of the choices of the hyperparameter. */
enum rate_schedule { RATE_CONSTANT, RATE_STEP, RATE_EXPONENTIAL, RATE_COSINE, RATE_INVERSE, RATE_SCHEDULES };

/* The factor of the learning rate after a share 0 <= t <= 1 of the planned
 * updates. */
double rate_schedule_factor(int32_t schedule, double t);

#endif
