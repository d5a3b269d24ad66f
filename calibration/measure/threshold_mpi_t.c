#include "threshold_methods.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef SMPI_H /* has no MPI_T */

struct bracket threshold_mpi_t(enum raw_path path)
{
    (void)path;
    return (struct bracket){NAN, NAN};
}

#else

enum { TEXT_B = 1024 };

/* The longest header that Open MPI's byte transfer layers count among a message's bytes. */
static const double header_B = 64.0;

/* Open MPI's transports in the order of its own preference: within a system, between them. */
static const char *const local_transports[] = {"vader", "sm", NULL};
static const char *const remote_transports[] = {"usnic", "ugni", "openib", "uct", "tcp", NULL};

/* A variable's value as it lies in memory; false: there is none. */
static bool read_variable(const char *name, void *value, size_t room_B, MPI_Datatype *type)
{
    char text[TEXT_B], about[TEXT_B];
    int index, text_length = TEXT_B, about_length = TEXT_B, level, binding, scope, count, size_B;
    MPI_T_enum values;
    MPI_T_cvar_handle handle;

    if (MPI_T_cvar_get_index(name, &index) != MPI_SUCCESS ||
        MPI_T_cvar_get_info(index, text, &text_length, &level, type, &values, about, &about_length,
                            &binding, &scope) != MPI_SUCCESS ||
        MPI_T_cvar_handle_alloc(index, NULL, &handle, &count) != MPI_SUCCESS)
        return false;
    MPI_Type_size(*type, &size_B);
    const bool is_read = count >= 1 && (size_t)count * (size_t)size_B <= room_B &&
                         MPI_T_cvar_read(handle, value) == MPI_SUCCESS;
    MPI_T_cvar_handle_free(&handle);
    return is_read;
}

/* NAN: there is no such number. */
static double read_number(const char *name)
{
    union {
        int32_t of_4_B;
        int64_t of_8_B;
        char room[TEXT_B];
    } value;
    MPI_Datatype type;
    int size_B = 0;

    if (!read_variable(name, &value, sizeof value, &type) || type == MPI_CHAR)
        return NAN;
    MPI_Type_size(type, &size_B);
    return size_B == sizeof value.of_4_B   ? (double)value.of_4_B
           : size_B == sizeof value.of_8_B ? (double)value.of_8_B
                                           : NAN;
}

/* Whether the user's choice of transports ("tcp,self", "^openib", or none) has this one. */
static bool is_allowed(const char *transport)
{
    char choice[TEXT_B] = "";
    MPI_Datatype type;

    if (!read_variable("btl", choice, sizeof choice - 1, &type) || type != MPI_CHAR || !choice[0])
        return true;
    const bool is_negated = choice[0] == '^';
    const size_t length = strlen(transport);
    for (char *name = choice + is_negated; *name; name += strcspn(name, ",")) {
        name += *name == ',';
        if (strncmp(name, transport, length) == 0 && strchr(",", name[length]))
            return !is_negated;
    }
    return is_negated;
}

static double limit_of(const char *const transports[])
{
    for (int i = 0; transports[i]; i++) {
        char name[TEXT_B];
        snprintf(name, sizeof name, "btl_%s_eager_limit", transports[i]);
        const double limit_B = is_allowed(transports[i]) ? read_number(name) : NAN;
        if (limit_B > 0.0)
            return limit_B;
    }
    return NAN;
}

struct bracket threshold_mpi_t(enum raw_path path)
{
    int provided;
    double limit_B = NAN;

    if (MPI_T_init_thread(MPI_THREAD_SINGLE, &provided) != MPI_SUCCESS)
        return (struct bracket){NAN, NAN};
    if (path == RAW_SAME_DOMAIN)
        limit_B = limit_of(local_transports);
    if (isnan(limit_B))
        limit_B = limit_of(remote_transports);
    MPI_T_finalize();
    return (struct bracket){fmax(limit_B - header_B, 0.0), limit_B + 1.0};
}

#endif
