/* What the readers of parameters and of conditions share. */
#include "space/space_read.h"

#include "core/fail.h"
#include "core/mem.h"

#include <string.h>

const char *const entry_keys[N_ENTRY_KEYS] = {"name",  "kind", "default", "conditions", "low",    "high",
                                              "scale", "step", "prior",   "choices",    "weights"};

int32_t entry_missing(const char *name, const char *key)
{
    return fail(AFINA_E_FORMAT, "parameter \"%s\": \"%s\" is missing", name, key);
}

int32_t entry_go(struct space_entry *e, int key)
{
    if (!e->at[key].at)
        return entry_missing(e->name, entry_keys[key]);
    json_go(e->reader, e->at[key]);
    return 0;
}

int32_t entry_read_name(struct json_reader *r, const char *what, const char *const *names, int32_t count, int32_t *out)
{
    const char *s;
    if (json_next_string(r, &s))
        return r->rc;
    for (int32_t i = 0; i < count; i++) {
        if (strcmp(s, names[i]) == 0) {
            *out = i;
            return 0;
        }
    }
    return json_fail(r, AFINA_E_FORMAT, "%s: \"%s\" is not one that this library knows", what, s);
}

int32_t entry_read_text(struct json_reader *r, const char *what, const char **out)
{
    if (json_next_string(r, out))
        return r->rc;
    if (!**out)
        return json_fail(r, AFINA_E_FORMAT, "%s must not be empty", what);
    if (strlen(*out) > SPACE_MAX_NAME)
        return json_fail(r, AFINA_E_RANGE, "%s has %zu bytes; at most %d are allowed", what, strlen(*out),
                         SPACE_MAX_NAME);
    return 0;
}

void string_list_fini(struct string_list *s)
{
    for (size_t i = 0; i < s->count; i++)
        mem_free(s->items[i]);
    mem_free(s->items);
}

int32_t string_list_add(struct string_list *s, const char *text)
{
    void *items = s->items;
    int32_t rc = mem_reserve(&items, &s->capacity, s->count + 1, sizeof *s->items);
    s->items = items;
    if (rc)
        return rc;
    s->items[s->count] = mem_copy_string(text);
    return s->items[s->count] ? (s->count++, 0) : fail_memory();
}
