/* Deliveries to the host's observer and message function. */
#include "api/handles.h"
#include "study/delivery.h"

#include <math.h>

/* What the host's code gets, and what is let go when an exception passes through it. */
static void point_drop(struct afina_trial *handle)
{
    space_release(handle->point.space);
}

static void observe(struct study *study, const struct callback *observer, const struct delivery *delivery,
                    int32_t event)
{
    struct afina_trial handle __attribute__((cleanup(point_drop)));
    trial_bind(&handle, study, delivery->trial);
    uint32_t failures = fail_count();
    int32_t status = ((afina_observer)observer->function)(event, &handle, delivery->report, observer->user);
    study_keep_answer(study, "the observer", status, failures);
}

/* "trial 3 is complete, the best so far: 2.385", "trial 4 has failed: out of memory". */
static void write_ending(const struct delivery *delivery, char *text, size_t size)
{
    char result[FAIL_TEXT_SIZE];
    text_format(result, sizeof result, "%s", delivery->reason);
    if (!isnan(delivery->value))
        text_format(result, sizeof result, "%g", delivery->value);
    text_format(text, size, "trial %lld %s %s%s%s%s", (long long)delivery->trial->number,
                delivery->state == AFINA_STATE_FAILED ? "has" : "is", trial_state_name(delivery->state),
                delivery->is_best ? ", the best so far" : "", result[0] ? ": " : "", result);
}

static void say(struct study *study, const struct callback *message, const struct delivery *delivery)
{
    char text[FAIL_TEXT_SIZE];
    write_ending(delivery, text, sizeof text);
    uint32_t failures = fail_count();
    int32_t answer = ((afina_message_function)message->function)(AFINA_MESSAGE_INFO, text, message->user);
    study_keep_answer(study, "the message function", answer, failures);
}

static void deliver_one(struct study *study, const struct delivery *delivery)
{
    CALLBACK_SCOPE struct callback *message = study_message(study);
    CALLBACK_SCOPE struct callback *observer = study_observer(study);
    if (message && delivery->event == AFINA_EVENT_TOLD)
        say(study, message, delivery);
    if (observer && !study_is_forked(study))
        observe(study, observer, delivery, delivery->event);
    if (observer && delivery->is_best && !study_is_forked(study))
        observe(study, observer, delivery, AFINA_EVENT_BEST);
}

static void let_go(struct study **kept)
{
    study_release(*kept);
}

void deliver(struct study *study)
{
    struct delivery delivery;
    if (!study_begin_delivery(study))
        return;
    struct study *kept __attribute__((cleanup(let_go))) = study_reference(study); /* the host may free the optimizer */
    DELIVERY_GUARD struct study *guard = kept;
    while (study_next_delivery(kept, &delivery)) {
        deliver_one(kept, &delivery);
        if (study_is_forked(kept))
            break;
    }
    guard = NULL;
}

int32_t delivered(struct study *study, int32_t rc)
{
    if (!rc)
        deliver(study);
    return rc;
}

int32_t afina_optimizer_set_observer(afina_optimizer *optimizer, afina_observer observer, void *user,
                                     afina_release release)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    return rc ? rc : study_set_observer(optimizer->study, observer, user, release);
}
