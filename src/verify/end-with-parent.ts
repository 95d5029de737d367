/**
 * Loaded into each service process of a run (`node --import`): ends the process when the run was
 * killed itself and could not end it.
 */
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
