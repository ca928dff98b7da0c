/* Spaces and points as JSON text: the same bytes there and back, and an error for
 * every text that is none. */
#include "space/space_help.h"

static struct space *read_space(const char *json)
{
    struct space *space;
    int32_t rc = space_from_json(&space, json, strlen(json));
    if (rc)
        fail_msg("%s", fail_text());
    return space;
}

static void assert_round_trip(const struct space *space)
{
    char *json = json_of(space);
    struct space *back = read_space(json);
    char *again = json_of(back);
    assert_string_equal(json, again);
    space_free(back);
    mem_free(json);
    mem_free(again);
}

static struct space *full_space(void)
{
    static const char *const letters[] = {"a", "b", "c\"\\\n"};
    static const char *const numbers[] = {"1", "2", "4"};
    static const char *const two[] = {"-9223372036854775808", "9223372036854775807"};
    struct space *s = new_space();
    assert_ok(space_add_real(s, "child", 0.1, 0.3, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(s, "all", INT64_MIN, INT64_MAX, AFINA_SCALE_LINEAR));
    assert_ok(space_add_integer(s, "stepped", 1, INT64_MAX, AFINA_SCALE_LOG));
    assert_ok(space_set_step(s, "stepped", 0x1p62));
    assert_ok(space_add_real(s, "tiny", 5e-324, 1.7976931348623157e308, AFINA_SCALE_REVERSE_LOG));
    assert_ok(space_add_real(s, "grid", -1, 1, AFINA_SCALE_LINEAR));
    assert_ok(space_set_step(s, "grid", 0.1));
    assert_ok(space_add_prior(s, "normal", AFINA_PRIOR_NORMAL, 1.0 / 3, 2.0 / 3, -INFINITY, INFINITY));
    assert_ok(space_add_prior(s, "lognormal", AFINA_PRIOR_LOGNORMAL, -1, 1e-3, 0, 7));
    assert_ok(space_add_choices(s, "letter", AFINA_KIND_CATEGORICAL, letters, 3));
    assert_ok(space_set_weights(s, "letter", (double[]){1, 1, 5}, 3));
    assert_ok(space_add_choices(s, "number", AFINA_KIND_ORDINAL, numbers, 3));
    assert_ok(space_set_prior(s, "all", AFINA_PRIOR_NORMAL, 0, 1e6));
    assert_ok(space_set_default_real(s, "grid", 0.3));
    assert_ok(space_set_default_integer(s, "all", INT64_MIN));
    assert_ok(space_set_default_string(s, "number", "4"));
    assert_ok(space_add_condition_in(s, "child", "letter", &letters[1], 2));
    assert_ok(space_add_condition_in(s, "grid", "all", two, 2));
    assert_ok(space_add_condition(s, "normal", "number", AFINA_COMPARE_NOT_EQUAL, 2));
    assert_ok(space_add_condition(s, "lognormal", "grid", AFINA_COMPARE_LESS_EQUAL, INFINITY));
    assert_ok(space_add_condition(s, "child", "normal", AFINA_COMPARE_GREATER, -0.1));
    return s;
}

static void test_a_space_with_everything_round_trips(void **state)
{
    (void)state;
    struct space *space = full_space();
    assert_round_trip(space);
    space_free(space);
}

static void test_random_spaces_round_trip(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 2390, 0, RNG_SUGGEST);
    print_message("seed 2390\n");
    for (int i = 0; i < 500; i++) {
        struct space *space = random_space(&rng, 8, 2);
        assert_round_trip(space);
        space_free(space);
    }
}

/* What is read draws the same points as what was written. */
static void test_a_space_that_was_read_draws_the_same(void **state)
{
    (void)state;
    struct space *space = full_space();
    char *json = json_of(space);
    struct space *back = read_space(json);
    struct space *a = snapshot_of(space), *b = snapshot_of(back);
    struct point *p = new_point(a), *q = new_point(b);
    struct rng left, right;
    rng_start(&left, 1, 0, RNG_SUGGEST);
    rng_start(&right, 1, 0, RNG_SUGGEST);
    for (int i = 0; i < 200; i++) {
        assert_ok(space_sample(a, &left, p));
        assert_ok(space_sample(b, &right, q));
        assert_true(point_equal(p, q));
    }
    point_free(p);
    point_free(q);
    space_release(a);
    space_release(b);
    space_free(back);
    space_free(space);
    mem_free(json);
}

