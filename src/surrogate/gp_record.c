#include "surrogate/gp_record.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

void gp_record_init(struct gp_record *r, size_t d)
{
    *r = (struct gp_record){.d = d, .first_known = SIZE_MAX};
}

void gp_record_fini(struct gp_record *r)
{
    for (size_t i = 0; i < r->n_pending; i++)
        mem_free(r->pending[i].x);
    mem_free(r->pending);
    mem_free(r->x);
    mem_free(r->loss);
    mem_free(r->error);
    mem_free(r->number);
    *r = (struct gp_record){0};
}

int32_t gp_record_asked(struct gp_record *r, int64_t number, const double *x)
{
    double *copy = mem_copy(x, r->d, sizeof *x);
    if (!copy)
        return fail_memory();
    void *pending = r->pending;
    int32_t rc = mem_reserve(&pending, &r->pending_capacity, r->n_pending + 1, sizeof *r->pending);
    r->pending = pending;
    if (rc) {
        mem_free(copy);
        return rc;
    }
    r->pending[r->n_pending++] = (struct gp_pending){number, copy};
    return 0;
}

void gp_record_forget(struct gp_record *r, int64_t number)
{
    for (size_t i = 0; i < r->n_pending; i++) {
        if (r->pending[i].number != number)
            continue;
        mem_free(r->pending[i].x);
        memmove(r->pending + i, r->pending + i + 1, (r->n_pending - i - 1) * sizeof *r->pending);
        r->n_pending--;
        return;
    }
}

int32_t gp_record_told(struct gp_record *r, int64_t number, const double *x, double loss, double error)
{
    void *rows = r->x, *losses = r->loss, *errors = r->error, *numbers = r->number;
    int32_t rc = mem_reserve(&rows, &r->x_capacity, r->told + 1, (r->d > 0 ? r->d : 1) * sizeof *r->x);
    r->x = rows;
    if (!rc)
        rc = mem_reserve(&losses, &r->loss_capacity, r->told + 1, sizeof *r->loss);
    r->loss = losses;
    if (!rc)
        rc = mem_reserve(&errors, &r->error_capacity, r->told + 1, sizeof *r->error);
    r->error = errors;
    if (!rc)
        rc = mem_reserve(&numbers, &r->number_capacity, r->told + 1, sizeof *r->number);
    r->number = numbers;
    if (rc)
        return rc;
    memcpy(r->x + r->told * r->d, x, r->d * sizeof *x);
    r->number[r->told] = number;
    r->error[r->told] = error;
    if (r->first_known == SIZE_MAX && !isnan(error))
        r->first_known = r->told;
    r->loss[r->told++] = loss;
    gp_record_forget(r, number);
    return 0;
}

int gp_record_knows(const struct gp_record *r, size_t n)
{
    return r->first_known < n;
}
