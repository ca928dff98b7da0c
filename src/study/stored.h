/* A study whose log is in a store (store/store.h). Every event that is committed is appended to the store first; when
 * others were faster, the commit answers AFINA_STALE, what they wrote is taken in, and the call is made again.
 */
#ifndef AFINA_STUDY_STORED_H
#define AFINA_STUDY_STORED_H

#include "store/store.h"
#include "study/study.h"

struct stored {
    struct store *store;
    char *name;   /* for messages: the study and its store */
    size_t lines; /* of the store that are here; 0: not even the first one */
    int read_only;
    int takes_in; /* what is committed comes from the store */
    int gathers;  /* lines of one change are gathered, to be appended together */
    struct text gathered;
};

/* What a host asks for: as afina_optimizer_open(). `mode` is one of STORE_*, which are those of AFINA_OPEN_*. */
struct opening {
    const char *url, *name;
    struct space *space; /* a snapshot; NULL: that of the study */
    const char *method;  /* NULL: that of the study, or "auto" */
    int32_t mode;
};
int32_t stored_open(struct study **out, const struct opening *o);
int32_t stored_list(const char *url, struct text *out);
int32_t stored_delete(const char *url, const char *name);

/* Binds the study to a store, which is the study's from here on, also after a failure. The log of the study is that
 * of the store, or neither has a line yet. */
int32_t stored_attach(struct study *study, struct store *store, const char *name, int read_only);

/* Lets go of the store; in a forked child it is left alone. */
void stored_detach(struct study *study);

/* For study_commit(): the line of an entry that is about to be applied goes into the store. The lock is held.
 * AFINA_STALE: others wrote there. AFINA_E_STATE: the study may only be read. */
int32_t stored_append(struct study *study, const struct entry *entry);

/* AFINA_E_STATE when the study may only be read, before work is put into what would be refused. */
int32_t stored_check_writable(const struct study *study);

/* Commits between the two are one change: all of its lines are in the store after the end, or none is, and then the
 * caller takes back what it committed. `rc` is what the commits gave. The lock is held from the first to the last. */
void stored_begin(struct study *study);
int32_t stored_end(struct study *study, int32_t rc);

/* Takes in what others wrote. The turn and the lock are held. */
int32_t stored_take_in(struct study *study);

/* 1 when a call should be made again: *rc was AFINA_STALE, and what others wrote was taken in; else *rc is the
 * answer. The first form is for the thread that has the turn and the lock, the second for one that has neither. */
int stored_again(struct study *study, int32_t *rc);
int stored_again_outside(struct study *study, int32_t *rc);

/* Takes in what others wrote, and waits for it at most so long. The number of new lines in *lines. */
int32_t stored_refresh(struct study *study, double seconds, size_t *lines);

/* AFINA_E_STATE where the study is in a store: its log follows the store's. */
int32_t stored_refuse(const struct study *study, const char *what);

/* AFINA_E_STATE unless the first lines of two studies declare the same, with the first difference. */
int32_t stored_check_same(struct study *ours, struct study *theirs);

#endif
