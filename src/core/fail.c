#include "core/fail.h"

#include "core/text.h"

#include <stdarg.h>

static _Thread_local char last_text[FAIL_TEXT_SIZE];
static _Thread_local uint32_t count;

int32_t fail(int32_t code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vformat(last_text, sizeof last_text, format, args);
    va_end(args);
    count++;
    return code;
}

int32_t fail_memory(void)
{
    return fail(AFINA_E_MEMORY, "out of memory");
}

const char *fail_text(void)
{
    return last_text;
}

uint32_t fail_count(void)
{
    return count;
}
