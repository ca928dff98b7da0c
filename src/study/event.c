#include "study/event.h"

const char *const event_names[] = {"enqueued", "asked", "report", "constraints", "told", "errors"};
