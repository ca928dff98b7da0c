/* A function of the host, the pointer that it is called with, and the function that
 * releases that pointer.
 *
 * The object is reference-counted: a space, its copies and its snapshots share one filter.
 * The release function runs once, when the last reference is dropped. It is code of the
 * host, so no lock may be held then.
 */
#ifndef AFINA_CORE_CALLBACK_H
#define AFINA_CORE_CALLBACK_H

#include "afina.h"

#include <stdint.h>

struct callback {
    _Atomic int32_t references;
    void (*function)(void); /* the caller casts it back to its type */
    void *user;
    afina_release release; /* NULL: the host keeps `user` */
};

/* Without a function *out is NULL, and a release function is refused. On failure `user`
 * stays the caller's: it is not released. */
int32_t callback_new(struct callback **out, void (*function)(void), void *user, afina_release release);

/* Both accept NULL. */
struct callback *callback_reference(struct callback *callback);
void callback_release(struct callback *callback);

/* For a scope: releases what it holds at the end, also when an exception passes. */
#define CALLBACK_SCOPE __attribute__((cleanup(callback_drop)))
void callback_drop(struct callback **callback);

#endif
