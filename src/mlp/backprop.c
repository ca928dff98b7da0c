/* Back-propagation (Rumelhart, Hinton, Williams 1986) for a batch of n rows.
 *
 *     Z_l = A_(l-1) W_l + 1 b_l'      A_l = f(Z_l)
 *     D_L = (A_L - Y) * weight        D_(l-1) = (D_l W_l') o f'(Z_(l-1))
 *     dE/dW_l = A_(l-1)' D_l          dE/db_l = D_l' 1
 *
 * The last line holds for softmax with cross-entropy and for linear outputs with
 * half the squared error alike. f' is stored in the forward pass, multiplied by
 * the dropout mask (inverted dropout, Srivastava et al. 2014), so that the
 * backward pass knows neither. Tested against differences of an independent
 * computation in double.
 */
#include "mlp/backprop.h"

#include "core/elementary.h"
#include "mlp/activation.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "numeric/gemm.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Arrays start at multiples of 16 floats: a cache line. */
static size_t padded(size_t n)
{
    return (n + 15) / 16 * 16;
}

static float *cut(float **next, size_t n)
{
    float *p = *next;
    *next += padded(n);
    return p;
}

int32_t backprop_init(struct backprop *b, const struct shape *shape, size_t capacity)
{
    size_t all = 0, widest = 0;
    for (size_t l = 0; l <= shape->layers + 1; l++) {
        all += padded(capacity * shape->units[l]) * (l >= 1 && l <= shape->layers ? 2 : 1);
        if (l > 0 && shape->units[l] > widest)
            widest = shape->units[l];
    }
    all += 2 * padded(capacity * widest);
    *b = (struct backprop){.shape = shape, .capacity = capacity, .block = mem_new(all + 16, sizeof *b->block)};
    if (!b->block)
        return fail_memory();
    uintptr_t misfit = (uintptr_t)b->block % 64 / sizeof(float);
    float *next = b->block + (misfit ? 16 - misfit : 0);
    for (size_t l = 0; l <= shape->layers + 1; l++)
        b->layer[l] = cut(&next, capacity * shape->units[l]);
    for (size_t l = 1; l <= shape->layers; l++)
        b->slope[l] = cut(&next, capacity * shape->units[l]);
    b->delta[0] = cut(&next, capacity * widest);
    b->delta[1] = cut(&next, capacity * widest);
    return AFINA_OK;
}

void backprop_fini(struct backprop *b)
{
    mem_free(b->block);
    b->block = NULL;
}

/* Every 32-bit word of the stream decides on two units. */
static void drop_units(float *restrict a, float *restrict slope, size_t n, double dropout, struct rng *rng)
{
    uint32_t limit = (uint32_t)(dropout * 65536);
    float kept = (float)(1 / (1 - limit / 65536.0));
    for (size_t i = 0; i < n; i += 2) {
        uint32_t word = rng_uint32(rng);
        for (size_t k = i; k < n && k < i + 2; k++, word >>= 16) {
            float factor = (word & 0xFFFF) < limit ? 0.0f : kept;
            a[k] *= factor;
            slope[k] *= factor;
        }
    }
}

/* Z = A W + 1 b' */
static void affine(const struct shape *s, size_t l, const float *parameters, const float *a, size_t n, float *z)
{
    size_t units = s->units[l + 1];
    for (size_t r = 0; r < n; r++)
        memcpy(z + r * units, parameters + s->bias_at[l], units * sizeof *z);
    gemm_nn(n, units, s->units[l], a, parameters + s->weight_at[l], 1, z);
}

void backprop_forward(struct backprop *b, const float *parameters, size_t n, int softmax, double dropout,
                      struct rng *rng)
{
    const struct shape *s = b->shape;
    size_t last = s->layers;
    for (size_t l = 0; l < last; l++) {
        size_t count = n * s->units[l + 1];
        affine(s, l, parameters, b->layer[l], n, b->layer[l + 1]);
        activation_apply(s->activation[l], b->layer[l + 1], b->slope[l + 1], count);
        if (dropout > 0)
            drop_units(b->layer[l + 1], b->slope[l + 1], count, dropout, rng);
    }
    affine(s, last, parameters, b->layer[last], n, b->layer[last + 1]);
    if (softmax)
        activation_softmax(b->layer[last + 1], n, s->units[last + 1]);
}

/* The floor keeps the logarithm finite where the host flushes tiny numbers to
 * zero; a NaN passes through it. */
double backprop_loss_class(struct backprop *b, const int32_t *labels, size_t n, float weight)
{
    size_t classes = b->shape->units[b->shape->layers + 1];
    const float *p = b->layer[b->shape->layers + 1];
    float *delta = b->delta[0];
    double loss = 0;
    for (size_t i = 0; i < n * classes; i++)
        delta[i] = p[i] * weight;
    for (size_t r = 0; r < n; r++) {
        size_t at = r * classes + (size_t)labels[r];
        delta[at] = (p[at] - 1.0f) * weight;
        loss -= portable_log(p[at] < FLT_MIN ? FLT_MIN : p[at]);
    }
    return loss;
}

double backprop_loss_value(struct backprop *b, const float *targets, size_t n, float weight)
{
    const float *output = b->layer[b->shape->layers + 1];
    double loss = 0;
    for (size_t r = 0; r < n; r++) {
        float e = output[r] - targets[r];
        b->delta[0][r] = e * weight;
        loss += 0.5 * (double)e * (double)e;
    }
    return loss;
}

static void add_columns(const float *restrict delta, size_t n, size_t units, float beta, float *restrict sum)
{
    for (size_t j = 0; beta == 0.0f && j < units; j++)
        sum[j] = 0;
    for (size_t r = 0; r < n; r++)
        for (size_t j = 0; j < units; j++)
            sum[j] += delta[r * units + j];
}

static void multiply(float *restrict x, const float *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= y[i];
}

void backprop_backward(struct backprop *b, const float *parameters, size_t n, float beta, float *gradient)
{
    const struct shape *s = b->shape;
    float *delta = b->delta[0], *before = b->delta[1];
    for (size_t l = s->layers + 1; l-- > 0;) {
        size_t in = s->units[l], out = s->units[l + 1];
        gemm_tn(in, out, n, b->layer[l], delta, beta, gradient + s->weight_at[l]);
        add_columns(delta, n, out, beta, gradient + s->bias_at[l]);
        if (l == 0)
            break;
        gemm_nt(n, in, out, delta, parameters + s->weight_at[l], 0, before);
        multiply(before, b->slope[l], n * in);
        float *swap = delta;
        delta = before;
        before = swap;
    }
}
