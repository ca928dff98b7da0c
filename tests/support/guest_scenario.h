/* What a host does with the library, in a few seconds: all methods, the answers of a model, texts that are read,
 * errors, statistics. Its result is one text, to compare with that of the same scenario under other circumstances. */
#ifndef AFINA_TESTS_GUEST_SCENARIO_H
#define AFINA_TESTS_GUEST_SCENARIO_H

/* Trials of each method; of "gp" more than it draws before its model. */
enum { SCENARIO_SHORT = 6, SCENARIO_LONG = 14 };

/* The whole scenario as text without times, which the caller frees. It fails the running cmocka test, from whichever
 * thread, when a call does. */
char *guest_scenario(int trials);

/* One method of it alone: the log of that many trials. */
char *guest_study(const char *method, int trials);

#endif
