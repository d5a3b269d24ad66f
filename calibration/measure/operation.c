#include "operation.h"

#include <stddef.h>

const struct operation *const operations[] = {NULL};

const struct survey *const surveys[] = {NULL};
