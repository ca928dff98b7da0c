/* One study on many machines that share a folder, such as one of NFS: no server and no locks.
 *
 * The log stands in the folder in pieces. A piece is a file of whole lines, named by the position of its first line.
 * A process that has new lines writes them to a file of its own and links that to the name of the position at which,
 * as far as it knows, the log ends. Only one link of a name succeeds: the second process reads what the first one
 * wrote, takes back what it did itself (afina_log_rewind), and does it again.
 *
 * A trial whose process died stays running: who starts it again tells that it is lost (afina_tell_lost).
 *
 *     shared_folder FOLDER [TRIALS]    works on the study in FOLDER, which it begins where there is none
 *     shared_folder                    starts eight processes in a new folder, and says what each of them did
 */
#define _XOPEN_SOURCE 700
#include <afina.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 8, TRIALS = 200, LONGEST = 4096 };

/* What a process knows of the study. */
struct member {
    const char *folder;
    afina_optimizer *optimizer;
    int64_t position; /* the lines before it are the same here and in the folder */
};

static void end(const char *what)
{
    fprintf(stderr, "shared_folder: %s: %s\n", what, errno ? strerror(errno) : afina_last_error());
    exit(1);
}

static void check(int32_t status)
{
    errno = 0;
    if (status < 0)
        end(afina_status_name(status));
}

static void name_of(const struct member *m, int64_t position, char *path)
{
    if (snprintf(path, LONGEST, "%s/%010lld", m->folder, (long long)position) >= LONGEST)
        end(m->folder);
}

/* The lines of the piece that begins at the position, to be freed, or NULL when nobody wrote it yet. */
static char *read_piece(const struct member *m, int64_t position, size_t *length)
{
    char path[LONGEST];
    struct stat about;
    name_of(m, position, path);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return NULL;
    if (file < 0 || fstat(file, &about))
        end(path);
    char *text = malloc((size_t)about.st_size + 1);
    if (!text)
        end(path);
    *length = 0;
    for (ssize_t got = 1; got > 0 && *length < (size_t)about.st_size; *length += (size_t)got)
        if ((got = read(file, text + *length, (size_t)about.st_size - *length)) < 0)
            end(path);
    close(file);
    return text;
}

/* Writes a piece: 0 when another process has that position. It is on disk before anyone can see it. */
static int write_piece(const struct member *m, int64_t position, const char *text, size_t length)
{
    char mine[LONGEST], path[LONGEST];
    char host[256] = "";
    struct stat about;
    gethostname(host, sizeof host - 1);
    name_of(m, position, path);
    if (snprintf(mine, sizeof mine, "%s/new-%s-%ld", m->folder, host, (long)getpid()) >= (int)sizeof mine)
        end(m->folder);
    const int file = open(mine, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || write(file, text, length) != (ssize_t)length || fsync(file))
        end(mine);
    /* The answer of a server may get lost, so the count of links decides. */
    const int linked = link(mine, path);
    if (linked && errno != EEXIST)
        end(path);
    if (fstat(file, &about))
        end(mine);
    close(file);
    unlink(mine);
    return about.st_nlink > 1;
}

/* Takes in what others wrote. 1 when something was done here at the same time: it was taken back. */
static int take_in(struct member *m)
{
    int stale = 0;
    size_t length;
    char *text;
    while ((text = read_piece(m, m->position, &length)) != NULL) {
        int64_t next;
        int32_t status = afina_log_append(m->optimizer, m->position, text, length, &next);
        if (status == AFINA_STALE) {
            stale = 1;
            check(afina_log_rewind(m->optimizer, next));
            status = afina_log_append(m->optimizer, m->position, text, length, &next);
        }
        check(status);
        m->position = next;
        free(text);
    }
    return stale;
}

/* Makes the log here and in the folder the same. 1 when others were faster, and what was done here was taken back. */
static int exchange(struct member *m)
{
    static char text[1 << 20];
    for (;;) {
        size_t length;
        int64_t next;
        if (take_in(m))
            return 1;
        check(afina_log_read(m->optimizer, m->position, text, sizeof text, &length, &next));
        if (length == 0)
            return 0;
        if (write_piece(m, m->position, text, length))
            m->position = next;
    }
}

