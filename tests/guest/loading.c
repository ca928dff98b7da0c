/* A host that loads the library, uses it on a thread of its own, and closes it while that thread still runs: as many
 * times as it is told. It prints what the process has more of after the last time than after the tenth part of them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct visit {
    const char *library;
    pthread_barrier_t closed;
    int bad;
};

static long find(void *library, const char *name)
{
    return (long)(intptr_t)dlsym(library, name);
}

/* A space, an optimizer, a few trials and an error, whose text is the thread's own. */
static int use(void *library)
{
    int32_t (*space_new)(void **) = (int32_t(*)(void **))find(library, "afina_space_new");
    int32_t (*add_real)(void *, const char *, double, double, int32_t) =
        (int32_t(*)(void *, const char *, double, double, int32_t))find(library, "afina_space_add_real");
    int32_t (*optimizer_new)(void **, const void *, const char *) =
        (int32_t(*)(void **, const void *, const char *))find(library, "afina_optimizer_new");
    int32_t (*ask)(void *, void **) = (int32_t(*)(void *, void **))find(library, "afina_ask");
    int32_t (*tell)(void *, const double *, size_t) =
        (int32_t(*)(void *, const double *, size_t))find(library, "afina_trial_tell");
    void (*trial_free)(void *) = (void (*)(void *))find(library, "afina_trial_free");
    void (*optimizer_free)(void *) = (void (*)(void *))find(library, "afina_optimizer_free");
    void (*space_free)(void *) = (void (*)(void *))find(library, "afina_space_free");
    void *space, *optimizer, *trial;
    double value = 1;
    int bad = space_new(&space) || add_real(space, "x", 0, 1, 0) || optimizer_new(&optimizer, space, "gp");
    for (int i = 0; i < 6 && !bad; i++) {
        bad = ask(optimizer, &trial) || tell(trial, &value, 1);
        trial_free(trial);
    }
    bad |= add_real(space, "x", 0, 1, 0) >= 0;
    optimizer_free(optimizer);
    space_free(space);
    return bad;
}

static void *visit(void *user)
{
    struct visit *v = user;
    void *library = dlopen(v->library, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    const char *(*last_error)(void) = (const char *(*)(void))find(library, "afina_last_error");
    v->bad |= use(library);
    const char *text = last_error();
    dlclose(library);
    pthread_barrier_wait(&v->closed); /* the thread ends after the library was closed everywhere */
    v->bad |= !strstr(text, "\"x\"");
    return NULL;
}

static int visit_once(const char *path)
{
    struct visit v = {.library = path};
    pthread_t thread;
    pthread_barrier_init(&v.closed, NULL, 2);
    pthread_create(&thread, NULL, visit, &v);
    pthread_barrier_wait(&v.closed);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&v.closed);
    return v.bad;
}

static long count_entries(const char *path)
{
    DIR *directory = opendir(path);
    long n = 0;
    while (directory && readdir(directory))
        n++;
    if (directory)
        closedir(directory);
    return n;
}

static long resident_kilobytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*d %ld", &pages) != 1)
        exit(2);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* How many keys of thread-local memory are free. */
static long free_keys(void)
{
    static pthread_key_t keys[4096];
    long n = 0;
    while (n < 4096 && pthread_key_create(&keys[n], NULL) == 0)
        n++;
    for (long i = 0; i < n; i++)
        pthread_key_delete(keys[i]);
    return n;
}

int main(int argc, char **argv)
{
    int times = argc > 2 ? atoi(argv[2]) : 1000, bad = 0;
    long threads = 0, files = 0, kilobytes = 0, keys = 0;
    for (int i = 0; i <= times && !bad; i++) {
        if (i == times / 10) {
            threads = count_entries("/proc/self/task");
            files = count_entries("/proc/self/fd");
            kilobytes = resident_kilobytes();
            keys = free_keys();
        }
        bad = visit_once(argv[1]);
    }
    printf("%ld threads, %ld files, %ld keys, %ld KiB more\n", count_entries("/proc/self/task") - threads,
           count_entries("/proc/self/fd") - files, keys - free_keys(), resident_kilobytes() - kilobytes);
    return bad;
}
