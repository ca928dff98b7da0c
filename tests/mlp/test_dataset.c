#define _GNU_SOURCE /* mkdir, getpid */
#include "afina_mlp.h"
#include "core/fail.h"
#include "core/mem.h"
#include "mlp/dataset.h"
#include "mlp/file_bytes.h"
#include "mlp/mlp_files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct dataset *d;

static int no_dataset(void **state)
{
    (void)state;
    d = NULL;
    return 0;
}

static int free_dataset(void **state)
{
    (void)state;
    dataset_free(d);
    return 0;
}

/* The call fails with this code and this text, and gives no data set. The text
 * starts after the path of the file. */
static void refuses(int32_t rc, const char *path, int32_t code, const char *text)
{
    const char *got = fail_text();
    assert_int_equal(rc, code);
    assert_null(d);
    if (path) {
        assert_int_equal(strncmp(got, path, strlen(path)), 0);
        got += strlen(path);
        remove(path);
    }
    assert_string_equal(got, text);
}

static void refuses_csv(const char *text, int32_t header, const char *target, int32_t task, int32_t code,
                        const char *error)
{
    const char *path = file_text("bad.csv", text);
    refuses(dataset_from_csv(&d, path, header, target, task, NULL, 0), path, code, error);
}

static void reads_csv(const char *text, int32_t header, const char *target, int32_t task)
{
    const char *path = file_text("good.csv", text);
    int32_t rc = dataset_from_csv(&d, path, header, target, task, NULL, 0);
    remove(path);
    if (rc)
        fail_msg("%s", fail_text());
}

/* ------------------------------------------------------------------- good CSV */

static void test_csv_numbers_are_read_as_the_nearest_doubles(void **state)
{
    (void)state;
    reads_csv("a,b,y\n0.1,-2.385,7.25\n1e-5,123456789012345678,-.5\n", 1, NULL, AFINA_TASK_REGRESSION);
    assert_int_equal(d->rows, 2);
    assert_int_equal(d->columns, 2);
    assert_int_equal(d->classes, 0);
    assert_true(d->features[0] == 0.1);
    assert_true(d->features[1] == -2.385);
    assert_true(d->features[2] == 1e-5);
    assert_true(d->features[3] == 123456789012345678.0);
    assert_true(d->values[0] == 7.25);
    assert_true(d->values[1] == -0.5);
}

static void test_csv_target_is_found_by_its_name(void **state)
{
    (void)state;
    reads_csv("a,y,b\n1,2,3\n4,5,6\n", 1, "y", AFINA_TASK_REGRESSION);
    assert_true(d->features[1] == 3);
    assert_true(d->values[1] == 5);
}

static void test_csv_without_header_numbers_its_columns(void **state)
{
    (void)state;
    reads_csv("1,2,3\n4,5,6\n", 0, "1", AFINA_TASK_REGRESSION);
    assert_int_equal(d->rows, 2);
    assert_true(d->features[0] == 2);
    assert_true(d->values[0] == 1);
}

static void test_csv_quoted_cells_may_hold_commas_quotes_and_lines(void **state)
{
    (void)state;
    reads_csv("\xEF\xBB\xBF\"a\",\"the \"\"y\"\"\"\r\n\"1\",\"red, dark\"\r\n2,\"two\nlines\"\r\n3,\"say "
              "\"\"no\"\"\"\r\n\r\n\n",
              1, "the \"y\"", AFINA_TASK_CLASSIFICATION);
    assert_int_equal(d->rows, 3);
    assert_int_equal(d->classes, 3);
    assert_string_equal(d->class_names[0], "red, dark");
    assert_string_equal(d->class_names[1], "say \"no\"");
    assert_string_equal(d->class_names[2], "two\nlines");
    assert_true(d->features[1] == 2);
}

static void test_csv_last_line_may_lack_its_end(void **state)
{
    (void)state;
    reads_csv("a,y\n1,2\n3,4", 1, NULL, AFINA_TASK_REGRESSION);
    assert_int_equal(d->rows, 2);
    assert_true(d->values[1] == 4);
}

