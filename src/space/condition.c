/* Conditions: when a parameter is active, and the checks of a new condition. */
#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "space/space.h"

#include <math.h>
#include <stdlib.h>

static int compare_members(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int is_member(const struct condition *condition, int64_t value)
{
    return bsearch(&value, condition->members, condition->n_members, sizeof value, compare_members) != NULL;
}

/* Compares an integer with a number: -1, 0 or 1. The answer is exact even where a double
 * cannot hold the integer. */
static int compare_integer(int64_t v, double number)
{
    if (number >= 0x1p63)
        return -1;
    if (number < -0x1p63)
        return 1;
    double whole = floor(number);
    int64_t t = (int64_t)whole;
    if (v != t)
        return v < t ? -1 : 1;
    return number > whole ? -1 : 0;
}

static int compare_value(const struct parameter *parent, union value v, double number)
{
    if (parent->kind == AFINA_KIND_INTEGER)
        return compare_integer(v.integer, number);
    double x = parent->kind == AFINA_KIND_REAL ? v.real : parent->choice_numbers[v.integer];
    return x < number ? -1 : x > number;
}

int condition_holds(const struct condition *condition, const struct parameter *parent, union value v)
{
    if (condition->comparison == SPACE_IN)
        return is_member(condition, v.integer);
    int order = compare_value(parent, v, condition->number);
    switch (condition->comparison) {
    case AFINA_COMPARE_EQUAL:
        return order == 0;
    case AFINA_COMPARE_NOT_EQUAL:
        return order != 0;
    case AFINA_COMPARE_LESS:
        return order < 0;
    case AFINA_COMPARE_LESS_EQUAL:
        return order <= 0;
    case AFINA_COMPARE_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

int space_is_active(const struct space *space, const struct point *point, size_t i)
{
    const struct parameter *p = &space->parameters[i];
    for (size_t k = 0; k < p->n_conditions; k++) {
        const struct condition *condition = &p->conditions[k];
        size_t parent = condition->parent;
        if (!point->active[parent] || !condition_holds(condition, &space->parameters[parent], point->value[parent]))
            return 0;
    }
    return 1;
}

/* One step of the depth-first search for a cycle: a parameter, and which of its conditions
 * is followed next. */
struct step {
    size_t node, next;
};

/* Fails with a message that names the parameters of the cycle: "b needs a needs b". */
static int32_t name_cycle(const struct space *space, const struct step *path, size_t length, size_t child)
{
    struct text names = {0};
    for (size_t i = 0; i < length; i++) {
        text_append(&names, space->parameters[path[i].node].name);
        text_append(&names, " needs ");
    }
    int32_t rc = text_append(&names, space->parameters[child].name);
    if (!rc)
        rc = fail(AFINA_E_SPACE, "the condition closes a cycle: \"%s\" would need itself (%s)",
                  space->parameters[child].name, names.data);
    mem_free(names.data);
    return rc;
}

/* Refuses the condition when `child` is an ancestor of `parent`, or the same. */
static int32_t check_cycle(const struct space *space, size_t child, size_t parent)
{
    if (parent == child)
        return fail(AFINA_E_SPACE, "parameter \"%s\" cannot be its own parent", space->parameters[child].name);
    if (space->parameters[parent].n_conditions == 0)
        return 0;
    unsigned char *visited = mem_new(space->size, 1);
    struct step *path = mem_new(space->size, sizeof *path);
    int32_t rc = visited && path ? 0 : fail_memory();
    size_t length = 0;
    if (!rc)
        path[length++] = (struct step){parent, 0};
    while (length > 0 && !rc) {
        struct step *top = &path[length - 1];
        const struct parameter *p = &space->parameters[top->node];
        if (top->next == p->n_conditions) {
            length--;
            continue;
        }
        size_t up = p->conditions[top->next++].parent;
        if (up == child)
            rc = name_cycle(space, path, length, child);
        else if (!visited[up]) {
            visited[up] = 1;
            path[length++] = (struct step){up, 0};
        }
    }
    mem_free(visited);
    mem_free(path);
    return rc;
}

/* Appends a condition to the child. On success its members belong to the child. */
static int32_t append(struct space *space, size_t child, const struct condition *condition)
{
    struct parameter *p = &space->parameters[child];
    int32_t rc = check_cycle(space, child, condition->parent);
    if (rc)
        return rc;
    void *grown = mem_resize(p->conditions, p->n_conditions + 1, sizeof *p->conditions);
    if (!grown)
        return fail_memory();
    p->conditions = grown;
    p->conditions[p->n_conditions++] = *condition;
    return 0;
}

/* Reads a member of a set: the text of an integer, or a choice as its index. */
static int32_t read_member(const struct parameter *parent, const char *text, int64_t *out)
{
    union value v;
    int64_t number;
    int32_t rc;
    if (!text)
        return fail(AFINA_E_ARGUMENT, "a condition on \"%s\" has a value that is NULL", parent->name);
    if (parent->kind != AFINA_KIND_INTEGER) {
        rc = parameter_check_string(parent, text, &v);
    } else if (text_to_int64(text, &number)) {
        rc = parameter_check_integer(parent, number, &v);
    } else {
        rc =
            fail(AFINA_E_TYPE, "parameter \"%s\" is an integer; a condition cannot ask for \"%s\"", parent->name, text);
    }
    if (!rc)
        *out = v.integer;
    return rc;
}

/* Sorts the members and drops those that stand there twice. */
static void sort_members(struct condition *condition)
{
    int64_t *members = condition->members;
    size_t kept = 0;
    qsort(members, condition->n_members, sizeof *members, compare_members);
    for (size_t i = 0; i < condition->n_members; i++)
        if (kept == 0 || members[kept - 1] != members[i])
            members[kept++] = members[i];
    condition->n_members = kept;
}

static int32_t find_both(const struct space *space, const char *child, const char *parent, size_t *c, size_t *up)
{
    int32_t rc = space_find(space, child, c);
    return rc ? rc : space_find(space, parent, up);
}

int32_t space_add_condition_in(struct space *space, const char *child, const char *parent, const char *const *values,
                               size_t count)
{
    size_t c, up;
    int32_t rc = find_both(space, child, parent, &c, &up);
    if (rc)
        return rc;
    const struct parameter *p = &space->parameters[up];
    if (p->kind == AFINA_KIND_REAL)
        return fail(AFINA_E_TYPE, "parameter \"%s\" is a real: a condition on it compares, it has no set of values",
                    parent);
    if (!values || count == 0)
        return fail(AFINA_E_ARGUMENT, "the condition of \"%s\" on \"%s\" has no values", child, parent);
    struct condition condition = {.parent = up, .comparison = SPACE_IN};
    condition.members = mem_new(count, sizeof *condition.members);
    if (!condition.members)
        return fail_memory();
    for (; condition.n_members < count && !rc; condition.n_members++)
        rc = read_member(p, values[condition.n_members], &condition.members[condition.n_members]);
    if (!rc) {
        sort_members(&condition);
        rc = append(space, c, &condition);
    }
    if (rc)
        mem_free(condition.members);
    return rc;
}

int32_t space_add_condition(struct space *space, const char *child, const char *parent, int32_t comparison,
                            double number)
{
    size_t c, up;
    int32_t rc = find_both(space, child, parent, &c, &up);
    if (rc)
        return rc;
    const struct parameter *p = &space->parameters[up];
    if (comparison < AFINA_COMPARE_EQUAL || comparison > AFINA_COMPARE_GREATER_EQUAL)
        return fail(AFINA_E_RANGE, "the comparison of \"%s\" with \"%s\" must be 0 to 5, got %d", child, parent,
                    (int)comparison);
    if (isnan(number))
        return fail(AFINA_E_RANGE, "the condition of \"%s\" on \"%s\" compares with NaN", child, parent);
    if (p->kind == AFINA_KIND_CATEGORICAL || (p->kind == AFINA_KIND_ORDINAL && !p->choice_numbers))
        return fail(AFINA_E_TYPE,
                    "parameter \"%s\" has choices that are no numbers: a condition on it names a set of them", parent);
    struct condition condition = {.parent = up, .comparison = comparison, .number = number};
    return append(space, c, &condition);
}
