/* Latin hypercube designs.
 *
 * u_ij = (pi_j(i) + U_ij) / n, pi_j a random permutation of 0..n-1 for dimension j and
 * U_ij uniform in (0, 1). M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21
 * (1979).
 *
 * LATIN_MAXIMIN: two slices of a random dimension trade places whenever that lowers
 * phi = sum over pairs of points of d^-10, d their distance in slices. M. D.
 * Morris, T. J. Mitchell, J. Statist. Plann. Inference 43 (1995): phi_p with p = 10.
 * Deviations: there is no annealing, only descent, for a number of trades that takes
 * less than a tenth of a second; designs of more than 500 points stay as they were
 * drawn, because the gain is small there.
 *
 * LATIN_SUDOKU: n = p^2 points (a, b), p prime, and the levels a, b, b + a, b + 2 a, ...
 * b + (p - 1) a mod p, of which any two take every pair of values once; each level is
 * cut into p slices, one for each of its points. B. Tang, "Orthogonal array-based Latin
 * hypercubes", J. Amer. Statist. Assoc. 88 (1993). Dimensions beyond p + 1 use the
 * levels again, under other permutations.
 */
#include "numeric/latin.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/rng.h"
#include "numeric/scramble.h"

enum { TRADES_PER_POINT = 100, MOST_WORK = 4000000 };

/* Purposes of hashes under a design's key. */
enum { KEY_ORDER = 0, KEY_JITTER = 1, KEY_TRADES = 2, KEY_POINTS = 3 };

static int is_prime(uint64_t n)
{
    for (uint64_t q = 2; q * q <= n; q++)
        if (n % q == 0)
            return 0;
    return n > 1;
}

int32_t latin_init(struct latin *out, size_t dimensions, uint64_t points, int kind, uint64_t key)
{
    *out = (struct latin){.dimensions = dimensions, .points = points, .kind = kind, .key = key};
    if (kind == LATIN_MAXIMIN && (points < 3 || points > LATIN_MOST_IMPROVED || dimensions < 2))
        out->kind = LATIN_DRAWN;
    if (kind == LATIN_SUDOKU) {
        for (out->blocks = 2; out->blocks * out->blocks < points || !is_prime(out->blocks);)
            out->blocks++;
        out->points = out->blocks * out->blocks;
    }
    if (out->kind != LATIN_MAXIMIN)
        return 0;
    out->slices = mem_new((size_t)points * dimensions, sizeof *out->slices);
    out->squares = mem_new((size_t)(points * points), sizeof *out->squares);
    return out->slices && out->squares ? 0 : fail_memory();
}

void latin_fini(struct latin *l)
{
    mem_free(l->slices);
    mem_free(l->squares);
    *l = (struct latin){0};
}

/* pi_j(i) as it is drawn. */
static uint64_t drawn_slice(const struct latin *l, uint64_t design_key, size_t j, uint64_t i)
{
    return scramble_permute(i, l->points, scramble_hash(scramble_hash(design_key, KEY_ORDER), j));
}

static void draw_design(struct latin *l, uint64_t design_key)
{
    size_t d = l->dimensions;
    for (size_t i = 0; i < l->points; i++)
        for (size_t j = 0; j < d; j++)
            l->slices[i * d + j] = (uint32_t)drawn_slice(l, design_key, j, i);
}

static double square(double x)
{
    return x * x;
}

static void measure_distances(struct latin *l)
{
    size_t n = (size_t)l->points, d = l->dimensions;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t j = 0; j < d; j++)
                sum += square((double)l->slices[a * d + j] - (double)l->slices[b * d + j]);
            l->squares[a * n + b] = sum;
        }
}

/* d^-10 from d^2. */
static double crowding(double squared)
{
    double inverse = 1 / squared;
    return inverse * inverse * inverse * inverse * inverse;
}

/* By how much the squared distance of a to point c would grow if a and b traded their slices of
 * dimension j. That of b shrinks by the same. */
