/* The law of trials that were lost (a worker died, the host was interrupted), for every
 * method and space: the method suggests as if the trial had not been asked, and a late
 * result is learned from as one that the host brought. */
#include "contract/contract_case.h"
#include "support/hand.h"

static double draw_loss(struct rng *rng)
{
    return rng_uniform(rng);
}

/* A hand with `count` trials that were told. */
static void start_hand(struct hand *hand, const struct law_case *c, struct space *space, int count)
{
    struct rng rng;
    const struct point *point;
    rng_start(&rng, 37, 0, RNG_OBJECTIVE);
    hand_start_with(hand, c->method, space, 2385);
    for (int i = 0; i < count && hand_ask(hand, &point) == 0; i++) {
        double loss = draw_loss(&rng);
        hand_tell(hand, hand->size - 1, i % 7 == 3 ? NULL : &loss);
    }
}

/* What would be suggested for trial `number`, to `point`; 1 when it is a new point, 0 when the method
 * has found none. */
static int proposes(struct hand *hand, int64_t number, struct point *point)
{
    static double note[METHOD_NOTE_MAX];
    struct rng rng;
    rng_start(&rng, hand->context.seed, (uint64_t)number, RNG_SUGGEST);
    struct suggestion s = {.rng = &rng, .number = number, .point = point, .note = note};
    for (; s.attempt < 64; s.attempt++) {
        s.note_size = 0;
        int32_t rc = hand->method->suggest(hand->state, &s);
        if (rc == AFINA_EXHAUSTED || rc == AFINA_E_NO_POINT)
            return 0;
        OK(rc);
        if (!point_set_contains(&hand->seen, point) && space_allows(hand->context.space, point))
            return 1;
    }
    return 0;
}

static void assert_lost_is_never_asked(const struct law_case *c, struct space *space, int count)
{
    struct hand hand;
    struct point *without, *after;
    const struct point *point;
    start_hand(&hand, c, space, count);
    OK(hand_init(&hand));
    OK(point_new(&without, hand.context.space));
    OK(point_new(&after, hand.context.space));
    int64_t next = (int64_t)hand.size + 1;
    if (proposes(&hand, next, without) && hand_ask(&hand, &point) == 0) {
        hand_lose(&hand, hand.size - 1);
        assert_true(proposes(&hand, next, after));
        if (!point_equal(without, after))
            fail_msg("after %d trials", count);
    }
    point_free(without);
    point_free(after);
    hand_end(&hand);
}

static void a_lost_trial_is_as_if_never_asked(void **state)
{
    const struct law_case *c = *state;
    struct space *space = contract_snapshot(c->entry);
    const int counts[] = {0, 1, 3, 7, 8, 14, 15, 16, 17, 30};
    for (size_t i = 0; i < LENGTH(counts) - (c->method->model ? 1 : 0); i++)
        assert_lost_is_never_asked(c, space, counts[i]);
    space_release(space);
}

/* The late result comes without the note, as one of the host's. */
static void a_late_result_is_learned_from(void **state)
{
    const struct law_case *c = *state;
    struct space *space = contract_snapshot(c->entry);
    struct hand hand;
    const struct point *point;
    double loss = -2.385;
    start_hand(&hand, c, space, 14);
    OK(hand_init(&hand));
    for (int i = 0; i < 5 && hand_ask(&hand, &point) == 0; i++) {
        size_t number = hand.size - 1;
        hand_lose(&hand, number);
        if (i == 2)
            assert_true(hand_ask(&hand, &point) >= 0);
        hand.log[number].note_size = 0;
        hand_tell(&hand, number, &loss);
    }
    hand_end(&hand);
    space_release(space);
}

static const struct law laws[] = {
    LAW(a_lost_trial_is_as_if_never_asked, NULL),
    LAW(a_late_result_is_learned_from, NULL),
};

/* An argument keeps the cases whose name contains it. */
int main(int argc, char **argv)
{
    return run_laws("lost", laws, LENGTH(laws), NULL, argc > 1 ? argv[1] : "");
}
