# One image for the API and the worker: the sources run as they are, Node strips the types.
# The command decides which of the two it is; docker-compose.yml shows both.
FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /app

# The manifests first, so that a change of code does not install again.
COPY package.json package-lock.json ./
COPY apps/api/package.json apps/api/
COPY apps/worker/package.json apps/worker/
COPY apps/demo-gateway/package.json apps/demo-gateway/
COPY packages/agents/package.json packages/agents/
COPY packages/shared/package.json packages/shared/
COPY dev/package.json dev/
COPY supabase/package.json supabase/
COPY test/package.json test/
# Without the optional dependencies: they bring a Node of their own, which this image has.
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
