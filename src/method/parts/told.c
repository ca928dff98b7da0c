#include "method/parts/told.h"

#include <math.h>

int told_counts(const struct observation *told)
{
    return told->losses || told->state == AFINA_STATE_FAILED || told->state == AFINA_STATE_INFEASIBLE ||
           told->state == AFINA_STATE_COMPLETE;
}

double told_loss(const struct observation *told)
{
    return told->losses ? told->losses[0] : INFINITY;
}
