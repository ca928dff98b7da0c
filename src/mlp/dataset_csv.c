/* A data set from a CSV file. The rows are read once into a table of numbers
 * and of texts (for columns that hold categories), which then becomes features:
 * a number is one feature, a category one 0/1 feature for each of its values.
 *
 * Categories and classes are numbered in sorted order, by number when all are
 * numbers and else by bytes, so that the numbering does not depend on the order
 * of the rows.
 */
#include "mlp/csv.h"
#include "mlp/dataset.h"
#include "mlp/file_bytes.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/number.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

union content {
    double number;
    const char *text;
};

struct column {
    const char *name;
    int32_t category;    /* its cells are texts */
    const char **levels; /* the distinct texts, sorted */
    size_t level_count, first_feature;
};

struct table {
    struct csv csv;
    struct column *columns;
    size_t width, column_capacity, target, rows, first_line;
    union content *values; /* rows x width */
    size_t capacity;
    char *names; /* of columns that the file does not name */
};

/* ---------------------------------------------------------------- numbers */

/* A finite decimal number with nothing but blanks around it: no hexadecimal digits, no
 * exponent without digits. */
static int cell_number(const char *s, double *value)
{
    static const char blanks[] = " \t";
    const char *first = s + strspn(s, blanks), *end = s + strlen(s);
    const char *rest = number_read_double(first, end, value);
    return rest && rest + strspn(rest, blanks) == end && isfinite(*value);
}

static const char *shown(const char *s)
{
    return text_is_utf8(s) ? s : "(bytes that are not UTF-8)";
}

/* ------------------------------------------------------------------- head */

static int32_t add_column(struct table *t, const char *name)
{
    void *columns = t->columns;
    int32_t rc = mem_reserve(&columns, &t->column_capacity, t->width + 1, sizeof *t->columns);
    t->columns = columns;
    if (rc)
        return rc;
    t->columns[t->width++] = (struct column){.name = name};
    if (t->width > DATASET_COLUMNS_MAX)
        return fail(AFINA_E_FORMAT, "%s:1: more than %d columns", t->csv.path, DATASET_COLUMNS_MAX);
    return AFINA_OK;
}

