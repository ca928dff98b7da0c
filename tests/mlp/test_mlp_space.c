#include "afina_mlp.h"
#include "core/fail.h"
#include "core/rng.h"
#include "mlp/activation.h"
#include "mlp/initial_weights.h"
#include "mlp/mlp.h"
#include "mlp/rate_schedule.h"
#include "mlp/update_rule.h"
#include "space/space.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mlp/near.h"

static struct dataset *data;
static struct mlp *mlp;
static struct space *space;
static struct point *point;
static struct mlp_config config;

static int set_up(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3, 4, 5, 7, 7, 8, 9, 9}, y[] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    return dataset_from_arrays(&data, x, 10, 1, y, AFINA_TASK_CLASSIFICATION) || mlp_new(&mlp, data);
}

static void forget_space(void)
{
    space_release(space);
    point_free(point);
    space = NULL;
    point = NULL;
}

static int tear_down(void **state)
{
    (void)state;
    forget_space();
    mlp_free(mlp);
    dataset_free(data);
    return 0;
}

/* A snapshot of a space that is then freed, with a default point. */
static void take(struct space *built)
{
    forget_space();
    if (space_snapshot(&space, built))
        fail_msg("%s", fail_text());
    space_free(built);
    assert_int_equal(point_new(&point, space), AFINA_OK);
    space_default(space, point);
}

static void make_space(void)
{
    struct space *built;
    if (mlp_space(mlp, &built))
        fail_msg("%s", fail_text());
    take(built);
}

static const struct parameter *parameter(const char *name)
{
    size_t i;
    if (space_find(space, name, &i))
        fail_msg("%s", fail_text());
    return &space->parameters[i];
}

static int has(const char *name)
{
    size_t i;
    return space_find(space, name, &i) == AFINA_OK;
}

static int active(const char *name)
{
    return point->active[parameter(name) - space->parameters];
}

static void set_string(const char *name, const char *value)
{
    assert_int_equal(point_set_string(space, point, (size_t)(parameter(name) - space->parameters), value), AFINA_OK);
    space_resolve(space, point, 0);
}

static void test_space_has_the_hyperparameters_and_their_defaults(void **state)
{
    (void)state;
    static const char *const names[] = {
        "layers",       "units_1",         "units_2",        "units_3",          "activation_1", "activation_2",
        "activation_3", "initial_weights", "algorithm",      "learning_rate",    "schedule",     "momentum",
        "batch",        "batch_size",      "replacement",    "shuffle",          "l2",           "dropout",
        "epochs",       "patience",        "training_share", "validation_share",
    };
    make_space();
    assert_int_equal(space->size, 22);
    for (size_t i = 0; i < 22; i++)
        parameter(names[i]);
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_OK);
    static struct mlp_config standard;
    mlp_default(mlp, &standard);
    assert_int_equal(config.layers, 1);
    assert_int_equal(config.units[0], 100);
    assert_int_equal(config.activation[0], ACTIVATION_RELU);
    assert_int_equal(config.initial_weights, INITIAL_GLOROT_UNIFORM);
    assert_int_equal(config.algorithm, ALGORITHM_ADAM);
    assert_near(config.learning_rate, 1e-3, 1e-15);
    assert_int_equal(config.batch_size, 32);
    assert_int_equal(config.epochs, 60);
    assert_int_equal(config.patience, 10);
    assert_near(config.training_share, 1, 0);
    assert_memory_equal(&config, &standard, sizeof config);
}

static void test_options_bound_the_space(void **state)
{
    (void)state;
    assert_int_equal(mlp_set_integer(mlp, "layers", 5), AFINA_OK);
    assert_int_equal(mlp_set_integer(mlp, "units", 6), AFINA_OK);
    assert_int_equal(mlp_set_integer(mlp, "epochs", 2), AFINA_OK);
    make_space();
    assert_int_equal(parameter("layers")->int_high, 5);
    assert_int_equal(parameter("units_5")->int_low, 6);
    assert_int_equal(parameter("units_5")->int_high, 6);
    assert_int_equal(parameter("epochs")->int_low, 2);
    assert_int_equal(parameter("epochs")->int_high, 2);
    assert_int_equal(parameter("patience")->int_high, 2);
    assert_false(has("units_6"));
    assert_int_equal(mlp_set_integer(mlp, "layers", 1), AFINA_OK);
    assert_int_equal(mlp_set_integer(mlp, "folds", 5), AFINA_OK);
    make_space();
    assert_false(has("units_2"));
    assert_false(has("validation_share"));
}

static void test_options_out_of_range_or_unknown_are_refused(void **state)
{
    (void)state;
    assert_int_equal(mlp_set_integer(mlp, "layers", 9), AFINA_E_RANGE);
    assert_int_equal(mlp_set_integer(mlp, "units", 0), AFINA_E_RANGE);
    assert_int_equal(mlp_set_integer(mlp, "layer", 1), AFINA_E_NAME);
    assert_int_equal(mlp_set_string(mlp, "epochs", "many"), AFINA_E_TYPE);
    assert_int_equal(mlp_set_integer(mlp, "folds", 11), AFINA_E_RANGE);
    assert_int_equal(mlp_limits(mlp).layers, 3);
}

static void test_what_an_algorithm_does_not_use_is_inactive(void **state)
{
    (void)state;
    make_space();
    assert_true(active("learning_rate") && active("batch") && active("batch_size") && active("shuffle"));
    assert_false(active("momentum"));
    assert_false(active("units_2") || active("activation_3"));
    set_string("algorithm", "nesterov");
    assert_true(active("momentum"));
    set_string("replacement", "yes");
    assert_false(active("shuffle"));
    set_string("batch", "online");
    assert_true(active("replacement"));
    assert_false(active("batch_size"));
    set_string("batch", "full");
    assert_false(active("replacement") || active("shuffle") || active("batch_size"));
    set_string("algorithm", "bfgs");
    assert_false(active("learning_rate") || active("schedule") || active("batch") || active("dropout") ||
                 active("momentum") || active("batch_size"));
    assert_true(active("l2") && active("epochs") && active("patience"));
}

