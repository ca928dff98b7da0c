#define _DEFAULT_SOURCE /* mmap of anonymous memory */
#include "crew.h"

#include "settings.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct crew {
    size_t count;
    double end;
    int (*work)(size_t item, void *user);
    void *user;
    atomic_size_t *next; /* shared by the processes */
};

static int is_child;

int crew_is_first(void)
{
    return !is_child;
}

static int take_items(const struct crew *c)
{
    int rc = 0;
    while (!rc && clock_wall() <= c->end) {
        const size_t at = atomic_fetch_add(c->next, 1);
        if (at >= c->count)
            break;
        rc = c->work(at, c->user);
    }
    return rc;
}

static int wait_for(int jobs)
{
    int rc = 0, status;
    while (jobs > 0) {
        const pid_t child = wait(&status);
        if (child < 0 && errno != EINTR)
            return -1;
        if (child > 0) {
            jobs--;
            rc |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
        }
    }
    return rc;
}

static int share(const struct crew *c, int jobs)
{
    int children = 0, rc = 0;
    for (int j = 1; j < jobs; j++) {
        const pid_t child = fork();
        if (child == 0) {
            is_child = 1;
            _exit(take_items(c) ? 1 : 0);
        }
        children += child > 0;
    }
    rc = take_items(c);
    return wait_for(children) || rc;
}

int crew_run(size_t count, int jobs, double seconds, int (*work)(size_t item, void *user), void *user, size_t *taken)
{
    struct crew c = {.count = count, .end = clock_wall() + seconds, .work = work, .user = user};
    *taken = 0;
    if (count == 0)
        return 0;
    c.next = mmap(NULL, sizeof *c.next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (c.next == MAP_FAILED)
        return -1;
    atomic_init(c.next, 0);
    const int rc = share(&c, jobs);
    *taken = atomic_load(c.next);
    munmap(c.next, sizeof *c.next);
    return rc;
}
