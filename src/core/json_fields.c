/* Objects whose keys are read in the order in which they are needed, from the places where
 * their values stand. */
#include "core/json_token.h"

#include "core/fail.h"

#include <string.h>

struct json_place json_go(struct json_reader *r, struct json_place place)
{
    struct json_place here = {.at = r->at, .name = "", .objects = r->objects, .depth = r->depth, .fresh = r->fresh};
    r->at = place.at;
    r->name = place.name;
    r->objects = place.objects;
    r->depth = place.depth;
    r->fresh = place.fresh;
    return here;
}

static int32_t unknown_key(struct json_reader *r, const char *what, const char *const *known, size_t count)
{
    const char *key = r->key.data, *nearest = text_nearest(key, known, count);
    return json_fail(r, AFINA_E_NAME, "%s has an unknown key \"%s\"%s%s%s", what, key,
                     nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

int32_t json_fields(struct json_reader *r, const char *what, const char *const *known, size_t count,
                    struct json_place *places)
{
    const char *key = NULL;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct json_place){0};
    json_enter_object(r);
    while (json_next_key(r, &key)) {
        size_t i = 0;
        while (i < count && strcmp(key, known[i]) != 0)
            i++;
        if (i == count)
            return unknown_key(r, what, known, count);
        if (places[i].at)
            return json_fail(r, AFINA_E_FORMAT, "%s has the key \"%s\" twice", what, key);
        places[i] = (struct json_place){.at = r->at, .name = known[i], .objects = r->objects, .depth = r->depth};
        json_skip(r);
    }
    return r->rc;
}
