#include "profile_set.h"

#include "profile_text.h"
#include "sim/result/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_B = 4096 };

static const char *const file_names[N_FIT_PARTS] = {"node.yaml", "link.yaml", "mpi.yaml",
                                                    "technology.yaml"};

/* --- heads --------------------------------------------------------------------------------------
 */

static const char *subject(enum fit_part part)
{
    static const char *const subjects[N_FIT_PARTS] = {"A node", "A link", "An MPI library",
                                                      "A virtualization technology"};
    return subjects[part];
}

static const char *head_of(const struct fitted *fitted, enum fit_part part)
{
    const struct machine *machine = &fitted->machine;
    if (dataset_is_imported(fitted->dataset))
        return arena_format(fitted->arena,
                            "%s, made by vhpcsim import of what other benchmarks have printed; "
                            "\"imported\" in a source says which. All else is the profile's that "
                            "it was merged into.",
                            subject(part));
    const char *of_guest =
        machine->is_guest && part != PART_TECHNOLOGY
            ? " The machine is itself virtualized: this describes the guest as if it were a node, "
              "with all that its host adds."
            : "";
    return arena_format(
        fitted->arena,
        "%s, fitted by vhpcsim fit to what vhpc-measure has measured%s%s%s.%s "
        "Values have the interval in which the true one lies with 95 %%; what is "
        "not here was not measured and stays at its default.",
        subject(part), machine->name[0] ? " on " : "", machine->name,
        machine->is_guest ? arena_format(fitted->arena, " (%s)", machine->layer) : "", of_guest);
}

/* --- the scenario -------------------------------------------------------------------------------
 */

struct fit_layout fitted_layout(const struct fitted *fitted, bool is_virtual)
{
    const struct dataset *dataset = is_virtual ? fitted->guests : fitted->dataset;
    const json_t *ranks = json_object_get(dataset_launch_text(dataset), "ranks");
    const int n_ranks = (int)json_array_size(ranks);
    const bool are_systems_nodes = !is_virtual && fitted->remote_path == RAW_SAME_HOST;
    const int n_nodes = are_systems_nodes ? dataset->n_domains : dataset->n_hosts;
    return (struct fit_layout){n_ranks > 0 ? n_ranks : 1, n_nodes > 0 ? n_nodes : 1};
}

/* Guests of a node, and vCPUs of each, as they were when the technology was measured. */
static void print_guests(const struct fitted *fitted, const char *folder, FILE *out)
{
    const int n_guests = fitted->n_guests_per_host > 0 ? fitted->n_guests_per_host : 1;
    const int n_vcpus = fitted->n_vcpus > 0 ? fitted->n_vcpus : 1;
    fprintf(out,
            "virtualization:\n  technology: %stechnology.yaml\n  vms_per_node: %d\n"
            "  vcpus: %d\n",
            folder, n_guests, n_vcpus);
}

void scenario_cluster_print(const struct fitted *fitted, const char *folder, bool is_virtual,
                            FILE *out)
{
    const struct fit_layout layout = fitted_layout(fitted, is_virtual);
    fprintf(out, "cluster:\n  nodes: %d\n  node: %snode.yaml\n", layout.n_nodes, folder);
    if (fitted->has[PART_LINK])
        fprintf(out, "  link: %slink.yaml\n", folder);
    else
        fputs("  link: ethernet-10g # not measured, and not used by one node\n", out);
    if (is_virtual)
        print_guests(fitted, folder, out);
    fprintf(out, "mpi: %smpi.yaml\n", folder);
}

static void print_scenario(const struct fitted *fitted, FILE *out)
{
    fputs("# The ping-pong of what was measured, predicted from the fitted profiles: vhpcsim run "
          "scenario.yaml\n"
          "# Change nodes, ranks and workload to what you want to know (vhpcsim list workloads).\n"
          "schema: vhpcsim-scenario/1\n",
          out);
    fprintf(out, "title: osu_latency on %s\n", fitted->name);
    scenario_cluster_print(fitted, "", fitted->has[PART_TECHNOLOGY], out);
    fputs("ranks: 2\nmapping: cyclic\nworkload: {kind: osu, test: latency}\n"
          "run: {replications: 10, seed: 1}\n",
          out);
}