/* F52: the example of docs/space-json.md is valid. */
static void test_the_documented_example_is_valid(void **state)
{
    (void)state;
    FILE *file = fopen("docs/space-json.md", "r");
    char line[512], json[4096] = "";
    int inside = 0;
    assert_non_null(file); /* tests run from the root */
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "```", 3) == 0)
            inside = strncmp(line, "```json", 7) == 0;
        else if (inside)
            strncat(json, line, sizeof json - strlen(json) - 1);
    }
    fclose(file);
    struct space *space = read_space(json);
    assert_int_equal(space->size, 6);
    assert_round_trip(space);
    space_release(snapshot_of(space));
    space_free(space);
}

static void test_texts_that_are_no_space(void **state)
{
    (void)state;
    static const struct {
        const char *text, *named;
        int32_t code;
    } cases[] = {
        {"", "line", AFINA_E_FORMAT},
        {"{", "line 1", AFINA_E_FORMAT},
        {"[]", "object", AFINA_E_FORMAT},
        {"null", "object", AFINA_E_FORMAT},
        {"{}", "format", AFINA_E_FORMAT},
        {"{\"format\":2,\"parameters\":[]}", "format 2 of a space is not known", AFINA_E_FORMAT},
        {"{\"format\":1}", "parameters", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":{}}", "parameters", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[],\"paramters\":1}", "paramters", AFINA_E_NAME},
        {"{\"format\":1,\"format\":1,\"parameters\":[]}", "format", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[7]}", "an element of \"parameters\" must be an object", 0},
        {"{\"format\":1,\"parameters\":[{\"kind\":\"real\"}]}", "name", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\"}]}", "kind", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"complex\"}]}", "complex", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0}]}", "high", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":\"one\"}]}", "high", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":2,\"high\":1}]}", "\"x\"", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,\"scale\":\"log\"}]}",
         "low > 0", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":1,\"high\":2,\"scale\":\"ln\"}]}",
         "ln", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1.5}]}", "high", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":9223372036854775808}]}",
         "line", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"c\",\"kind\":\"ordinal\",\"choices\":[]}]}", "choices", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"c\",\"kind\":\"ordinal\",\"choices\":[1]}]}", "choices", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"c\",\"kind\":\"ordinal\",\"choices\":[\"a\",\"a\"]}]}", "twice", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"c\",\"kind\":\"ordinal\",\"choices\":[\"a\"],\"weights\":[-1]}]}",
         "weight", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,\"default\":2}]}",
         "[0, 1]", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,\"default\":[]}]}",
         "default", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,\"conditions\":1}]}",
         "conditions", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,\"conditions\":[1]}]"
         "}",
         "an element of \"conditions\" must be an object", 0},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,"
         "\"conditions\":[{\"parent\":\"m\",\"in\":[1]}]}]}",
         "\"m\"", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,"
         "\"conditions\":[{\"parent\":\"n\",\"in\":[1]}]}]}",
         "\"n\"", AFINA_E_SPACE},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,"
         "\"conditions\":[{\"parent\":\"n\",\"comparison\":\"=\",\"number\":1}]}]}",
         "\"=\"", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,\"choices\":[]}]}",
         "choices", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,"
         "\"prior\":{\"kind\":\"normal\",\"mean\":0,\"std\":1}}]}",
         "std", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,"
         "\"conditions\":[{\"parent\":\"m\",\"in\":[1],\"number\":1}]}]}",
         "number", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":1,\"high\":2,\"scale\":\"log\","
         "\"prior\":{\"kind\":\"normal\",\"mean\":0,\"sd\":1}}]}",
         "a normal prior takes the place of the scale \"log\"", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":1,\"high\":2,"
         "\"prior\":{\"kind\":\"lognormal\",\"mean\":0,\"sd\":1},\"scale\":\"reverse_log\"}]}",
         "a lognormal prior takes the place of the scale \"reverse_log\"", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,"
         "\"prior\":{\"kind\":\"uniform\",\"sd\":1}}]}",
         "a uniform prior has no \"sd\"", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[]} x", "line 1, column 30", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"kind\":\"real\",\"low\":0,\"high\":1,\"name\":\"x\",\"low\":0}]}",
         "a parameter has the key \"low\" twice", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,"
         "\"conditions\":[{\"comparison\":\"<\",\"number\":1}]}]}",
         "\"parent\" is missing", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"n\",\"kind\":\"integer\",\"low\":0,\"high\":1,"
         "\"conditions\":[{\"parent\":\"m\",\"comparison\":\"<\"}]}]}",
         "\"number\" is missing", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,\"weights\":[1]}]}",
         "weights", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[{\"name\":\"c\",\"kind\":\"ordinal\",\"choices\":[\"a\"],\"low\":1}]}",
         "parameter \"c\": one with choices cannot have \"low\"", AFINA_E_NAME},
        {"{\"format\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,"
         "\"prior\":{\"kind\":\"normal\",\"mean\":0}}]}",
         "\"sd\" is missing", AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"a\\u0000b\",\"kind\":\"real\",\"low\":0,\"high\":1}]}", "line",
         AFINA_E_FORMAT},
        {"{\"format\":1,\"parameters\":[{\"name\":\"\xFF\",\"kind\":\"real\",\"low\":0,\"high\":1}]}", "line",
         AFINA_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct space *space = NULL;
        int32_t rc = space_from_json(&space, cases[i].text, strlen(cases[i].text));
        if (rc >= 0 || (cases[i].code && rc != cases[i].code))
            fail_msg("status %d for %s", (int)rc, cases[i].text);
        assert_null(space);
        assert_error_names(cases[i].named);
    }
}

