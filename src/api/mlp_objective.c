/* The reference network as an objective. A trial with a budget trains as many epochs in all; where
 * the host names a place for checkpoints it leaves its state there and takes up that of its parent.
 */
#include "afina_mlp.h"
#include "api/handles.h"
#include "core/mem.h"
#include "mlp/file_bytes.h"
#include "mlp/file_write.h"
#include "mlp/training.h"

#include <math.h>

static int32_t report(void *user, double step, double value)
{
    return afina_trial_tell_report(user, step, &value, 1);
}

static int32_t should_stop(void *user)
{
    int32_t stop = 0;
    afina_trial_should_stop(user, &stop);
    return stop;
}

/* ------------------------------------------------------------------ checkpoints */

/* "<prefix><number>.training" */
static int32_t checkpoint_path(const struct mlp *mlp, const afina_trial *trial, struct text *path)
{
    int32_t rc = text_append(path, option_string(&mlp->options, "checkpoints"));
    if (!rc)
        rc = text_append_int64(path, afina_trial_number(trial));
    return rc ? rc : text_append(path, ".training");
}

static int32_t write_checkpoint(const struct mlp *mlp, afina_trial *trial, const struct training *training)
{
    struct text path = {0};
    unsigned char *bytes = NULL;
    size_t size;
    int32_t rc = training_save(training, NULL, 0, &size);
    if (rc)
        return rc;
    bytes = mem_new(size, 1);
    rc = bytes ? training_save(training, bytes, size, &size) : fail_memory();
    if (!rc)
        rc = checkpoint_path(mlp, trial, &path);
    if (!rc)
        rc = file_write_whole(path.data, bytes, size);
    if (!rc)
        rc = afina_trial_tell_checkpoint(trial, path.data);
    mem_free(bytes);
    mem_free(path.data);
    return rc;
}

/* A result counts although its state cannot be kept: going on with it then starts again. */
static void leave_checkpoint(const struct mlp *mlp, afina_trial *trial, const struct training *training)
{
    if (!option_string(&mlp->options, "checkpoints")[0] || training->state == TRAINER_STOPPED)
        return;
    if (write_checkpoint(mlp, trial, training))
        study_log(trial->study, AFINA_MESSAGE_WARNING, "trial %lld leaves no checkpoint: %s",
                  (long long)afina_trial_number(trial), fail_text());
}

/* The checkpoint that the parent told; "" when there is none. */
static int32_t parent_checkpoint(const afina_trial *trial, int64_t parent, struct text *path)
{
    struct trial *from;
    int32_t rc = study_trial(trial->study, parent, &from);
    if (rc)
        return rc;
    study_lock(trial->study);
    const struct text_event *told = from->extras->checkpoint;
    rc = text_append(path, told ? told->text : "");
    study_unlock(trial->study);
    return rc;
}

static int32_t load_checkpoint(const struct mlp *mlp, const afina_trial *trial, int64_t parent,
                               struct training *training)
{
    struct text path = {0};
    unsigned char *bytes = NULL;
    size_t size;
    if (!option_string(&mlp->options, "checkpoints")[0])
        return fail(AFINA_E_FILE, "option \"checkpoints\" names no place for them");
    int32_t rc = parent_checkpoint(trial, parent, &path);
    if (!rc && path.length == 0)
        rc = fail(AFINA_E_FILE, "trial %lld told no checkpoint", (long long)parent);
    if (!rc)
        rc = file_bytes(path.data, NULL, &bytes, &size);
    if (!rc)
        rc = training_load(training, bytes, size);
    mem_free(bytes);
    mem_free(path.data);
    return rc;
}

/* The only place where the work of the parent is found to be lost: the trial does it again, and pays for all of it. One
 * that pays for all of it anyway has nothing to tell (AFINA_E_STATE). */
static int32_t start_again(afina_trial *trial)
{
    study_log(trial->study, AFINA_MESSAGE_WARNING, "trial %lld starts again: %s", (long long)afina_trial_number(trial),
              fail_text());
    int32_t rc = afina_trial_tell_restarted(trial);
    return rc == AFINA_E_STATE ? AFINA_OK : rc;
}

static int32_t continue_parent(const struct mlp *mlp, afina_trial *trial, struct training *training)
{
    int64_t parent;
    int32_t rc = afina_trial_parent(trial, &parent);
    if (rc || parent < 0)
        return rc;
    rc = load_checkpoint(mlp, trial, parent, training);
    return rc && rc != AFINA_E_MEMORY ? start_again(trial) : rc;
}

/* ------------------------------------------------------------------- objective */

/* A budget is what the trial may use in all, so a part of an epoch is left; it has one at least. A
 * rung that is a power of a fraction may miss its whole number by rounding. */
static int32_t planned_epochs(double budget, int32_t most)
{
    double whole = floor(budget * (1 + 1e-9));
    return whole >= most ? most : whole < 1 ? 1 : (int32_t)whole;
}

/* The tuned number of epochs: where the best value was, in the mean over the folds. */
static int32_t tell_epochs(afina_trial *trial, double epochs)
{
    char text[32];
    text_format(text, sizeof text, "%lld", (long long)round(epochs));
    return afina_trial_tell_attribute(trial, "epochs", text);
}

/* A diverged training leaves NaN in values, and the reason on the thread: the trial fails. One that
 * was told to stop leaves what was reported. */
static int32_t train(const struct mlp *mlp, afina_trial *trial, struct training *training, double budget,
                     double *values)
{
    const struct mlp_callbacks callbacks = {.report = report, .should_stop = should_stop, .user = trial};
    double epochs, value;
    int32_t rc = continue_parent(mlp, trial, training);
    if (!rc)
        rc = training_run(training, planned_epochs(budget, training->config.epochs), &callbacks);
    if (training->state == TRAINER_DIVERGED) {
        values[0] = NAN;
        return AFINA_OK;
    }
    if (!rc || rc == AFINA_CANCELLED)
        leave_checkpoint(mlp, trial, training);
    if (rc)
        return rc == AFINA_CANCELLED ? AFINA_OK : rc;
    rc = training_best(training, &epochs, &value);
    if (!rc)
        rc = tell_epochs(trial, epochs);
    if (!rc)
        values[0] = value;
    return rc;
}

int32_t afina_mlp_objective(afina_trial *trial, double *values, void *user)
{
    const struct mlp *mlp = user;
    struct training *training = NULL;
    struct mlp_config config;
    uint64_t seed;
    double budget;
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = require(values, __func__, "values");
    if (!rc)
        rc = require(user, __func__, "user");
    if (!rc)
        rc = afina_trial_seed(trial, &seed);
    if (!rc)
        rc = afina_trial_budget(trial, &budget);
    if (!rc)
        rc = mlp_config_read(mlp, trial->point.space, trial->point.point, &config);
    if (!rc)
        rc = training_new(&training, mlp, &config, seed);
    if (!rc)
        rc = train(mlp, trial, training, budget, values);
    training_free(training);
    return rc;
}
