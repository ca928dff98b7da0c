/* What the method's model predicts, in the units and the direction of the values
 * told (question.c). `output` says of what: an objective, or a constraint behind them
 * (AFINA_E_RANGE beyond). Points are canonical, of a space that the study has or had; what is answered is of that
 * space. AFINA_E_UNSUPPORTED when the method has no model or its model no such thing, AFINA_E_STATE when too little was
 * told. */
#ifndef AFINA_STUDY_QUESTION_H
#define AFINA_STUDY_QUESTION_H

#include "study/study.h"

struct surrogate_fold;
int32_t study_predict(struct study *study, size_t output, const struct afina_point *point, double *mean, double *sd);
int32_t study_predict_quantile(struct study *study, size_t output, const struct afina_point *point, double p,
                               double *value);
int32_t study_predict_noise(struct study *study, size_t output, const struct afina_point *point, double *sd);
int32_t study_draw(struct study *study, size_t output, const struct space *space, const struct point *const *points,
                   size_t n, size_t draws, uint64_t seed, double *values);
int32_t study_length_scale(struct study *study, size_t output, const struct parameter *parameter, double *value);
int32_t study_importances(struct study *study, size_t output, const struct space *space,
                          double *shares); /* one for each parameter */
int32_t study_leave_one_out(struct study *study, size_t output, struct surrogate_fold **folds,
                            size_t *count); /* the caller frees */
/* The points where drawn functions are best; the caller frees them. On failure all are NULL. */
int32_t study_optima(struct study *study, size_t output, const struct space *space, size_t draws, uint64_t seed,
                     struct point **points);

/* Changes a canonical point; what it is after a failure is not said. */
int32_t study_simplify(struct study *study, size_t output, const struct afina_point *point);
int32_t study_regret(struct study *study, size_t output, double *bound, double *noise);
int32_t study_model_fallbacks(struct study *study, int64_t *count);

/* Of the trials that study_best() chooses among the one that the model expects most
 * of; study_best()'s where there is no model, or too little to make one of. */
int32_t study_best_expected(struct study *study, size_t output, struct trial **out);

#endif
