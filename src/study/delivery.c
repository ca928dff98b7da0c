#include "study/delivery.h"

#include "core/fail.h"
#include "core/text.h"

#include <math.h>

static void translate_ending(const struct ending *ending, struct delivery *out)
{
    out->state = ending->state;
    if (ending->values)
        out->value = ending->values[0];
    if (ending->reason)
        text_format(out->reason, sizeof out->reason, "%s", ending->reason);
}

/* 1 when the host hears of an event of this kind. */
static int translate(const struct study *study, const struct event *event, struct delivery *out)
{
    *out = (struct delivery){.value = NAN};
    switch (event->kind) {
    case EVENT_ASKED:
        out->event = AFINA_EVENT_ASKED;
        break;
    case EVENT_REPORT:
        out->event = AFINA_EVENT_REPORTED;
        out->report = (int64_t)event->detail.index;
        break;
    case EVENT_TOLD:
        out->event = AFINA_EVENT_TOLD;
        break;
    default:
        return 0;
    }
    out->trial = study->trials[event->subject];
    out->state = out->trial->state;
    if (event->kind == EVENT_TOLD)
        translate_ending(event->detail.ending, out);
    return 1;
}

/* The best trial as far as the delivery has come. */
static void follow_best(struct study *study, struct delivery *delivery)
{
    if (delivery->event != AFINA_EVENT_TOLD || !study_is_better(study, delivery->trial, study->delivered_best))
        return;
    study->delivered_best = delivery->trial->number;
    delivery->is_best = 1;
}

int study_begin_delivery(struct study *study)
{
    study_lock(study);
    int begins = (study->observer || study->message) && !study->delivering && study->delivered < study->n_events;
    if (begins) {
        study->delivering = 1;
        study->deliverer = pthread_self();
    }
    study_unlock(study);
    return begins;
}

/* The lock is held. */
static void end_delivery(struct study *study)
{
    study->delivering = 0;
    pthread_cond_broadcast(&study->delivery_ended);
}

int study_next_delivery(struct study *study, struct delivery *out)
{
    int found = 0;
    study_lock(study);
    while (!found && study->delivered < study->n_events) {
        found = translate(study, &study->events[study->delivered], out);
        study->delivered++;
    }
    if (found)
        follow_best(study, out);
    else
        end_delivery(study);
    study_unlock(study);
    return found;
}

void study_abandon_delivery(struct study **guard)
{
    struct study *study = *guard;
    if (!study || study_is_forked(study))
        return;
    study_lock(study);
    end_delivery(study);
    study_unlock(study);
}

void study_wait_delivered(struct study *study)
{
    study_lock(study);
    size_t wanted = study->n_events;
    while (study->delivering && study->delivered <= wanted && !pthread_equal(study->deliverer, pthread_self()))
        wait_for(&study->delivery_ended, &study->lock);
    study_unlock(study);
}

static struct callback *take(struct study *study, struct callback *const *callback)
{
    study_lock(study);
    struct callback *counted = callback_reference(*callback);
    study_unlock(study);
    return counted;
}

struct callback *study_observer(struct study *study)
{
    return take(study, &study->observer);
}

struct callback *study_message(struct study *study)
{
    return take(study, &study->message);
}

/* A new observer gets the events after its setting. */
static int32_t set(struct study *study, struct callback **place, void (*function)(void), void *user,
                   afina_release release)
{
    struct callback *fresh;
    int32_t rc = callback_new(&fresh, function, user, release);
    if (rc)
        return rc;
    study_lock(study);
    struct callback *old = *place;
    if (!study->observer && !study->message) {
        study->delivered = study->n_events;
        study->delivered_best = study->best;
    }
    *place = fresh;
    study_unlock(study);
    callback_release(old);
    return 0;
}

int32_t study_set_observer(struct study *study, afina_observer observer, void *user, afina_release release)
{
    return set(study, &study->observer, (void (*)(void))observer, user, release);
}

int32_t study_set_message(struct study *study, afina_message_function function, void *user, afina_release release)
{
    return set(study, &study->message, (void (*)(void))function, user, release);
}

static void keep_answer(struct study *study, int32_t status)
{
    study_lock(study);
    if (!study->answer) {
        study->answer = status;
        text_format(study->answer_text, sizeof study->answer_text, "%s", fail_text());
    }
    study_unlock(study);
}

/* The error of a callback has its own text, when it left one. */
void study_keep_answer(struct study *study, const char *who, int32_t answer, uint32_t failures)
{
    if (answer == AFINA_OK || study_is_forked(study))
        return;
    if (answer > 0 && answer != AFINA_CANCELLED)
        answer = fail(AFINA_E_CALLBACK, "%s answered %d; it may answer AFINA_OK (0), AFINA_CANCELLED (4) or an error",
                      who, (int)answer);
    else if (answer < 0 && fail_count() == failures)
        fail(answer, "%s answered %d", who, (int)answer);
    keep_answer(study, answer);
}

int32_t study_take_answer(struct study *study)
{
    char text[FAIL_TEXT_SIZE];
    study_lock(study);
    int32_t status = study->answer;
    study->answer = 0;
    if (status)
        text_format(text, sizeof text, "%s", study->answer_text);
    study_unlock(study);
    return status < 0 ? fail(status, "%s", text) : status;
}