static const char one_real[] = "[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1,\"unit\":\"mm\","
                               "\"prior\":{\"kind\":\"normal\",\"mean\":0,\"sd\":1,\"unit\":{\"a\":[1,{}]}}}]";

static int32_t read_with(const char *before, const char *after, struct space **out)
{
    char text[1024];
    snprintf(text, sizeof text, "{%s\"parameters\":%s%s}", before, one_real, after);
    return space_from_json(out, text, strlen(text));
}

/* Keys of a later version that an earlier reader may pass over are listed in the text, before
 * or behind their use; without the list they are refused, for they may change the meaning. */
static void test_unknown_keys_are_passed_over_when_the_text_lists_them(void **state)
{
    (void)state;
    struct space *space;
    assert_ok(read_with("\"format\":1,\"ignorable\":[\"note\",\"unit\"],\"note\":7,", "", &space));
    assert_int_equal(space->size, 1);
    assert_true(space->parameters[0].sd == 1);
    space_free(space);
    assert_ok(read_with("\"note\":7,", ",\"ignorable\":[\"unit\",\"note\"],\"format\":1", &space));
    space_free(space);
    assert_int_equal(read_with("\"format\":1,", "", &space), AFINA_E_NAME);
    assert_error_names("\"unit\"");
    assert_int_equal(read_with("\"format\":1,\"ignorable\":[\"unit\"],\"note\":7,", "", &space), AFINA_E_NAME);
    assert_error_names("\"note\"");
    assert_int_equal(read_with("\"format\":1,\"ignorable\":\"unit\",", "", &space), AFINA_E_FORMAT);
    assert_error_names("ignorable");
    assert_int_equal(read_with("\"format\":1,\"ignorable\":[1],", "", &space), AFINA_E_FORMAT);
}

/* A known key keeps its meaning, whatever the list says. */
static void test_a_known_key_is_never_passed_over(void **state)
{
    (void)state;
    static const char text[] = "{\"format\":1,\"ignorable\":[\"low\",\"step\"],\"parameters\":[{\"name\":\"n\","
                               "\"kind\":\"integer\",\"low\":3,\"high\":9,\"step\":2}]}";
    struct space *space;
    assert_ok(space_from_json(&space, text, strlen(text)));
    assert_int_equal(space->parameters[0].int_low, 3);
    assert_int_equal(space->parameters[0].int_step, 2);
    space_free(space);
}

/* What a reader has to understand stands in "needs"; it is refused by name, before any key that
 * came with it. An empty list asks for nothing. */
static void test_a_need_that_is_not_known_is_refused_by_name(void **state)
{
    (void)state;
    struct space *space;
    assert_int_equal(read_with("\"format\":1,", ",\"needs\":[\"mixtures\"]", &space), AFINA_E_UNSUPPORTED);
    assert_null(space);
    assert_error_names("the space needs \"mixtures\", which this library (");
    assert_ok(read_with("\"format\":1,\"needs\":[],\"ignorable\":[\"unit\"],", "", &space));
    space_free(space);
    assert_int_equal(read_with("\"format\":1,\"needs\":[1],", "", &space), AFINA_E_FORMAT);
    assert_error_names("needs");
    assert_int_equal(read_with("\"format\":1,\"needs\":[],\"needs\":[],", "", &space), AFINA_E_FORMAT);
    assert_error_names("twice");
    assert_int_equal(read_with("\"format\":2,\"needs\":[\"mixtures\"],", "", &space), AFINA_E_FORMAT);
    assert_error_names("format 2 of a space is not known");
}

