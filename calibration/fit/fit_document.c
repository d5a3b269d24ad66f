#include "fit_document.h"

#include "profile_overlay.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A name that is a plain word wherever it stands. */
static const char *plain_name(struct arena *arena, const char *name)
{
    char *plain = arena_copy(arena, name, strlen(name));
    for (char *at = plain; at && *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '-' && *at != '.' && *at != '_')
            *at = '-';
    return plain;
}

static const char *default_name(const struct fitted *fitted)
{
    if (fitted->machine.name[0])
        return fitted->machine.name;
    return fitted->dataset->n_names > 0 ? fitted->dataset->names[0] : "measured";
}

static int fit_all(struct fitted *fitted, const struct dataset *virtual)
{
    int status = fit_network(fitted);
    if (status != 0)
        return status;
    fit_mpi(fitted);
    fit_link(fitted);
    status = fit_loggp(fitted);
    if (status == 0)
        status = fit_node(fitted);
    return status == 0 && virtual ? fit_technology(fitted, virtual) : status;
}

/* Means that others have printed differ by this much from those of another day or placement. */
static const double imported_spread = 0.1;

/* Widens what others have measured, and fills what was not measured from the user's profiles. */
static void settle_parts(struct fitted *fitted, const struct fit_options *options)
{
    for (int part = 0; part < N_FIT_PARTS; part++) {
        void *values = fitted_values(fitted, (enum fit_part)part);
        if (dataset_is_imported(fitted->dataset))
            profile_widen(document_kind_by_name(fit_part_names[part]), imported_spread, values);
        if (options->bases[part]) {
            profile_overlay(options->bases[part], options->base_source, values);
            fitted->has[part] = true;
        }
    }
}

/* --- simulations of what was written ------------------------------------------------------------
 */

static void remove_folder(const struct profile_set *profiles, const char *folder)
{
    char *path;
    for (int i = 0; i < profiles->n; i++)
        if (asprintf(&path, "%s/%s", folder, profiles->files[i].name) >= 0) {
            unlink(path);
            free(path);
        }
    rmdir(folder);
}

/* Profiles are simulated from files, as the user will, before the user's own are touched. */
static int simulate(struct fit_document *document, const struct fit_options *options, char *reason,
                    size_t reason_size)
{
    const char *temporary = getenv("TMPDIR");
    char *folder = NULL;
    if (asprintf(&folder, "%s/vhpcsim-fit-XXXXXX", temporary ? temporary : "/tmp") < 0)
        return -ENOMEM;
    int status = mkdtemp(folder) ? 0 : -errno;
    snprintf(reason, reason_size, "cannot make a folder beside %s: %s", folder, strerror(-status));
    if (status == 0) {
        status = profile_set_write(&document->profiles, folder, reason, reason_size);
        if (status == 0)
            status = held_out_operations(&document->fitted, folder, options->n_workers,
                                         options->interrupted, &document->held_outs, reason,
                                         reason_size);
        remove_folder(&document->profiles, folder);
    }
    free(folder);
    return status;
}

/* A layout that the simulator refuses is no failure of the fit. */
static int hold_out_operations(struct fit_document *document, const struct fit_options *options,
                               char *reason, size_t reason_size)
{
    if (options->skips_operations || !document->profiles.has_scenario)
        return 0;
    const int status = simulate(document, options, reason, reason_size);
    if (status != -EINVAL && status != -EDOM)
        return status;
    fitted_note(&document->fitted, NOTE_WARNING, PART_MPI, "no operation was simulated: %s",
                reason);
    return 0;
}

int fit_document_make(const struct dataset *native, const struct dataset *virtual,
                      const struct fit_options *options, struct fit_document *document,
                      char *reason, size_t reason_size)
{
    *document = (struct fit_document){.arena = {NULL, false}};
    struct fitted *fitted = &document->fitted;
    fitted->arena = &document->arena;
    fitted->dataset = native;
    fitted->resampling = options->resampling;
    fitted->machine = machine_read(dataset_environment(native));
    fitted->name =
        plain_name(&document->arena, options->name ? options->name : default_name(fitted));
    if (!fitted->name)
        return -ENOMEM;
    int status = fit_all(fitted, virtual);
    if (status == 0)
        settle_parts(fitted, options);
    if (status == 0)
        status = profile_set_make(fitted, &document->profiles);
    if (status == 0)
        status = held_out_fits(fitted, &document->held_outs);
    if (status == 0)
        status = hold_out_operations(document, options, reason, reason_size);
    return status == 0 && document->arena.failed ? -ENOMEM : status;
}

void fit_document_release(struct fit_document *document)
{
    profile_set_release(&document->profiles);
    arena_release(&document->arena);
}
