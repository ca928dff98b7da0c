/* The conditions of a parameter in JSON text: sets and comparisons. */
#include "core/fail.h"
#include "core/number.h"
#include "space/space_json.h"
#include "space/space_read.h"

#include <string.h>

/* A member of a set as text: a choice, or an integer in decimal. */
static int32_t read_member(struct json_reader *r, struct string_list *members)
{
    char number[NUMBER_SIZE];
    const char *choice = number;
    int64_t integer;
    if (json_kind(r) == JSON_KIND_INTEGER) {
        if (json_next_int64(r, &integer))
            return r->rc;
        number_write_int64(number, integer);
    } else if (json_next_string(r, &choice)) {
        return r->rc;
    }
    return string_list_add(members, choice);
}

static int32_t read_members(struct space_entry *e, const char *parent)
{
    struct string_list members = {0};
    int32_t rc = json_enter_array(e->reader);
    while (!rc && json_next_element(e->reader))
        rc = read_member(e->reader, &members);
    if (!rc)
        rc = e->reader->rc;
    if (!rc)
        rc = space_add_condition_in(e->space, e->name, parent, (const char *const *)members.items, members.count);
    string_list_fini(&members);
    return rc;
}

enum { PARENT, IN, COMPARISON, NUMBER, N_CONDITION_KEYS };
static const char *const condition_keys[N_CONDITION_KEYS] = {"parent", "in", "comparison", "number"};

static int32_t read_comparison(struct space_entry *e, const char *parent, const struct json_place *at)
{
    struct json_reader *r = e->reader;
    int32_t comparison = 0;
    double number;
    for (int key = COMPARISON; key <= NUMBER; key++)
        if (!at[key].at)
            return entry_missing(e->name, condition_keys[key]);
    json_go(r, at[COMPARISON]);
    if (entry_read_name(r, "\"comparison\"", space_comparison_names, 6, &comparison))
        return r->rc;
    json_go(r, at[NUMBER]);
    return json_next_double(r, &number) ? r->rc : space_add_condition(e->space, e->name, parent, comparison, number);
}

static int32_t read_condition(struct space_entry *e, const struct json_place *at)
{
    struct json_reader *r = e->reader;
    char parent[SPACE_MAX_NAME + 1];
    const char *name;
    if (!at[PARENT].at)
        return entry_missing(e->name, condition_keys[PARENT]);
    if (at[IN].at && (at[COMPARISON].at || at[NUMBER].at))
        return json_fail(r, AFINA_E_NAME,
                         "parameter \"%s\": a condition with \"in\" has no \"comparison\" and \"number\"", e->name);
    json_go(r, at[PARENT]);
    if (entry_read_text(r, "\"parent\"", &name))
        return r->rc;
    memcpy(parent, name, strlen(name) + 1);
    if (!at[IN].at)
        return read_comparison(e, parent, at);
    json_go(r, at[IN]);
    return read_members(e, parent);
}

/* Conditions come last: a parent may stand behind its child. */
int32_t entry_read_conditions(struct space_entry *e)
{
    struct json_reader *r = e->reader;
    struct json_place at[N_CONDITION_KEYS];
    if (!e->at[CONDITIONS].at)
        return 0;
    json_go(r, e->at[CONDITIONS]);
    int32_t rc = json_enter_array(r);
    while (!rc && json_next_element(r)) {
        rc = json_fields(r, "a condition", condition_keys, N_CONDITION_KEYS, at);
        struct json_place after = json_here(r);
        if (!rc)
            rc = read_condition(e, at);
        json_go(r, after);
    }
    return rc ? rc : r->rc;
}