/* The study of the folder; where there is none, the one that begins it. */
static void join(struct member *m)
{
    afina_space *space;
    char worker[300], host[256] = "";
    size_t length;
    char *first = read_piece(m, 0, &length);
    if (first) {
        check(afina_optimizer_from_log(&m->optimizer, first, length));
        free(first);
    } else {
        check(afina_space_new(&space));
        check(afina_space_add_real(space, "x", -5, 10, AFINA_SCALE_LINEAR));
        check(afina_space_add_real(space, "y", 0, 15, AFINA_SCALE_LINEAR));
        check(afina_optimizer_new(&m->optimizer, space, "tpe"));
        afina_space_free(space);
    }
    gethostname(host, sizeof host - 1);
    snprintf(worker, sizeof worker, "%s-%ld", host, (long)getpid());
    check(
        afina_optimizer_set_string(m->optimizer, "worker", worker)); /* no line of another process equals one of ours */
}

/* Branin's function. */
static double evaluate(const afina_trial *trial)
{
    double x, y;
    const double pi = 3.141592653589793;
    check(afina_point_get_real(afina_trial_point(trial), "x", &x));
    check(afina_point_get_real(afina_trial_point(trial), "y", &y));
    const double bowl = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return bowl * bowl + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10;
}

/* A trial that no other process has, or NULL when the study has all its trials. */
static afina_trial *ask(struct member *m, int64_t trials)
{
    for (;;) {
        int64_t count;
        afina_trial *trial;
        exchange(m);
        check(afina_trial_count(m->optimizer, &count));
        if (count >= trials)
            return NULL;
        const int32_t status = afina_ask(m->optimizer, &trial);
        check(status);
        if (status == AFINA_DONE)
            return NULL;
        if (!exchange(m))
            return trial;
        afina_trial_free(trial); /* another process asked at the same time, and was first */
    }
}

static void work(const char *folder, int64_t trials)
{
    struct member m = {.folder = folder};
    afina_trial *trial;
    int64_t count = 0;
    join(&m);
    while ((trial = ask(&m, trials)) != NULL) {
        const double value = evaluate(trial);
        do
            check(afina_trial_tell(trial, &value, 1));
        while (exchange(&m));
        afina_trial_free(trial);
        count++;
    }
    printf("process %ld evaluated %lld trials\n", (long)getpid(), (long long)count);
    afina_optimizer_free(m.optimizer);
    fflush(stdout);
}

/* What the folder says in the end. */
static void conclude(const char *folder)
{
    struct member m = {.folder = folder};
    afina_trial *best;
    int64_t count;
    size_t running;
    double value;
    join(&m);
    exchange(&m);
    check(afina_trial_count(m.optimizer, &count));
    check(afina_running_trials(m.optimizer, NULL, 0, &running));
    check(afina_best(m.optimizer, &best));
    check(afina_trial_value(best, &value));
    printf("%lld trials, %zu running, best %.3f in trial %lld\n", (long long)count, running, value,
           (long long)afina_trial_number(best));
    afina_trial_free(best);
    afina_optimizer_free(m.optimizer);
}

static void start_processes(const char *folder)
{
    for (int i = 0; i < PROCESSES; i++) {
        fflush(stdout);
        const pid_t child = fork();
        if (child < 0)
            end("fork");
        if (child == 0) {
            work(folder, TRIALS);
            _exit(0);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        if (wait(&status) < 0 || status != 0)
            end("a process failed");
    }
}

static void remove_folder(const char *folder)
{
    char path[LONGEST];
    DIR *files = opendir(folder);
    if (!files)
        end(folder);
    for (const struct dirent *f = readdir(files); f; f = readdir(files))
        if (f->d_name[0] != '.' && snprintf(path, sizeof path, "%s/%s", folder, f->d_name) < LONGEST)
            unlink(path);
    closedir(files);
    rmdir(folder);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/shared_folder-XXXXXX";
    if (argc > 1) {
        work(argv[1], argc > 2 ? atoll(argv[2]) : TRIALS);
        return 0;
    }
    if (!mkdtemp(folder))
        end(folder);
    start_processes(folder);
    conclude(folder);
    remove_folder(folder);
    return 0;
}
