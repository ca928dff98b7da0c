#ifndef AFINA_MLP_H
#define AFINA_MLP_H 
#include "afina.h"
#ifdef __cplusplus
extern "C" {
#endif
enum { AFINA_TASK_CLASSIFICATION = 0, AFINA_TASK_REGRESSION = 1 };
typedef struct afina_dataset afina_dataset;
AFINA_API int32_t afina_dataset_from_csv(afina_dataset **out, const char *path, int32_t header, const char *target,
                                         int32_t task, const char *const *categorical, size_t count);
AFINA_API int32_t afina_dataset_from_idx(afina_dataset **out, const char *features, const char *targets, int32_t task);
AFINA_API int32_t afina_dataset_from_arrays(afina_dataset **out, const double *features, size_t rows, size_t columns,
                                            const double *targets, int32_t task);
AFINA_API void afina_dataset_free(afina_dataset *dataset);
AFINA_API int32_t afina_dataset_split(const afina_dataset *dataset, double share, uint64_t seed, afina_dataset **first,
                                      afina_dataset **second);
AFINA_API size_t afina_dataset_rows(const afina_dataset *dataset);
AFINA_API size_t afina_dataset_columns(const afina_dataset *dataset);
AFINA_API size_t afina_dataset_classes(const afina_dataset *dataset);
typedef struct afina_mlp afina_mlp;
AFINA_API int32_t afina_mlp_new(afina_mlp **out, const afina_dataset *dataset);
AFINA_API void afina_mlp_free(afina_mlp *mlp);
AFINA_API int32_t afina_mlp_set_integer(afina_mlp *mlp, const char *key, int64_t value);
AFINA_API int32_t afina_mlp_set_string(afina_mlp *mlp, const char *key, const char *value);
AFINA_API int32_t afina_mlp_space(const afina_mlp *mlp, afina_space **out);
AFINA_API int32_t afina_mlp_objective(afina_trial *trial, double *values, void *user);
typedef struct afina_network afina_network;
AFINA_API int32_t afina_network_train(afina_network **out, const afina_mlp *mlp, const afina_point *point,
                                      uint64_t seed);
AFINA_API void afina_network_free(afina_network *network);
AFINA_API int32_t afina_network_train_epochs(afina_network **out, const afina_mlp *mlp, const afina_point *point,
                                             int32_t epochs, uint64_t seed);
AFINA_API int32_t afina_network_score(const afina_network *network, const afina_dataset *dataset, const char *metric,
                                      double *value);
AFINA_API int32_t afina_network_predict(const afina_network *network, const double *features, size_t rows,
                                        size_t columns, double *out, size_t capacity, size_t *count);
typedef struct afina_training afina_training;
AFINA_API int32_t afina_training_new(afina_training **out, const afina_mlp *mlp, const afina_point *point,
                                     uint64_t seed);
AFINA_API void afina_training_free(afina_training *training);
typedef int32_t (*afina_training_report)(int32_t epochs, double value, void *user);
AFINA_API int32_t afina_training_run(afina_training *training, int32_t epochs, afina_training_report report,
                                     void *user);
AFINA_API int32_t afina_training_progress(const afina_training *training, int32_t *epochs, int32_t *ended);
AFINA_API int32_t afina_training_best(const afina_training *training, double *epoch, double *value);
AFINA_API int32_t afina_training_network(afina_network **out, const afina_training *training, size_t fold);
AFINA_API int32_t afina_training_save(const afina_training *training, void *bytes, size_t capacity, size_t *size);
AFINA_API int32_t afina_training_load(afina_training *training, const void *bytes, size_t size);
#ifdef __cplusplus
}
#endif
#endif
