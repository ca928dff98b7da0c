/* The state of a training as bytes: little-endian words of 32 and 64 bits, numbers by their IEEE 754
 * bits.
 *
 *     "afinanet"  version  size  check sum of what follows  parts  parts * (shape, state)
 *
 * One function says what a part holds; it measures, writes and reads. The rows of the data are not
 * in it, but a check sum of them (FNV-1a) is: a training goes on with the data that it began with.
 */
#include "mlp/training.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

enum { VERSION = 1, HEAD = 8 + 4 + 8 + 8 };

static const char magic[] = "afinanet";

struct cursor {
    unsigned char *out;      /* NULL: not writing */
    const unsigned char *in; /* NULL: not reading */
    size_t at, end;
};

/* ----------------------------------------------------------------------- words */

static void word(struct cursor *c, uint64_t *value, size_t bytes)
{
    for (size_t i = 0; c->out && i < bytes; i++)
        c->out[c->at + i] = (unsigned char)(*value >> 8 * i);
    if (c->in) {
        *value = 0;
        for (size_t i = 0; c->at + bytes <= c->end && i < bytes; i++)
            *value |= (uint64_t)c->in[c->at + i] << 8 * i;
    }
    c->at += bytes;
}

static void unsigned32(struct cursor *c, uint32_t *value)
{
    uint64_t wide = *value;
    word(c, &wide, 4);
    *value = (uint32_t)wide;
}

static void integer32(struct cursor *c, int32_t *value)
{
    uint32_t bits;
    memcpy(&bits, value, sizeof bits);
    unsigned32(c, &bits);
    memcpy(value, &bits, sizeof bits);
}

static void integer64(struct cursor *c, int64_t *value)
{
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    word(c, &bits, 8);
    memcpy(value, &bits, sizeof bits);
}

static void size(struct cursor *c, size_t *value)
{
    uint64_t wide = *value;
    word(c, &wide, 8);
    *value = (size_t)wide;
}

static void real(struct cursor *c, double *value)
{
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    word(c, &bits, 8);
    memcpy(value, &bits, sizeof bits);
}

static void floats(struct cursor *c, float *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        unsigned32(c, &bits);
        memcpy(&values[i], &bits, sizeof bits);
    }
}

static uint64_t checksum(uint64_t sum, const void *data, size_t n)
{
    const unsigned char *byte = data;
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ byte[i]) * 0x100000001B3u;
    return sum;
}

static const uint64_t checksum_start = 0xCBF29CE484222325u;

/* ----------------------------------------------------------------------- parts */

/* What must be the same in the training that takes the state over. */
struct outline {
    size_t layers, units[NETWORK_LAYERS_MAX + 2], moments, train;
    uint32_t full_batch;
    uint64_t rows; /* check sum of the training and validation rows */
};

/* The training rows as the network sees them, and the validation rows as they are. */
static uint64_t rows_sum(const struct trainer *t)
{
    const struct dataset *d = t->data;
    uint64_t sum = checksum(checksum_start, t->scaled, t->train * d->columns * sizeof *t->scaled);
    if (t->classes)
        sum = checksum(sum, t->classes, t->train * sizeof *t->classes);
    else
        sum = checksum(sum, t->targets, t->train * sizeof *t->targets);
    for (size_t i = 0; i < t->judge.rows; i++) {
        size_t row = t->valid_rows[i];
        sum = checksum(sum, d->features + row * d->columns, d->columns * sizeof *d->features);
        sum = d->labels ? checksum(sum, &d->labels[row], sizeof *d->labels)
                        : checksum(sum, &d->values[row], sizeof *d->values);
    }
    return sum;
}

static struct outline outline_of(const struct trainer *t)
{
    const struct shape *s = &t->network->shape;
    struct outline o = {.layers = s->layers, .train = t->train, .rows = rows_sum(t)};
    memcpy(o.units, s->units, sizeof o.units);
    o.moments = (size_t)update_rule_moments(t->config->algorithm);
    o.full_batch = algorithm_is_full_batch(t->config->algorithm) ? 1 + (uint32_t)t->line.conjugate : 0;
    return o;
}

static void visit_outline(struct cursor *c, struct outline *o)
{
    size(c, &o->layers);
    for (size_t i = 0; i < NETWORK_LAYERS_MAX + 2; i++)
        size(c, &o->units[i]);
    size(c, &o->moments);
    size(c, &o->train);
    unsigned32(c, &o->full_batch);
    word(c, &o->rows, 8);
}

