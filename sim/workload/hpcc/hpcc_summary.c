#include "hpcc_summary.h"

#include "hpcc_parts.h"
#include "rules.h"

#include "sim/input/scenario.h"

#include <inttypes.h>

struct summary {
    const struct hpcc_spec *spec;
    struct hpcc_parts parts;
    int n_ranks;
    int n;
    const struct metric *metrics;
    FILE *out;
};

/* Lines whose values are the same in every run. */
struct line {
    const char *key, *value;
};

static void print_lines(const struct summary *summary, int n, const struct line lines[])
{
    for (int i = 0; i < n; i++)
        fprintf(summary->out, "%s=%s\n", lines[i].key, lines[i].value);
}
#define PRINT_LINES(summary, lines)                                                                \
    print_lines(summary, (int)(sizeof(lines) / sizeof *(lines)), lines)

/* The metric times `scale`; -1 where its test did not run. */
static void print_metric(const struct summary *summary, const char *key, const char *name,
                         double scale)
{
    const struct metric *metric = metric_find(summary->n, summary->metrics, name);
    fprintf(summary->out, "%s=%g\n", key, metric ? metric->value * scale : -1.0);
}

static void print_size(const struct summary *summary, const char *key, bool runs, int64_t size)
{
    fprintf(summary->out, "%s=%" PRId64 "\n", key, runs ? size : -1);
}

static void print_letter(const struct summary *summary, const char *key, char letter)
{
    fprintf(summary->out, "%s=%c\n", key, summary->spec->tests.hpl ? letter : '-');
}

static void print_program(const struct summary *summary)
{
    static const struct line lines[] = {{"VersionMajor", "1"},
                                        {"VersionMinor", "5"},
                                        {"VersionMicro", "0"},
                                        {"VersionRelease", "f"},
                                        {"LANG", "C"},
                                        {"Success", "1"},
                                        {"sizeof_char", "1"},
                                        {"sizeof_short", "2"},
                                        {"sizeof_int", "4"},
                                        {"sizeof_long", "8"},
                                        {"sizeof_void_ptr", "8"},
                                        {"sizeof_size_t", "8"},
                                        {"sizeof_float", "4"},
                                        {"sizeof_double", "8"},
                                        {"sizeof_s64Int", "8"},
                                        {"sizeof_u64Int", "8"},
                                        {"sizeof_struct_double_double", "16"}};

    PRINT_LINES(summary, lines);
    fprintf(summary->out, "CommWorldProcs=%d\n", summary->n_ranks);
    fprintf(summary->out, "MPI_Wtick=%e\n", 1e-9); /* of the simulated clock */
}

static void print_hpl(const struct summary *summary)
{
    static const struct line unknown[] = {{"HPL_eps", "1.11022e-16"}, {"HPL_RnormI", "-1"},
                                          {"HPL_Anorm1", "-1"},       {"HPL_AnormI", "-1"},
                                          {"HPL_Xnorm1", "-1"},       {"HPL_XnormI", "-1"},
                                          {"HPL_BnormI", "-1"}};
    const struct hpl_spec *hpl = &summary->spec->hpl;
    const struct metric *gflops = metric_find(summary->n, summary->metrics, "hpl_gflops");
    const bool runs = gflops != NULL;

    print_metric(summary, "HPL_Tflops", "hpl_gflops", 1e-3);
    fprintf(summary->out, "HPL_time=%g\n", runs ? hpl_time_s(hpl->n, gflops->value) : -1.0);
    PRINT_LINES(summary, unknown);
    print_size(summary, "HPL_N", runs, hpl->n);
    print_size(summary, "HPL_NB", runs, hpl->nb);
    print_size(summary, "HPL_nprow", runs, hpl->p);
    print_size(summary, "HPL_npcol", runs, hpl->q);
    print_size(summary, "HPL_depth", runs, hpl->depth);
    print_size(summary, "HPL_nbdiv", runs, hpl->ndiv);
    print_size(summary, "HPL_nbmin", runs, hpl->nbmin);
    print_letter(summary, "HPL_cpfact", hpl_looking_letter(hpl->pfact));
    print_letter(summary, "HPL_crfact", hpl_looking_letter(hpl->rfact));
    print_letter(summary, "HPL_ctop", (char)('0' + hpl->broadcast));
    print_letter(summary, "HPL_order", hpl_order_letter(hpl->order));
}

