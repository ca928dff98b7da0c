/* demo.h - what the files of the demo share. They include nothing of afina but its public headers. */
#ifndef DEMO_H
#define DEMO_H

#include <afina_mlp.h>

#include <stddef.h>
#include <stdint.h>

struct settings {
    int64_t seed, trials, workers;
    const char *data, *output;
};

/* One study of the same space. */
struct search {
    const char *title, *method;
    afina_optimizer *optimizer;
    afina_trial *best; /* NULL: no trial is complete */
    int64_t done;      /* trials that ended by themselves */
};

/* A mean accuracy and its standard error. */
struct accuracy {
    double mean, error;
};

/* Half of a 95 % interval is so many standard errors. */
#define HALF_INTERVAL 1.96

/* Trainings of each network whose accuracy is measured. */
enum { TRAININGS = 10 };

/* Ends the program when a call failed: an example may, a library may not. */
void check(int32_t status);

/* search.c: runs a search and shows its trials as they end. interrupted() is 1 after Ctrl-C. */
void run_search(struct search *search, const struct settings *settings, afina_mlp *mlp);
void handle_interrupts(void);
int interrupted(void);

/* accuracy.c: networks of one configuration on rows that no trial saw. */
struct accuracy measure(const afina_mlp *mlp, const afina_point *point, const afina_dataset *test, uint64_t seed);

/* tables.c: what goes to the standard output. */
void print_hyperparameters(const afina_space *space, const afina_point *tuned, const afina_point *standard);
void print_importances(afina_optimizer *optimizer, const afina_space *space);

/* files.c and picture.c: what is written to the folder of the output. */
void write_study(const char *path, const afina_optimizer *optimizer);
void write_trials(const char *path, const afina_space *space, const struct search *searches, size_t count);
void write_picture(const char *path, const struct search *searches, size_t count, int64_t trials);

#endif