static void test_every_drawn_point_is_a_configuration_that_trains(void **state)
{
    (void)state;
    struct rng rng;
    assert_int_equal(mlp_set_integer(mlp, "units", 12), AFINA_OK);
    assert_int_equal(mlp_set_integer(mlp, "epochs", 6), AFINA_OK);
    make_space();
    for (uint64_t i = 0; i < 200; i++) {
        double value = -1;
        rng_start(&rng, 8, i, RNG_SUGGEST);
        assert_int_equal(space_sample(space, &rng, point), AFINA_OK);
        assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_OK);
        assert_in_range(config.layers, 1, 3);
        for (int32_t l = 0; l < config.layers; l++)
            assert_in_range(config.units[l], 8, 12);
        assert_int_equal(mlp_evaluate(mlp, &config, i, NULL, &value), AFINA_OK);
        assert_true(isnan(value) || (value >= 0 && value <= 1));
    }
}

static void test_point_is_read_by_name_and_text(void **state)
{
    (void)state;
    make_space();
    set_string("activation_1", "gelu");
    set_string("initial_weights", "orthogonal");
    set_string("schedule", "cosine");
    set_string("shuffle", "never");
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_OK);
    assert_int_equal(config.activation[0], ACTIVATION_GELU);
    assert_int_equal(config.initial_weights, INITIAL_ORTHOGONAL);
    assert_int_equal(config.schedule, RATE_COSINE);
    assert_int_equal(config.shuffle, SHUFFLE_NEVER);
}

/* A host's own space: fewer names, other types and ranges. */
static void test_points_of_other_spaces_are_read_and_checked(void **state)
{
    (void)state;
    static const char *const sizes[] = {"16", "48"}, *const choices[] = {"relu", "swish"};
    struct space *built;
    assert_int_equal(space_new(&built), AFINA_OK);
    assert_int_equal(space_add_choices(built, "batch_size", AFINA_KIND_ORDINAL, sizes, 2), AFINA_OK);
    assert_int_equal(space_add_choices(built, "activation_2", AFINA_KIND_CATEGORICAL, choices, 2), AFINA_OK);
    assert_int_equal(space_add_real(built, "dropout", 0, 2, AFINA_SCALE_LINEAR), AFINA_OK);
    assert_int_equal(space_add_real(built, "units_1", 1, 100, AFINA_SCALE_LINEAR), AFINA_OK);
    take(built);
    set_string("batch_size", "48");
    set_string("activation_2", "relu");
    point->value[2].real = 0.25;
    point->value[3].real = 33;
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_OK);
    assert_int_equal(config.batch_size, 48);
    assert_int_equal(config.units[0], 33);
    assert_near(config.dropout, 0.25, 0);
    assert_int_equal(config.algorithm, ALGORITHM_ADAM);
    point->value[3].real = 33.5;
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "units_1 must be a whole number in [1, 65536], got 33.5");
    point->value[3].real = 33;
    point->value[2].real = 1;
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "dropout must be in [0, 0.95], got 1");
    set_string("activation_2", "swish");
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_E_NAME);
    assert_string_equal(fail_text(), "activation_2 cannot be \"swish\"; the first of its 11 choices is \"identity\"");
}

static void test_values_of_the_wrong_type_are_refused(void **state)
{
    (void)state;
    static const char *const words[] = {"few", "many"};
    struct space *built;
    assert_int_equal(space_new(&built), AFINA_OK);
    assert_int_equal(space_add_choices(built, "layers", AFINA_KIND_ORDINAL, words, 2), AFINA_OK);
    take(built);
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_E_TYPE);
    assert_string_equal(fail_text(), "layers must be a number, not the choice \"few\"");
    assert_int_equal(space_new(&built), AFINA_OK);
    assert_int_equal(space_add_real(built, "algorithm", 1, 2, AFINA_SCALE_LINEAR), AFINA_OK);
    take(built);
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_E_TYPE);
    assert_string_equal(fail_text(), "algorithm must be a choice such as \"sgd\", not a number");
}

static void test_choice_that_is_nearly_right_is_named(void **state)
{
    (void)state;
    static const char *const choices[] = {"adamm"};
    struct space *built;
    assert_int_equal(space_new(&built), AFINA_OK);
    assert_int_equal(space_add_choices(built, "algorithm", AFINA_KIND_CATEGORICAL, choices, 1), AFINA_OK);
    take(built);
    assert_int_equal(mlp_config_read(mlp, space, point, &config), AFINA_E_NAME);
    assert_string_equal(fail_text(), "algorithm cannot be \"adamm\"; did you mean \"adam\"?");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_space_has_the_hyperparameters_and_their_defaults),
        TEST(test_options_bound_the_space),
        TEST(test_options_out_of_range_or_unknown_are_refused),
        TEST(test_what_an_algorithm_does_not_use_is_inactive),
        TEST(test_every_drawn_point_is_a_configuration_that_trains),
        TEST(test_point_is_read_by_name_and_text),
        TEST(test_points_of_other_spaces_are_read_and_checked),
        TEST(test_values_of_the_wrong_type_are_refused),
        TEST(test_choice_that_is_nearly_right_is_named),
    };
    return cmocka_run_group_tests_name("mlp_space", tests, NULL, NULL);
}
