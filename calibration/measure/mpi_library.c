#include "mpi_library.h"

#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool begins_with_any(const char *name, const char *const beginnings[])
{
    for (int i = 0; beginnings[i]; i++) {
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    }
    return false;
}

/* --- control variables ---------------------------------------------------------------------------
 */

#ifndef SMPI_H
/* Of a thousand parameters, those that choose how bytes go and where one way ends. */
static bool is_of_interest(const char *name)
{
    static const char *const whole[] = {"btl", "pml", "mtl", "coll", "osc", NULL};
    static const char *const beginnings[] = {"btl_tcp_",
                                             "btl_vader_",
                                             "btl_sm_",
                                             "btl_openib_",
                                             "btl_uct_",
                                             "btl_ofi_",
                                             "pml_ob1_",
                                             "pml_ucx_",
                                             "mtl_ofi_",
                                             "mtl_psm2_",
                                             "coll_tuned_",
                                             "coll_hcoll_enable",
                                             "coll_sm_",
                                             "mpi_yield_when_idle",
                                             "mpi_leave_pinned",
                                             "MPIR_CVAR_CH4_",
                                             "MPIR_CVAR_CH3_",
                                             "MPIR_CVAR_NEMESIS_",
                                             "MPIR_CVAR_ASYNC_PROGRESS",
                                             "MPIR_CVAR_POLLS",
                                             NULL};
    for (int i = 0; whole[i]; i++) {
        if (strcmp(name, whole[i]) == 0)
            return true;
    }
    return begins_with_any(name, beginnings);
}

/* The value of a variable of `n` elements of a type that has a JSON form; NULL: it has none. */
static json_t *read_value(MPI_T_cvar_handle handle, MPI_Datatype type, int n)
{
    union {
        int i;
        unsigned u;
        unsigned long l;
        unsigned long long ll;
        double d;
        char text[4096];
    } value;
    const bool is_text = type == MPI_CHAR;
    memset(&value, 0, sizeof value);
    if ((is_text && n >= (int)sizeof value.text) || (!is_text && n != 1) ||
        MPI_T_cvar_read(handle, &value) != MPI_SUCCESS)
        return NULL;
    if (is_text)
        return json_string(value.text);
    if (type == MPI_INT)
        return json_integer(value.i);
    if (type == MPI_UNSIGNED)
        return json_integer(value.u);
    if (type == MPI_UNSIGNED_LONG)
        return json_integer((json_int_t)value.l);
    if (type == MPI_UNSIGNED_LONG_LONG || type == MPI_COUNT)
        return json_integer((json_int_t)value.ll);
    return type == MPI_DOUBLE ? json_real(value.d) : NULL;
}

static void put_variable(json_t *parameters, int number)
{
    char name[256], description[8];
    int name_length = sizeof name, description_length = sizeof description;
    int verbosity, bind, scope, n;
    MPI_Datatype type;
    MPI_T_enum any;
    MPI_T_cvar_handle handle;
    if (MPI_T_cvar_get_info(number, name, &name_length, &verbosity, &type, &any, description,
                            &description_length, &bind, &scope) != MPI_SUCCESS ||
        bind != MPI_T_BIND_NO_OBJECT || !is_of_interest(name) ||
        MPI_T_cvar_handle_alloc(number, NULL, &handle, &n) != MPI_SUCCESS)
        return;
    json_t *value = read_value(handle, type, n);
    if (value)
        json_object_set_new(parameters, name, value);
    MPI_T_cvar_handle_free(&handle);
}

static json_t *control_variables(void)
{
    json_t *all = json_object();
    int n = 0, provided;
    if (MPI_T_init_thread(MPI_THREAD_SINGLE, &provided) != MPI_SUCCESS)
        return all;
    if (MPI_T_cvar_get_num(&n) != MPI_SUCCESS)
        n = 0;
    for (int i = 0; i < n; i++)
        put_variable(all, i);
    MPI_T_finalize();
    return all;
}
#else
/* SMPI has none. */
static json_t *control_variables(void)
{
    return json_object();
}
#endif

/* --- the environment -----------------------------------------------------------------------------
 */

/* What mpirun itself sets for its ranks is no choice of the user's. */
static bool is_users(const char *name)
{
    static const char *const kept[] = {
        "OMPI_MCA_", "PRTE_MCA_", "PMIX_MCA_", "MPICH_", "MPIR_CVAR_", "I_MPI_",
        "MV2_",      "UCX_",      "FI_",       "PSM2_",  "OMP_",       "OPENBLAS_",
        "GOTO_",     "GOMP_",     "KMP_",      "MKL_",   "VHPC_",      NULL};
    static const char *const runtime[] = {"OMPI_MCA_orte_",         "OMPI_MCA_ess_",
                                          "OMPI_MCA_initial_wdir",  "OMPI_MCA_pmix",
                                          "OMPI_MCA_shmem_RUNTIME", "OMPI_MCA_mpi_oversubscribe",
                                          "PMIX_MCA_mca_base",      NULL};
    return begins_with_any(name, kept) && !begins_with_any(name, runtime);
}

static json_t *user_variables(void)
{
    json_t *all = json_object();
    for (char **variable = environ; *variable; variable++) {
        const char *equals = strchr(*variable, '=');
        if (!equals || !is_users(*variable))
            continue;
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(equals - *variable), *variable);
        json_object_set_new(all, name, json_string(equals + 1));
    }
    return all;
}

json_t *mpi_library(void)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length, version, subversion;
    MPI_Get_library_version(text, &length);
    MPI_Get_version(&version, &subversion);
    text[strcspn(text, "\n")] = '\0';
    return json_pack("{s:s, s:o, s:o, s:o}", "library", text, "standard",
                     json_sprintf("%d.%d", version, subversion), "parameters", control_variables(),
                     "variables", user_variables());
}
