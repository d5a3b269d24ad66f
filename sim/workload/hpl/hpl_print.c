/*
 * hpl_print.c - what xhpl prints of a run.
 */
#include "hpl.h"

static const char rule[] =
    "--------------------------------------------------------------------------------";
static const char double_rule[] =
    "================================================================================";

char hpl_looking_letter(int looking)
{
    return "LCR"[looking];
}

char hpl_order_letter(int order)
{
    return "RC"[order];
}

double hpl_time_s(long n, double gflops)
{
    return hpl_gflops(n, 1.0) / gflops;
}

void hpl_print(const void *spec_, const struct scenario *scenario, int n,
               const struct metric metrics[], FILE *out)
{
    const struct hpl_spec *spec = spec_;
    const double gflops = metric_find(n, metrics, "hpl_gflops")->value;
    (void)scenario;

    fprintf(out, "%s\n", double_rule);
    fprintf(out,
            "T/V                N    NB     P     Q               Time                 Gflops\n");
    fprintf(out, "%s\n", rule);
    fprintf(out, "W%c%1d%1d%c%1d%c%1d%12ld %5d %5d %5d %18.2f     %18.4e\n",
            hpl_order_letter(spec->order), spec->depth, spec->broadcast,
            hpl_looking_letter(spec->rfact), spec->ndiv, hpl_looking_letter(spec->pfact),
            spec->nbmin, spec->n, spec->nb, spec->p, spec->q, hpl_time_s(spec->n, gflops), gflops);
    fprintf(out, "%s\n\n", double_rule);
    fprintf(out, "Finished %6d tests with the following results:\n", 1);
    fprintf(out, "         %6d tests completed without checking,\n", 1);
    fprintf(out, "         %6d tests skipped because of illegal input values.\n", 0);
    fprintf(out, "%s\n\nEnd of Tests.\n%s\n", rule, double_rule);
}
