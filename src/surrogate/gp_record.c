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

/* Room for n elements of `width` numbers. */
static int32_t reserve_numbers(double **array, size_t *capacity, size_t n, size_t width)
{
    void *grown = *array;
    int32_t rc = mem_reserve(&grown, capacity, n, width * sizeof **array);
    *array = grown;
    return rc;
}

static int32_t reserve_result(struct gp_record *r)
{
    size_t n = r->told + 1;
    void *numbers = r->number;
    int32_t rc = reserve_numbers(&r->x, &r->x_capacity, n, r->d > 0 ? r->d : 1);
    if (rc)
        return rc;
    rc = reserve_numbers(&r->loss, &r->loss_capacity, n, 1);
    if (rc)
        return rc;
    rc = reserve_numbers(&r->error, &r->error_capacity, n, 1);
    if (rc)
        return rc;
    rc = mem_reserve(&numbers, &r->number_capacity, n, sizeof *r->number);
    r->number = numbers;
    return rc;
}

int32_t gp_record_told(struct gp_record *r, int64_t number, const double *x, double loss, double error)
{
    int32_t rc = reserve_result(r);
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
