#include "options.h"

#include "sim/command.h"
#include "sim/command_line.h"
#include "sim/config.h"
#include "sim/input/suggest.h"
#include "sim/input/unit.h"

#include <fcntl.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum {
    KEY_QUICK = 0x100,
    KEY_FULL,
    KEY_BUDGET,
    KEY_DISK,
    KEY_ONLY,
    KEY_LARGEST,
    KEY_LABEL,
    KEY_SEED,
    KEY_LIST,
    KEY_FORCE,
    KEY_PATIENCE
}; /* no letter: long options only */

static const char thresholds_name[] = "thresholds";

/* Of one launch: a calibration has three of them, or a single quick one. */
static const double budgets_s[] = {[QUICK] = 120.0, [USUAL] = 300.0, [FULL] = 1200.0};
static const double largest_B[] = {[QUICK] = 1 << 22, [USUAL] = 1 << 24, [FULL] = 1 << 26};
static const double usual_patience_s = 60.0;

static const struct argp_option rows[] = {
    {NULL, 0, NULL, 0, "How thorough:", 1},
    {"quick", KEY_QUICK, NULL, 0, "In two minutes, with fewer sizes of messages", 1},
    {"full", KEY_FULL, NULL, 0, "In 20 minutes, with more sizes", 1},
    {"budget", KEY_BUDGET, "TIME", 0,
     "End after TIME, such as 90s or 15min, if medians are not known well enough before (default: "
     "5 min)",
     1},
    {"largest-message", KEY_LARGEST, "SIZE", 0,
     "Measure messages up to SIZE, such as 64MiB: the largest of the programs to predict "
     "(default: 16 MiB; with --quick 4, with --full 64)",
     1},
    {"only", KEY_ONLY, "NAME,...", 0, "These operations alone; --list tells their names", 1},
    {"disk", KEY_DISK, "DIR", 0, "Also measure the disk that DIR is on", 1},
    {"seed", KEY_SEED, "N", 0,
     "Choose sizes and orders at random from N (default: 1, or that of FILE)", 1},
    {NULL, 0, NULL, 0, "What becomes of it:", 2},
    {"output", 'o', "FILE", 0, "Append raw times to FILE, which `vhpcsim fit` reads", 2},
    {"label", KEY_LABEL, "NAME", 0, "Call the launch NAME in FILE", 2},
    {"list", KEY_LIST, NULL, 0, "Measure nothing; tell what would be, and how long it takes", 2},
    {"quiet", 'q', NULL, 0, "Show no progress", 2},
    {NULL, 0, NULL, 0, "In trouble:", 3},
    {"force", KEY_FORCE, NULL, 0, "Measure although ranks are placed in a way that spoils it", 3},
    {"patience", KEY_PATIENCE, "TIME", 0,
     "Wait TIME for ranks that do not answer, or more for what takes long (default: 60 s)", 3},
    {"version", 'V', NULL, 0, "Print the versions of the program and its libraries", -1},
    {NULL, 0, NULL, 0, NULL, 0}};

static const char text[] =
    "Measures what messages, computing, memory and disks cost on this cluster, and appends the "
    "times to a file from which `vhpcsim fit` makes profiles."
    "\v"
    "Start it as any MPI program, one rank a core, and nothing else on the machines:\n"
    "\n"
    "    mpirun -n 2 --map-by node --bind-to core vhpc-measure -o cluster.raw\n"
    "    vhpcsim fit cluster.raw -o profiles\n"
    "\n"
    "Each call is one launch; three of them on one FILE tell how much launches differ, and "
    "vhpc-calibrate makes them. A launch visits all operations and sizes again and again in an "
    "order that changes, until medians are known to 2 % (in guests 5 %) or the budget is used up.  "
    "Whoever stops it, or kills it, loses the visit under way: the same command goes on where "
    "it was.\n"
    "\n"
    "Guests cannot know whom they share their machine with: set VHPC_HOST to the name of the "
    "physical host on each rank, and ranks of one host are told from those of others.\n"
    "\n"
    "Exit status: 0 done; 1 a rank died or did not answer, or the machine was refused; 64 the "
    "command line; 65 FILE is damaged; 66 FILE cannot be read; 73 FILE cannot be written; 130 "
    "interrupted.";

/* --- values --------------------------------------------------------------------------------- */

static double read_quantity(const struct argp_state *state, const char *option,
                            enum dimension dimension, const char *word, double least, double most)
{
    struct unit_problem problem;
    double value;
    char low[QUANTITY_TEXT_B], high[QUANTITY_TEXT_B];
    if (!unit_parse(dimension, word, &value, &problem))
        argp_error(state, "%s: %s%s%s", option, problem.message, *problem.hint ? "; " : "",
                   problem.hint);
    unit_format(dimension, least, low);
    unit_format(dimension, most, high);
    if (value < least || value > most)
        argp_error(state, "%s must be from %s to %s, not %s", option, low, high, word);
    return value;
}

static int list_names(const char *names[])
{
    int n = 0;
    for (int i = 0; operations[i]; i++)
        names[n++] = raw_operation_names[operations[i]->kind];
    for (int i = 0; surveys[i]; i++)
        names[n++] = surveys[i]->name;
    names[n++] = thresholds_name;
    return n;
}

