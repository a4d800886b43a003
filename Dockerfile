# syntax=docker/dockerfile:1

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/lib/mend-postgres.mjs ./scripts/lib/
RUN npm ci --no-audit --no-fund

FROM packages AS build
COPY . .
ENV NEXT_TELEMETRY_DISABLED=1 BUILD_STANDALONE=1
RUN node node_modules/next/dist/bin/next build && node scripts/bundle.mjs

FROM node:24-slim AS run
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000 MIGRATIONS_FOLDER=/app/db/migrations
COPY --from=build --chown=root:root /app/.next/standalone ./
COPY --from=build --chown=root:root /app/.next/static ./.next/static
COPY --from=build --chown=root:root /app/.next/commands ./commands
COPY --from=build --chown=root:root /app/db/migrations ./db/migrations
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health?ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Migrations run before each start; nodes that start together wait for each other. exec: signals reach the server.
CMD ["sh", "-c", "node commands/migrate.mjs && exec node server.js"]
