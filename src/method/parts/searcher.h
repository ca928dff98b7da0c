/* What every search that learns from results needs: the initial design, the trials that run,
 * restarts, the way off a plateau, and memory that is released with it.
 *
 * The state of a method begins with a `struct searcher`, whose searcher_fini() is then its
 * `fini`. Its `observe` begins with searcher_observe(), which says what the observation means
 * to a search, and its `suggest` with searcher_suggest(), which answers while the initial
 * design lasts. CONTRIBUTING.md shows a whole method.
 */
#ifndef AFINA_METHOD_SEARCHER_H
#define AFINA_METHOD_SEARCHER_H

#include "method/parts/archive.h"
#include "method/parts/pending.h"
#include "method/parts/plateau.h"
#include "method/parts/row.h"
#include "method/parts/startup.h"

/* What an observation means to a search. */
enum {
    SEARCH_NOTHING = 0,    /* a report */
    SEARCH_ASKED = 1,      /* a trial runs from now on */
    SEARCH_RESULT = 2,     /* a trial of this search ended with a loss, or failed */
    SEARCH_OLD_RESULT = 3, /* the same of a trial that was asked before the last restart */
    SEARCH_STOPPED = 4,    /* a trial was stopped before it said anything */
    SEARCH_LOST = 5        /* a trial was lost: the search goes on as if it had not been asked */
};

/* Whether searcher_suggest() makes suggestions off a plateau (plateau.h). */
enum plateau_policy { STAYS_ON_PLATEAUS, LEAVES_PLATEAUS };

struct searcher {
    const struct method_context *context;
    const struct space *space;
    size_t d;
    struct startup startup;
    struct plateau plateau;
    enum plateau_policy policy;
    struct pending pending;
    int64_t asked; /* trials so far, the host's too */
    int64_t first; /* trials before it are of an earlier search */
    uint64_t told; /* results so far, failures among them */

    /* The last observation. */
    double *x;          /* the encoded row of a trial that ended; between observations a workspace */
    double loss;        /* of a result; INFINITY: it failed */
    const double *note; /* of a suggestion of the method that was running until now or is asked; else NULL */
    size_t note_size;

    void **blocks; /* what searcher_array() gave */
    size_t n_blocks, blocks_capacity;
};

/* The initial design has as many trials as the option "startup" says, and none where the method
 * has no such option. On failure, as after use, searcher_fini(). */
int32_t searcher_init(struct searcher *s, const struct method_context *context, enum plateau_policy policy);

/* Takes the state of a method that begins with a searcher; a zeroed one is fine. */
void searcher_fini(void *state);

/* A zeroed array that lives as long as the searcher; NULL when there is no memory. */
void *searcher_array(struct searcher *s, size_t count, size_t size);

/* Makes an archive of rows of d numbers that lives as long as the searcher. */
int32_t searcher_archive(struct searcher *s, struct archive *archive, size_t d, size_t capacity);

/* Takes every observation in, and answers what it means to the search, or an error. */
int32_t searcher_observe(struct searcher *s, const struct observation *observation);

/* From here on it is another search: results of trials asked so far are old. */
void searcher_restart(struct searcher *s);

/* 1 when it made the suggestion: the next point of the initial design when the method is
 * still `in_design`, or one off the plateau. */
int searcher_suggest(const struct searcher *s, int in_design, struct suggestion *suggestion);

/* Writes the numbers as the note of the suggestion. */
void searcher_note(struct suggestion *suggestion, size_t count, const double *numbers);

#endif