static int32_t read_head(struct table *t)
{
    struct csv_cell cell = {0};
    while (!cell.last) {
        int32_t rc = csv_next(&t->csv, &cell);
        if (!rc)
            rc = add_column(t, cell.text);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

/* Columns "1", "2", ... of a file without a head: as many as its first row has. */
static int32_t count_columns(struct table *t)
{
    size_t width = 1;
    int quoted = 0;
    for (size_t i = 0; i < t->csv.size && (quoted || t->csv.text[i] != '\n'); i++) {
        quoted ^= t->csv.text[i] == '"';
        width += !quoted && t->csv.text[i] == ',';
    }
    t->names = mem_new(width, NUMBER_SIZE);
    if (!t->names)
        return fail_memory();
    for (size_t c = 0; c < width; c++) {
        char *name = t->names + c * NUMBER_SIZE;
        text_format(name, NUMBER_SIZE, "%zu", c + 1);
        int32_t rc = add_column(t, name);
        if (rc)
            return rc;
    }
    return AFINA_OK;
}

/* NULL also when there is no memory to look for it. */
static const char *nearest_column(const struct table *t, const char *name)
{
    const char **names = mem_new(t->width, sizeof *names);
    if (!names)
        return NULL;
    for (size_t c = 0; c < t->width; c++)
        names[c] = t->columns[c].name;
    const char *near = text_nearest(name, names, t->width);
    mem_free(names);
    return near;
}

static int32_t find_column(const struct table *t, const char *name, size_t *index)
{
    size_t found = 0;
    for (size_t c = 0; c < t->width; c++) {
        if (strcmp(t->columns[c].name, name) == 0) {
            found++;
            *index = c;
        }
    }
    if (found > 1)
        return fail(AFINA_E_NAME, "%s:1: %zu columns are called \"%s\"", t->csv.path, found, name);
    if (found == 1)
        return AFINA_OK;
    const char *near = nearest_column(t, name);
    if (near)
        return fail(AFINA_E_NAME, "%s:1: no column is called \"%s\"; did you mean \"%s\"?", t->csv.path, name,
                    shown(near));
    return fail(AFINA_E_NAME, "%s:1: no column is called \"%s\"; there are %zu, the first is \"%s\"", t->csv.path, name,
                t->width, shown(t->columns[0].name));
}

static int32_t choose_columns(struct table *t, const char *target, int32_t task, const char *const *categorical,
                              size_t count)
{
    t->target = t->width - 1;
    int32_t rc = target ? find_column(t, target, &t->target) : AFINA_OK;
    for (size_t i = 0; !rc && i < count; i++) {
        size_t c = 0;
        rc = find_column(t, categorical[i], &c);
        if (!rc && c == t->target && task == AFINA_TASK_REGRESSION)
            rc = fail(AFINA_E_NAME, "column \"%s\" is the target of a regression: it cannot be categorical",
                      categorical[i]);
        if (!rc)
            t->columns[c].category = 1;
    }
    if (!rc && t->width < 2)
        rc = fail(AFINA_E_FORMAT, "%s:1: there is no column but the target", t->csv.path);
    if (!rc && task == AFINA_TASK_CLASSIFICATION)
        t->columns[t->target].category = 1;
    return rc;
}

/* ------------------------------------------------------------------- rows */

static int32_t read_cell(struct table *t, size_t c, const struct csv_cell *cell, union content *value)
{
    if (t->columns[c].category) {
        value->text = cell->text;
        if (text_is_utf8(cell->text))
            return AFINA_OK;
        return fail(AFINA_E_FORMAT, "%s:%zu:%zu: column \"%s\" holds bytes that are not UTF-8", t->csv.path, cell->line,
                    cell->column, shown(t->columns[c].name));
    }
    if (cell_number(cell->text, &value->number))
        return AFINA_OK;
    return fail(AFINA_E_FORMAT, "%s:%zu:%zu: column \"%s\" holds \"%s\", which is no finite number", t->csv.path,
                cell->line, cell->column, shown(t->columns[c].name), shown(cell->text));
}

static int32_t fail_ragged(const struct table *t, size_t line, size_t cells)
{
    return fail(AFINA_E_FORMAT, "%s:%zu: %zu cell%s where line 1 has %zu", t->csv.path, line, cells,
                cells == 1 ? "" : "s", t->width);
}

/* Counts the remaining cells of a row that is too long, for the error text. */
static int32_t fail_long(struct table *t, size_t line, struct csv_cell *cell)
{
    size_t cells = t->width;
    while (!cell->last) {
        int32_t rc = csv_next(&t->csv, cell);
        if (rc)
            return rc;
        cells++;
    }
    return fail_ragged(t, line, cells);
}

static int32_t read_row(struct table *t)
{
    void *values = t->values;
    int32_t rc = mem_reserve(&values, &t->capacity, (t->rows + 1) * t->width, sizeof *t->values);
    t->values = values;
    if (rc)
        return rc;
    union content *row = t->values + t->rows * t->width;
    struct csv_cell cell = {0};
    size_t line = t->csv.line;
    for (size_t c = 0; c < t->width; c++) {
        if (cell.last)
            return fail_ragged(t, line, c);
        rc = csv_next(&t->csv, &cell);
        if (!rc && cell.last && c + 1 < t->width)
            return fail_ragged(t, line, c + 1);
        if (!rc)
            rc = read_cell(t, c, &cell, &row[c]);
        if (rc)
            return rc;
    }
    if (!cell.last)
        return fail_long(t, line, &cell);
    t->rows++;
    return AFINA_OK;
}

static int32_t read_table(struct table *t, int32_t header, const char *target, int32_t task,
                          const char *const *categorical, size_t count)
{
    if (csv_at_end(&t->csv))
        return fail(AFINA_E_FORMAT, "%s:1: the file is empty", t->csv.path);
    int32_t rc = header ? read_head(t) : count_columns(t);
    if (!rc)
        rc = choose_columns(t, target, task, categorical, count);
    t->first_line = t->csv.line;
    while (!rc && !csv_at_end(&t->csv))
        rc = read_row(t);
    if (!rc && t->rows == 0)
        rc = fail(AFINA_E_FORMAT, "%s:%zu: no rows after the header", t->csv.path, t->first_line);
    return rc;
}

/* ----------------------------------------------------------------- levels */

static int compare_levels(const char *a, const char *b, int numeric)
{
    double x = 0, y = 0;
    if (!numeric)
        return strcmp(a, b);
    cell_number(a, &x);
    cell_number(b, &y);
    return (x > y) - (x < y);
}

static void sort_levels(const char **s, size_t n, int numeric, const char **room)
{
    if (n < 2)
        return;
    size_t half = n / 2, i = 0, j = half, k = 0;
    sort_levels(s, half, numeric, room);
    sort_levels(s + half, n - half, numeric, room);
    memcpy(room, s, n * sizeof *s);
    while (k < n)
        s[k++] = j == n || (i < half && compare_levels(room[i], room[j], numeric) <= 0) ? room[i++] : room[j++];
}

static int all_numbers(const char **s, size_t n)
{
    double number;
    for (size_t i = 0; i < n; i++)
        if (!cell_number(s[i], &number))
            return 0;
    return 1;
}

static size_t level_of(const struct column *column, const char *text, int numeric)
{
    size_t low = 0, high = column->level_count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_levels(column->levels[middle], text, numeric) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Finds the distinct texts of column c and puts their numbers in place of the
 * texts. "1" and "1.0" are one level when all are numbers. */
static int32_t number_levels(struct table *t, size_t c)
{
    struct column *column = &t->columns[c];
    const char **room = mem_new(t->rows, sizeof *room);
    column->levels = mem_new(t->rows, sizeof *column->levels);
    if (!room || !column->levels) {
        mem_free(room);
        return fail_memory();
    }
    for (size_t r = 0; r < t->rows; r++)
        column->levels[r] = t->values[r * t->width + c].text;
    int numeric = all_numbers(column->levels, t->rows);
    sort_levels(column->levels, t->rows, numeric, room);
    mem_free(room);
    for (size_t r = 0; r < t->rows; r++)
        if (r == 0 || compare_levels(column->levels[column->level_count - 1], column->levels[r], numeric) != 0)
            column->levels[column->level_count++] = column->levels[r];
    for (size_t r = 0; r < t->rows; r++) {
        union content *value = &t->values[r * t->width + c];
        value->number = (double)level_of(column, value->text, numeric);
    }
    return AFINA_OK;
}

static int32_t check_classes(const struct table *t, const struct column *target)
{
    if (target->level_count < 2)
        return fail(AFINA_E_FORMAT, "%s:%zu: every row has the class \"%s\": a classification needs two or more",
                    t->csv.path, t->first_line, target->levels[0]);
    if (target->level_count > DATASET_CLASSES_MAX)
        return fail(AFINA_E_FORMAT, "%s:%zu: column \"%s\" holds %zu classes, %d are allowed", t->csv.path,
                    t->first_line, shown(target->name), target->level_count, DATASET_CLASSES_MAX);
    return AFINA_OK;
}

/* Gives every column its features; *features is their number. */
static int32_t place_features(struct table *t, size_t *features)
{
    *features = 0;
    for (size_t c = 0; c < t->width; c++) {
        int32_t rc = t->columns[c].category ? number_levels(t, c) : AFINA_OK;
        if (rc)
            return rc;
        t->columns[c].first_feature = *features;
        if (c != t->target)
            *features += t->columns[c].category ? t->columns[c].level_count : 1;
    }
    if (*features > DATASET_COLUMNS_MAX)
        return fail(AFINA_E_FORMAT, "%s:%zu: the categories make %zu features, %d are allowed", t->csv.path,
                    t->first_line, *features, DATASET_COLUMNS_MAX);
    return AFINA_OK;
}

/* --------------------------------------------------------------- data set */

static int32_t copy_class_names(const struct column *target, struct dataset *d)
{
    d->class_names = mem_new(d->classes, sizeof *d->class_names);
    if (!d->class_names)
        return fail_memory();
    for (size_t i = 0; i < d->classes; i++) {
        d->class_names[i] = mem_copy_string(target->levels[i]);
        if (!d->class_names[i])
            return fail_memory();
    }
    return AFINA_OK;
}

static void fill_row(const struct table *t, size_t r, struct dataset *d)
{
    const union content *row = t->values + r * t->width;
    double *features = d->features + r * d->columns;
    for (size_t c = 0; c < t->width; c++) {
        const struct column *column = &t->columns[c];
        if (c == t->target)
            continue;
        if (column->category)
            features[column->first_feature + (size_t)row[c].number] = 1;
        else
            features[column->first_feature] = row[c].number;
    }
    if (d->labels)
        d->labels[r] = (int32_t)row[t->target].number;
    else
        d->values[r] = row[t->target].number;
}

static int32_t table_to_dataset(struct table *t, int32_t task, struct dataset **out)
{
    const struct column *target = &t->columns[t->target];
    size_t columns;
    int32_t rc = place_features(t, &columns);
    if (!rc && task == AFINA_TASK_CLASSIFICATION)
        rc = check_classes(t, target);
    if (!rc)
        rc = dataset_new(out, task, t->rows, columns, target->level_count);
    if (!rc && task == AFINA_TASK_CLASSIFICATION)
        rc = copy_class_names(target, *out);
    if (rc) {
        dataset_free(*out);
        *out = NULL;
        return rc;
    }
    for (size_t r = 0; r < t->rows; r++)
        fill_row(t, r, *out);
    return AFINA_OK;
}

int32_t dataset_from_csv(struct dataset **out, const char *path, int32_t header, const char *target, int32_t task,
                         const char *const *categorical, size_t count)
{
    struct table t = {0};
    unsigned char *bytes = NULL;
    size_t size;
    *out = NULL;
    int32_t rc = dataset_check_task(task);
    if (rc)
        return rc;
    if (header != 0 && header != 1)
        return fail(AFINA_E_RANGE, "header must be 0 or 1, got %d", header);
    rc = file_bytes(path, NULL, &bytes, &size);
    if (rc)
        goto out;
    rc = csv_start(&t.csv, path, (char *)bytes, size);
    if (rc)
        goto out;
    rc = read_table(&t, header, target, task, categorical, count);
    if (rc)
        goto out;
    rc = table_to_dataset(&t, task, out);
out:
    for (size_t c = 0; c < t.width; c++)
        mem_free((void *)t.columns[c].levels);
    mem_free(t.columns);
    mem_free(t.values);
    mem_free(t.names);
    mem_free(bytes);
    return rc;
}
