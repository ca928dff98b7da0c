/* Deliveries to the host's observer and message function. */
#include "api/handles.h"
#include "study/delivery.h"

/* What the host's code gets, and what is let go when an exception passes through it. */
static void point_drop(struct afina_trial *handle)
{
    space_release(handle->point.space);
}

/* The error of an observer has its own text, when it left one. */
static void observe(struct study *study, const struct callback *observer, const struct delivery *delivery,
                    int32_t event)
{
    struct afina_trial handle __attribute__((cleanup(point_drop)));
    trial_bind(&handle, study, delivery->trial);
    uint32_t failures = fail_count();
    int32_t status = ((afina_observer)observer->function)(event, &handle, delivery->report, observer->user);
    if (!status || study_is_forked(study))
        return;
    if (status < 0 && fail_count() == failures)
        fail(status, "the observer answered %d", (int)status);
    study_keep_verdict(study, status);
}

static void say(const struct callback *message, const struct delivery *delivery)
{
    char text[FAIL_TEXT_SIZE];
    text_format(text, sizeof text, "trial %lld is %s%s: %g", (long long)delivery->trial->number,
                trial_state_name(delivery->state), delivery->is_best ? ", the best so far" : "", delivery->value);
    ((afina_message_function)message->function)(AFINA_MESSAGE_INFO, text, message->user);
}

static void deliver_one(struct study *study, const struct delivery *delivery)
{
    CALLBACK_SCOPE struct callback *message = study_message(study);
    CALLBACK_SCOPE struct callback *observer = study_observer(study);
    if (message && delivery->event == AFINA_EVENT_TOLD)
        say(message, delivery);
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
