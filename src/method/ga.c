/* ga: a genetic algorithm for mixed spaces.
 *
 * K. Deb and R. B. Agrawal, "Simulated binary crossover for continuous search space",
 * Complex Systems 9 (1995); K. Deb, "An efficient constraint handling method for genetic
 * algorithms", Computer Methods in Applied Mechanics and Engineering 186 (2000), for the
 * bounded forms. The parents are the best of `tournament` members drawn. With probability
 * `crossover` a child takes every second number from between or beside theirs, y < z:
 *
 *     (y + z -+ q (z - y)) / 2,   q = (u a)^(1/(n+1))           where u <= 1/a
 *                                     (1/(2 - u a))^(1/(n+1))   where not
 *     a = 2 - b^-(n+1),   b = 1 + 2 r / (z - y),   n = `spread`
 *
 * u uniform, r the room from the parent on that side to its end of the range; the others
 * are the first parent's. Then every number moves with probability 1 / d by
 *
 *     (2u + (1 - 2u) (1 - y)^(n+1))^(1/(n+1)) - 1             where u < 1/2
 *     1 - (2 - 2u + (2u - 1) y^(n+1))^(1/(n+1))               where not,  n = `step` + t
 *
 * For n = 20 the mean move is 1 / (n + 2) = 0.0455 of the range. t counts generations, had
 * there been any of ten children, so that moves get finer.
 *
 * Categories come from either parent, and are redrawn from the prior with the same
 * probability. A parameter that one parent lacks comes from the other, and one that both lack
 * from the best that has it. A number with cells stands anywhere in its cell when it moves,
 * so that it moves by the same on the average whatever their width.
 *
 * The population is the best max(10, sqrt(trials) / 2) of all (elite.h): no member dies
 * but for a better one, and there are no generations to wait for. In so small a one
 * selection must be sharp: the tournament has 5, not 2 members, and n is 2, not 15.
 *
 * Notes: two numbers are the position in the design; a child has none.
 */
#include "core/elementary.h"
#include "method/method.h"

#include "method/parts/elite.h"

#include <math.h>

enum { FIRST_POPULATION = 10, LAST_POPULATION = 100, MOST_POPULATION = 500, GENERATION = 10 };

static const double growth = 0.5;

struct ga {
    struct elite population;
    size_t tournament;
    double crossover, spread, step;
};

static const struct option OPTIONS[] = {
    {"population", AFINA_OPTION_INTEGER, 0, MOST_POPULATION, 0, "", "",
     "members, at least 4; 0: 10, and from 400 trials on half the root of their number, up to 100"},
    {"tournament", AFINA_OPTION_INTEGER, 1, 100, 5, "", "", "members drawn, of which the best is a parent"},
    {"crossover", AFINA_OPTION_REAL, 0, 1, 0.9, "", "", "probability that a child has two parents"},
    {"spread", AFINA_OPTION_REAL, 0, 1000, 2, "", "", "index of the crossover: children are the nearer to a parent"},
    {"step", AFINA_OPTION_REAL, 0, 1000, 20, "", "", "index of the mutation at first: moves are the smaller"},
};

static int32_t init(void *state, const struct method_context *context)
{
    struct ga *m = state;
    struct elite_size size = {.least = FIRST_POPULATION, .most = LAST_POPULATION, .growth = growth};
    size.fixed = (size_t)option_integer(context->options, "population");
    m->tournament = (size_t)option_integer(context->options, "tournament");
    m->crossover = option_real(context->options, "crossover");
    m->spread = option_real(context->options, "spread");
    m->step = option_real(context->options, "step");
    return elite_init(&m->population, context, LEAVES_PLATEAUS, size);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct ga *m = state;
    return elite_observe(&m->population, observation);
}

/* The rank of the best of `tournament` members drawn from the first n. */
static size_t hold_tournament(const struct ga *m, size_t n, struct rng *rng)
{
    size_t best = n;
    for (size_t i = 0; i < m->tournament; i++) {
        size_t k = (size_t)rng_below(rng, n);
        best = k < best ? k : best;
    }
    return best;
}

static double between(double y)
{
    return fmin(fmax(y, 0), 1);
}

/* Simulated binary crossover, bounded. */
static double cross(double a, double b, double n, struct rng *rng)
{
    double y = fmin(a, b), z = fmax(a, b), u = rng_uniform(rng);
    int is_upper = rng_uniform(rng) < 0.5;
    if (y == z)
        return y;
    double room = is_upper ? 1 - z : y;
    double alpha = 2 - portable_pow(1 + 2 * room / (z - y), -(n + 1));
    double power = u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha);
    double q = portable_pow(power, 1 / (n + 1));
    return between((y + z + (is_upper ? q : -q) * (z - y)) / 2);
}

/* Polynomial mutation, bounded. */
static double mutate(double y, double n, struct rng *rng)
{
    double u = rng_uniform(rng);
    double move = u < 0.5 ? portable_pow(2 * u + (1 - 2 * u) * portable_pow(1 - y, n + 1), 1 / (n + 1)) - 1
                          : 1 - portable_pow(2 - 2 * u + (2 * u - 1) * portable_pow(y, n + 1), 1 / (n + 1));
    return between(y + move);
}

struct parents {
    size_t a, b;
    int are_two; /* the child has them both */
};

static void choose_parents(const struct ga *m, struct rng *rng, struct parents *out)
{
    size_t n = elite_count(&m->population);
    out->a = hold_tournament(m, n, rng);
    out->b = hold_tournament(m, n - 1, rng);
    out->b += out->b >= out->a;
    out->are_two = rng_uniform(rng) < m->crossover;
}

static double child_value(const struct ga *m, const struct parents *of, size_t j, struct rng *rng)
{
    const struct elite *all = &m->population;
    const struct parameter *p = &all->search.space->parameters[j];
    int has_a = all->best.entries[of->a].x[j] != ENCODED_INACTIVE;
    int has_b = all->best.entries[of->b].x[j] != ENCODED_INACTIVE;
    double x = elite_value(all, has_a ? of->a : of->b, j, rng);
    if (of->are_two && has_a && has_b && rng_uniform(rng) < 0.5) {
        double other = elite_value(all, of->b, j, rng);
        x = p->kind == AFINA_KIND_CATEGORICAL ? other : cross(x, other, m->spread, rng);
    }
    if (rng_uniform(rng) >= fmin(1 / (double)all->search.d, 0.5))
        return x;
    if (p->kind == AFINA_KIND_CATEGORICAL)
        return row_draw(p, rng);
    if (p->cells > 0)
        x = between(x + (rng_uniform(rng) - 0.5) / (double)p->cells);
    return mutate(x, m->step + (double)all->fresh / GENERATION, rng);
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct ga *m = state;
    struct elite *all = &m->population;
    struct parents parents;
    if (searcher_suggest(&all->search, elite_in_design(all), s))
        return 0;
    choose_parents(m, s->rng, &parents);
    for (size_t j = 0; j < all->search.d; j++)
        all->search.x[j] = child_value(m, &parents, j, s->rng);
    row_propose(all->search.space, all->search.x, s);
    return 0;
}

const struct method method_ga = {
    .name = "ga",
    .summary = "genetic algorithm: crosses and mutates the best points",
    .traits = METHOD_LEARNS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct ga),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = searcher_fini,
};