/* Adds the names of a list that commas part. */
static void read_only(struct options *options, const struct argp_state *state, const char *word)
{
    enum { MAX_NAMES = 64 };
    const char *names[MAX_NAMES];
    const int n = list_names(names);
    char *list = strdup(word), *rest = list;
    if (!list)
        abort();
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        int i = 0;
        while (i < n && strcmp(names[i], name) != 0)
            i++;
        if (i == n)
            command_line_unknown(state->name, "operation", name, (size_t)n, names);
        options->only =
            reallocarray(options->only, (size_t)options->n_only + 1, sizeof *options->only);
        if (!options->only)
            abort();
        options->only[options->n_only++] = strdup(name);
    }
    free(list);
}

static void print_versions(void)
{
    char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    MPI_Get_library_version(library, &length);
    library[strcspn(library, ",\n")] = '\0';
    printf("vhpc-measure %s\n%s, hwloc %s, zstd %s, jansson %s\n", VHPCSIM_VERSION, library,
           HWLOC_VERSION, ZSTD_VERSION_STRING, JANSSON_VERSION);
    exit(EXIT_DONE);
}

static void set_thoroughness(struct options *options, struct argp_state *state,
                             enum thoroughness thoroughness)
{
    if (options->thoroughness != USUAL && options->thoroughness != thoroughness)
        argp_error(state, "--quick and --full exclude each other");
    options->thoroughness = thoroughness;
}

static void check(struct options *options, struct argp_state *state)
{
    if (!options->output && !options->is_list)
        argp_error(state, "say with -o FILE where the times go");
    if (options->budget_s <= 0.0)
        options->budget_s = budgets_s[options->thoroughness];
    if (options->largest_message_B <= 0.0)
        options->largest_message_B = largest_B[options->thoroughness];
}

static error_t read_option(int key, char *word, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_QUICK:
        set_thoroughness(options, state, QUICK);
        break;
    case KEY_FULL:
        set_thoroughness(options, state, FULL);
        break;
    case KEY_BUDGET:
        options->budget_s = read_quantity(state, "--budget", DIMENSION_TIME, word, 1.0, 1e6);
        break;
    case KEY_PATIENCE:
        options->patience_s = read_quantity(state, "--patience", DIMENSION_TIME, word, 1.0, 1e6);
        break;
    case KEY_LARGEST:
        options->largest_message_B =
            read_quantity(state, "--largest-message", DIMENSION_BYTES, word, 1.0, 1 << 30);
        break;
    case KEY_DISK:
        options->disk_folder = word;
        break;
    case KEY_ONLY:
        read_only(options, state, word);
        break;
    case KEY_LABEL:
        options->label = word;
        break;
    case KEY_SEED:
        options->seed = (unsigned long)command_line_count(state, "--seed", word, 0, 1L << 53);
        options->has_seed = true;
        break;
    case KEY_LIST:
        options->is_list = true;
        break;
    case KEY_FORCE:
        options->is_forced = true;
        break;
    case 'o':
        options->output = word;
        break;
    case 'q':
        options->is_quiet = true;
        break;
    case 'V':
        print_versions();
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument \"%s\"", word);
        break;
    case ARGP_KEY_END:
        check(options, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* --- reading -------------------------------------------------------------------------------- */

/* Whoever starts ranks says in the environment which each is. */
static bool is_first_rank(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK",
                                        "SLURM_PROCID"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *rank = getenv(names[i]);
        if (rank)
            return strcmp(rank, "0") == 0;
    }
    return true;
}

/* Returns what `stream` was, to be given back. */
static int silence(FILE *stream)
{
    fflush(stream);
    const int kept = dup(fileno(stream)), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, fileno(stream));
    close(nowhere);
    return kept;
}

static void give_back(FILE *stream, int kept)
{
    fflush(stream);
    dup2(kept, fileno(stream));
    close(kept);
}

void options_read(struct options *options, int argc, char *argv[])
{
    static const struct argp argp = {rows, read_option, NULL, text, NULL, NULL, NULL};
    static char name[] = "vhpc-measure";
    *options = (struct options){.thoroughness = USUAL, .seed = 1, .patience_s = usual_patience_s};
    argv[0] = name;
    if (is_first_rank()) {
        command_line_parse(&argp, 0, argc, argv, options);
        return;
    }
    const int out = silence(stdout), err = silence(stderr);
    command_line_parse(&argp, 0, argc, argv, options);
    give_back(stdout, out);
    give_back(stderr, err);
}

void options_release(struct options *options)
{
    for (int i = 0; i < options->n_only; i++)
        free(options->only[i]);
    free(options->only);
}

bool options_want(const struct options *options, const char *name)
{
    for (int i = 0; i < options->n_only; i++)
        if (strcmp(options->only[i], name) == 0)
            return true;
    return options->n_only == 0;
}

const char *thoroughness_name(enum thoroughness thoroughness)
{
    static const char *const names[] = {[QUICK] = "quick", [USUAL] = "usual", [FULL] = "full"};
    return names[thoroughness];
}

json_t *options_json(const struct options *options)
{
    json_t *only = json_array();
    for (int i = 0; i < options->n_only; i++)
        json_array_append_new(only, json_string(options->only[i]));
    return json_pack("{s:s, s:f, s:f, s:o, s:s*, s:s*}", "preset",
                     thoroughness_name(options->thoroughness), "budget_s", options->budget_s,
                     "largest_message_B", options->largest_message_B, "only", only, "disk",
                     options->disk_folder, "label", options->label);
}
