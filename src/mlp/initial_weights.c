/* Initial weights of a layer with `in` inputs and `out` outputs.
 *
 *     uniform, normal   standard deviation 0.05, whatever the layer
 *     glorot            variance 2 / (in + out)   (Glorot and Bengio 2010)
 *     he                variance 2 / in           (He et al. 2015)
 *     lecun             variance 1 / in           (LeCun et al. 1998)
 *     orthogonal        orthonormal rows or columns, whichever are fewer
 *                       (Saxe, McClelland, Ganguli 2014)
 *
 * A uniform form is drawn from [-a, a], a = sqrt(3 variance). The orthogonal one
 * is a matrix of normal draws made orthonormal by the modified Gram-Schmidt
 * process, done twice for each vector, which keeps the distribution that of Haar.
 * Check value: he of a 50 x 20 layer has the variance 0.04.
 */
#include "mlp/initial_weights.h"

#include "mlp/network.h"

#include "core/rng.h"

#include <math.h>

static double deviation(int32_t kind, double in, double out)
{
    switch (kind) {
    case INITIAL_GLOROT_UNIFORM:
    case INITIAL_GLOROT_NORMAL:
        return sqrt(2 / (in + out));
    case INITIAL_HE_UNIFORM:
    case INITIAL_HE_NORMAL:
        return sqrt(2 / in);
    case INITIAL_LECUN_UNIFORM:
    case INITIAL_LECUN_NORMAL:
        return sqrt(1 / in);
    default:
        return 0.05;
    }
}

static int is_uniform(int32_t kind)
{
    return kind == INITIAL_UNIFORM || kind == INITIAL_GLOROT_UNIFORM || kind == INITIAL_HE_UNIFORM ||
           kind == INITIAL_LECUN_UNIFORM;
}

/* Vector i of `n` has `length` elements `step` apart. */
struct vectors {
    float *first;
    size_t n, length, step, stride;
};

static double dot(const struct vectors *v, size_t i, size_t j)
{
    const float *a = v->first + i * v->stride, *b = v->first + j * v->stride;
    double sum = 0;
    for (size_t k = 0; k < v->length; k++)
        sum += (double)a[k * v->step] * (double)b[k * v->step];
    return sum;
}

static void subtract_projection(const struct vectors *v, size_t i, size_t j)
{
    float *a = v->first + i * v->stride, *b = v->first + j * v->stride;
    double along = dot(v, i, j);
    for (size_t k = 0; k < v->length; k++)
        a[k * v->step] -= (float)along * b[k * v->step];
}

static void normalise(const struct vectors *v, size_t i)
{
    float *a = v->first + i * v->stride;
    double length = sqrt(dot(v, i, i));
    for (size_t k = 0; k < v->length; k++)
        a[k * v->step] /= (float)length;
}

static void draw_vector(const struct vectors *v, size_t i, struct rng *rng)
{
    for (size_t k = 0; k < v->length; k++)
        v->first[i * v->stride + k * v->step] = (float)rng_normal(rng);
}

static void orthogonal(struct rng *rng, size_t in, size_t out, float *weights)
{
    struct vectors rows = {weights, in, out, 1, out}, columns = {weights, out, in, out, 1};
    const struct vectors *v = in < out ? &rows : &columns;
    for (size_t i = 0; i < v->n; i++) {
        draw_vector(v, i, rng);
        for (int pass = 0; pass < 2; pass++) {
            for (size_t j = 0; j < i; j++)
                subtract_projection(v, i, j);
            normalise(v, i);
        }
    }
}

void initial_weights_layer(int32_t kind, struct rng *rng, size_t in, size_t out, float *weights)
{
    if (kind == INITIAL_ORTHOGONAL) {
        orthogonal(rng, in, out, weights);
        return;
    }
    double sd = deviation(kind, (double)in, (double)out), a = sd * sqrt(3.0);
    int uniform = is_uniform(kind);
    for (size_t i = 0; i < in * out; i++)
        weights[i] = (float)(uniform ? a * (2 * rng_uniform(rng) - 1) : sd * rng_normal(rng));
}

void initial_weights_draw(int32_t kind, struct rng *rng, const struct shape *shape, float *parameters)
{
    for (size_t l = 0; l <= shape->layers; l++)
        initial_weights_layer(kind, rng, shape->units[l], shape->units[l + 1], parameters + shape->weight_at[l]);
    for (size_t i = shape->weights; i < shape->parameters; i++)
        parameters[i] = 0;
}
