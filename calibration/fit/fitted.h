/*
 * fitted.h - what is fitted of a dataset, on its way into profiles.
 *
 * Each profile is the structure that the simulator reads (models/profile.h). What was not measured
 * stays zero and is left to its default (profile_text.h); every number that is set has its
 * interval, its source and the range in which it was measured.
 */
#ifndef VHPCSIM_CALIBRATION_FITTED_H
#define VHPCSIM_CALIBRATION_FITTED_H

#include "dataset.h"
#include "dgemm_fit.h"
#include "machine.h"
#include "models/profile.h"
#include "path_fit.h"
#include "saturation.h"

/* What a user should know about a fit. */
enum note_kind {
    NOTE_MISSING, /* what could not be fitted, and what to measure for it */
    NOTE_WARNING, /* what is doubtful */
    NOTE_FACT,    /* what was found beside the parameters: a verdict */
};
enum fit_part { PART_NODE, PART_LINK, PART_MPI, PART_TECHNOLOGY, N_FIT_PARTS };
extern const char *const fit_part_names[N_FIT_PARTS + 1]; /* kinds of document, NULL at the end */

/* Of each packet, headers of IP and TCP with time stamps: the default of link profiles. */
#define PACKET_HEADER_B 52.0

struct note {
    enum note_kind kind;
    enum fit_part part;
    const char *text;
    struct note *next;
};

struct fitted {
    struct arena *arena; /* borrowed; texts here are its */
    const struct dataset *dataset;
    struct resampling resampling;
    struct machine machine;
    const char *name; /* of the profiles */
    bool has[N_FIT_PARTS];
    struct node_profile node;
    struct link_profile link;
    struct mpi_profile mpi;
    struct virt_profile technology;
    enum raw_path remote_path; /* what the link is: RAW_OTHER_HOST, or RAW_SAME_HOST where operating
                                  systems of one host were taken for nodes */
    bool has_remote, has_local;
    struct path_fit remote, local;
    bool has_dgemm, has_triad;
    struct dgemm_fit dgemm;
    struct dgemm_held_out dgemm_held_out;
    struct saturation_fit triad;
    const struct dataset *guests;   /* the virtual side; NULL: there is none */
    int n_guests_per_host, n_vcpus; /* of it */
    struct note *notes, **last_note;
};

/* The profile of a part: a structure of the document kind fit_part_names[part]. */
void *fitted_values(struct fitted *fitted, enum fit_part part);

void fitted_note(struct fitted *fitted, enum note_kind kind, enum fit_part part, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

/* A parameter from an estimate, which is not negative; without an interval where that has none, and
 * with one that stays above zero. */
struct parameter fitted_parameter(struct estimate estimate, const char *source);
/* The same, valid from `lo` to `hi`. */
struct parameter fitted_parameter_in(struct estimate estimate, const char *source, double lo,
                                     double hi);
/* An estimate and its interval cut to what the profile's field allows. */
struct estimate estimate_within(struct estimate estimate, double least, double most);
/* A value that nobody measured, with the interval in which it is assumed to be. */
struct parameter assumed_parameter(double value, double lo, double hi, const char *source);

/* dataset_source() of a slice; "measured" where there is no memory. */
const char *fitted_source(const struct fitted *fitted, const struct dataset_slice *slice,
                          const char *what);

/* The pieces of a path as profiles have them. */
void fitted_pieces(const struct path_fit *fit, const char *source, struct message_pieces *pieces);

/* The fits of the four kinds of profile. Each sets its profile and `has`, or notes what is missing.
 * Returns 0 or -ENOMEM. Of a link and an MPI library one measurement tells both. */
int fit_network(struct fitted *fitted);
void fit_mpi(struct fitted *fitted);
void fit_link(struct fitted *fitted);
int fit_node(struct fitted *fitted);

/* Notes what short messages cost in the words of LogGP, where all of it was measured; after
 * fit_mpi(). Returns 0 or -ENOMEM. */
int fit_loggp(struct fitted *fitted);

/* What the second dataset, of guests on the same nodes, adds to the first. */
int fit_technology(struct fitted *fitted, const struct dataset *virtual);

#endif