static void test_csv_classes_are_numbered_by_value_not_by_appearance(void **state)
{
    (void)state;
    reads_csv("1,10\n2,9\n3,10.0\n4,-1\n", 0, NULL, AFINA_TASK_CLASSIFICATION);
    assert_int_equal(d->classes, 3);
    assert_int_equal(d->labels[0], 2);
    assert_int_equal(d->labels[1], 1);
    assert_int_equal(d->labels[2], 2);
    assert_int_equal(d->labels[3], 0);
}

static void test_csv_classes_that_are_not_all_numbers_are_sorted_by_bytes(void **state)
{
    (void)state;
    reads_csv("1,b\n2,10\n3,9\n4,B\n", 0, NULL, AFINA_TASK_CLASSIFICATION);
    assert_int_equal(d->classes, 4);
    assert_int_equal(d->labels[0], 3);
    assert_int_equal(d->labels[1], 0);
    assert_int_equal(d->labels[2], 1);
    assert_int_equal(d->labels[3], 2);
}

static void test_csv_categorical_column_becomes_one_feature_for_each_category(void **state)
{
    (void)state;
    static const char *const categorical[] = {"colour"};
    const char *path = file_text("colour.csv", "size,colour,y\n1.5,red,1\n2.5,,2\n3.5,blue,3\n4.5,red,4\n");
    assert_int_equal(dataset_from_csv(&d, path, 1, "y", AFINA_TASK_REGRESSION, categorical, 1), AFINA_OK);
    remove(path);
    static const double expected[] = {1.5, 0, 0, 1, 2.5, 1, 0, 0, 3.5, 0, 1, 0, 4.5, 0, 0, 1};
    assert_int_equal(d->columns, 4);
    for (size_t i = 0; i < 16; i++)
        assert_true(d->features[i] == expected[i]);
}

static void test_csv_may_be_gzipped(void **state)
{
    (void)state;
    const char *path = file_gzip("packed.csv.gz", "a,y\n1,2\n3,4\n", 12);
    assert_int_equal(dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), AFINA_OK);
    remove(path);
    assert_true(d->values[1] == 4);
}

static void test_csv_digits_have_1797_rows_of_64_pixels_in_10_classes(void **state)
{
    (void)state;
    assert_int_equal(dataset_from_csv(&d, DIGITS_CSV, 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0), AFINA_OK);
    assert_int_equal(d->rows, 1797);
    assert_int_equal(d->columns, 64);
    assert_int_equal(d->classes, 10);
    for (size_t i = 0; i < 1797 * 64; i++)
        assert_true(d->features[i] >= 0 && d->features[i] <= 16);
}

/* -------------------------------------------------------------------- bad CSV */

static void test_csv_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    refuses(dataset_from_csv(&d, "/no/such.csv", 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), NULL, AFINA_E_FILE,
            "cannot read \"/no/such.csv\": there is no such file");
}

static void test_csv_directory_is_no_file(void **state)
{
    (void)state;
    refuses(dataset_from_csv(&d, "/tmp", 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), NULL, AFINA_E_FILE,
            "cannot read \"/tmp\": it is a directory");
}