static void visit_stream(struct cursor *c, struct rng *r)
{
    for (int i = 0; i < 2; i++)
        unsigned32(c, &r->key[i]);
    for (int i = 0; i < 4; i++)
        unsigned32(c, &r->counter[i]);
    for (int i = 0; i < 4; i++)
        unsigned32(c, &r->block[i]);
    unsigned32(c, &r->used);
}

/* The pairs of the BFGS method go newest first, wherever they stand in memory. */
static void visit_line(struct cursor *c, struct line_descent *d)
{
    floats(c, d->gradient, d->n);
    floats(c, d->direction, d->n);
    floats(c, d->gradient0, d->n);
    for (size_t i = 0; !d->conjugate && i < LINE_DESCENT_PAIRS; i++) {
        floats(c, d->step[i], d->n);
        floats(c, d->change[i], d->n);
        real(c, &d->curvature[i]);
    }
    size(c, &d->pairs);
    real(c, &d->value);
    real(c, &d->length);
    real(c, &d->slope);
    integer32(c, &d->started);
}

/* Everything that changes while a network is trained. */
static void visit_part(struct cursor *c, struct trainer *t)
{
    size_t parameters = t->network->shape.parameters;
    integer32(c, &t->epoch);
    integer32(c, &t->stale);
    integer32(c, &t->best_epoch);
    real(c, &t->training_loss);
    real(c, &t->value);
    real(c, &t->loss);
    real(c, &t->best_value);
    real(c, &t->best_loss);
    visit_stream(c, &t->order);
    visit_stream(c, &t->dropout);
    for (size_t i = 0; i < t->train; i++)
        size(c, &t->rows[i]);
    floats(c, t->network->parameters, parameters);
    floats(c, t->best, parameters);
    if (t->moments)
        floats(c, t->moments, parameters * (size_t)update_rule_moments(t->config->algorithm));
    integer64(c, &t->rule.step);
    if (algorithm_is_full_batch(t->config->algorithm))
        visit_line(c, &t->line);
    integer32(c, &t->state);
}

/* --------------------------------------------------------------------- writing */

static void visit_head(struct cursor *c, uint32_t *version, size_t *length, uint64_t *sum)
{
    if (c->out)
        memcpy(c->out, magic, 8);
    c->at = 8;
    unsigned32(c, version);
    size(c, length);
    word(c, sum, 8);
}

/* The parts are not changed by a cursor that does not read. */
static size_t write_body(const struct training *t, unsigned char *out)
{
    struct cursor c = {.out = out, .at = HEAD};
    size_t parts = t->parts;
    size(&c, &parts);
    for (size_t i = 0; i < parts; i++) {
        struct outline o = out ? outline_of(&t->part[i]) : (struct outline){0};
        visit_outline(&c, &o);
        visit_part(&c, &t->part[i]);
    }
    return c.at;
}

int32_t training_save(const struct training *t, unsigned char *bytes, size_t capacity, size_t *length)
{
    if (t->state == TRAINER_DIVERGED || t->state == TRAINER_STOPPED)
        return fail(AFINA_E_STATE, "the training %s within epoch %d: there is no state to save",
                    t->state == TRAINER_DIVERGED ? "diverged" : "was stopped", training_epochs(t) + 1);
    *length = write_body(t, NULL);
    if (!bytes || capacity < *length)
        return AFINA_OK;
    write_body(t, bytes);
    struct cursor c = {.out = bytes};
    uint32_t version = VERSION;
    uint64_t sum = checksum(checksum_start, bytes + HEAD, *length - HEAD);
    visit_head(&c, &version, length, &sum);
    return AFINA_OK;
}

/* --------------------------------------------------------------------- reading */

static int32_t check_head(const unsigned char *bytes, size_t length)
{
    struct cursor c = {.in = bytes, .end = length};
    uint32_t version;
    size_t declared;
    uint64_t sum;
    if (length < HEAD || memcmp(bytes, magic, 8) != 0)
        return fail(AFINA_E_FORMAT, "these %zu bytes are not the state of a training", length);
    visit_head(&c, &version, &declared, &sum);
    if (version != VERSION)
        return fail(AFINA_E_FORMAT, "the state of the training has version %u, this library reads %d", version,
                    VERSION);
    if (declared != length)
        return fail(AFINA_E_FORMAT, "the state of the training should have %zu bytes, there are %zu", declared, length);
    if (checksum(checksum_start, bytes + HEAD, length - HEAD) != sum)
        return fail(AFINA_E_FORMAT, "the state of the training is damaged: its check sum is wrong");
    return AFINA_OK;
}

