/* Korobov lattices: rank-1 lattices of one multiplier, shifted at random.
 *
 *     x_ij = frac(i a^j / n + s_j),   i = 0..n-1,
 *
 * n prime and s_j uniform, anew for each lattice. N. M. Korobov, Dokl. Akad. Nauk SSSR
 * 124 (1959); R. Cranley, T. N. L. Patterson, SIAM J. Numer. Anal. 13 (1976), for the
 * shift. Of 64 multipliers drawn from the key a is the one of the least
 *
 *     P_2 = -1 + 1/n sum_i prod_j (1 + 2 pi^2 (x^2 - x + 1/6)),   x = frac(i a^j / n),
 *
 * over the first eight dimensions, the worst-case error of integrals of smooth periodic
 * functions (I. H. Sloan, S. Joe, "Lattice methods for multiple integration", 1994,
 * section 4.2). The points of a lattice come in a random order, so that its first
 * points are spread evenly too.
 */
#include "numeric/korobov.h"

#include "numeric/scramble.h"

#include <math.h>

enum { CANDIDATES = 64, JUDGED = 8 };

/* Purposes of hashes under the key. */
enum { KEY_MULTIPLIER = 0, KEY_ORDER = 1, KEY_SHIFT = 2 };

static const double pi = 3.14159265358979323846;

static int is_prime(uint64_t n)
{
    for (uint64_t q = 2; q * q <= n; q++)
        if (n % q == 0)
            return 0;
    return n > 1;
}

/* n (P_2 + 1). */
static double judge(uint64_t n, uint64_t a, size_t dimensions)
{
    double sum = 0;
    for (uint64_t i = 0; i < n; i++) {
        double product = 1;
        uint64_t numerator = i;
        for (size_t j = 0; j < dimensions && j < JUDGED; j++) {
            double x = (double)numerator / (double)n;
            product *= 1 + 2 * pi * pi * (x * x - x + 1.0 / 6);
            numerator = numerator * a % n;
        }
        sum += product;
    }
    return sum;
}

void korobov_init(struct korobov *out, size_t dimensions, uint64_t points, uint64_t key)
{
    uint64_t n = points < KOROBOV_MOST_POINTS ? points : KOROBOV_MOST_POINTS;
    double least = INFINITY;
    while (!is_prime(n))
        n++;
    *out = (struct korobov){.dimensions = dimensions, .points = n, .multiplier = 1, .key = key};
    for (uint64_t c = 0; c < CANDIDATES && n > 2; c++) {
        uint64_t a = 1 + scramble_hash(scramble_hash(key, KEY_MULTIPLIER), c) % (n - 1);
        double value = judge(n, a, dimensions);
        if (value < least) {
            least = value;
            out->multiplier = a;
        }
    }
}

void korobov_point(const struct korobov *k, uint64_t index, double *u)
{
    uint64_t n = k->points, key = scramble_hash(k->key, index / n);
    uint64_t numerator = scramble_permute(index % n, n, scramble_hash(key, KEY_ORDER));
    for (size_t j = 0; j < k->dimensions; j++) {
        double x = (double)numerator / (double)n + scramble_uniform(scramble_hash(scramble_hash(key, KEY_SHIFT), j));
        u[j] = x < 1 ? x : x - 1;
        numerator = numerator * k->multiplier % n;
    }
}
