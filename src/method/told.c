#include "method/told.h"

#include <math.h>

int told_counts(const struct observation *told)
{
    return told->losses || told->state == AFINA_FAILED || told->state == AFINA_INFEASIBLE ||
           told->state == AFINA_COMPLETE;
}

double told_loss(const struct observation *told)
{
    return told->losses ? told->losses[0] : INFINITY;
}
