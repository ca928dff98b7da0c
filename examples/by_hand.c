/* Trial and error, and results from elsewhere: points chosen by hand come first,
 * and the method learns from all of them. No callback: ask, evaluate, tell. */
#include <afina.h>

#include <stdio.h>

static double evaluate(const afina_point *point)
{
    double x, y;
    afina_point_get_real(point, "x", &x);
    afina_point_get_real(point, "y", &y);
    return (x - 1) * (x - 1) + 100 * (y - x * x) * (y - x * x);
}

static int complain(void)
{
    fprintf(stderr, "%s\n", afina_last_error());
    return 1;
}

int main(void)
{
    afina_space *space;
    afina_optimizer *optimizer;
    afina_point *guess;
    afina_trial *trial;
    double value = 24.2;
    size_t n;

    afina_space_new(&space);
    afina_space_add_real(space, "x", -2, 2, AFINA_SCALE_LINEAR);
    afina_space_add_real(space, "y", -2, 2, AFINA_SCALE_LINEAR);
    if (afina_optimizer_new(&optimizer, space, "gp"))
        return complain();
    afina_optimizer_set_integer(optimizer, "seed", 7);

    /* Yesterday's result. */
    afina_point_new(&guess, space);
    afina_point_set_real(guess, "x", -1.2);
    afina_point_set_real(guess, "y", 1);
    if (afina_add_trial(optimizer, guess, AFINA_STATE_COMPLETE, &value, 1, NULL))
        return complain();

    /* Today's hunch. */
    afina_point_set_real(guess, "x", 0.5);
    afina_point_set_real(guess, "y", 0.5);
    if (afina_enqueue(optimizer, guess))
        return complain();

    for (int i = 0; i < 25; i++) {
        if (afina_ask(optimizer, &trial))
            return complain();
        value = evaluate(afina_trial_point(trial));
        if (afina_tell(optimizer, afina_trial_number(trial), &value, 1))
            return complain();
        afina_trial_free(trial);
    }
    if (afina_best(optimizer, &trial))
        return complain();
    afina_trial_values(trial, &value, 1, &n);
    printf("best: %g in trial %lld\n", value, (long long)afina_trial_number(trial));

    afina_trial_free(trial);
    afina_point_free(guess);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
    return 0;
}