static void test_csv_empty_file_or_header_alone_has_no_rows(void **state)
{
    (void)state;
    refuses_csv("", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT, ":1: the file is empty");
    refuses_csv("\r\n\n", 0, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT, ":1: the file is empty");
    refuses_csv("a,y\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT, ":2: no rows after the header");
}

static void test_csv_ragged_rows_name_their_line(void **state)
{
    (void)state;
    refuses_csv("a,b,y\n1,2,3\n4,5\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":3: 2 cells where line 1 has 3");
    refuses_csv("a,b,y\n1,2,3\n4,5,6,7,8\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":3: 5 cells where line 1 has 3");
    refuses_csv("a,b,y\n1,2,3\n\n4,5,6\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":3: 1 cell where line 1 has 3");
}

static void test_csv_cell_that_is_no_number_is_named_with_line_and_column(void **state)
{
    (void)state;
    refuses_csv("a,b,y\n1,2,3\n4,abc,6\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":3:3: column \"b\" holds \"abc\", which is no finite number");
    refuses_csv("1,,3\n", 0, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":1:3: column \"2\" holds \"\", which is no finite number");
    refuses_csv("a,y\n1,2\n3,nan\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":3:3: column \"y\" holds \"nan\", which is no finite number");
    refuses_csv("a,y\n1e999,2\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":2:1: column \"a\" holds \"1e999\", which is no finite number");
    refuses_csv("\"a\n\",y\n1,2\n1,\xFF\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":4:3: column \"y\" holds \"(bytes that are not UTF-8)\", which is no finite number");
}

static void test_csv_cell_that_only_begins_or_looks_like_a_number_is_refused(void **state)
{
    (void)state;
    static const char *const cells[] = {"0x10", "1e",    "1e+",      "nan(1)", "1 2", "+",
                                        ".",    "1.5.2", "infinity", "1_000",  " "};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char text[40], message[80];
        snprintf(text, sizeof text, "a,y\n%s,1\n", cells[i]);
        snprintf(message, sizeof message, ":2:1: column \"a\" holds \"%s\", which is no finite number", cells[i]);
        refuses_csv(text, 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT, message);
    }
}

static void test_csv_numbers_may_have_blanks_around_them(void **state)
{
    (void)state;
    reads_csv("a,y\n1, 2.5\n\t3 ,-4e1 \n", 1, NULL, AFINA_TASK_REGRESSION);
    assert_true(d->values[0] == 2.5);
    assert_true(d->values[1] == -40);
}

static void test_csv_class_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    refuses_csv("a,y\n1,b\n2,\xC0\x80\n", 1, NULL, AFINA_TASK_CLASSIFICATION, AFINA_E_FORMAT,
                ":3:3: column \"y\" holds bytes that are not UTF-8");
}

static void test_csv_broken_quotes_are_named_with_line_and_column(void **state)
{
    (void)state;
    refuses_csv("a,y\n1,\"2\n3,4\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT,
                ":2:3: the quote that opens here is never closed");
    refuses_csv("a,y\n1,\"2\"3\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT, ":2:6: text after a closing quote");
}

static void test_csv_zero_byte_is_no_text(void **state)
{
    (void)state;
    const char *path = file_write("zero.csv", "a,y\n1,2\n\0,3\n", 12);
    refuses(dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), path, AFINA_E_FORMAT,
            ":3: a zero byte: this is no text");
}

static void test_csv_one_class_only_is_refused(void **state)
{
    (void)state;
    refuses_csv("a,y\n1,cat\n2,cat\n", 1, NULL, AFINA_TASK_CLASSIFICATION, AFINA_E_FORMAT,
                ":2: every row has the class \"cat\": a classification needs two or more");
}

static void test_csv_unknown_doubled_or_lonely_columns_are_refused(void **state)
{
    (void)state;
    refuses_csv("age,income\n1,2\n", 1, "incom", AFINA_TASK_REGRESSION, AFINA_E_NAME,
                ":1: no column is called \"incom\"; did you mean \"income\"?");
    refuses_csv("age,income\n1,2\n", 1, "xyz", AFINA_TASK_REGRESSION, AFINA_E_NAME,
                ":1: no column is called \"xyz\"; there are 2, the first is \"age\"");
    refuses_csv("a,a,b\n1,2,3\n", 1, "a", AFINA_TASK_REGRESSION, AFINA_E_NAME, ":1: 2 columns are called \"a\"");
    refuses_csv("y\n1\n2\n", 1, NULL, AFINA_TASK_REGRESSION, AFINA_E_FORMAT, ":1: there is no column but the target");
}

static void test_csv_target_of_a_regression_cannot_be_categorical(void **state)
{
    (void)state;
    static const char *const categorical[] = {"y"};
    const char *path = file_text("bad.csv", "a,y\n1,2\n");
    refuses(dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, categorical, 1), NULL, AFINA_E_NAME,
            "column \"y\" is the target of a regression: it cannot be categorical");
    remove(path);
}

static void test_csv_task_and_header_must_be_known(void **state)
{
    (void)state;
    refuses(dataset_from_csv(&d, DIGITS_CSV, 1, NULL, 2, NULL, 0), NULL, AFINA_E_RANGE,
            "task must be AFINA_TASK_CLASSIFICATION (0) or AFINA_TASK_REGRESSION (1), got 2");
    refuses(dataset_from_csv(&d, DIGITS_CSV, 3, NULL, 1, NULL, 0), NULL, AFINA_E_RANGE, "header must be 0 or 1, got 3");
}

static void test_csv_truncated_gzip_is_refused(void **state)
{
    (void)state;
    unsigned char packed[200];
    const char *path = file_gzip("whole.gz", "a,y\n1,2\n3,4\n5,6\n7,8\n", 20);
    FILE *file = fopen(path, "rb");
    size_t size = fread(packed, 1, sizeof packed, file);
    fclose(file);
    remove(path);
    path = file_write("cut.gz", packed, size - 9);
    refuses(dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), path, AFINA_E_FORMAT,
            ": the gzip data end too early");
    packed[12] ^= 0xFF;
    path = file_write("damaged.gz", packed, size);
    refuses(dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), path, AFINA_E_FORMAT,
            ": the gzip data are damaged");
}