/* Deep nesting is refused, not recursed into without end. */
static void test_deep_nesting_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 1000000 };
    static const char key[] = "{\"parameters\":";
    char *text = mem_new(DEPTH, sizeof key - 1);
    struct space *space;
    memset(text, '[', DEPTH);
    assert_int_equal(space_from_json(&space, text, DEPTH), AFINA_E_FORMAT);
    assert_error_names("it must be an object");
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(text + i * (sizeof key - 1), key, sizeof key - 1);
    assert_int_equal(space_from_json(&space, text, DEPTH), AFINA_E_FORMAT);
    assert_error_names("nested more than 64 deep");
    mem_free(text);
}

/* 60,000 ignorable keys and as many unknown ones took seconds. */
static void test_ignorable_keys_are_bounded(void **state)
{
    (void)state;
    struct text text = {0};
    struct space *space;
    for (int count = 1000; count <= 1001; count++) {
        text.length = 0;
        text_append(&text, "{\"format\":1,\"ignorable\":[");
        for (int i = 0; i < count; i++)
            text_append(&text, i ? ",\"note\"" : "\"note\"");
        text_append(&text, "],\"note\":1,\"parameters\":[{\"name\":\"x\",\"kind\":\"real\",\"low\":0,\"high\":1}]}");
        int32_t rc = space_from_json(&space, text.data, text.length);
        assert_int_equal(rc, count > 1000 ? AFINA_E_RANGE : 0);
        space_free(space);
    }
    assert_error_names("more than 1000 ignorable keys");
    mem_free(text.data);
}

/* Every text cut short is an error; a text with changed bytes is an error or a
 * space that round-trips. */
static void test_damaged_texts_never_harm(void **state)
{
    (void)state;
    struct space *space = full_space(), *read;
    char *json = json_of(space);
    size_t length = strlen(json);
    struct rng rng;
    int good = 0;
    rng_start(&rng, 2391, 0, RNG_SUGGEST);
    print_message("seed 2391\n");
    for (size_t n = 0; n < length; n++)
        assert_int_not_equal(space_from_json(&read, json, n), 0);
    for (int i = 0; i < 20000; i++) {
        char *damaged = mem_copy(json, length + 1, 1);
        for (uint64_t k = 1 + rng_below(&rng, 3); k > 0; k--) {
            static const char likely[] = "0123456789-+.eE\"{}[],:ainf\\";
            size_t at = (size_t)rng_below(&rng, length);
            damaged[at] = rng_below(&rng, 2) ? likely[rng_below(&rng, sizeof likely - 1)] : (char)rng_below(&rng, 256);
        }
        if (space_from_json(&read, damaged, length) == 0) {
            good++;
            assert_round_trip(read);
            struct space *snapshot = snapshot_of(read);
            struct point *point = default_point(snapshot);
            assert_canonical(snapshot, point);
            point_free(point);
            space_release(snapshot);
            space_free(read);
        } else {
            assert_null(read);
        }
        mem_free(damaged);
    }
    assert_in_range(good, 200, 19000);
    mem_free(json);
    space_free(space);
}

/* ---------------------------------------------------------------------- points */

static void test_points_round_trip(void **state)
{
    (void)state;
    struct space *space = full_space();
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot), *back = new_point(snapshot);
    struct rng rng;
    rng_start(&rng, 2392, 0, RNG_SUGGEST);
    for (int i = 0; i < 500; i++) {
        struct text text = {0}, again = {0};
        assert_ok(space_sample(snapshot, &rng, point));
        assert_ok(point_to_json(snapshot, point, &text));
        assert_ok(point_from_json(snapshot, text.data, text.length, back));
        assert_ok(point_to_json(snapshot, back, &again));
        assert_string_equal(text.data, again.data);
        space_resolve(snapshot, back, 1);
        assert_true(point_equal(point, back));
        mem_free(text.data);
        mem_free(again.data);
    }
    point_free(point);
    point_free(back);
    space_release(snapshot);
    space_free(space);
}

