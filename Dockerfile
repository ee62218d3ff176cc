# The portal as a container: web, worker and beat run from this one image.
# BASE can be any Debian 12 file system: buildah bud --build-arg BASE=...
ARG BASE=debian:bookworm-slim

# --- Python packages: the compiler stays behind in this stage ------------------------------
FROM ${BASE} AS python-packages
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv python3-dev gcc libc6-dev libpq-dev ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
COPY requirements.txt ./
RUN python3 -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# --- Style sheets and scripts: Node stays behind in this stage -----------------------------
FROM ${BASE} AS front-end
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static static
RUN npm run build

# --- The portal -----------------------------------------------------------------------------
FROM ${BASE} AS portal
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 libpq5 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        libmagic1 fonts-dejavu-core ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /var/lib/portal
WORKDIR /portal
ENV PATH=/portal/.venv/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/portal \
    STATIC_ROOT=/portal/collected
COPY --from=python-packages /portal/.venv .venv
COPY manage.py ./
COPY scripts scripts
COPY locale locale
COPY templates templates
COPY notifications notifications
COPY attachments attachments
COPY organisation organisation
COPY policies policies
COPY incidents incidents
COPY risks risks
COPY actionplans actionplans
COPY followup followup
COPY safety_portal safety_portal
COPY --from=front-end /portal/static/build static/build
# The key is for these commands only and stays in no file.
RUN python -m scripts.compile_messages \
    && SECRET_KEY=while-building VAR_DIR=/tmp/building python manage.py collectstatic --no-input \
    && rm -rf /tmp/building
USER 10001
VOLUME /var/lib/portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-m", "scripts.healthy", "livez"]
# WEB_CONCURRENCY sets the number of processes.
CMD ["gunicorn", "safety_portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "sync", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-", "--no-control-socket"]
