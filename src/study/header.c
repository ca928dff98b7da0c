#include "study/header.h"

#include "core/fail.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/version.h"
#include "study/component.h"
#include "study/era.h"
#include "study/study_options.h"

#include <string.h>

static void write_reals(struct text *out, const struct option_reals *reals)
{
    text_append(out, "[");
    for (size_t i = 0; reals && i < reals->count; i++) {
        text_append(out, i ? "," : "");
        json_write_double(out, reals->value[i]);
    }
    text_append(out, "]");
}

int32_t header_write_value(struct text *out, const struct option *option, const union option_value *value)
{
    switch (option->type) {
    case AFINA_OPTION_INTEGER:
        return text_append_int64(out, value->integer);
    case AFINA_OPTION_REAL:
        return json_write_double(out, value->real);
    case AFINA_OPTION_REALS:
        write_reals(out, value->reals);
        return out->rc;
    default:
        return json_write_string(out, value->string);
    }
}

/* With the method's name and a dot before it, unless that is NULL. Both names are plain text. */
static void write_option(struct text *out, const char *method, const struct option *option,
                         const union option_value *value)
{
    text_append(out, "\"");
    text_append(out, method ? method : "");
    text_append(out, method ? "." : "");
    text_append(out, option->name);
    text_append(out, "\"");
    text_append(out, ":");
    header_write_value(out, option, value);
}

/* Options that may change later are no part of the header. */
static void write_options(struct text *out, const struct option_set *set)
{
    const char *separator = "";
    for (size_t i = 0; i < set->count; i++) {
        if (set->table == study_options && study_option_may_change(set->table[i].name))
            continue;
        text_append(out, separator);
        write_option(out, NULL, &set->table[i], &set->values[i]);
        separator = ",";
    }
}

/* Options of methods that are not the chosen one, of schedulers and of stoppers, under dotted keys. */
static void write_others(struct text *out, const struct study *study)
{
    const char *separator = study->method_options.count > 0 ? "," : "";
    for (size_t m = 0; study->others && m < component_count(); m++) {
        const struct option_set *set = &study->others[m];
        for (size_t i = 0; i < set->count; i++) {
            text_append(out, separator);
            write_option(out, set->owner, &set->table[i], &set->values[i]);
            separator = ",";
        }
    }
}

int32_t header_declare(const struct study *study, struct text *out)
{
    text_append(out, "{\"event\":\"study\",\"format\":");
    text_append_int64(out, LOG_FORMAT);
    text_append(out, ",\"needs\":[");
    if (study->eras[0]->space->filter || study->needs_filter)
        text_append(out, "\"filter\"");
    text_append(out, "],\"version\":");
    json_write_string(out, VERSION_TEXT);
    text_append(out, ",\"method\":");
    json_write_string(out, study->method->name);
    text_append(out, ",\"options\":{");
    write_options(out, &study->options);
    text_append(out, "},\"method_options\":{");
    write_options(out, &study->method_options);
    write_others(out, study);
    text_append(out, "},\"space\":");
    space_to_json(study->eras[0]->space, out);
    return text_append(out, "}\n");
}

int32_t header_write(const struct study *study, struct text *out)
{
    if (study->header)
        return text_append_bytes(out, study->header, study->header_length);
    return header_declare(study, out);
}

int32_t header_fix(struct study *study)
{
    struct text text = {0};
    if (study->header)
        return 0;
    int32_t rc = header_write(study, &text);
    if (rc) {
        mem_free(text.data);
        return rc;
    }
    study->header = text.data;
    study->header_length = text.length;
    study->needs_filter = study->space->filter != NULL;
    return 0;
}

void header_open(struct study *study)
{
    mem_free(study->header);
    study->header = NULL;
    study->header_length = 0;
    study->needs_filter = 0;
    study->begun = 0;
}

int32_t header_check_need(const char *need)
{
    if (strcmp(need, "filter") == 0)
        return 0;
    return fail(AFINA_E_UNSUPPORTED, "the log needs \"%s\", which this library (%s) does not know", need, VERSION_TEXT);
}
