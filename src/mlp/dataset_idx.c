/* A data set from a pair of IDX files, the format of MNIST (Y. LeCun, C. Cortes,
 * C. Burges): two zero bytes, the type of the elements, the number of
 * dimensions, each dimension as a big-endian 32-bit number, then the elements,
 * big-endian. The first dimension counts the rows; the others together are the
 * features of a row. Labels become class numbers in their sorted order.
 */
#include "mlp/dataset.h"
#include "mlp/file_bytes.h"
#include "mlp/pair_sort.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

struct idx {
    const char *path;
    unsigned char *bytes;
    unsigned type;
    size_t width; /* bytes of an element */
    size_t rows, columns, start;
};

static size_t type_width(unsigned type)
{
    switch (type) {
    case 0x08: /* unsigned byte */
    case 0x09: /* signed byte */
        return 1;
    case 0x0B: /* 16-bit integer */
        return 2;
    case 0x0C: /* 32-bit integer */
    case 0x0D: /* float */
        return 4;
    case 0x0E: /* double */
        return 8;
    default:
        return 0;
    }
}

static uint64_t big_endian(const unsigned char *p, size_t width)
{
    uint64_t v = 0;
    for (size_t i = 0; i < width; i++)
        v = v << 8 | p[i];
    return v;
}

static double element(const struct idx *x, size_t i)
{
    uint64_t bits = big_endian(x->bytes + x->start + i * x->width, x->width);
    uint32_t bits32 = (uint32_t)bits;
    float single;
    double value;
    switch (x->type) {
    case 0x08:
        return (double)bits;
    case 0x09:
        return (double)bits - (bits >> 7 ? 256 : 0);
    case 0x0B:
        return (double)bits - (bits >> 15 ? 65536 : 0);
    case 0x0C:
        return (double)bits - (bits >> 31 ? 4294967296.0 : 0);
    case 0x0D:
        memcpy(&single, &bits32, sizeof single);
        return (double)single;
    default:
        memcpy(&value, &bits, sizeof value);
        return value;
    }
}

static int32_t read_dimensions(struct idx *x, size_t dimensions, size_t size)
{
    const char *path = x->path;
    x->start = 4 + 4 * dimensions;
    if (size < x->start)
        return fail(AFINA_E_FORMAT, "%s: byte %zu: the file ends within its head of %zu bytes", path, size, x->start);
    x->rows = (size_t)big_endian(x->bytes + 4, 4);
    x->columns = 1;
    for (size_t i = 1; i < dimensions; i++) {
        size_t dimension = (size_t)big_endian(x->bytes + 4 + 4 * i, 4);
        if (dimension < 1 || dimension > DATASET_COLUMNS_MAX / x->columns)
            return fail(AFINA_E_FORMAT, "%s: byte %zu: dimension %zu is %zu; a row has 1 to %d features", path,
                        4 + 4 * i, i + 1, dimension, DATASET_COLUMNS_MAX);
        x->columns *= dimension;
    }
    if (x->rows < 1)
        return fail(AFINA_E_FORMAT, "%s: byte 4: no rows", path);
    uint64_t need = (uint64_t)x->rows * x->columns * x->width; /* < 2^32 * 2^20 * 2^3 */
    if (need > FILE_BYTES_MAX - x->start)
        return fail(AFINA_E_FORMAT,
                    "%s: byte %zu: %zu x %zu elements of %zu bytes need %llu bytes; a file has at most %zu", path,
                    x->start, x->rows, x->columns, x->width, (unsigned long long)need, FILE_BYTES_MAX);
    if (need < size - x->start)
        return fail(AFINA_E_FORMAT, "%s: byte %zu: %zu x %zu elements of %zu bytes need %llu bytes, there are more",
                    path, x->start, x->rows, x->columns, x->width, (unsigned long long)need);
    if (need > size - x->start)
        return fail(AFINA_E_FORMAT, "%s: byte %zu: %zu x %zu elements of %zu bytes need %llu bytes, there are %zu",
                    path, x->start, x->rows, x->columns, x->width, (unsigned long long)need, size - x->start);
    return AFINA_OK;
}

/* The length of the file by its head: see file_bytes_declared. */
static size_t declared_length(const unsigned char *b, size_t size)
{
    if (size < 4)
        return FILE_BYTES_MAX;
    size_t start = 4 + 4 * (size_t)b[3], need = type_width(b[2]);
    if (b[0] != 0 || b[1] != 0 || need == 0 || b[3] == 0)
        return 0;
    if (size < start)
        return FILE_BYTES_MAX;
    for (size_t at = 4; at < start; at += 4) {
        size_t dimension = (size_t)big_endian(b + at, 4);
        if (dimension > (FILE_BYTES_MAX - start) / need)
            return 0;
        need *= dimension;
        if (need == 0)
            return 0;
    }
    return start + need;
}

