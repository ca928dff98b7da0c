/* What a static analyzer that sees one file at a time cannot know: fail() never
 * answers 0. `make lint` includes this first. */
#ifndef AFINA_TESTS_ANALYZER_H
#define AFINA_TESTS_ANALYZER_H

#include "core/fail.h"

#define fail(code, ...) (fail(code, __VA_ARGS__), (code))
#define fail_memory() (fail_memory(), AFINA_E_MEMORY)

#endif
