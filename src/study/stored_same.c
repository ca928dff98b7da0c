/* Whether two studies that have no events yet are one and the same. */
#include "core/mem.h"
#include "study/header.h"
#include "study/stored.h"
#include "study/study_options.h"

#include <string.h>

static int32_t differs(const struct option_set *set, size_t i, const char *ours, const char *theirs)
{
    return fail(AFINA_E_STATE, "the study in the store has option \"%s\" of %s as %s, not %s", set->table[i].name,
                set->owner, theirs, ours);
}

static int32_t check_option(const struct option_set *ours, const struct option_set *theirs, size_t i)
{
    struct text a = {0}, b = {0};
    int32_t rc = header_write_value(&a, &ours->table[i], &ours->values[i]);
    if (!rc)
        rc = header_write_value(&b, &theirs->table[i], &theirs->values[i]);
    if (!rc && strcmp(a.data, b.data) != 0)
        rc = differs(ours, i, a.data, b.data);
    mem_free(a.data);
    mem_free(b.data);
    return rc;
}

static int32_t check_options(const struct option_set *ours, const struct option_set *theirs)
{
    int32_t rc = 0;
    for (size_t i = 0; !rc && i < ours->count; i++)
        if (ours->table != study_options || !study_option_may_change(ours->table[i].name))
            rc = check_option(ours, theirs, i);
    return rc;
}

/* What is left: options under dotted keys, what the space says beyond its points, and the need of a filter. */
static int32_t check_rest(struct study *ours, struct study *theirs)
{
    struct text a = {0}, b = {0};
    int32_t rc = header_declare(ours, &a);
    if (!rc)
        rc = header_declare(theirs, &b);
    if (!rc && strcmp(a.data, b.data) != 0)
        rc = fail(AFINA_E_STATE, "the study in the store was begun with another first line: %s", b.data);
    mem_free(a.data);
    mem_free(b.data);
    return rc;
}

int32_t stored_check_same(struct study *ours, struct study *theirs)
{
    if (ours->method != theirs->method)
        return fail(AFINA_E_STATE, "the study in the store has method \"%s\", not \"%s\"", theirs->method->name,
                    ours->method->name);
    int32_t rc = check_options(&ours->options, &theirs->options);
    if (!rc)
        rc = check_options(&ours->method_options, &theirs->method_options);
    if (!rc)
        rc = space_check_same(theirs->space, ours->space);
    return rc ? rc : check_rest(ours, theirs);
}
