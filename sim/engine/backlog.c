#include "backlog.h"

#include <assert.h>
#include <math.h>

double backlog_done_s(struct backlog *backlog, double rate, double now_s)
{
    assert(rate >= 0.0 && now_s >= backlog->at_s);

    backlog->waiting_s = fmax(0.0, backlog->waiting_s - rate * (now_s - backlog->at_s));
    backlog->at_s = now_s;
    return backlog->arrived_s - backlog->waiting_s;
}

void backlog_add(struct backlog *backlog, double rate, double now_s, double work_s)
{
    assert(isfinite(work_s) && work_s >= 0.0);

    backlog_done_s(backlog, rate, now_s);
    backlog->arrived_s += work_s;
    backlog->waiting_s += work_s;
}