static int32_t fail_number(const char *what, size_t saved, size_t here)
{
    return fail(AFINA_E_FORMAT, "the state was saved with %s %zu, the training has %zu", what, saved, here);
}

static int32_t check_outline(const struct outline *saved, const struct outline *here)
{
    if (saved->layers != here->layers)
        return fail_number("layers", saved->layers, here->layers);
    for (size_t i = 0; i < NETWORK_LAYERS_MAX + 2; i++)
        if (saved->units[i] != here->units[i])
            return fail(AFINA_E_FORMAT, "the state was saved with %zu units in layer %zu, the training has %zu",
                        saved->units[i], i, here->units[i]);
    if (saved->moments != here->moments || saved->full_batch != here->full_batch)
        return fail(AFINA_E_FORMAT, "the state was saved by another algorithm, which keeps other moments");
    if (saved->train != here->train)
        return fail_number("training rows", saved->train, here->train);
    if (saved->rows != here->rows)
        return fail(AFINA_E_FORMAT, "the state was saved by a training on other rows or data");
    return AFINA_OK;
}

static int32_t fail_contradiction(void)
{
    return fail(AFINA_E_FORMAT, "the state of the training contradicts itself");
}

/* Each training row once. */
static int32_t check_rows(const struct trainer *t)
{
    unsigned char *seen = mem_new(t->train, 1);
    int32_t rc = seen ? AFINA_OK : fail_memory();
    for (size_t i = 0; !rc && i < t->train; i++) {
        if (t->rows[i] >= t->train || seen[t->rows[i]])
            rc = fail_contradiction();
        else
            seen[t->rows[i]] = 1;
    }
    mem_free(seen);
    return rc;
}

/* What a later epoch relies on. */
static int32_t check_part(const struct trainer *t)
{
    int right = t->epoch >= 0 && t->stale >= 0 && t->stale <= t->epoch && t->best_epoch >= 0 &&
                t->best_epoch <= t->epoch && t->rule.step >= 0 && t->rule.step < INT64_MAX / 2 && t->order.used <= 4 &&
                t->dropout.used <= 4 && t->line.pairs <= LINE_DESCENT_PAIRS &&
                (t->state == TRAINER_RUNNING || t->state == TRAINER_FINISHED);
    return right ? check_rows(t) : fail_contradiction();
}

/* A part that ended by its epochs goes on when there are more now. */
static void go_on(struct trainer *t)
{
    int early = t->stale >= t->config->patience || algorithm_is_full_batch(t->config->algorithm);
    if (t->state == TRAINER_FINISHED && t->epoch < t->config->epochs && !early)
        t->state = TRAINER_RUNNING;
}

static int32_t read_body(struct training *t, const unsigned char *bytes, size_t length)
{
    struct cursor c = {.in = bytes, .at = HEAD, .end = length};
    size_t parts = 0;
    size(&c, &parts);
    if (parts != t->parts)
        return fail_number("folds", parts, t->parts);
    t->state = TRAINER_FINISHED;
    for (size_t i = 0; i < parts; i++) {
        struct outline saved = {0}, here = outline_of(&t->part[i]);
        visit_outline(&c, &saved);
        int32_t rc = check_outline(&saved, &here);
        if (!rc)
            visit_part(&c, &t->part[i]);
        if (!rc)
            rc = check_part(&t->part[i]);
        if (rc)
            return rc;
        go_on(&t->part[i]);
        if (t->part[i].state == TRAINER_RUNNING)
            t->state = TRAINER_RUNNING;
    }
    if (c.at != length)
        return fail(AFINA_E_FORMAT, "the state of the training should have %zu bytes, there are %zu", c.at, length);
    return AFINA_OK;
}

/* Reads into a training of the same configuration and takes its parts over. */
int32_t training_load(struct training *t, const unsigned char *bytes, size_t length)
{
    struct training *fresh;
    int32_t rc = check_head(bytes, length);
    if (rc)
        return rc;
    rc = training_restart(&fresh, t);
    if (!rc)
        rc = read_body(fresh, bytes, length);
    if (!rc)
        training_take(t, fresh);
    training_free(fresh);
    return rc;
}