static int32_t open_idx(struct idx *x, const char *path)
{
    size_t size;
    x->path = path;
    int32_t rc = file_bytes(path, declared_length, &x->bytes, &size);
    if (rc)
        return rc;
    const unsigned char *b = x->bytes;
    if (size < 4)
        return fail(AFINA_E_FORMAT, "%s: byte %zu: the file ends within its head", path, size);
    x->type = b[2];
    x->width = type_width(b[2]);
    if (b[0] != 0 || b[1] != 0 || x->width == 0)
        return fail(AFINA_E_FORMAT, "%s: byte 0: %02x %02x %02x %02x is not the start of an IDX file", path, b[0], b[1],
                    b[2], b[3]);
    if (b[3] < 1)
        return fail(AFINA_E_FORMAT, "%s: byte 3: an IDX file has 1 dimension or more, this has 0", path);
    return read_dimensions(x, b[3], size);
}

static int32_t read_elements(const struct idx *x, double *out)
{
    for (size_t i = 0; i < x->rows * x->columns; i++) {
        out[i] = element(x, i);
        if (!isfinite(out[i]))
            return fail(AFINA_E_FORMAT, "%s: byte %zu: row %zu holds a number that is not finite", x->path,
                        x->start + i * x->width, i / x->columns);
    }
    return AFINA_OK;
}

/* Sorted, equal labels counted once: pairs[i].key is the label of the row
 * pairs[i].index. */
static int32_t count_classes(const struct idx *x, const double *labels, struct pair *pairs, size_t *classes)
{
    for (size_t r = 0; r < x->rows; r++)
        pairs[r] = (struct pair){labels[r], r};
    pair_sort(pairs, x->rows);
    *classes = 1;
    for (size_t r = 1; r < x->rows; r++)
        *classes += pairs[r].key != pairs[r - 1].key;
    if (*classes < 2)
        return fail(AFINA_E_FORMAT, "%s: byte %zu: every row has the class %g: a classification needs two or more",
                    x->path, x->start, labels[0]);
    if (*classes > DATASET_CLASSES_MAX)
        return fail(AFINA_E_FORMAT, "%s: byte %zu: %zu classes, %d are allowed", x->path, x->start, *classes,
                    DATASET_CLASSES_MAX);
    return AFINA_OK;
}

static int32_t set_classes(struct dataset *d, const struct pair *pairs)
{
    d->class_names = mem_new(d->classes, sizeof *d->class_names);
    if (!d->class_names)
        return fail_memory();
    size_t class = 0;
    for (size_t r = 0; r < d->rows; r++) {
        char number[NUMBER_SIZE];
        class += r > 0 && pairs[r].key != pairs[r - 1].key;
        d->labels[pairs[r].index] = (int32_t) class;
        if (d->class_names[class])
            continue;
        number_write_double(number, pairs[r].key);
        d->class_names[class] = mem_copy_string(number);
        if (!d->class_names[class])
            return fail_memory();
    }
    return AFINA_OK;
}

static int32_t classification(const struct idx *x, const struct idx *y, struct dataset **out)
{
    double *labels = mem_new(x->rows, sizeof *labels);
    struct pair *pairs = mem_new(x->rows, sizeof *pairs);
    size_t classes = 0;
    int32_t rc = labels && pairs ? AFINA_OK : fail_memory();
    if (!rc)
        rc = read_elements(y, labels);
    if (!rc)
        rc = count_classes(y, labels, pairs, &classes);
    if (!rc)
        rc = dataset_new(out, AFINA_TASK_CLASSIFICATION, x->rows, x->columns, classes);
    if (!rc)
        rc = set_classes(*out, pairs);
    mem_free(labels);
    mem_free(pairs);
    return rc;
}

static int32_t regression(const struct idx *x, const struct idx *y, struct dataset **out)
{
    int32_t rc = dataset_new(out, AFINA_TASK_REGRESSION, x->rows, x->columns, 0);
    return rc ? rc : read_elements(y, (*out)->values);
}

static int32_t check_pair(const struct idx *x, const struct idx *y)
{
    if (y->columns != 1)
        return fail(AFINA_E_FORMAT, "%s: byte 4: %zu targets a row where one is needed", y->path, y->columns);
    if (x->rows != y->rows)
        return fail(AFINA_E_FORMAT, "%s: byte 4: %zu rows, but %s has %zu", y->path, y->rows, x->path, x->rows);
    return AFINA_OK;
}

int32_t dataset_from_idx(struct dataset **out, const char *features, const char *targets, int32_t task)
{
    struct idx x = {0}, y = {0};
    *out = NULL;
    int32_t rc = dataset_check_task(task);
    if (rc)
        goto out;
    rc = open_idx(&x, features);
    if (rc)
        goto out;
    rc = open_idx(&y, targets);
    if (rc)
        goto out;
    rc = check_pair(&x, &y);
    if (rc)
        goto out;
    rc = task == AFINA_TASK_CLASSIFICATION ? classification(&x, &y, out) : regression(&x, &y, out);
    if (!rc)
        rc = read_elements(&x, (*out)->features);
out:
    if (rc) {
        dataset_free(*out);
        *out = NULL;
    }
    mem_free(x.bytes);
    mem_free(y.bytes);
    return rc;
}