/* IEEE 754, as LAPACK's xLAMCH has it. */
static void print_machine(const struct summary *summary)
{
    static const struct line lines[] = {
        {"HPL_dMACH_EPS", "1.110223e-16"},   {"HPL_dMACH_SFMIN", "2.225074e-308"},
        {"HPL_dMACH_BASE", "2.000000e+00"},  {"HPL_dMACH_PREC", "2.220446e-16"},
        {"HPL_dMACH_MLEN", "5.300000e+01"},  {"HPL_dMACH_RND", "1.000000e+00"},
        {"HPL_dMACH_EMIN", "-1.021000e+03"}, {"HPL_dMACH_RMIN", "2.225074e-308"},
        {"HPL_dMACH_EMAX", "1.024000e+03"},  {"HPL_dMACH_RMAX", "1.797693e+308"},
        {"HPL_sMACH_EPS", "5.960464e-08"},   {"HPL_sMACH_SFMIN", "1.175494e-38"},
        {"HPL_sMACH_BASE", "2.000000e+00"},  {"HPL_sMACH_PREC", "1.192093e-07"},
        {"HPL_sMACH_MLEN", "2.400000e+01"},  {"HPL_sMACH_RND", "1.000000e+00"},
        {"HPL_sMACH_EMIN", "-1.250000e+02"}, {"HPL_sMACH_RMIN", "1.175494e-38"},
        {"HPL_sMACH_EMAX", "1.280000e+02"},  {"HPL_sMACH_RMAX", "3.402823e+38"},
        {"dweps", "1.110223e-16"},           {"sweps", "5.960464e-08"}};

    PRINT_LINES(summary, lines);
}

static void print_dgemm_and_ptrans(const struct summary *summary)
{
    const struct hpcc_tests *tests = &summary->spec->tests;
    const struct ptrans_spec *ptrans = &summary->parts.ptrans;
    const int n_processes = summary->spec->hpl.p * summary->spec->hpl.q;

    print_size(summary, "HPLMaxProcs", true, n_processes);
    print_size(summary, "HPLMinProcs", true, n_processes);
    print_size(summary, "DGEMM_N", tests->dgemm, summary->parts.star_dgemm.n);
    print_metric(summary, "StarDGEMM_Gflops", "star_dgemm_gflops", 1.0);
    print_metric(summary, "SingleDGEMM_Gflops", "single_dgemm_gflops", 1.0);
    print_metric(summary, "PTRANS_GBs", "ptrans_GBps", 1.0);
    print_metric(summary, "PTRANS_time", "ptrans_s", 1.0);
    fprintf(summary->out, "PTRANS_residual=-1\n");
    print_size(summary, "PTRANS_n", tests->ptrans, ptrans->n);
    print_size(summary, "PTRANS_nb", tests->ptrans, ptrans->nb);
    print_size(summary, "PTRANS_nprow", tests->ptrans, ptrans->p);
    print_size(summary, "PTRANS_npcol", tests->ptrans, ptrans->q);
}

/* MPIRandomAccess with one of its generators. */
struct access_names {
    const char *key;     /* its keys begin so */
    const char *metrics; /* and its metrics */
};

static void print_access_key(const struct summary *summary, const struct access_names *names,
                             const char *key)
{
    fprintf(summary->out, "%s_%s=", names->key, key);
}

static double access_metric(const struct summary *summary, const struct access_names *names,
                            const char *name)
{
    char full[64];
    snprintf(full, sizeof full, "%s_%s", names->metrics, name);
    const struct metric *metric = metric_find(summary->n, summary->metrics, full);
    return metric ? metric->value : -1.0;
}

