/* A space as JSON text. docs/space-json.md describes the format; space_read_json.c reads it. */
#include "space/space_json.h"

#include "core/json.h"

const char *const space_kind_names[4] = {"real", "integer", "categorical", "ordinal"};
const char *const space_scale_names[3] = {"linear", "log", "reverse_log"};
const char *const space_prior_names[3] = {"uniform", "normal", "lognormal"};
const char *const space_comparison_names[6] = {"==", "!=", "<", "<=", ">", ">="};

static void write_key_string(struct text *out, const char *key, const char *value)
{
    text_append(out, key);
    json_write_string(out, value);
}

static void write_key_double(struct text *out, const char *key, double value)
{
    text_append(out, key);
    json_write_double(out, value);
}

static void write_key_int64(struct text *out, const char *key, int64_t value)
{
    text_append(out, key);
    text_append_int64(out, value);
}

void value_to_json(const struct parameter *p, union value v, struct text *out)
{
    if (p->kind == AFINA_KIND_REAL)
        json_write_double(out, v.real);
    else if (p->kind == AFINA_KIND_INTEGER)
        text_append_int64(out, v.integer);
    else
        json_write_string(out, p->choices[v.integer]);
}

static void write_prior(struct text *out, const struct parameter *p)
{
    write_key_string(out, ",\"prior\":{\"kind\":", space_prior_names[p->prior]);
    write_key_double(out, ",\"mean\":", p->mean);
    write_key_double(out, ",\"sd\":", p->sd);
    text_append(out, "}");
}

static void write_range(struct text *out, const struct parameter *p)
{
    if (p->kind == AFINA_KIND_REAL) {
        write_key_double(out, ",\"low\":", p->low);
        write_key_double(out, ",\"high\":", p->high);
        if (p->step > 0)
            write_key_double(out, ",\"step\":", p->step);
    } else {
        write_key_int64(out, ",\"low\":", p->int_low);
        write_key_int64(out, ",\"high\":", p->int_high);
        if (p->int_step > 1)
            write_key_int64(out, ",\"step\":", (int64_t)p->int_step);
    }
    if (p->scale != AFINA_SCALE_LINEAR)
        write_key_string(out, ",\"scale\":", space_scale_names[p->scale]);
    if (p->prior != AFINA_PRIOR_UNIFORM)
        write_prior(out, p);
}

static void write_choices(struct text *out, const struct parameter *p)
{
    for (size_t i = 0; i < p->n_choices; i++)
        write_key_string(out, i ? "," : ",\"choices\":[", p->choices[i]);
    text_append(out, "]");
    if (p->weights) {
        text_append(out, ",\"weights\":");
        json_write_doubles(out, p->weights, p->n_choices);
    }
}

static void write_members(struct text *out, const struct parameter *parent, const struct condition *c)
{
    text_append(out, ",\"in\":[");
    for (size_t i = 0; i < c->n_members; i++) {
        union value v = {.integer = c->members[i]};
        text_append(out, i ? "," : "");
        value_to_json(parent, v, out);
    }
    text_append(out, "]}");
}

static void write_condition(struct text *out, const struct space *space, const struct condition *c)
{
    const struct parameter *parent = &space->parameters[c->parent];
    write_key_string(out, "{\"parent\":", parent->name);
    if (c->comparison == SPACE_IN) {
        write_members(out, parent, c);
        return;
    }
    write_key_string(out, ",\"comparison\":", space_comparison_names[c->comparison]);
    write_key_double(out, ",\"number\":", c->number);
    text_append(out, "}");
}

static void write_conditions(struct text *out, const struct space *space, const struct parameter *p)
{
    for (size_t i = 0; i < p->n_conditions; i++) {
        text_append(out, i ? "," : ",\"conditions\":[");
        write_condition(out, space, &p->conditions[i]);
    }
    if (p->n_conditions > 0)
        text_append(out, "]");
}

static void write_parameter(struct text *out, const struct space *space, const struct parameter *p)
{
    write_key_string(out, "{\"name\":", p->name);
    write_key_string(out, ",\"kind\":", space_kind_names[p->kind]);
    if (p->choices)
        write_choices(out, p);
    else
        write_range(out, p);
    if (p->has_default) {
        text_append(out, ",\"default\":");
        value_to_json(p, p->default_value, out);
    }
    write_conditions(out, space, p);
    text_append(out, "}");
}

int32_t space_to_json(const struct space *space, struct text *out)
{
    write_key_int64(out, "{\"format\":", SPACE_FORMAT);
    text_append(out, ",\"parameters\":[");
    for (size_t i = 0; i < space->size; i++) {
        text_append(out, i ? "," : "");
        write_parameter(out, space, &space->parameters[i]);
    }
    return text_append(out, "]}");
}
