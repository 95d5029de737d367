import module from 'node:module';

// Preloaded by a service: writes each module of OpenTelemetry that it loads, in any thread.
module.registerHooks({
  load: (url, context, next) => {
    if (url.includes('@opentelemetry')) process.stderr.write(`loaded ${url}\n`);
    return next(url, context);
  },
});
