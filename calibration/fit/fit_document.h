/*
 * fit_document.h - a whole fit: from datasets to profiles, and how good these are.
 */
#ifndef VHPCSIM_CALIBRATION_FIT_DOCUMENT_H
#define VHPCSIM_CALIBRATION_FIT_DOCUMENT_H

#include "held_out.h"

struct fit_options {
    const char *name; /* of the profiles; NULL: the measured host's */
    struct resampling resampling;
    int n_workers;         /* simulations at once; 0: one per processor */
    bool skips_operations; /* nothing is simulated */
    const volatile sig_atomic_t *interrupted;
    const struct profile *bases[N_FIT_PARTS]; /* to lay what is fitted over; NULL: none; borrowed */
    const char *base_source;                  /* of their parameters without a source */
};

struct fit_document {
    struct arena arena;
    struct fitted fitted;
    struct profile_set profiles;
    struct held_outs held_outs;
};

/*
 * Fits all that the dataset of bare nodes tells, and with `virtual` (NULL: none) what
 * virtualization adds; both are borrowed until the release. Without anything to make a profile of,
 * profiles.n is 0 and the notes say why. Returns 0, or a negative errno with words in `reason`
 * (-EINTR: interrupted); release the document in any case.
 */
int fit_document_make(const struct dataset *native, const struct dataset *virtual,
                      const struct fit_options *options, struct fit_document *document,
                      char *reason, size_t reason_size);
void fit_document_release(struct fit_document *document);

#endif
