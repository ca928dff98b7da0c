#include "method/parts/stateless.h"

int32_t stateless_observe(void *state, const struct observation *observation)
{
    (void)state;
    (void)observation;
    return 0;
}

void stateless_fini(void *state)
{
    (void)state;
}
