/* A law is a test that runs for every method and every space of contract_spaces.h. */
#ifndef AFINA_TESTS_CONTRACT_CASE_H
#define AFINA_TESTS_CONTRACT_CASE_H

#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "contract/contract_spaces.h"
#include "contract/contract_walk.h"
#include "method/method.h"

#include <stdio.h>
#include <stdlib.h>

/* What a law is called with: its initial state. */
struct law_case {
    const struct method *method;
    const struct contract_space *entry;
    char name[96];
};

struct law {
    const char *name;
    CMUnitTestFunction test;
    int (*applies)(const struct law_case *c); /* NULL: to all */
};

#define LAW(f, applies)                                                                                                \
    {                                                                                                                  \
#f, f, applies                                                                                                 \
    }

static inline int is_quick(void)
{
    return getenv("AFINA_TEST_QUICK") != NULL;
}

/* The registered methods, then that of contract_walk.h, then `extra` unless it is NULL. */
static const struct method *contract_method(size_t i, const struct method *extra)
{
    size_t count = method_count();
    return i < count ? method_at(i) : i == count ? &method_walk : i == count + 1 ? extra : NULL;
}

static const char *case_label(const struct method *method, const struct method *extra)
{
    return method == &method_walk ? "walk" : method == extra ? "probe" : method->name;
}

/* Runs the laws that apply; `wanted` keeps the cases whose name contains it. */
static int run_laws(const char *group, const struct law *laws, size_t n_laws, const struct method *extra,
                    const char *wanted)
{
    size_t spaces = LENGTH(contract_spaces), count = 0;
    size_t most = (method_count() + 2) * n_laws * spaces;
    struct law_case *cases = calloc(most, sizeof *cases);
    struct CMUnitTest *tests = calloc(most, sizeof *tests);
    if (!cases || !tests)
        return 1;
    for (size_t i = 0; i < most; i++) {
        const struct law *law = &laws[i / spaces % n_laws];
        const struct method *method = contract_method(i / spaces / n_laws, extra);
        struct law_case *c = &cases[count];
        if (!method)
            continue;
        *c = (struct law_case){.method = method, .entry = &contract_spaces[i % spaces]};
        snprintf(c->name, sizeof c->name, "%s: %s (%s)", case_label(method, extra), law->name, c->entry->name);
        if ((law->applies && !law->applies(c)) || !strstr(c->name, wanted))
            continue;
        tests[count++] = (struct CMUnitTest){.name = c->name, .test_func = law->test, .initial_state = c};
    }
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(cases);
    free(tests);
    return failed;
}

#endif
