/*
 * engine_run.h - one simulation in a process of its own, for tests of engines and programs.
 */
#ifndef VHPCSIM_TEST_ENGINE_RUN_H
#define VHPCSIM_TEST_ENGINE_RUN_H

#include "sim/engine/engine.h"

/*
 * Runs one simulation in a forked worker, so that nothing that the engine's library
 * does can end this process: its death, its abort and its messages become `error` (-EIO). Other
 * errors are those of engine->run and of pool_run(), with the reason in `error` too. Release the
 * outcome.
 */
int engine_run(const struct engine *engine, const struct platform *platform,
               const struct program *program, const struct engine_options *options,
               struct outcome *outcome, char *error, size_t error_size);

#endif
