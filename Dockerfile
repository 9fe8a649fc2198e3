# Two stages: packages are installed by the Makefile targets that `make test` uses too, then copied without make and caches.
FROM python:3.13-slim AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1
COPY Makefile requirements.txt ./
RUN make image-packages PYTHON=python
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY migrations migrations
# pip compiles bytecode as it installs: in a read-only container nobody could later, and each start would take seconds.
RUN make image-paperboy

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data paperboy \
    && install --directory --owner=paperboy /data
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/paperboy.db
USER 10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD ["paperboy", "check", "--local"]
ENTRYPOINT ["paperboy"]
CMD ["run"]
