/* Objects whose values are read in the order in which they are needed, whatever the order of the
 * keys in the text. */
#include "core/json_token.h"

#include "core/fail.h"

#include <string.h>

struct json_place json_here(const struct json_reader *r)
{
    return (struct json_place){.at = r->at, .name = r->name, .objects = r->objects, .depth = r->depth};
}

void json_go(struct json_reader *r, struct json_place place)
{
    r->at = r->value = place.at;
    r->name = place.name;
    r->objects = place.objects;
    r->depth = place.depth;
    r->fresh = 0;
}

static int32_t unknown_key(struct json_reader *r, const char *what, const char *const *known, size_t count)
{
    const char *key = r->key.data, *nearest = text_nearest(key, known, count);
    return json_fail(r, AFINA_E_NAME, "%s has an unknown key \"%s\"%s%s%s", what, key,
                     nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static size_t index_of(const char *key, const char *const *keys, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(key, keys[i]) != 0)
        i++;
    return i;
}

int32_t json_fields(struct json_reader *r, const char *what, const char *const *known, size_t count,
                    struct json_place *places)
{
    const char *key;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct json_place){0};
    json_enter_object(r);
    const char *object = r->value;
    while (json_next_key(r, &key)) {
        size_t i = index_of(key, known, count);
        if (i == count) {
            if (index_of(key, r->ignorable, r->n_ignorable) == r->n_ignorable)
                return unknown_key(r, what, known, count);
            json_skip(r);
            continue;
        }
        if (places[i].at)
            return json_fail(r, AFINA_E_FORMAT, "%s has the key \"%s\" twice", what, key);
        places[i] = json_here(r);
        places[i].name = known[i];
        json_skip(r);
    }
    if (!r->rc)
        r->value = object;
    return r->rc;
}
