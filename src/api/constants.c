/* The constants of the public headers by name, for bindings that cannot read a header. */
#include "afina_mlp.h"
#include "api/handles.h"

#include <string.h>

struct constant {
    const char *name;
    int32_t value;
};

/* clang-format off */
#define CONSTANT(name) {#name, name}
/* clang-format on */

/* Every one, sorted by name: tests/house/constants.sh compares the table with the headers. */
static const struct constant constants[] = {
    CONSTANT(AFINA_ALL_FAILED),
    CONSTANT(AFINA_CANCELLED),
    CONSTANT(AFINA_COMPARE_EQUAL),
    CONSTANT(AFINA_COMPARE_GREATER),
    CONSTANT(AFINA_COMPARE_GREATER_EQUAL),
    CONSTANT(AFINA_COMPARE_IN),
    CONSTANT(AFINA_COMPARE_LESS),
    CONSTANT(AFINA_COMPARE_LESS_EQUAL),
    CONSTANT(AFINA_COMPARE_NOT_EQUAL),
    CONSTANT(AFINA_DIRECTION_MAXIMISE),
    CONSTANT(AFINA_DIRECTION_MINIMISE),
    CONSTANT(AFINA_DONE),
    CONSTANT(AFINA_EVENT_ASKED),
    CONSTANT(AFINA_EVENT_BEST),
    CONSTANT(AFINA_EVENT_REPORTED),
    CONSTANT(AFINA_EVENT_TOLD),
    CONSTANT(AFINA_EXHAUSTED),
    CONSTANT(AFINA_E_ARGUMENT),
    CONSTANT(AFINA_E_BUSY),
    CONSTANT(AFINA_E_CALLBACK),
    CONSTANT(AFINA_E_FILE),
    CONSTANT(AFINA_E_FORKED),
    CONSTANT(AFINA_E_FORMAT),
    CONSTANT(AFINA_E_MEMORY),
    CONSTANT(AFINA_E_NAME),
    CONSTANT(AFINA_E_NOT_FOUND),
    CONSTANT(AFINA_E_NO_POINT),
    CONSTANT(AFINA_E_RANGE),
    CONSTANT(AFINA_E_REPLAY),
    CONSTANT(AFINA_E_SPACE),
    CONSTANT(AFINA_E_STATE),
    CONSTANT(AFINA_E_TYPE),
    CONSTANT(AFINA_E_UNSUPPORTED),
    CONSTANT(AFINA_E_VERSION),
    CONSTANT(AFINA_INFEASIBLE_POINT),
    CONSTANT(AFINA_KIND_CATEGORICAL),
    CONSTANT(AFINA_KIND_INTEGER),
    CONSTANT(AFINA_KIND_ORDINAL),
    CONSTANT(AFINA_KIND_REAL),
    CONSTANT(AFINA_MESSAGE_INFO),
    CONSTANT(AFINA_MESSAGE_WARNING),
    CONSTANT(AFINA_OK),
    CONSTANT(AFINA_OPEN_CREATE),
    CONSTANT(AFINA_OPEN_EXISTING),
    CONSTANT(AFINA_OPEN_READ_ONLY),
    CONSTANT(AFINA_OPTION_INTEGER),
    CONSTANT(AFINA_OPTION_REAL),
    CONSTANT(AFINA_OPTION_REALS),
    CONSTANT(AFINA_OPTION_STRING),
    CONSTANT(AFINA_ORIGIN_ADDED),
    CONSTANT(AFINA_ORIGIN_ENQUEUED),
    CONSTANT(AFINA_ORIGIN_PROMOTED),
    CONSTANT(AFINA_ORIGIN_REPEATED),
    CONSTANT(AFINA_ORIGIN_SUGGESTED),
    CONSTANT(AFINA_POSTHOC_NEMENYI),
    CONSTANT(AFINA_POSTHOC_RANKS),
    CONSTANT(AFINA_POSTHOC_WILCOXON),
    CONSTANT(AFINA_PRIOR_LOGNORMAL),
    CONSTANT(AFINA_PRIOR_NORMAL),
    CONSTANT(AFINA_PRIOR_UNIFORM),
    CONSTANT(AFINA_SCALE_LINEAR),
    CONSTANT(AFINA_SCALE_LOG),
    CONSTANT(AFINA_SCALE_REVERSE_LOG),
    CONSTANT(AFINA_STALE),
    CONSTANT(AFINA_STATE_COMPLETE),
    CONSTANT(AFINA_STATE_FAILED),
    CONSTANT(AFINA_STATE_INFEASIBLE),
    CONSTANT(AFINA_STATE_LOST),
    CONSTANT(AFINA_STATE_PAUSED),
    CONSTANT(AFINA_STATE_RUNNING),
    CONSTANT(AFINA_STATE_STOPPED),
    CONSTANT(AFINA_TASK_CLASSIFICATION),
    CONSTANT(AFINA_TASK_REGRESSION),
    CONSTANT(AFINA_VERDICT_NO),
    CONSTANT(AFINA_VERDICT_UNDECIDED),
    CONSTANT(AFINA_VERDICT_YES),
    CONSTANT(AFINA_WAIT),
};

#undef CONSTANT

enum { COUNT = sizeof constants / sizeof constants[0] };

size_t afina_constant_count(void)
{
    return COUNT;
}

const char *afina_constant_name(size_t index)
{
    return index < COUNT ? constants[index].name : NULL;
}

int32_t afina_constant_value(const char *name, int32_t *value)
{
    int32_t rc = require(name, __func__, "name");
    if (!rc)
        rc = require(value, __func__, "value");
    if (rc)
        return rc;
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(constants[i].name, name) == 0) {
            *value = constants[i].value;
            return 0;
        }
    char shown[64];
    text_format(shown, sizeof shown, "%s", name);
    return fail(AFINA_E_NAME, "there is no constant \"%s\"", shown);
}
