/* The one error path.
 *
 *     return fail(AFINA_E_RANGE, "gamma must be in (0, 1), got %g", gamma);
 *
 * sets the text of this thread and returns the code. Only the function that
 * finds the fault calls it; the layers above pass the code on and leave the
 * text alone. The text is one line of UTF-8, never longer than FAIL_TEXT_SIZE-1
 * bytes (cut at a character boundary), and does not depend on the locale.
 */
#ifndef AFINA_CORE_FAIL_H
#define AFINA_CORE_FAIL_H

#include <stdint.h>

enum { FAIL_TEXT_SIZE = 512 };

/* Error codes are those of include/afina.h. */
#include "afina.h"

int32_t fail(int32_t code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* fail(AFINA_E_MEMORY, "out of memory"). */
int32_t fail_memory(void);

/* The text of the last failure on this thread; "" before the first. */
const char *fail_text(void);

/* How many failures this thread has had; wraps around. When the count changed while a callback
 * of the host ran, the callback has set the text. */
uint32_t fail_count(void);

#endif