static double change_for(const struct latin *l, size_t a, size_t b, size_t j, size_t c)
{
    size_t d = l->dimensions;
    double xa = l->slices[a * d + j], xb = l->slices[b * d + j], xc = l->slices[c * d + j];
    return square(xb - xc) - square(xa - xc);
}

static int trade_improves(const struct latin *l, size_t a, size_t b, size_t j)
{
    const double *to_a = l->squares + a * l->points, *to_b = l->squares + b * l->points;
    double change = 0;
    for (size_t c = 0; c < l->points; c++) {
        if (c == a || c == b)
            continue;
        double shift = change_for(l, a, b, j, c);
        change += crowding(to_a[c] + shift) - crowding(to_a[c]) + crowding(to_b[c] - shift) - crowding(to_b[c]);
    }
    return change < 0;
}

static void trade(struct latin *l, size_t a, size_t b, size_t j)
{
    size_t n = (size_t)l->points, d = l->dimensions;
    for (size_t c = 0; c < n; c++) {
        if (c == a || c == b)
            continue;
        double shift = change_for(l, a, b, j, c);
        l->squares[c * n + a] = l->squares[a * n + c] += shift;
        l->squares[c * n + b] = l->squares[b * n + c] -= shift;
    }
    uint32_t slice = l->slices[a * d + j];
    l->slices[a * d + j] = l->slices[b * d + j];
    l->slices[b * d + j] = slice;
}

static void improve_design(struct latin *l, uint64_t design_key)
{
    uint64_t n = l->points, trades = TRADES_PER_POINT * n;
    if (trades > MOST_WORK / n)
        trades = MOST_WORK / n;
    struct rng rng;
    rng_start(&rng, scramble_hash(design_key, KEY_TRADES), 0, RNG_DESIGN);
    measure_distances(l);
    for (; trades > 0; trades--) {
        size_t a = (size_t)rng_below(&rng, n);
        size_t b = (a + 1 + (size_t)rng_below(&rng, n - 1)) % n;
        size_t j = (size_t)rng_below(&rng, l->dimensions);
        if (trade_improves(l, a, b, j))
            trade(l, a, b, j);
    }
}

static void prepare(struct latin *l, uint64_t design, uint64_t design_key)
{
    if (l->has_design && l->design == design)
        return;
    draw_design(l, design_key);
    improve_design(l, design_key);
    l->design = design;
    l->has_design = 1;
}

/* The points of a design come in a random order, so that its first points are spread evenly too. */
static uint64_t sudoku_slice(const struct latin *l, uint64_t design_key, size_t j, uint64_t i)
{
    uint64_t p = l->blocks, cell = scramble_permute(i, l->points, scramble_hash(design_key, KEY_POINTS));
    uint64_t a = cell / p, b = cell % p, column = j % (p + 1);
    uint64_t level = column == 0 ? a : (b + (column - 1) * a) % p, member = column == 0 ? b : a;
    uint64_t key = scramble_hash(scramble_hash(design_key, KEY_ORDER), j);
    return scramble_permute(level, p, key) * p + scramble_permute(member, p, scramble_hash(key, level));
}

static uint64_t slice_of(const struct latin *l, uint64_t design_key, size_t j, uint64_t i)
{
    if (l->kind == LATIN_MAXIMIN)
        return l->slices[i * l->dimensions + j];
    return l->kind == LATIN_SUDOKU ? sudoku_slice(l, design_key, j, i) : drawn_slice(l, design_key, j, i);
}

void latin_point(struct latin *l, uint64_t index, double *u)
{
    uint64_t design = index / l->points, i = index % l->points, key = scramble_hash(l->key, design);
    uint64_t jitter = scramble_hash(scramble_hash(key, KEY_JITTER), i);
    if (l->kind == LATIN_MAXIMIN)
        prepare(l, design, key);
    for (size_t j = 0; j < l->dimensions; j++)
        u[j] = ((double)slice_of(l, key, j, i) + scramble_uniform(scramble_hash(jitter, j))) / (double)l->points;
}
