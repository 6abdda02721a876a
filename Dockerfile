# One image for the API and the worker. Node runs the sources and strips the types. The command chooses
# the program; docker-compose.yml has both.
FROM node:24-slim

ENV NODE_ENV=production
# Most objects are text that passes through, and short-lived. With more room for new objects than the
# default of 16 MiB, collecting them takes less time. A process may take up to 50 MiB more.
ENV NODE_OPTIONS=--max-semi-space-size=32
WORKDIR /app

# The manifests first, so that a change of code does not repeat the install.
COPY package.json package-lock.json ./
COPY apps/api/package.json apps/api/
COPY apps/worker/package.json apps/worker/
COPY apps/demo-gateway/package.json apps/demo-gateway/
COPY packages/agents/package.json packages/agents/
COPY packages/client/package.json packages/client/
COPY packages/shared/package.json packages/shared/
COPY dev/package.json dev/
COPY examples/react/package.json examples/react/
COPY supabase/package.json supabase/
COPY test/package.json test/
# Without the optional dependencies, which contain a Node that this image already has.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
      --workspace apps/api --workspace apps/worker \
      --workspace packages/agents --workspace packages/shared \
 && npm cache clean --force

COPY packages packages
COPY apps apps

USER node
STOPSIGNAL SIGTERM
EXPOSE 8787
CMD ["node", "apps/api/src/main.ts"]