/* --- texts --------------------------------------------------------------------------------------
 */

static FILE *begin(struct profile_set *set, const char *name)
{
    struct profile_file *file = &set->files[set->n];
    *file = (struct profile_file){.name = name};
    FILE *out = open_memstream(&file->text, &file->size);
    set->n += out != NULL;
    return out;
}

/* Notes why the simulator refuses a profile. */
struct refusal {
    struct fitted *fitted;
    enum fit_part part;
};

static void note_refusal(const struct diagnostic *diagnostic, void *user)
{
    const struct refusal *refusal = user;
    fitted_note(refusal->fitted, NOTE_MISSING, refusal->part,
                "what was measured is no machine's: %s", diagnostic->message);
}

/* Reads the last file back, or takes it away. */
static int read_back(struct fitted *fitted, enum fit_part part, struct profile_set *set)
{
    struct profile_file *file = &set->files[set->n - 1];
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return -ENOMEM;
    int status = profile_read_text(document_kind_by_name(fit_part_names[part]), file->name,
                                   file->text, file->size, diagnostics, &set->profiles[part]);
    if (status == -EINVAL) {
        struct refusal refusal = {fitted, part};
        diagnostics_each(diagnostics, SEVERITY_ERROR, note_refusal, &refusal);
        fitted->has[part] = false;
        free(file->text);
        set->n--;
        status = 0;
    }
    diagnostics_free(diagnostics);
    return status;
}

static int add_profile(struct fitted *fitted, enum fit_part part, struct profile_set *set)
{
    const char *head = head_of(fitted, part);
    FILE *out = head ? begin(set, file_names[part]) : NULL;
    if (!out)
        return -ENOMEM;
    profile_text_print(document_kind_by_name(fit_part_names[part]), fitted_values(fitted, part),
                       head, out);
    return fclose(out) == 0 ? read_back(fitted, part, set) : -ENOMEM;
}

static int add_scenario(const struct fitted *fitted, struct profile_set *set)
{
    FILE *out = begin(set, "scenario.yaml");
    if (!out)
        return -ENOMEM;
    print_scenario(fitted, out);
    set->has_scenario = true;
    return fclose(out) == 0 ? 0 : -ENOMEM;
}

int profile_set_make(struct fitted *fitted, struct profile_set *set)
{
    int status = 0;
    *set = (struct profile_set){0};
    for (int part = 0; part < N_FIT_PARTS && status == 0; part++)
        if (fitted->has[part])
            status = add_profile(fitted, (enum fit_part)part, set);
    if (status == 0 && fitted->has[PART_NODE] && fitted->has[PART_MPI] &&
        fitted_layout(fitted, fitted->has[PART_TECHNOLOGY]).n_ranks > 1)
        status = add_scenario(fitted, set);
    return status;
}

void profile_set_release(struct profile_set *set)
{
    for (int i = 0; i < set->n; i++)
        free(set->files[i].text);
    for (int part = 0; part < N_FIT_PARTS; part++)
        profile_free(set->profiles[part]);
    *set = (struct profile_set){0};
}

const struct profile_file *profile_set_file(const struct profile_set *set, enum fit_part part)
{
    for (int i = 0; i < set->n; i++)
        if (strcmp(set->files[i].name, file_names[part]) == 0)
            return &set->files[i];
    return NULL;
}

int profile_set_write(const struct profile_set *set, const char *folder, char *path,
                      size_t path_size)
{
    snprintf(path, path_size, "%s", folder);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return -errno;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < set->n; i++) {
            const struct profile_file *file = &set->files[i];
            snprintf(path, path_size, "%s/%s", folder, file->name);
            const int status =
                pass == 0 ? output_check(path) : output_write(path, file->text, file->size);
            if (status != 0)
                return status;
        }
    return 0;
}
