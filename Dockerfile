# Two stages: a builder whose dependency layer is kept as long as Cargo.lock stays, and a small image that runs as nobody special.
FROM rust:1.95.0-slim-bookworm AS builder
WORKDIR /build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*

# The dependencies alone: an empty crate with our manifest. rust-toolchain.toml stays out, as the image is that toolchain.
COPY Cargo.toml Cargo.lock build.rs ./
RUN mkdir -p src guides migrations prompts tests/it \
    && echo 'fn main() {}' > src/main.rs && touch src/lib.rs tests/it/main.rs \
    && cargo build --profile dist --locked --bin bulletsmith \
    && rm -rf src target/dist/bulletsmith target/dist/deps/bulletsmith* target/dist/deps/libbulletsmith* \
              target/dist/.fingerprint/bulletsmith*

COPY bulletsmith.default.toml prices.toml ./
COPY guides guides
COPY migrations migrations
COPY prompts prompts
COPY fixtures/eval/judge fixtures/eval/judge
COPY src src
RUN cargo build --profile dist --locked --bin bulletsmith \
    && mkdir -p /out/state && cp target/dist/bulletsmith /out/

FROM debian:bookworm-slim
COPY --from=builder /out/bulletsmith /usr/local/bin/bulletsmith
# The ledger lives here; mount a volume to keep it. Root certificates are in the binary.
COPY --from=builder --chown=10001:10001 /out/state /var/lib/bulletsmith
USER 10001:10001
# Beyond loopback the service asks for authentication: it does not start without BULLETSMITH_ADMIN_KEY (32 characters or more).
ENV XDG_STATE_HOME=/var/lib/bulletsmith \
    BULLETSMITH__SERVER__ADDRESS=0.0.0.0:8080
EXPOSE 8080
VOLUME /var/lib/bulletsmith
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["bulletsmith", "healthcheck"]
ENTRYPOINT ["bulletsmith"]
CMD ["serve"]