static void test_texts_that_are_no_point(void **state)
{
    (void)state;
    static const struct {
        const char *text, *named;
        int32_t code;
    } cases[] = {
        {"{\"letter\":\"a\"", "line", AFINA_E_FORMAT},
        {"[1]", "object", AFINA_E_FORMAT},
        {"{\"letter\":\"a\"} 1", "line 1, column 16", AFINA_E_FORMAT},
        {"{\"letter\":}", "line 1, column 11: expected a value", AFINA_E_FORMAT},
        {"{\"letter\":\"a\",\"letter\":\"b\"}", "a point has a value for \"letter\" twice", AFINA_E_FORMAT},
        {"{\"stepped\":9223372036854775808}", "\"stepped\" must be an integer of 64 bits", AFINA_E_FORMAT},
        {"{\"leter\":\"a\"}", "\"letter\"", AFINA_E_NAME},
        {"{\"letter\":\"d\"}", "\"d\"", AFINA_E_RANGE},
        {"{\"letter\":1}", "letter", AFINA_E_TYPE},
        {"{\"letter\":null}", "letter", AFINA_E_TYPE},
        {"{\"grid\":0.25}", "0.25", AFINA_E_RANGE},
        {"{\"grid\":\"0.1\"}", "grid", AFINA_E_TYPE},
        {"{\"grid\":true}", "grid", AFINA_E_TYPE},
        {"{\"stepped\":2}", "stepped", AFINA_E_RANGE},
        {"{\"all\":0.5}", "all", AFINA_E_TYPE},
        {"{\"lognormal\":7.5}", "[0, 7]", AFINA_E_RANGE},
        {"{\"letter\":\"a\",\"number\":\"2\",\"nothing\":1}", "nothing", AFINA_E_NAME},
    };
    struct space *space = full_space();
    struct space *snapshot = snapshot_of(space);
    struct point *point = default_point(snapshot), *before = default_point(snapshot);
    point->value[3].real = before->value[3].real = 2.385;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t rc = point_from_json(snapshot, cases[i].text, strlen(cases[i].text), point);
        if (rc != cases[i].code)
            fail_msg("status %d for %s: %s", (int)rc, cases[i].text, fail_text());
        assert_error_names(cases[i].named);
        assert_true(point_equal(point, before));
    }
    point_free(point);
    point_free(before);
    space_release(snapshot);
    space_free(space);
}

static void test_missing_names_keep_their_defaults(void **state)
{
    (void)state;
    struct space *space = full_space();
    struct space *snapshot = snapshot_of(space);
    struct point *point = new_point(snapshot);
    struct text text = {0};
    static const char json[] = "{\"number\":\"2\",\"child\":0.25,\"tiny\":3}";
    assert_ok(point_from_json(snapshot, json, sizeof json - 1, point));
    assert_true(point->value[1].integer == INT64_MIN);
    assert_true(same_bits(point->value[3].real, 3));
    assert_false(point->active[0]);
    assert_true(same_bits(point->value[0].real, 0.25));
    assert_ok(point_value_text(snapshot, point, 1, &text));
    assert_ok(point_value_text(snapshot, point, 8, &text));
    assert_ok(point_value_text(snapshot, point, 4, &text));
    assert_string_equal(text.data, "-922337203685477580820.3");
    mem_free(text.data);
    point_free(point);
    space_release(snapshot);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_space_with_everything_round_trips),
        cmocka_unit_test(test_random_spaces_round_trip),
        cmocka_unit_test(test_a_space_that_was_read_draws_the_same),
        cmocka_unit_test(test_the_documented_example_is_valid),
        cmocka_unit_test(test_texts_that_are_no_space),
        cmocka_unit_test(test_unknown_keys_are_passed_over_when_the_text_lists_them),
        cmocka_unit_test(test_a_known_key_is_never_passed_over),
        cmocka_unit_test(test_a_need_that_is_not_known_is_refused_by_name),
        cmocka_unit_test(test_deep_nesting_is_refused),
        cmocka_unit_test(test_ignorable_keys_are_bounded),
        cmocka_unit_test(test_damaged_texts_never_harm),
        cmocka_unit_test(test_points_round_trip),
        cmocka_unit_test(test_texts_that_are_no_point),
        cmocka_unit_test(test_missing_names_keep_their_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
