/* How a study in a store is opened: made, or read and bound to the store. */
#include "core/mem.h"
#include "study/era.h"
#include "study/log.h"
#include "study/stored.h"

/* A study that is not in the store yet. */
static int32_t make_study(const struct opening *o, struct study **out)
{
    const struct method *method;
    if (o->mode != STORE_CREATE)
        return fail(AFINA_E_NOT_FOUND, "\"%s\" has no study \"%s\"", o->url, o->name);
    if (!o->space)
        return fail(AFINA_E_ARGUMENT, "\"%s\" has no study \"%s\", and a new one needs a space", o->url, o->name);
    int32_t rc = method_find(o->method ? o->method : "auto", &method);
    return rc ? rc : study_new(out, o->space, method);
}

static int32_t check_method(const struct opening *o, const struct study *study)
{
    const struct method *method;
    int32_t rc = o->method ? method_find(o->method, &method) : 0;
    if (!rc && o->method && method != study->method)
        rc = fail(AFINA_E_STATE, "study \"%s\" of \"%s\" has method \"%s\", not \"%s\"", o->name, o->url,
                  study->method->name, method->name);
    return rc;
}

/* The space of the study, as it is or as it began; it brings the filter, which no log can hold. One that says more
 * extends it; another one is an error that names the difference. */
static int32_t fit_space(const struct opening *o, struct study *study)
{
    int32_t rc = o->space && o->space->filter && study->header ? study_share_filter(study, o->space) : 0;
    if (rc || !o->space || space_equal(study->space, o->space) || space_equal(study->eras[0]->space, o->space))
        return rc;
    rc = space_check_extension(study->space, o->space, 0);
    if (rc || o->mode == STORE_READ_ONLY || space_covers(study->space, o->space))
        return rc ? rc : space_check_same(study->space, o->space);
    return study_extend(study, o->space);
}

/* The study as it is in the store, bound to the store, which is closed on failure. */
static int32_t bind_study(const struct opening *o, struct store *store, struct study **out)
{
    struct text log = {0};
    char name[FAIL_TEXT_SIZE];
    int32_t rc = store_read(store, 0, &log);
    if (!rc)
        rc = log.length > 0 ? study_from_json(out, log.data, log.length) : make_study(o, out);
    mem_free(log.data);
    if (rc) {
        store_close(store);
        return rc;
    }
    text_format(name, sizeof name, "study \"%s\" of \"%s\"", o->name, o->url);
    return stored_attach(*out, store, name, o->mode == STORE_READ_ONLY);
}

int32_t stored_open(struct study **out, const struct opening *o)
{
    struct store *store;
    *out = NULL;
    int32_t rc = store_open(&store, o->url, o->name, o->mode);
    if (!rc)
        rc = bind_study(o, store, out);
    if (!rc)
        rc = check_method(o, *out);
    if (!rc)
        rc = fit_space(o, *out);
    if (rc) {
        study_release(*out);
        *out = NULL;
    }
    return rc;
}

int32_t stored_list(const char *url, struct text *out)
{
    return store_list(url, out);
}

int32_t stored_delete(const char *url, const char *name)
{
    return store_delete(url, name);
}