/* The algorithm's number is HPCC's: the original one 0, RA_SANDIA_OPT2 2. Only the original one has
 * a time bound. */
static void print_mpi_access(const struct summary *summary, const struct access_names *names,
                             bool runs)
{
    const struct random_access_spec *access = &summary->parts.mpi_access;
    const bool is_original = access->algorithm == RANDOM_ACCESS_ORIGINAL;
    FILE *out = summary->out;

    print_access_key(summary, names, "N");
    fprintf(out, "%" PRId64 "\n",
            runs ? hpcc_table_words(access->hpl_memory_B, summary->n_ranks) : -1);
    print_access_key(summary, names, "time");
    fprintf(out, "%g\n", access_metric(summary, names, "gups_time_s"));
    print_access_key(summary, names, "CheckTime");
    fprintf(out, "-1\n");
    print_access_key(summary, names, "Errors");
    fprintf(out, "-1\n");
    print_access_key(summary, names, "ErrorsFraction");
    fprintf(out, "-1\n");
    print_access_key(summary, names, "ExeUpdates");
    fprintf(out, "%.0f\n", access_metric(summary, names, "gups_updates"));
    print_access_key(summary, names, "GUPs");
    fprintf(out, "%g\n", access_metric(summary, names, "gups"));
    print_access_key(summary, names, "TimeBound");
    fprintf(out, "%d\n", runs && is_original ? HPCC_TIME_BOUND_S : -1);
    print_access_key(summary, names, "Algorithm");
    fprintf(out, "%d\n", !runs ? -1 : is_original ? 0 : 2);
}

static void print_random_access(const struct summary *summary)
{
    static const struct access_names lcg = {"MPIRandomAccess_LCG", "mpi_lcg"};
    static const struct access_names polynomial = {"MPIRandomAccess", "mpi"};
    const struct hpcc_tests *tests = &summary->spec->tests;
    const int64_t n_words = hpcc_table_words(summary->parts.single_access.hpl_memory_B, 1);

    print_mpi_access(summary, &lcg, tests->random_access_lcg);
    print_mpi_access(summary, &polynomial, tests->random_access);
    print_size(summary, "RandomAccess_LCG_N", tests->random_access_lcg, n_words);
    print_metric(summary, "StarRandomAccess_LCG_GUPs", "star_lcg_gups", 1.0);
    print_metric(summary, "SingleRandomAccess_LCG_GUPs", "single_lcg_gups", 1.0);
    print_size(summary, "RandomAccess_N", tests->random_access, n_words);
    print_metric(summary, "StarRandomAccess_GUPs", "star_gups", 1.0);
    print_metric(summary, "SingleRandomAccess_GUPs", "single_gups", 1.0);
}

static void print_stream(const struct summary *summary)
{
    static const struct {
        const char *key, *metric;
    } rates[] = {
        {"StarSTREAM_Copy", "star_copy_GBps"},     {"StarSTREAM_Scale", "star_scale_GBps"},
        {"StarSTREAM_Add", "star_add_GBps"},       {"StarSTREAM_Triad", "star_triad_GBps"},
        {"SingleSTREAM_Copy", "single_copy_GBps"}, {"SingleSTREAM_Scale", "single_scale_GBps"},
        {"SingleSTREAM_Add", "single_add_GBps"},   {"SingleSTREAM_Triad", "single_triad_GBps"}};

    print_size(summary, "STREAM_VectorSize", summary->spec->tests.stream,
               summary->parts.star_stream.n_elements);
    fprintf(summary->out, "STREAM_Threads=1\n");
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        print_metric(summary, rates[i].key, rates[i].metric, 1.0);
}

