/* Studies in stores: opened, brought up to date, listed, deleted. */
#include "api/handles.h"
#include "core/mem.h"
#include "study/stored.h"

static int32_t check(const struct opening *o, const char *function)
{
    int32_t rc = require_text(o->url, function, "url");
    if (!rc)
        rc = require_text(o->name, function, "name");
    if (!rc && o->method)
        rc = require_text(o->method, function, "method");
    if (!rc && (o->mode < AFINA_OPEN_CREATE || o->mode > AFINA_OPEN_READ_ONLY))
        rc = fail(AFINA_E_RANGE,
                  "%s: mode must be AFINA_OPEN_CREATE (0), AFINA_OPEN_EXISTING (1) or AFINA_OPEN_READ_ONLY (2), got %d",
                  function, (int)o->mode);
    return rc;
}

int32_t afina_optimizer_open(const char *url, const char *name, const afina_space *space, const char *method,
                             int32_t mode, afina_optimizer **out)
{
    struct opening opening = {.url = url, .name = name, .method = method, .mode = mode};
    struct study *study;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = check(&opening, __func__);
    if (!rc && space)
        rc = space_use_empty(space, &opening.space);
    if (!rc)
        rc = stored_open(&study, &opening);
    return rc ? rc : optimizer_handle(out, study);
}

int32_t afina_optimizer_refresh(afina_optimizer *optimizer, double seconds, int64_t *lines)
{
    size_t count = 0;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc && !(seconds >= 0))
        rc = fail(AFINA_E_RANGE, "%s: seconds must be 0 or more, got %g", __func__, seconds);
    if (!rc)
        rc = stored_refresh(optimizer->study, seconds, &count);
    if (!rc && lines)
        *lines = (int64_t)count;
    return rc ? rc : delivered(optimizer->study, rc);
}

int32_t afina_store_list(const char *url, char *text, size_t capacity, size_t *length)
{
    struct text json = {0};
    int32_t rc = require_text(url, __func__, "url");
    if (!rc)
        rc = stored_list(url, &json);
    return give_built(rc, &json, text, capacity, length, __func__);
}

int32_t afina_store_delete(const char *url, const char *name)
{
    int32_t rc = require_text(url, __func__, "url");
    if (!rc)
        rc = require_text(name, __func__, "name");
    return rc ? rc : stored_delete(url, name);
}