/* A file of `size` bytes, the first of which are `head`, the rest `fill`, packed to a
 * thousandth. */
static const char *file_bomb(const char *name, const void *head, size_t head_size, char fill, size_t size)
{
    char *bytes = malloc(size);
    memset(bytes, fill, size);
    memcpy(bytes, head, head_size);
    const char *path = file_gzip(name, bytes, size);
    free(bytes);
    return path;
}

enum { BOMB_SIZE = 32 << 20 };

static void test_csv_gzip_bomb_is_refused_before_it_is_unpacked(void **state)
{
    (void)state;
    const char *path = file_bomb("bomb.gz", "a,y\n", 4, '1', BOMB_SIZE);
    int32_t rc = dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, NULL, 0);
    assert_int_equal(rc, AFINA_E_FILE);
    assert_non_null(strstr(fail_text(), "its gzip data become more than 100 times as long"));
    remove(path);
}

/* Rows that are all alike are packed to a hundredth and less, but they are few. */
static void test_csv_small_gzip_may_be_packed_as_well_as_it_likes(void **state)
{
    (void)state;
    enum { ROWS = 100000 };
    char *text = malloc(ROWS * 4 + 5);
    strcpy(text, "a,y\n");
    for (int i = 0; i < ROWS; i++)
        memcpy(text + 4 + 4 * i, "1,2\n", 4);
    const char *path = file_gzip("alike.gz", text, ROWS * 4 + 4);
    free(text);
    assert_int_equal(dataset_from_csv(&d, path, 1, NULL, AFINA_TASK_REGRESSION, NULL, 0), AFINA_OK);
    assert_int_equal(d->rows, ROWS);
    remove(path);
}

/* --------------------------------------------------------------------- arrays */

static const double features[] = {1.5, 2, 3, 4.25, 5, 6, 7, 8};

static void test_arrays_are_copied(void **state)
{
    (void)state;
    static const double targets[] = {0, 2, 2, 0};
    assert_int_equal(dataset_from_arrays(&d, features, 4, 2, targets, AFINA_TASK_CLASSIFICATION), AFINA_OK);
    assert_int_equal(d->rows, 4);
    assert_int_equal(d->columns, 2);
    assert_int_equal(d->classes, 3);
    assert_true(d->features[3] == 4.25);
    assert_int_equal(d->labels[1], 2);
}

static void refuses_arrays(const double *x, size_t rows, size_t columns, const double *y, int32_t task, int32_t code,
                           const char *text)
{
    refuses(dataset_from_arrays(&d, x, rows, columns, y, task), NULL, code, text);
}

