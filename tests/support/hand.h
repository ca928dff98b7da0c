/* A method folded by hand: state, context and a log of its suggestions, without
 * a study around it. Every step that must succeed is asserted. */
#ifndef AFINA_TESTS_HAND_H
#define AFINA_TESTS_HAND_H

#include "method/method.h"

/* What was asked: enough to feed another hand. */
struct hand_entry {
    struct point *point;
    int32_t origin;
    double *note;
    size_t note_size;
};

struct hand {
    const struct method *method;
    struct method_context context;
    struct option_set options;
    struct point_set seen;
    void *state; /* made at the first ask, when the options are set */
    struct hand_entry *log;
    size_t size, capacity;
    uint32_t attempts; /* proposals that the last ask refused */
};

/* Takes a snapshot of the space. */
void hand_start(struct hand *hand, const char *name, const struct space *space, uint64_t seed);
void hand_start_with(struct hand *hand, const struct method *method, const struct space *space, uint64_t seed);
void hand_set_integer(struct hand *hand, const char *option, int64_t value);
void hand_set_string(struct hand *hand, const char *option, const char *value);

/* As the frame does it: proposals that were seen or that the filter forbids are
 * refused, and after 64 of them the last is taken. The point lives as long as
 * the hand. On another status *point is NULL. */
int32_t hand_ask(struct hand *hand, const struct point **point);

/* hand_ask() that succeeds. */
const struct point *hand_next(struct hand *hand);

/* The status of the first ask without suggesting: of the method's init. */
int32_t hand_init(struct hand *hand);

/* A point that the host chose. */
void hand_enqueue(struct hand *hand, const struct point *point);

/* The result of a trial; NULL: it failed. */
void hand_tell(struct hand *hand, size_t number, const double *loss);

/* The trial is lost, and its point counts as not seen. */
void hand_lose(struct hand *hand, size_t number);

/* Feeds the first n entries of another hand's log. */
void hand_replay(struct hand *hand, const struct hand *from, size_t n);

void hand_end(struct hand *hand);

#endif
