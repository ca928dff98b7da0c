#include "study/component.h"

#include "core/fail.h"
#include "core/text.h"

#include <string.h>

size_t component_count(void)
{
    return method_count() + scheduler_count() + stopper_count();
}

struct component component_at(size_t index)
{
    size_t i = index;
    if (i < method_count()) {
        const struct method *m = method_at(i);
        return (struct component){"method", m->name, m->options, m->n_options, index};
    }
    i -= method_count();
    if (i < scheduler_count()) {
        const struct scheduler *s = scheduler_at(i);
        return (struct component){"scheduler", s->name, s->options, s->n_options, index};
    }
    const struct stopper *s = stopper_at(i - scheduler_count());
    return (struct component){"stopper", s->name, s->options, s->n_options, index};
}

int component_look_up(const char *name, size_t n, struct component *out)
{
    for (size_t i = 0; i < component_count(); i++) {
        *out = component_at(i);
        if (strncmp(out->name, name, n) == 0 && out->name[n] == '\0')
            return 1;
    }
    return 0;
}

int32_t component_find(const char *name, struct component *out)
{
    enum { MOST = 128 };
    const char *names[MOST];
    size_t count = 0;
    if (component_look_up(name, strlen(name), out))
        return 0;
    for (; count < component_count() && count < MOST; count++)
        names[count] = component_at(count).name;
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        return fail(AFINA_E_NAME, "there is no method, scheduler or stopper \"%s\"; did you mean \"%s\"?", name,
                    nearest);
    return fail(AFINA_E_NAME, "there is no method, scheduler or stopper \"%s\"", name);
}

size_t component_of_method(const struct method *method)
{
    for (size_t i = 0; i < method_count(); i++)
        if (method_at(i) == method)
            return i;
    return SIZE_MAX;
}

size_t component_of_scheduler(const struct scheduler *scheduler)
{
    size_t i = 0;
    while (scheduler_at(i) != scheduler)
        i++;
    return method_count() + i;
}

size_t component_of_stopper(const struct stopper *stopper)
{
    size_t i = 0;
    while (stopper_at(i) != stopper)
        i++;
    return method_count() + scheduler_count() + i;
}
