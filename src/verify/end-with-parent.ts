/**
 * Loaded into each service process of a run (`node --import`): ends the process when the run is gone
 * and could not end it, because it was killed itself.
 */
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
