/* Inside of reading a space from JSON: one parameter of the text, and what is read of it. */
#ifndef AFINA_SPACE_SPACE_READ_H
#define AFINA_SPACE_SPACE_READ_H

#include "core/json_reader.h"
#include "space/space.h"

/* The keys of a parameter; those of bounds and those of choices exclude each other. */
enum { NAME, KIND, DEFAULT, CONDITIONS, LOW, HIGH, SCALE, STEP, PRIOR, CHOICES, WEIGHTS, N_ENTRY_KEYS };
extern const char *const entry_keys[N_ENTRY_KEYS];

struct space_entry {
    struct space *space;
    struct json_reader *reader;
    char name[SPACE_MAX_NAME + 1];
    int32_t kind;
    struct json_place at[N_ENTRY_KEYS];
};

/* fail()s because the parameter `name`, or a part of it, lacks a key. */
int32_t entry_missing(const char *name, const char *key);

/* Goes to the value of a key that must be there. */
int32_t entry_go(struct space_entry *e, int key);

/* The index of the next string among names; `what` names it in messages. */
int32_t entry_read_name(struct json_reader *r, const char *what, const char *const *names, int32_t count, int32_t *out);

/* A string that follows the rules of the API for names and choices. */
int32_t entry_read_text(struct json_reader *r, const char *what, const char **out);

/* Adds the conditions of the entry to a parameter that is in the space already. */
int32_t entry_read_conditions(struct space_entry *e);

/* Strings of their own memory; starts from {0}. */
struct string_list {
    char **items;
    size_t count, capacity;
};

int32_t string_list_add(struct string_list *list, const char *text);
void string_list_fini(struct string_list *list);

#endif
