/* The library as a whole: version, last error, names of status numbers. */
#include "api/handles.h"
#include "core/version.h"

const char *afina_version(void)
{
    return VERSION_TEXT;
}

int32_t afina_version_number(void)
{
    return VERSION_NUMBER;
}

int32_t afina_abi_version(void)
{
    return 0;
}

const char *afina_last_error(void)
{
    return fail_text();
}

int32_t afina_set_last_error(const char *text)
{
    int32_t rc = require(text, __func__, "text");
    if (!rc && !text_is_utf8(text))
        rc = fail(AFINA_E_ARGUMENT, "%s: text is not UTF-8", __func__);
    if (rc)
        return rc;
    return fail(AFINA_OK, "%s", text); /* control characters become spaces */
}

const char *afina_status_name(int32_t status)
{
    static const char *const news[] = {
        "AFINA_OK",        "AFINA_DONE",       "AFINA_EXHAUSTED", "AFINA_WAIT",
        "AFINA_CANCELLED", "AFINA_ALL_FAILED", "AFINA_STALE",     "AFINA_INFEASIBLE_POINT"};
    static const char *const errors[] = {
        "AFINA_E_ARGUMENT",    "AFINA_E_RANGE",     "AFINA_E_NAME",     "AFINA_E_TYPE",   "AFINA_E_STATE",
        "AFINA_E_MEMORY",      "AFINA_E_SPACE",     "AFINA_E_NO_POINT", "AFINA_E_FORMAT", "AFINA_E_FILE",
        "AFINA_E_UNSUPPORTED", "AFINA_E_NOT_FOUND", "AFINA_E_FORKED",   "AFINA_E_REPLAY", "AFINA_E_BUSY",
        "AFINA_E_CALLBACK",    "AFINA_E_VERSION",
    };
    const char *name = NULL;
    if (status >= 0 && status < (int32_t)(sizeof news / sizeof news[0]))
        name = news[status];
    if (status < 0 && status >= -(int32_t)(sizeof errors / sizeof errors[0]))
        name = errors[-status - 1];
    return name ? name : "unknown";
}
