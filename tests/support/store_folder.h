/* A folder for the files of one test. */
#ifndef AFINA_TESTS_STORE_FOLDER_H
#define AFINA_TESTS_STORE_FOLDER_H

#include "support/small_study.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

struct folder {
    char path[64];
    char file[96]; /* PATH/study.db */
    char url[112]; /* sqlite:PATH/study.db */
};

static inline struct folder folder_new(void)
{
    struct folder f;
    strcpy(f.path, "/tmp/afina-store-XXXXXX");
    assert_non_null(mkdtemp(f.path));
    snprintf(f.file, sizeof f.file, "%s/study.db", f.path);
    snprintf(f.url, sizeof f.url, "sqlite:%s", f.file);
    return f;
}

/* With all that is in it. */
static inline void folder_free(const struct folder *f)
{
    char path[512];
    DIR *folder = opendir(f->path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", f->path, entry->d_name);
        unlink(path);
    }
    closedir(folder);
    assert_int_equal(rmdir(f->path), 0);
}

/* The small space's study, created or gone on with. */
static inline afina_optimizer *folder_open(const struct folder *f, const char *name, const char *method)
{
    afina_space *space = small_space();
    afina_optimizer *o;
    int32_t rc = afina_optimizer_open(f->url, name, space, method, AFINA_OPEN_CREATE, &o);
    if (rc)
        fail_msg("%s: %s", afina_status_name(rc), afina_last_error());
    afina_space_free(space);
    return o;
}

static inline afina_optimizer *folder_open_as(const struct folder *f, const char *name, int32_t mode)
{
    afina_optimizer *o;
    int32_t rc = afina_optimizer_open(f->url, name, NULL, NULL, mode, &o);
    if (rc)
        fail_msg("%s: %s", afina_status_name(rc), afina_last_error());
    return o;
}

#endif