static void print_fft(const struct summary *summary)
{
    const struct fft_spec *mpi = &summary->parts.mpi_fft;
    const bool runs = summary->spec->tests.fft;

    print_size(summary, "FFT_N", runs, fft_n_elements(&summary->parts.single_fft, 1));
    print_metric(summary, "StarFFT_Gflops", "star_fft_gflops", 1.0);
    print_metric(summary, "SingleFFT_Gflops", "single_fft_gflops", 1.0);
    print_size(summary, "MPIFFT_N", runs, fft_n_elements(mpi, summary->n_ranks));
    print_metric(summary, "MPIFFT_Gflops", "mpi_fft_gflops", 1.0);
    fprintf(summary->out, "MPIFFT_maxErr=-1\n");
    print_size(summary, "MPIFFT_Procs", runs, fft_n_computing(mpi, summary->n_ranks));
}

static void print_latency_and_bandwidth(const struct summary *summary)
{
    static const struct {
        const char *key, *metric;
    } rows[] = {{"MaxPingPongLatency_usec", "pingpong_latency_max_us"},
                {"RandomlyOrderedRingLatency_usec", "ring_latency_us"},
                {"MinPingPongBandwidth_GBytes", "pingpong_bandwidth_min_GBps"},
                {"NaturallyOrderedRingBandwidth_GBytes", "natural_ring_bandwidth_GBps"},
                {"RandomlyOrderedRingBandwidth_GBytes", "ring_bandwidth_GBps"},
                {"MinPingPongLatency_usec", "pingpong_latency_min_us"},
                {"AvgPingPongLatency_usec", "pingpong_latency_us"},
                {"MaxPingPongBandwidth_GBytes", "pingpong_bandwidth_max_GBps"},
                {"AvgPingPongBandwidth_GBytes", "pingpong_bandwidth_GBps"},
                {"NaturallyOrderedRingLatency_usec", "natural_ring_latency_us"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        print_metric(summary, rows[i].key, rows[i].metric, 1.0);
}

static void print_build(const struct summary *summary)
{
    static const struct line lines[] = {{"FFTEnblk", "16"},
                                        {"FFTEnp", "8"},
                                        {"FFTEl2size", "1048576"},
                                        {"M_OPENMP", "-1"},
                                        {"omp_get_num_threads", "0"},
                                        {"omp_get_max_threads", "0"},
                                        {"omp_get_num_procs", "0"},
                                        {"MemProc", "-1"},
                                        {"MemSpec", "-1"},
                                        {"MemVal", "-1"},
                                        {"MPIFFT_time0", "-1"},
                                        {"MPIFFT_time1", "-1"},
                                        {"MPIFFT_time2", "-1"},
                                        {"MPIFFT_time3", "-1"},
                                        {"MPIFFT_time4", "-1"},
                                        {"MPIFFT_time5", "-1"},
                                        {"MPIFFT_time6", "-1"},
                                        {"CPS_HPCC_FFT_235", "0"},
                                        {"CPS_HPCC_FFTW_ESTIMATE", "0"},
                                        {"CPS_HPCC_MEMALLCTR", "0"},
                                        {"CPS_HPL_USE_GETPROCESSTIMES", "0"},
                                        {"CPS_RA_SANDIA_NOPT", "0"},
                                        {"CPS_RA_SANDIA_OPT2", "0"},
                                        {"CPS_USING_FFTW", "0"}};

    PRINT_LINES(summary, lines);
}

void hpcc_summary_print(const void *spec, const struct scenario *scenario, int n,
                        const struct metric metrics[], FILE *out)
{
    const struct summary summary = {.spec = spec,
                                    .parts = hpcc_parts_of(spec),
                                    .n_ranks = platform_rank_count(scenario),
                                    .n = n,
                                    .metrics = metrics,
                                    .out = out};

    fprintf(out, "Begin of Summary section.\n");
    print_program(&summary);
    print_hpl(&summary);
    print_machine(&summary);
    print_dgemm_and_ptrans(&summary);
    print_random_access(&summary);
    print_stream(&summary);
    print_fft(&summary);
    print_latency_and_bandwidth(&summary);
    print_build(&summary);
    fprintf(out, "End of Summary section.\n");
}