static void test_arrays_with_bad_numbers_are_refused(void **state)
{
    (void)state;
    static const double same[] = {3, 3}, half[] = {0, 0.5}, nan_target[] = {1, NAN}, infinite[] = {1, 2, 3, -INFINITY};
    refuses_arrays(features, 2, 2, same, AFINA_TASK_CLASSIFICATION, AFINA_E_FORMAT,
                   "every row is of class 3: a classification needs two classes or more");
    refuses_arrays(features, 2, 2, half, AFINA_TASK_CLASSIFICATION, AFINA_E_RANGE,
                   "target of row 1 must be a class number 0, 1, ... 65535, got 0.5");
    refuses_arrays(features, 2, 2, nan_target, AFINA_TASK_REGRESSION, AFINA_E_RANGE,
                   "target of row 1 must be finite, got nan");
    refuses_arrays(infinite, 2, 2, same, AFINA_TASK_REGRESSION, AFINA_E_RANGE,
                   "feature 1 of row 1 must be finite, got -inf");
    refuses_arrays(features, 0, 2, same, AFINA_TASK_REGRESSION, AFINA_E_RANGE, "rows must be 1 or more, got 0");
    refuses_arrays(features, 2, 0, same, AFINA_TASK_REGRESSION, AFINA_E_RANGE,
                   "columns must be in [1, 1048576], got 0");
    refuses_arrays(features, SIZE_MAX / 8, 2, same, AFINA_TASK_REGRESSION, AFINA_E_RANGE,
                   "rows x columns must fit the memory, got 2305843009213693951 x 2");
    refuses_arrays(features, 2, 2, same, -1, AFINA_E_RANGE,
                   "task must be AFINA_TASK_CLASSIFICATION (0) or AFINA_TASK_REGRESSION (1), got -1");
}

/* ------------------------------------------------------------------------ IDX */

static const unsigned char labels_idx[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 7};

static void reads_idx(const unsigned char *bytes, size_t size, const double *expected, size_t columns)
{
    char x[128];
    strcpy(x, file_write("x.idx", bytes, size));
    const char *y = file_write("y.idx", labels_idx, sizeof labels_idx);
    int32_t rc = dataset_from_idx(&d, x, y, AFINA_TASK_CLASSIFICATION);
    remove(x);
    remove(y);
    if (rc)
        fail_msg("%s", fail_text());
    assert_int_equal(d->rows, 3);
    assert_int_equal(d->columns, columns);
    for (size_t i = 0; i < 3 * columns; i++)
        assert_true(d->features[i] == expected[i]);
    dataset_free(d);
    d = NULL;
}

static void test_idx_reads_every_type_of_element(void **state)
{
    (void)state;
    static const unsigned char ubyte[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 127, 128, 254, 255};
    static const unsigned char sbyte[] = {0, 0, 9, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 127, 128};
    static const unsigned char int16[] = {0, 0, 11, 1, 0, 0, 0, 3, 1, 2, 255, 255, 128, 0};
    static const unsigned char int32[] = {0, 0, 12, 1, 0, 0, 0, 3, 0, 1, 0, 2, 255, 255, 255, 254, 128, 0, 0, 0};
    static const unsigned char single[] = {0, 0, 13, 1, 0, 0, 0, 3, 0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0};
    static const unsigned char twice[] = {0,    0, 14, 1, 0, 0, 0, 3, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0,
                                          0xC0, 0, 0,  0, 0, 0, 0, 0, 0x40, 0x59, 0, 0, 0, 0, 0, 0};
    reads_idx(ubyte, sizeof ubyte, (const double[]){0, 1, 127, 128, 254, 255}, 2);
    reads_idx(sbyte, sizeof sbyte, (const double[]){0, 127, -128}, 1);
    reads_idx(int16, sizeof int16, (const double[]){258, -1, -32768}, 1);
    reads_idx(int32, sizeof int32, (const double[]){65538, -2, -2147483648.0}, 1);
    reads_idx(single, sizeof single, (const double[]){1.5, -2, 0}, 1);
    reads_idx(twice, sizeof twice, (const double[]){1.5, -2, 100}, 1);
}

