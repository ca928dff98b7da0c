#include "core/callback.h"

#include "core/fail.h"
#include "core/mem.h"

#include <stdatomic.h>

int32_t callback_new(struct callback **out, void (*function)(void), void *user, afina_release release)
{
    *out = NULL;
    if (!function)
        return release ? fail(AFINA_E_ARGUMENT, "there is a release function, but no function to call") : 0;
    struct callback *callback = mem_new(1, sizeof *callback);
    if (!callback)
        return fail_memory();
    atomic_init(&callback->references, 1);
    callback->function = function;
    callback->user = user;
    callback->release = release;
    *out = callback;
    return 0;
}

struct callback *callback_reference(struct callback *callback)
{
    if (callback)
        atomic_fetch_add_explicit(&callback->references, 1, memory_order_relaxed);
    return callback;
}

void callback_release(struct callback *callback)
{
    if (!callback || atomic_fetch_sub_explicit(&callback->references, 1, memory_order_acq_rel) > 1)
        return;
    if (callback->release)
        callback->release(callback->user);
    mem_free(callback);
}

void callback_drop(struct callback **callback)
{
    callback_release(*callback);
}
