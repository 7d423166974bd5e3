# One file for every image: a service, or the payment simulator (FOLDER=tools SERVICE=stripe-simulator). See docker-bake.hcl.
# No syntax line, heredocs or COPY --link: it also builds with Docker 20.10 and without a registry to fetch a frontend from.
ARG NODE_TAG=24-bookworm-slim
# "@sha256:…" of the tag's index; a release names it, so that the same commit gives the same image.
ARG NODE_DIGEST=

# hadolint ignore=DL3006
FROM --platform=$BUILDPLATFORM node:${NODE_TAG}${NODE_DIGEST} AS tools
WORKDIR /source
ENV NX_DAEMON=false NX_TUI=false CI=true

# The packages' names alone, so that a change of sources does not install them again.
FROM tools AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

# Compiles all projects at once: six images share this stage.
FROM tools AS build
COPY --from=manifests /source ./
RUN --mount=type=cache,id=emporium-npm,target=/root/.npm npm ci --ignore-scripts
COPY .swcrc nx.json LICENSE ./
COPY libs libs
COPY services services
COPY tools/stripe-simulator tools/stripe-simulator
RUN npx nx run-many -t build --projects='libs/*,services/*,tools/stripe-simulator' --exclude=@emporium/testing --output-style=static

# What one service needs at run time, and nothing else.
FROM tools AS application
ARG FOLDER=services
ARG SERVICE
ARG TARGETARCH=amd64
COPY --from=manifests /source ./
RUN --mount=type=cache,id=emporium-npm,target=/root/.npm \
    cpu="$(if [ "$TARGETARCH" = amd64 ]; then echo x64; else echo "$TARGETARCH"; fi)" \
    && npm ci --omit=dev --ignore-scripts --os=linux --libc=glibc --cpu="$cpu" --workspace="$FOLDER/$SERVICE"
COPY deploy/docker/prune.mjs deploy/docker/assemble.mjs deploy/docker/probe.mjs deploy/docker/
ARG SOURCE_DATE_EPOCH=0
RUN --mount=type=bind,from=build,source=/source,target=/built \
    node deploy/docker/prune.mjs && node deploy/docker/assemble.mjs /built /image \
    && find /image -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

# Node and the few libraries it is linked with: no shell, no package manager, nothing to patch that is not used.
# hadolint ignore=DL3006
FROM node:${NODE_TAG}${NODE_DIGEST} AS runtime
COPY deploy/docker/collect-runtime.sh /
ARG SOURCE_DATE_EPOCH=0
RUN sh /collect-runtime.sh /image && find /image /data -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

FROM scratch AS simulator
COPY --from=runtime /image/ /
COPY --from=application /image/ /
# Empty, and the only folder that is the user's: a volume for data takes over its owner.
COPY --from=runtime --chown=10001:10001 /data /home/emporium
ARG FOLDER=services
ARG SERVICE
ARG PORT
ARG VERSION=dev
ARG REVISION=unknown
ARG NODE_TAG
ARG NODE_DIGEST
LABEL org.opencontainers.image.title="emporium/${SERVICE}" \
      org.opencontainers.image.description="Emporium, a reference e-commerce platform: ${SERVICE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="node:${NODE_TAG}${NODE_DIGEST}"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=${PORT} OTEL_SERVICE_NAME=${SERVICE}
WORKDIR /app/${FOLDER}/${SERVICE}
# A number, so that Kubernetes can see that it is not root (runAsNonRoot).
USER 10001:10001
EXPOSE ${PORT}
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/usr/local/bin/node", "/app/probe.mjs", "/"]
ENTRYPOINT ["/usr/local/bin/node"]
CMD ["dist/main.js"]

# The same image migrates and seeds: `docker run … emporium/order dist/migrate.js`.
FROM simulator AS service
ARG MANAGEMENT_PORT
ENV MANAGEMENT_PORT=${MANAGEMENT_PORT}
EXPOSE ${MANAGEMENT_PORT}
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/usr/local/bin/node", "/app/probe.mjs", "/health"]
# V8 lets the space for young objects grow by some 90 MB a process before it cleans up; the cost of a request is the same (docs/adr/0028-a-small-young-space.md).
CMD ["--max-semi-space-size=8", "--import", "@emporium/telemetry/register", "dist/main.js"]
