#include "support/stopper_drive.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) drive_check(call, #call)

static void drive_check(int32_t rc, const char *call)
{
    if (rc)
        fail_msg("%s: %d, %s", call, (int)rc, fail_text());
}

static void set_options(struct option_set *set, const char *const *text)
{
    for (; text && *text; text++) {
        char key[64];
        const char *value = strchr(*text, '=') + 1;
        snprintf(key, sizeof key, "%.*s", (int)(value - 1 - *text), *text);
        if (option_find(set->table, set->count, key)->type == AFINA_OPTION_INTEGER)
            OK(options_set_integer(set, key, strtoll(value, NULL, 10)));
        else
            OK(options_set_real(set, key, strtod(value, NULL)));
    }
}

static int32_t open(struct drive *drive, const char *stopper, const char *const *options)
{
    *drive = (struct drive){.budget = INFINITY};
    OK(stopper_find(stopper, &drive->stopper));
    OK(options_init(&drive->options, stopper, drive->stopper->options, drive->stopper->n_options));
    set_options(&drive->options, options);
    drive->context.options = &drive->options;
    drive->context.budget_min = drive->context.budget_max = drive->context.budget_total = INFINITY;
    drive->context.replicates = 1;
    drive->state = mem_new(1, drive->stopper->state_size);
    return drive->stopper->init(drive->state, &drive->context);
}

void drive_open(struct drive *drive, const char *stopper, const char *const *options)
{
    OK(open(drive, stopper, options));
}

void drive_close(struct drive *drive)
{
    drive->stopper->fini(drive->state);
    mem_free(drive->state);
    options_fini(&drive->options);
}

int32_t drive_try(const char *stopper, const char *const *options)
{
    struct drive drive;
    int32_t rc = open(&drive, stopper, options);
    drive_close(&drive);
    return rc;
}

static void observe(struct drive *drive, int32_t kind, double step, double loss, int32_t state)
{
    const struct schedule_event event = {.kind = kind,
                                         .trial = drive->n,
                                         .arm = drive->n,
                                         .parent = -1,
                                         .budget = drive->budget,
                                         .step = step,
                                         .loss = loss,
                                         .state = state};
    OK(drive->stopper->observe(drive->state, &event));
}

static int advise(struct drive *drive, const double *step, const double *loss, size_t n)
{
    int stop = 0;
    const struct progress progress = {
        .trial = drive->n, .arm = drive->n, .budget = drive->budget, .n = n, .steps = step, .losses = loss};
    OK(drive->stopper->advise(drive->state, &progress, &stop));
    return stop;
}

size_t drive_trial(struct drive *drive, const double *loss, size_t n)
{
    double *step = mem_new(n, sizeof *step);
    size_t ended = 0;
    observe(drive, SCHEDULE_ASKED, NAN, NAN, 0);
    for (size_t i = 0; i < n && !ended; i++) {
        step[i] = (double)(i + 1);
        observe(drive, SCHEDULE_REPORT, step[i], loss[i], 0);
        if (advise(drive, step, loss, i + 1))
            ended = i + 1;
    }
    observe(drive, SCHEDULE_TOLD, NAN, loss[ended ? ended - 1 : n - 1],
            ended ? AFINA_STATE_STOPPED : AFINA_STATE_COMPLETE);
    drive->n++;
    mem_free(step);
    return ended;
}

double drive_trial_at(struct drive *drive, const double *step, const double *loss, size_t n, int32_t state)
{
    double ended = 0;
    observe(drive, SCHEDULE_ASKED, NAN, NAN, 0);
    for (size_t i = 0; i < n; i++) {
        observe(drive, SCHEDULE_REPORT, step[i], loss[i], 0);
        if (advise(drive, step, loss, i + 1) && ended == 0)
            ended = step[i];
    }
    observe(drive, SCHEDULE_TOLD, NAN, state == AFINA_STATE_COMPLETE ? loss[n - 1] : NAN, state);
    drive->n++;
    return ended;
}
