#include "study/event.h"

#include <string.h>

const struct event_kind *const event_kinds[EVENT_KINDS] = {
    [EVENT_ENQUEUED] = &enqueued_kind,
    [EVENT_ASKED] = &asked_kind,
    [EVENT_REPORT] = &report_kind,
    [EVENT_CONSTRAINTS] = &constraints_kind,
    [EVENT_TOLD] = &told_kind,
    [EVENT_ERRORS] = &errors_kind,
    [EVENT_STOP] = &stop_kind,
    [EVENT_ATTRIBUTE] = &attribute_kind,
    [EVENT_CHECKPOINT] = &checkpoint_kind,
    [EVENT_RESTARTED] = &restarted_kind,
    [EVENT_DECLARED] = &declared_kind,
    [EVENT_UNUSED] = &unused_kind,
};

int32_t event_kind_from_name(const char *name)
{
    for (int32_t i = 0; i < EVENT_KINDS; i++)
        if (strcmp(event_kinds[i]->name, name) == 0)
            return i;
    return -1;
}
