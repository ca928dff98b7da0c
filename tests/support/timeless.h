/* Logs of equal studies differ in the times of their events alone. */
#ifndef AFINA_TESTS_TIMELESS_H
#define AFINA_TESTS_TIMELESS_H

#include <string.h>

/* Takes the times out of a log. */
static inline void strip_times(char *text)
{
    static const char key[] = ",\"time\":";
    char *to = text, *from = text;
    for (char *at; (at = strstr(from, key)) != NULL;) {
        memmove(to, from, (size_t)(at - from));
        to += at - from;
        from = at + sizeof key - 1;
        from += strspn(from, "-0123456789");
    }
    memmove(to, from, strlen(from) + 1);
}

#endif