static void test_idx_may_be_gzipped_and_labels_become_class_numbers(void **state)
{
    (void)state;
    static const unsigned char x[] = {0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 1, 5, 6, 9};
    char path[128];
    strcpy(path, file_gzip("x.gz", x, sizeof x));
    const char *y = file_gzip("y.gz", labels_idx, sizeof labels_idx);
    assert_int_equal(dataset_from_idx(&d, path, y, AFINA_TASK_CLASSIFICATION), AFINA_OK);
    assert_int_equal(d->classes, 2);
    assert_string_equal(d->class_names[1], "7");
    assert_int_equal(d->labels[0], 1);
    assert_int_equal(d->labels[1], 0);
    dataset_free(d);
    assert_int_equal(dataset_from_idx(&d, path, y, AFINA_TASK_REGRESSION), AFINA_OK);
    assert_true(d->values[2] == 7);
    remove(path);
    remove(y);
}

/* The file is refused as features, beside three good labels. */
static void refuses_idx(const void *bytes, size_t size, const char *text)
{
    char x[128];
    strcpy(x, file_write("x.idx", bytes, size));
    const char *y = file_write("y.idx", labels_idx, sizeof labels_idx);
    int32_t rc = dataset_from_idx(&d, x, y, AFINA_TASK_CLASSIFICATION);
    remove(y);
    refuses(rc, x, AFINA_E_FORMAT, text);
}

static void test_idx_bad_heads_and_lengths_name_file_and_byte(void **state)
{
    (void)state;
    refuses_idx("\0\0", 2, ": byte 2: the file ends within its head");
    refuses_idx("\0\0\x08\x03\0\0\0\1", 8, ": byte 8: the file ends within its head of 16 bytes");
    refuses_idx("PNG\1\0\0\0\1", 8, ": byte 0: 50 4e 47 01 is not the start of an IDX file");
    refuses_idx("\0\0\x0A\1\0\0\0\1\1", 9, ": byte 0: 00 00 0a 01 is not the start of an IDX file");
    refuses_idx("\0\0\x08\0", 4, ": byte 3: an IDX file has 1 dimension or more, this has 0");
    refuses_idx("\0\0\x08\1\0\0\0\0", 8, ": byte 4: no rows");
    refuses_idx("\0\0\x0B\1\0\0\0\3\1\1\1", 11, ": byte 8: 3 x 1 elements of 2 bytes need 6 bytes, there are 3");
    refuses_idx("\0\0\x08\1\0\0\0\3\1\1\1\1", 12, ": byte 8: 3 x 1 elements of 1 bytes need 3 bytes, there are more");
    refuses_idx("\0\0\x08\3\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 16,
                ": byte 8: dimension 2 is 4294967295; a row has 1 to 1048576 features");
    refuses_idx("\0\0\x0E\2\xFF\xFF\xFF\xFF\0\x10\0\0", 12,
                ": byte 12: 4294967295 x 1048576 elements of 8 bytes need 36028797010575360 bytes; a file has at most "
                "1073741824");
    refuses_idx("\0\0\x0D\1\0\0\0\3\0\0\0\0\x7F\xC0\0\0\0\0\0\0", 20,
                ": byte 12: row 1 holds a number that is not finite");
}

static size_t declares_ten(const unsigned char *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return 10;
}

static void test_idx_gzip_bomb_is_unpacked_no_further_than_it_declares(void **state)
{
    (void)state;
    unsigned char *bytes = NULL;
    size_t size = 0;
    const char *path = file_bomb("bomb.idx", "\0\0\x08\1\0\0\0\2", 8, 1, BOMB_SIZE);
    assert_int_equal(file_bytes(path, declares_ten, &bytes, &size), AFINA_OK);
    assert_in_range(size, 11, 1 << 19);
    mem_free(bytes);
    refuses(dataset_from_idx(&d, path, path, AFINA_TASK_CLASSIFICATION), path, AFINA_E_FORMAT,
            ": byte 8: 2 x 1 elements of 1 bytes need 2 bytes, there are more");
    path = file_bomb("head.idx", "PNG", 3, 1, BOMB_SIZE);
    refuses(dataset_from_idx(&d, path, path, AFINA_TASK_CLASSIFICATION), path, AFINA_E_FORMAT,
            ": byte 0: 50 4e 47 01 is not the start of an IDX file");
}

