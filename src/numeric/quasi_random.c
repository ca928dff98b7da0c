/* Sobol and Halton points under Owen's nested uniform scrambling.
 *
 * Sobol: with the binary digits b_1 b_2 ... of the index i, from the last one on,
 * x_j = b_1 v_{j,1} xor b_2 v_{j,2} xor ... Halton: x_j is the radical inverse of i
 * in the base of the j-th prime. Scrambling permutes every digit of x_j by a random
 * permutation, an independent one for each sequence of digits before it (A. B. Owen,
 * "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995). Then every point is
 * uniform, every net stays a net, and the variance of a mean of a smooth function
 * falls like n^-3 log^(d-1) n. Scrambling also breaks the correlation between
 * dimensions of large bases, which spoils the plain Halton sequence from ten
 * dimensions on.
 *
 * The permutations are hashes of (seed, dimension, digits before), so none is stored.
 * The first point is kept (A. B. Owen, "On dropping the first Sobol' point", 2020),
 * and no point is skipped. The digits after 32 bits are one uniform draw, because no
 * two indices below 2^32 share those before. From index 2^32 on a Sobol sequence
 * repeats its beginning under another scrambling.
 *
 * Check: of 2^m Sobol points every interval of length 2^-m has one in each dimension,
 * and every dyadic box of volume 2^-m has one in the first two dimensions.
 */
#include "numeric/quasi_random.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/scramble.h"
#include "numeric/sobol_directions.h"

/* Digits that one hash scrambles: a binary tree of 6 levels has 63 inner nodes. */
enum { LEVELS = 6, PRIME_LIMIT = 1 << 18 };

/* Indices of the other hashes of a Halton node; those of its permutation are smaller. */
static const uint64_t CHILD = UINT64_C(1) << 40, TAIL = UINT64_C(1) << 41;

static int32_t check_dimensions(const char *name, size_t dimensions, size_t most)
{
    if (dimensions <= most)
        return 0;
    return fail(AFINA_E_RANGE, "a %s sequence has at most %zu dimensions, got %zu", name, most, dimensions);
}

int32_t sobol_init(struct sobol *out, size_t dimensions, uint64_t seed)
{
    *out = (struct sobol){0};
    int32_t rc = check_dimensions("Sobol", dimensions, SOBOL_MAX_DIMENSIONS);
    if (rc)
        return rc;
    uint32_t *directions = mem_new(dimensions * SOBOL_BITS, sizeof *directions);
    if (!directions)
        return fail_memory();
    sobol_directions(dimensions, directions);
    *out = (struct sobol){.dimensions = dimensions, .key = scramble_hash(seed, 0), .directions = directions};
    return 0;
}

void sobol_fini(struct sobol *s)
{
    mem_free(s->directions);
    *s = (struct sobol){0};
}

/* Flips each of the 32 digits by the bit at a node of a random binary tree; the digits
 * before are the path to the node. One hash holds the bits of six levels: node 1 is
 * the root of this subtree, nodes 2n and 2n + 1 are the children of node n. */
static double owen_scramble(uint32_t x, uint64_t key)
{
    uint32_t flips = 0;
    for (unsigned depth = 0; depth < SOBOL_BITS; depth += LEVELS) {
        /* A leading bit makes paths of different lengths different. */
        uint64_t path = (UINT64_C(1) << 32 | x) >> (SOBOL_BITS - depth);
        uint64_t tree = scramble_hash(key, path);
        unsigned node = 1;
        for (unsigned d = depth; d < depth + LEVELS && d < SOBOL_BITS; d++) {
            unsigned shift = SOBOL_BITS - 1 - d;
            flips |= (uint32_t)(tree >> node & 1) << shift;
            node = 2 * node + (x >> shift & 1);
        }
    }
    uint64_t tail = scramble_hash(key, UINT64_C(1) << 32 | x) >> 44;
    return ((double)((uint64_t)(x ^ flips) << 20 | tail) + 0.5) * 0x1p-52;
}

void sobol_point(const struct sobol *s, uint64_t index, double *u)
{
    uint64_t key = scramble_hash(s->key, index >> 32);
    for (size_t j = 0; j < s->dimensions; j++) {
        const uint32_t *v = s->directions + j * SOBOL_BITS;
        uint32_t x = 0;
        for (uint32_t bits = (uint32_t)index; bits; bits >>= 1, v++)
            x ^= *v & (0 - (bits & 1));
        u[j] = owen_scramble(x, scramble_hash(key, j));
    }
}

/* The first n primes by the sieve of Eratosthenes. */
static int32_t first_primes(size_t n, uint32_t *primes)
{
    unsigned char *composite = mem_new(PRIME_LIMIT, 1);
    if (!composite)
        return fail_memory();
    size_t found = 0;
    for (uint32_t p = 2; p < PRIME_LIMIT && found < n; p++) {
        if (composite[p])
            continue;
        primes[found++] = p;
        for (uint64_t q = (uint64_t)p * p; q < PRIME_LIMIT; q += p)
            composite[q] = 1;
    }
    mem_free(composite);
    return 0;
}

int32_t halton_init(struct halton *out, size_t dimensions, uint64_t seed)
{
    *out = (struct halton){0};
    int32_t rc = check_dimensions("Halton", dimensions, HALTON_MAX_DIMENSIONS);
    if (rc)
        return rc;
    uint32_t *primes = mem_new(dimensions, sizeof *primes);
    if (!primes)
        return fail_memory();
    rc = first_primes(dimensions, primes);
    if (rc) {
        mem_free(primes);
        return rc;
    }
    *out = (struct halton){.dimensions = dimensions, .key = scramble_hash(seed, 1), .primes = primes};
    return 0;
}

void halton_fini(struct halton *h)
{
    mem_free(h->primes);
    *h = (struct halton){0};
}

/* The radical inverse of the index, each digit under the permutation that belongs to the
 * digits before it: a walk down a tree with `base` branches. */
static double halton_coordinate(uint64_t index, uint32_t base, uint64_t key)
{
    double u = 0, width = 1;
    while (index > 0 || width > 0x1p-32) {
        uint64_t digit = index % base;
        index /= base;
        width /= base;
        u += (double)scramble_permute(digit, base, key) * width;
        key = scramble_hash(key, CHILD + digit);
    }
    u += scramble_uniform(scramble_hash(key, TAIL)) * width;
    return u < 1 ? u : 1 - 0x1p-53; /* the sum may round up */
}

void halton_point(const struct halton *h, uint64_t index, double *u)
{
    for (size_t j = 0; j < h->dimensions; j++)
        u[j] = halton_coordinate(index, h->primes[j], scramble_hash(h->key, j));
}
