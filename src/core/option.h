/* Options by name: one table says their type, range, default and meaning; a set
 * holds the values. Methods, optimizers and the reference network share it. */
#ifndef AFINA_CORE_OPTION_H
#define AFINA_CORE_OPTION_H

#include <stddef.h>
#include <stdint.h>

struct option {
    const char *name;
    int32_t type;        /* AFINA_OPTION_INTEGER, _REAL, _STRING or _REALS (a list, empty by default) */
    double low, high;    /* closed range of a number; |integers| < 2^53 */
    double number;       /* default of a number */
    const char *string;  /* default of a string */
    const char *choices; /* of a string: "a,b,c"; "" for any text */
    const char *summary; /* one line */
};

struct option_reals {
    size_t count;
    double value[];
};

union option_value {
    int64_t integer;
    double real;
    char *string;               /* owned by the set */
    struct option_reals *reals; /* owned by the set; NULL: empty */
};

struct option_set {
    const char *owner; /* for messages: "gp", "optimizer" */
    const struct option *table;
    size_t count;
    union option_value *values;
};

/* Every option at its default. */
int32_t options_init(struct option_set *set, const char *owner, const struct option *table, size_t count);
int32_t options_copy(struct option_set *out, const struct option_set *set);
void options_fini(struct option_set *set); /* a zeroed set is fine */

/* The entry of a name, or NULL. */
const struct option *option_find(const struct option *table, size_t count, const char *name);

/* Sets a value after checking name, type and range; the message of an unknown
 * name gives the nearest. An integer may be given to a real option. NaN and "" are allowed
 * where they are the default, and mean that nothing is set. */
int32_t options_set_integer(struct option_set *set, const char *name, int64_t value);
int32_t options_set_real(struct option_set *set, const char *name, double value);
int32_t options_set_string(struct option_set *set, const char *name, const char *value);
int32_t options_set_reals(struct option_set *set, const char *name, const double *values, size_t count);

/* fail()s with AFINA_E_NAME: "gp has no option \"gama\"; did you mean \"gamma\"?". */
int32_t options_unknown(const struct option_set *set, const char *name);

/* The value of an option that must be in the table. For the code that owns the table. */
int64_t option_integer(const struct option_set *set, const char *name);
double option_real(const struct option_set *set, const char *name);
const char *option_string(const struct option_set *set, const char *name);
const double *option_reals(const struct option_set *set, const char *name, size_t *count);

#endif
