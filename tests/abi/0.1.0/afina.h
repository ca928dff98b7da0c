#ifndef AFINA_H
#define AFINA_H 
#if defined(__GNUC__) && !defined(__cplusplus)
#define __need_size_t 
#define __need_NULL 
#endif
#include <stddef.h>
#include <stdint.h>
#ifndef AFINA_API
#define AFINA_API 
#endif
#ifdef __cplusplus
extern "C" {
#endif
enum {
    AFINA_OK = 0,
    AFINA_DONE = 1,
    AFINA_EXHAUSTED = 2,
    AFINA_WAIT = 3,
    AFINA_CANCELLED = 4,
    AFINA_ALL_FAILED = 5,
    AFINA_STALE = 6,
    AFINA_INFEASIBLE_POINT = 7,
    AFINA_E_ARGUMENT = -1,
    AFINA_E_RANGE = -2,
    AFINA_E_NAME = -3,
    AFINA_E_TYPE = -4,
    AFINA_E_STATE = -5,
    AFINA_E_MEMORY = -6,
    AFINA_E_SPACE = -7,
    AFINA_E_NO_POINT = -8,
    AFINA_E_FORMAT = -9,
    AFINA_E_FILE = -10,
    AFINA_E_UNSUPPORTED = -11,
    AFINA_E_NOT_FOUND = -12,
    AFINA_E_FORKED = -13,
    AFINA_E_REPLAY = -14,
    AFINA_E_BUSY = -15,
    AFINA_E_CALLBACK = -16,
    AFINA_E_VERSION = -17
};
enum {
    AFINA_SCALE_LINEAR = 0,
    AFINA_SCALE_LOG = 1,
    AFINA_SCALE_REVERSE_LOG = 2
};
enum {
    AFINA_PRIOR_UNIFORM = 0,
    AFINA_PRIOR_NORMAL = 1,
    AFINA_PRIOR_LOGNORMAL = 2
};
enum { AFINA_KIND_REAL = 0, AFINA_KIND_INTEGER = 1, AFINA_KIND_CATEGORICAL = 2, AFINA_KIND_ORDINAL = 3 };
enum {
    AFINA_COMPARE_EQUAL = 0,
    AFINA_COMPARE_NOT_EQUAL = 1,
    AFINA_COMPARE_LESS = 2,
    AFINA_COMPARE_LESS_EQUAL = 3,
    AFINA_COMPARE_GREATER = 4,
    AFINA_COMPARE_GREATER_EQUAL = 5,
    AFINA_COMPARE_IN = 6
};
enum {
    AFINA_STATE_RUNNING = 0,
    AFINA_STATE_COMPLETE = 1,
    AFINA_STATE_STOPPED = 2,
    AFINA_STATE_PAUSED = 3,
    AFINA_STATE_FAILED = 4,
    AFINA_STATE_INFEASIBLE = 5,
    AFINA_STATE_LOST = 6
};
enum {
    AFINA_ORIGIN_SUGGESTED = 0,
    AFINA_ORIGIN_ENQUEUED = 1,
    AFINA_ORIGIN_ADDED = 2,
    AFINA_ORIGIN_PROMOTED = 3,
    AFINA_ORIGIN_REPEATED = 4
};
enum {
    AFINA_EVENT_ASKED = 1,
    AFINA_EVENT_REPORTED = 2,
    AFINA_EVENT_TOLD = 3,
    AFINA_EVENT_BEST = 4
};
enum { AFINA_DIRECTION_MINIMISE = 0, AFINA_DIRECTION_MAXIMISE = 1 };
enum { AFINA_OPTION_INTEGER = 0, AFINA_OPTION_REAL = 1, AFINA_OPTION_STRING = 2, AFINA_OPTION_REALS = 3 };
enum { AFINA_MESSAGE_WARNING = 1, AFINA_MESSAGE_INFO = 2 };
AFINA_API const char *afina_version(void);
AFINA_API int32_t afina_version_number(void);
AFINA_API int32_t afina_abi_version(void);
AFINA_API const char *afina_last_error(void);
AFINA_API int32_t afina_set_last_error(const char *text);
AFINA_API const char *afina_status_name(int32_t status);
AFINA_API size_t afina_constant_count(void);
AFINA_API const char *afina_constant_name(size_t index);
AFINA_API int32_t afina_constant_value(const char *name, int32_t *value);
typedef void (*afina_release)(void *user);
typedef struct afina_space afina_space;
typedef struct afina_point afina_point;
AFINA_API int32_t afina_space_new(afina_space **out);
AFINA_API int32_t afina_space_copy(afina_space **out, const afina_space *space);
AFINA_API void afina_space_free(afina_space *space);
AFINA_API int32_t afina_space_add_real(afina_space *space, const char *name, double low, double high, int32_t scale);
AFINA_API int32_t afina_space_add_integer(afina_space *space, const char *name, int64_t low, int64_t high,
                                          int32_t scale);
AFINA_API int32_t afina_space_add_categorical(afina_space *space, const char *name, const char *const *choices,
                                              size_t count);
AFINA_API int32_t afina_space_add_ordinal(afina_space *space, const char *name, const char *const *choices,
                                          size_t count);
AFINA_API int32_t afina_space_add_normal(afina_space *space, const char *name, double mean, double sd, double low,
                                         double high);
AFINA_API int32_t afina_space_add_lognormal(afina_space *space, const char *name, double mean, double sd, double low,
                                            double high);
AFINA_API int32_t afina_space_set_step(afina_space *space, const char *name, double step);
AFINA_API int32_t afina_space_set_prior(afina_space *space, const char *name, int32_t prior, double mean, double sd);
AFINA_API int32_t afina_space_set_weights(afina_space *space, const char *name, const double *weights, size_t count);
AFINA_API int32_t afina_space_set_default_real(afina_space *space, const char *name, double value);
AFINA_API int32_t afina_space_set_default_integer(afina_space *space, const char *name, int64_t value);
AFINA_API int32_t afina_space_set_default_string(afina_space *space, const char *name, const char *value);
AFINA_API int32_t afina_space_add_condition_in(afina_space *space, const char *child, const char *parent,
                                               const char *const *values, size_t count);
AFINA_API int32_t afina_space_add_condition(afina_space *space, const char *child, const char *parent,
                                            int32_t comparison, double number);
typedef int32_t (*afina_filter)(const afina_point *point, void *user);
AFINA_API int32_t afina_space_set_filter(afina_space *space, afina_filter filter, void *user, afina_release release);
AFINA_API int32_t afina_space_point_count(const afina_space *space, uint64_t *count);
AFINA_API int32_t afina_space_unrank(const afina_space *space, uint64_t rank, afina_point **out);
AFINA_API int32_t afina_space_rank(const afina_space *space, const afina_point *point, uint64_t *rank);
AFINA_API int32_t afina_space_sample(const afina_space *space, uint64_t seed, uint64_t index, afina_point **out);
AFINA_API size_t afina_space_parameter_count(const afina_space *space);
AFINA_API const char *afina_space_parameter_name(const afina_space *space, size_t index);
AFINA_API int32_t afina_space_get_kind(const afina_space *space, const char *name, int32_t *kind);
AFINA_API size_t afina_space_get_choice_count(const afina_space *space, const char *name);
AFINA_API const char *afina_space_get_choice(const afina_space *space, const char *name, size_t choice);
AFINA_API int32_t afina_space_get_real_bounds(const afina_space *space, const char *name, double *low, double *high);
AFINA_API int32_t afina_space_get_integer_bounds(const afina_space *space, const char *name, int64_t *low,
                                                 int64_t *high);
AFINA_API int32_t afina_space_get_scale(const afina_space *space, const char *name, int32_t *scale);
AFINA_API int32_t afina_space_get_step(const afina_space *space, const char *name, double *step);
AFINA_API int32_t afina_space_get_prior(const afina_space *space, const char *name, int32_t *prior, double *mean,
                                        double *sd);
AFINA_API int32_t afina_space_get_default_real(const afina_space *space, const char *name, double *value);
AFINA_API int32_t afina_space_get_default_integer(const afina_space *space, const char *name, int64_t *value);
AFINA_API int32_t afina_space_get_default_string(const afina_space *space, const char *name, const char **value);
AFINA_API int32_t afina_space_get_weights(const afina_space *space, const char *name, double *weights, size_t capacity,
                                          size_t *count);
AFINA_API int32_t afina_space_get_condition_count(const afina_space *space, const char *child, size_t *count);
AFINA_API int32_t afina_space_get_condition(const afina_space *space, const char *child, size_t index,
                                            const char **parent, int32_t *comparison, double *number);
AFINA_API int32_t afina_space_get_condition_value_count(const afina_space *space, const char *child, size_t index,
                                                        size_t *count);
AFINA_API int32_t afina_space_get_condition_value(const afina_space *space, const char *child, size_t index,
                                                  size_t value, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_space_has_filter(const afina_space *space, int32_t *has);
AFINA_API int32_t afina_space_to_json(const afina_space *space, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_space_from_json(afina_space **out, const char *text, size_t length);
AFINA_API int32_t afina_point_new(afina_point **out, const afina_space *space);
AFINA_API int32_t afina_point_copy(afina_point **out, const afina_point *point);
AFINA_API void afina_point_free(afina_point *point);
AFINA_API int32_t afina_point_set_real(afina_point *point, const char *name, double value);
AFINA_API int32_t afina_point_set_integer(afina_point *point, const char *name, int64_t value);
AFINA_API int32_t afina_point_set_string(afina_point *point, const char *name, const char *value);
AFINA_API int32_t afina_point_get_real(const afina_point *point, const char *name, double *value);
AFINA_API int32_t afina_point_get_integer(const afina_point *point, const char *name, int64_t *value);
AFINA_API int32_t afina_point_get_string(const afina_point *point, const char *name, const char **value);
AFINA_API int32_t afina_point_is_active(const afina_point *point, const char *name, int32_t *active);
AFINA_API int32_t afina_point_get_text(const afina_point *point, const char *name, char *text, size_t capacity,
                                       size_t *length);
AFINA_API int32_t afina_point_to_json(const afina_point *point, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_point_from_json(afina_point **out, const afina_space *space, const char *text, size_t length);
typedef struct afina_optimizer afina_optimizer;
typedef struct afina_trial afina_trial;
AFINA_API int32_t afina_optimizer_new(afina_optimizer **out, const afina_space *space, const char *method);
AFINA_API void afina_optimizer_free(afina_optimizer *optimizer);
AFINA_API int32_t afina_optimizer_set_integer(afina_optimizer *optimizer, const char *key, int64_t value);
AFINA_API int32_t afina_optimizer_set_real(afina_optimizer *optimizer, const char *key, double value);
AFINA_API int32_t afina_optimizer_set_string(afina_optimizer *optimizer, const char *key, const char *value);
AFINA_API int32_t afina_optimizer_set_reals(afina_optimizer *optimizer, const char *key, const double *values,
                                            size_t count);
AFINA_API int32_t afina_optimizer_get_integer(const afina_optimizer *optimizer, const char *key, int64_t *value);
AFINA_API int32_t afina_optimizer_get_real(const afina_optimizer *optimizer, const char *key, double *value);
AFINA_API int32_t afina_optimizer_get_string(const afina_optimizer *optimizer, const char *key, char *text,
                                             size_t capacity, size_t *length);
AFINA_API int32_t afina_optimizer_get_reals(const afina_optimizer *optimizer, const char *key, double *values,
                                            size_t capacity, size_t *count);
AFINA_API int32_t afina_optimizer_get_space(const afina_optimizer *optimizer, afina_space **out);
AFINA_API int32_t afina_optimizer_get_method(const afina_optimizer *optimizer, const char **name);
AFINA_API int32_t afina_optimizer_set_filter(afina_optimizer *optimizer, afina_filter filter, void *user,
                                             afina_release release);
typedef int32_t (*afina_observer)(int32_t event, afina_trial *trial, int64_t report, void *user);
AFINA_API int32_t afina_optimizer_set_observer(afina_optimizer *optimizer, afina_observer observer, void *user,
                                               afina_release release);
typedef int32_t (*afina_message_function)(int32_t level, const char *text, void *user);
AFINA_API int32_t afina_optimizer_set_message(afina_optimizer *optimizer, afina_message_function function, void *user,
                                              afina_release release);
AFINA_API int32_t afina_ask(afina_optimizer *optimizer, afina_trial **out);
AFINA_API int32_t afina_ask_wait(afina_optimizer *optimizer, double seconds, afina_trial **out);
AFINA_API int32_t afina_start(afina_optimizer *optimizer, const afina_point *point, afina_trial **out);
AFINA_API int32_t afina_tell(afina_optimizer *optimizer, int64_t number, const double *values, size_t count);
AFINA_API int32_t afina_tell_failed(afina_optimizer *optimizer, int64_t number, const char *reason);
AFINA_API int32_t afina_tell_infeasible(afina_optimizer *optimizer, int64_t number, const char *reason);
AFINA_API int32_t afina_tell_stopped(afina_optimizer *optimizer, int64_t number);
AFINA_API int32_t afina_tell_lost(afina_optimizer *optimizer, int64_t number, const char *reason);
AFINA_API int32_t afina_tell_checkpoint(afina_optimizer *optimizer, int64_t number, const char *text);
AFINA_API int32_t afina_tell_restarted(afina_optimizer *optimizer, int64_t number);
AFINA_API int32_t afina_tell_attribute(afina_optimizer *optimizer, int64_t number, const char *key, const char *text);
AFINA_API int32_t afina_optimizer_set_attribute(afina_optimizer *optimizer, const char *key, const char *text);
AFINA_API int32_t afina_optimizer_get_attribute(const afina_optimizer *optimizer, const char *key, char *text,
                                                size_t capacity, size_t *length);
AFINA_API int32_t afina_optimizer_attribute_count(const afina_optimizer *optimizer, size_t *count);
AFINA_API int32_t afina_optimizer_attribute_key(const afina_optimizer *optimizer, size_t index, char *text,
                                                size_t capacity, size_t *length);
AFINA_API int32_t afina_tell_constraints(afina_optimizer *optimizer, int64_t number, const double *values,
                                         size_t count);
AFINA_API int32_t afina_tell_errors(afina_optimizer *optimizer, int64_t number, const double *errors, size_t count);
AFINA_API int32_t afina_tell_report(afina_optimizer *optimizer, int64_t number, double step, const double *values,
                                    size_t count);
AFINA_API int32_t afina_trial_tell(afina_trial *trial, const double *values, size_t count);
AFINA_API int32_t afina_trial_tell_failed(afina_trial *trial, const char *reason);
AFINA_API int32_t afina_trial_tell_infeasible(afina_trial *trial, const char *reason);
AFINA_API int32_t afina_trial_tell_stopped(afina_trial *trial);
AFINA_API int32_t afina_trial_tell_lost(afina_trial *trial, const char *reason);
AFINA_API int32_t afina_trial_tell_report(afina_trial *trial, double step, const double *values, size_t count);
AFINA_API int32_t afina_trial_tell_constraints(afina_trial *trial, const double *values, size_t count);
AFINA_API int32_t afina_trial_tell_errors(afina_trial *trial, const double *errors, size_t count);
AFINA_API int32_t afina_trial_tell_checkpoint(afina_trial *trial, const char *text);
AFINA_API int32_t afina_trial_tell_restarted(afina_trial *trial);
AFINA_API int32_t afina_trial_tell_attribute(afina_trial *trial, const char *key, const char *text);
AFINA_API int32_t afina_trial_should_stop(afina_trial *trial, int32_t *stop);
AFINA_API int32_t afina_should_stop(afina_optimizer *optimizer, int64_t number, int32_t *stop);
AFINA_API int32_t afina_enqueue(afina_optimizer *optimizer, const afina_point *point);
AFINA_API int32_t afina_add_trial(afina_optimizer *optimizer, const afina_point *point, int32_t state,
                                  const double *values, size_t count, int64_t *number);
typedef int32_t (*afina_objective)(afina_trial *trial, double *values, void *user);
AFINA_API int32_t afina_optimize(afina_optimizer *optimizer, afina_objective objective, void *user, int64_t trials);
typedef struct afina_dry_run afina_dry_run;
AFINA_API int32_t afina_dry_run_new(afina_dry_run **out, const afina_optimizer *optimizer, afina_objective objective,
                                    void *user);
AFINA_API void afina_dry_run_free(afina_dry_run *run);
AFINA_API size_t afina_dry_run_problem_count(const afina_dry_run *run);
AFINA_API size_t afina_dry_run_finding_count(const afina_dry_run *run);
AFINA_API const char *afina_dry_run_finding(const afina_dry_run *run, size_t index);
typedef int32_t (*afina_simulated)(afina_trial *trial, int64_t index, double *step, double *values, double *seconds,
                                   void *user);
AFINA_API int32_t afina_simulate(afina_optimizer *optimizer, afina_simulated objective, void *user, int64_t workers,
                                 int64_t trials, double *seconds, double *busy);
AFINA_API int32_t afina_cancel(afina_optimizer *optimizer);
AFINA_API int32_t afina_best(afina_optimizer *optimizer, afina_trial **out);
AFINA_API int32_t afina_model_best(afina_optimizer *optimizer, size_t output, afina_trial **out);
AFINA_API int32_t afina_trial_count(const afina_optimizer *optimizer, int64_t *count);
AFINA_API int32_t afina_trial_get(afina_optimizer *optimizer, int64_t number, afina_trial **out);
AFINA_API void afina_trial_free(afina_trial *trial);
AFINA_API int64_t afina_trial_number(const afina_trial *trial);
AFINA_API const afina_point *afina_trial_point(const afina_trial *trial);
AFINA_API int32_t afina_trial_state(const afina_trial *trial, int32_t *state);
AFINA_API int32_t afina_trial_origin(const afina_trial *trial, int32_t *origin);
AFINA_API int32_t afina_trial_budget(const afina_trial *trial, double *budget);
AFINA_API int32_t afina_trial_start(const afina_trial *trial, double *start);
AFINA_API int32_t afina_trial_arm(const afina_trial *trial, int64_t *arm);
AFINA_API int32_t afina_trial_replicate(const afina_trial *trial, int64_t *replicate);
AFINA_API int32_t afina_trial_parent(const afina_trial *trial, int64_t *parent);
AFINA_API int32_t afina_trial_value(const afina_trial *trial, double *value);
AFINA_API int32_t afina_trial_values(const afina_trial *trial, double *values, size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_constraints(const afina_trial *trial, double *values, size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_errors(const afina_trial *trial, double *errors, size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_reason(const afina_trial *trial, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_trial_report_count(const afina_trial *trial, size_t *count);
AFINA_API int32_t afina_trial_report(const afina_trial *trial, size_t index, double *step, double *values,
                                     size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_checkpoint(const afina_trial *trial, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_trial_attribute(const afina_trial *trial, const char *key, char *text, size_t capacity,
                                        size_t *length);
AFINA_API int32_t afina_trial_attribute_count(const afina_trial *trial, size_t *count);
AFINA_API int32_t afina_trial_attribute_key(const afina_trial *trial, size_t index, char *text, size_t capacity,
                                            size_t *length);
AFINA_API int32_t afina_column_states(const afina_optimizer *optimizer, int64_t first, int32_t *states, size_t capacity,
                                      size_t *count);
AFINA_API int32_t afina_column_origins(const afina_optimizer *optimizer, int64_t first, int32_t *origins,
                                       size_t capacity, size_t *count);
AFINA_API int32_t afina_column_values(const afina_optimizer *optimizer, size_t objective, int64_t first, double *values,
                                      size_t capacity, size_t *count);
AFINA_API int32_t afina_column_reals(const afina_optimizer *optimizer, const char *name, int64_t first, double *values,
                                     size_t capacity, size_t *count);
AFINA_API int32_t afina_column_integers(const afina_optimizer *optimizer, const char *name, int64_t first,
                                        int64_t *values, int32_t *active, size_t capacity, size_t *count);
AFINA_API int32_t afina_column_choices(const afina_optimizer *optimizer, const char *name, int64_t first,
                                       int32_t *choices, size_t capacity, size_t *count);
AFINA_API int32_t afina_column_started(const afina_optimizer *optimizer, int64_t first, int64_t *times, size_t capacity,
                                       size_t *count);
AFINA_API int32_t afina_column_ended(const afina_optimizer *optimizer, int64_t first, int64_t *times, size_t capacity,
                                     size_t *count);
AFINA_API int32_t afina_column_attributes(const afina_optimizer *optimizer, const char *key, int64_t first,
                                          const char **texts, size_t capacity, size_t *count);
AFINA_API int32_t afina_running_trials(const afina_optimizer *optimizer, int64_t *numbers, size_t capacity,
                                       size_t *count);
AFINA_API int32_t afina_optimizer_cost(const afina_optimizer *optimizer, double *spent, double *promised);
AFINA_API int32_t afina_stale_checkpoints(afina_optimizer *optimizer, int64_t *numbers, size_t capacity, size_t *count);
AFINA_API int32_t afina_conclusion(afina_optimizer *optimizer, int64_t *arm, int32_t *decided, double *gap);
AFINA_API int32_t afina_trial_times(const afina_trial *trial, int64_t *started, int64_t *ended);
AFINA_API int32_t afina_trial_seed(const afina_trial *trial, uint64_t *seed);
AFINA_API int32_t afina_trial_data_seed(const afina_trial *trial, uint64_t *seed);
AFINA_API int32_t afina_optimizer_to_log(const afina_optimizer *optimizer, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_optimizer_from_log(afina_optimizer **out, const char *text, size_t length);
AFINA_API int32_t afina_log_read(const afina_optimizer *optimizer, int64_t position, char *text, size_t capacity,
                                 size_t *length, int64_t *next);
AFINA_API int32_t afina_log_append(afina_optimizer *optimizer, int64_t position, const char *text, size_t length,
                                   int64_t *next);
AFINA_API int32_t afina_log_rewind(afina_optimizer *optimizer, int64_t position);
AFINA_API int32_t afina_log_length(const afina_optimizer *optimizer, int64_t *lines);
AFINA_API int32_t afina_optimizer_replay(const afina_optimizer *optimizer, int64_t *number);
AFINA_API int32_t afina_model_predict(afina_optimizer *optimizer, size_t output, const afina_point *point, double *mean,
                                      double *sd);
AFINA_API int32_t afina_model_quantile(afina_optimizer *optimizer, size_t output, const afina_point *point, double p,
                                       double *value);
AFINA_API int32_t afina_model_noise(afina_optimizer *optimizer, size_t output, const afina_point *point, double *sd);
AFINA_API int32_t afina_model_draws(afina_optimizer *optimizer, size_t output, const afina_point *const *points,
                                    size_t n, size_t draws, uint64_t seed, double *values, size_t capacity,
                                    size_t *count);
AFINA_API int32_t afina_model_length_scale(afina_optimizer *optimizer, size_t output, const char *name, double *value);
AFINA_API int32_t afina_model_importances(afina_optimizer *optimizer, size_t output, double *shares, size_t capacity,
                                          size_t *count);
AFINA_API int32_t afina_model_importance(afina_optimizer *optimizer, size_t output, const char *name, double *share);
AFINA_API int32_t afina_model_optima(afina_optimizer *optimizer, size_t output, size_t draws, uint64_t seed,
                                     afina_point **points);
AFINA_API int32_t afina_model_range(afina_optimizer *optimizer, size_t output, const char *name, double share,
                                    uint64_t seed, double *low, double *high);
AFINA_API int32_t afina_model_choice_shares(afina_optimizer *optimizer, size_t output, const char *name, uint64_t seed,
                                            double *shares, size_t capacity, size_t *count);
AFINA_API int32_t afina_model_simplify(afina_optimizer *optimizer, size_t output, const afina_point *point,
                                       afina_point **simple);
AFINA_API int32_t afina_model_regret(afina_optimizer *optimizer, size_t output, double *bound, double *noise);
AFINA_API int32_t afina_model_leave_one_out(afina_optimizer *optimizer, size_t output, int64_t *numbers, double *means,
                                            double *sds, double *residuals, size_t capacity, size_t *count);
typedef struct afina_resampling afina_resampling;
AFINA_API size_t afina_resampling_scheme_count(void);
AFINA_API const char *afina_resampling_scheme_name(size_t index);
AFINA_API const char *afina_resampling_scheme_summary(const char *scheme);
AFINA_API int32_t afina_resampling_new(afina_resampling **out, const char *scheme, size_t rows);
AFINA_API void afina_resampling_free(afina_resampling *resampling);
AFINA_API int32_t afina_resampling_set_integer(afina_resampling *resampling, const char *key, int64_t value);
AFINA_API int32_t afina_resampling_set_real(afina_resampling *resampling, const char *key, double value);
AFINA_API int32_t afina_resampling_set_classes(afina_resampling *resampling, const int64_t *labels, size_t count);
AFINA_API int32_t afina_resampling_set_groups(afina_resampling *resampling, const int64_t *labels, size_t count);
AFINA_API int32_t afina_resampling_count(const afina_resampling *resampling, int64_t *count);
AFINA_API int32_t afina_resampling_rows(const afina_resampling *resampling, int64_t replicate, int64_t *training,
                                        size_t training_capacity, size_t *training_count, int64_t *validation,
                                        size_t validation_capacity, size_t *validation_count);
AFINA_API int32_t afina_resampling_inner(afina_resampling **out, const afina_resampling *outer, int64_t replicate,
                                         const char *scheme);
typedef struct afina_experiment afina_experiment;
typedef int32_t (*afina_evaluate)(afina_trial *trial, const int64_t *training, size_t training_count,
                                  const int64_t *validation, size_t validation_count, double *values, void *user);
AFINA_API int32_t afina_experiment_new(afina_experiment **out, const afina_resampling *resampling,
                                       afina_evaluate evaluate, void *user, afina_release release);
AFINA_API void afina_experiment_free(afina_experiment *experiment);
AFINA_API int32_t afina_experiment_objective(afina_trial *trial, double *values, void *experiment);
AFINA_API int32_t afina_resampling_632(double training_error, double out_of_bag_error, double no_information,
                                       double *estimate);
AFINA_API size_t afina_aggregate_count(void);
AFINA_API const char *afina_aggregate_name(size_t index);
AFINA_API const char *afina_aggregate_summary(const char *rule);
AFINA_API int32_t afina_aggregate(const double *values, size_t count, int32_t direction, const char *rule,
                                  double parameter, double ratio, double *value, double *error);
AFINA_API int32_t afina_additive_fit(const double *values, size_t arm_count, size_t fold_count, double *effects,
                                     double *errors, double *fold_effects, double *variance, double *freedom);
AFINA_API int32_t afina_fold_race(const double *values, size_t arm_count, size_t fold_count, int32_t direction,
                                  size_t best, double threshold, int32_t *dropped);
AFINA_API int32_t afina_winner(const double *values, const double *errors, size_t count, int32_t direction,
                               double confidence, size_t *winner, double *shrunk, double *low, double *high);
AFINA_API int32_t afina_winner_rivals(const double *values, const double *errors, size_t count, int32_t direction,
                                      double confidence, int32_t *in_set);
AFINA_API int32_t afina_winner_simplest(const double *values, const double *errors, const double *costs, size_t count,
                                        int32_t direction, double within, size_t *chosen);
AFINA_API int32_t afina_winner_rows(const double *values, size_t count, size_t row_count, int32_t direction,
                                    int64_t draws, uint64_t seed, double confidence, double *naive, double *estimate,
                                    double *low, double *high);
AFINA_API int32_t afina_interval_resampled(const double *values, size_t count, double ratio, double confidence,
                                           double *mean, double *low, double *high);
AFINA_API int32_t afina_interval_halves(double estimate, const double *first, const double *second, size_t count,
                                        double confidence, double *low, double *high);
AFINA_API int32_t afina_interval_nested(const double *inner, const double *outer, const double *variances, size_t count,
                                        size_t fold_count, double cv, double cv_error, double confidence,
                                        double *estimate, double *low, double *high);
typedef int32_t (*afina_compare_setup)(afina_optimizer *optimizer, size_t method, int64_t seed, void *user);
AFINA_API int32_t afina_compare_methods(const afina_space *space, const char *const *methods, size_t method_count,
                                        int64_t trials, size_t seed_count, afina_compare_setup setup,
                                        afina_objective objective, void *user, double *best);
AFINA_API int32_t afina_compare_ranks(const double *values, size_t block_count, size_t method_count, int32_t direction,
                                      double *ranks);
AFINA_API int32_t afina_compare_friedman(const double *values, size_t block_count, size_t method_count,
                                         int32_t direction, double *chi_square, double *p, double *f, double *f_p);
enum {
    AFINA_POSTHOC_WILCOXON = 0,
    AFINA_POSTHOC_RANKS = 1,
    AFINA_POSTHOC_NEMENYI = 2
};
AFINA_API int32_t afina_compare_pairs(const double *values, size_t block_count, size_t method_count, int32_t direction,
                                      int32_t posthoc, double *p);
AFINA_API int32_t afina_compare_critical_difference(size_t block_count, size_t method_count, double level,
                                                    double *difference);
AFINA_API int32_t afina_compare_picture(const double *values, size_t block_count, size_t method_count,
                                        int32_t direction, int32_t posthoc, double level, const char *const *names,
                                        char *text, size_t capacity, size_t *length);
enum { AFINA_VERDICT_NO = -1, AFINA_VERDICT_UNDECIDED = 0, AFINA_VERDICT_YES = 1 };
AFINA_API int32_t afina_compare_paired(const double *first, const double *second, size_t count, int32_t direction,
                                       double ratio, double confidence, double *difference, double *low, double *high,
                                       double *p, int32_t *verdict);
typedef struct afina_final afina_final;
AFINA_API int32_t afina_final_new(afina_final **out, afina_optimizer *optimizer, double confidence, double ratio);
AFINA_API void afina_final_free(afina_final *final);
AFINA_API int32_t afina_final_winner(const afina_final *final, int64_t *arm, double *value, double *shrunk, double *low,
                                     double *high);
AFINA_API int32_t afina_final_rivals(const afina_final *final, int64_t *arms, size_t capacity, size_t *count);
AFINA_API int32_t afina_final_simplest(const afina_final *final, int64_t *arm);
AFINA_API int32_t afina_final_default(const afina_final *final, int64_t *arm, double *difference, double *low,
                                      double *high, double *p, int32_t *verdict);
AFINA_API size_t afina_method_count(void);
AFINA_API const char *afina_method_name(size_t index);
AFINA_API const char *afina_method_summary(const char *method);
AFINA_API int32_t afina_method_trait(const char *method, const char *trait, int32_t *has);
AFINA_API size_t afina_trait_count(void);
AFINA_API const char *afina_trait_name(size_t index);
AFINA_API const char *afina_trait_summary(const char *trait);
AFINA_API size_t afina_scheduler_count(void);
AFINA_API const char *afina_scheduler_name(size_t index);
AFINA_API const char *afina_scheduler_summary(const char *scheduler);
AFINA_API size_t afina_stopper_count(void);
AFINA_API const char *afina_stopper_name(size_t index);
AFINA_API const char *afina_stopper_summary(const char *stopper);
AFINA_API size_t afina_option_count(const char *method);
AFINA_API const char *afina_option_name(const char *method, size_t index);
AFINA_API int32_t afina_option_type(const char *method, const char *option, int32_t *type);
AFINA_API int32_t afina_option_range(const char *method, const char *option, double *low, double *high);
AFINA_API int32_t afina_option_default_number(const char *method, const char *option, double *value);
AFINA_API const char *afina_option_default_string(const char *method, const char *option);
AFINA_API const char *afina_option_choices(const char *method, const char *option);
AFINA_API const char *afina_option_summary(const char *method, const char *option);
#ifdef __cplusplus
}
#endif
#endif