static void test_idx_labels_must_match_and_differ(void **state)
{
    (void)state;
    static const unsigned char x[] = {0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3}, two[] = {0, 0, 8, 1, 0, 0, 0, 2, 1, 2};
    static const unsigned char same[] = {0, 0, 8, 1, 0, 0, 0, 3, 4, 4, 4},
                               wide[] = {0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6};
    char path[128], text[256];
    strcpy(path, file_write("x.idx", x, sizeof x));
    snprintf(text, sizeof text, ": byte 4: 2 rows, but %s has 3", path);
    const char *y = file_write("y.idx", two, sizeof two);
    refuses(dataset_from_idx(&d, path, y, AFINA_TASK_CLASSIFICATION), y, AFINA_E_FORMAT, text);
    y = file_write("y.idx", same, sizeof same);
    refuses(dataset_from_idx(&d, path, y, AFINA_TASK_CLASSIFICATION), y, AFINA_E_FORMAT,
            ": byte 8: every row has the class 4: a classification needs two or more");
    y = file_write("y.idx", wide, sizeof wide);
    refuses(dataset_from_idx(&d, path, y, AFINA_TASK_CLASSIFICATION), y, AFINA_E_FORMAT,
            ": byte 4: 2 targets a row where one is needed");
    remove(path);
}

/* ---------------------------------------------------------------------- split */

enum { ROWS = 100, FIRST_CLASS = 70 };

/* Row r has the feature r; 70 rows of class 0, 20 of class 1, 10 of class 2. */
static void make_rows(int32_t task)
{
    double x[ROWS], y[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        x[r] = (double)r;
        y[r] = (double)(r >= FIRST_CLASS) + (double)(r >= 90);
    }
    assert_int_equal(dataset_from_arrays(&d, x, ROWS, 1, y, task), AFINA_OK);
}

static void count_split(const struct dataset *part, size_t count[3], unsigned char seen[ROWS])
{
    for (size_t i = 0; i < part->rows; i++) {
        count[part->labels[i]]++;
        assert_int_equal(seen[(size_t)part->features[i]]++, 0);
    }
}

static void test_split_keeps_the_classes_in_proportion_and_loses_no_row(void **state)
{
    (void)state;
    make_rows(AFINA_TASK_CLASSIFICATION);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct dataset *first, *second;
        size_t a[3] = {0}, b[3] = {0};
        unsigned char seen[ROWS] = {0};
        assert_int_equal(dataset_split(d, 0.3, seed, &first, &second), AFINA_OK);
        assert_int_equal(first->rows, 70);
        assert_int_equal(second->rows, 30);
        assert_int_equal(first->classes, 3);
        count_split(first, a, seen);
        count_split(second, b, seen);
        assert_in_range(b[0], 20, 22);
        assert_in_range(b[1], 5, 7);
        assert_in_range(b[2], 2, 4);
        dataset_free(first);
        dataset_free(second);
    }
}

static void test_split_depends_on_the_seed_alone(void **state)
{
    (void)state;
    struct dataset *first[3], *second[3];
    make_rows(AFINA_TASK_REGRESSION);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(dataset_split(d, 0.25, i < 2 ? 17 : 18, &first[i], &second[i]), AFINA_OK);
    assert_memory_equal(second[0]->features, second[1]->features, 25 * sizeof(double));
    assert_memory_not_equal(second[0]->features, second[2]->features, 25 * sizeof(double));
    for (size_t i = 0; i < 3; i++) {
        dataset_free(first[i]);
        dataset_free(second[i]);
    }
}

static void test_split_leaves_a_row_on_each_side(void **state)
{
    (void)state;
    struct dataset *first, *second;
    make_rows(AFINA_TASK_REGRESSION);
    assert_int_equal(dataset_split(d, 1e-9, 1, &first, &second), AFINA_OK);
    assert_int_equal(second->rows, 1);
    dataset_free(first);
    dataset_free(second);
    assert_int_equal(dataset_split(d, 1 - 1e-9, 1, &first, &second), AFINA_OK);
    assert_int_equal(first->rows, 1);
    dataset_free(first);
    dataset_free(second);
}

static void test_split_share_must_lie_between_0_and_1(void **state)
{
    (void)state;
    static const double bad[] = {0, 1, -0.1, NAN, INFINITY};
    struct dataset *first, *second;
    make_rows(AFINA_TASK_REGRESSION);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(dataset_split(d, bad[i], 1, &first, &second), AFINA_E_RANGE);
        assert_null(first);
        assert_null(second);
    }
    assert_string_equal(fail_text(), "share must be in (0, 1), got inf");
}

static void test_shared_data_live_until_the_last_reference_goes(void **state)
{
    (void)state;
    make_rows(AFINA_TASK_REGRESSION);
    struct dataset *other = dataset_share(d);
    dataset_free(d);
    assert_true(other->features[99] == 99);
    d = other;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, no_dataset, free_dataset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_csv_numbers_are_read_as_the_nearest_doubles),
        TEST(test_csv_target_is_found_by_its_name),
        TEST(test_csv_without_header_numbers_its_columns),
        TEST(test_csv_quoted_cells_may_hold_commas_quotes_and_lines),
        TEST(test_csv_last_line_may_lack_its_end),
        TEST(test_csv_classes_are_numbered_by_value_not_by_appearance),
        TEST(test_csv_classes_that_are_not_all_numbers_are_sorted_by_bytes),
        TEST(test_csv_categorical_column_becomes_one_feature_for_each_category),
        TEST(test_csv_may_be_gzipped),
        TEST(test_csv_digits_have_1797_rows_of_64_pixels_in_10_classes),
        TEST(test_csv_file_that_is_not_there_is_named),
        TEST(test_csv_directory_is_no_file),
        TEST(test_csv_empty_file_or_header_alone_has_no_rows),
        TEST(test_csv_ragged_rows_name_their_line),
        TEST(test_csv_cell_that_is_no_number_is_named_with_line_and_column),
        TEST(test_csv_cell_that_only_begins_or_looks_like_a_number_is_refused),
        TEST(test_csv_numbers_may_have_blanks_around_them),
        TEST(test_csv_class_that_is_not_utf8_is_refused),
        TEST(test_csv_broken_quotes_are_named_with_line_and_column),
        TEST(test_csv_zero_byte_is_no_text),
        TEST(test_csv_one_class_only_is_refused),
        TEST(test_csv_unknown_doubled_or_lonely_columns_are_refused),
        TEST(test_csv_target_of_a_regression_cannot_be_categorical),
        TEST(test_csv_task_and_header_must_be_known),
        TEST(test_csv_truncated_gzip_is_refused),
        TEST(test_csv_gzip_bomb_is_refused_before_it_is_unpacked),
        TEST(test_csv_small_gzip_may_be_packed_as_well_as_it_likes),
        TEST(test_arrays_are_copied),
        TEST(test_arrays_with_bad_numbers_are_refused),
        TEST(test_idx_reads_every_type_of_element),
        TEST(test_idx_may_be_gzipped_and_labels_become_class_numbers),
        TEST(test_idx_bad_heads_and_lengths_name_file_and_byte),
        TEST(test_idx_gzip_bomb_is_unpacked_no_further_than_it_declares),
        TEST(test_idx_labels_must_match_and_differ),
        TEST(test_split_keeps_the_classes_in_proportion_and_loses_no_row),
        TEST(test_split_depends_on_the_seed_alone),
        TEST(test_split_leaves_a_row_on_each_side),
        TEST(test_split_share_must_lie_between_0_and_1),
        TEST(test_shared_data_live_until_the_last_reference_goes),
    };
    return cmocka_run_group_tests_name("dataset", tests, files_setup, files_teardown);
}
