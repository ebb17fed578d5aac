# orgwarden in a container, and the static binaries of the releases for Linux (.github/workflows/release.yml takes the stage `binary`).
# Base images are named by version and not by digest: they are to get the fixes of their distribution when this is built again.

# Alpine is musl by itself, on x86-64 and arm64 alike. So aws-lc, which is C and assembly, is built by the compiler that it is native to, and
# nothing is cross-compiled. The version is the `rust-version` of Cargo.toml.
FROM rust:1.95-alpine AS build
# The list of dependencies goes into the binary, where scanners of images find it.
RUN cargo install cargo-auditable --version 0.7.7 --locked
WORKDIR /source
COPY . .
# What is linked is what Cargo.lock says, never a library that happens to be in the image.
ENV AWS_LC_SYS_USE_SYSTEM=0
RUN cargo auditable build --release --locked --bin orgwarden

FROM scratch AS binary
COPY --from=build /source/target/release/orgwarden /orgwarden

FROM alpine:3.22
# Certificates, to talk to an org, and git, for `gate --base` and `diff git:…`. Alpine keeps no old versions that one could name.
# hadolint ignore=DL3018
RUN apk add --no-cache ca-certificates git \
    # The checkout that is mounted here belongs to somebody else, and git refuses to read such a repository otherwise.
    && git config --system --add safe.directory '*'
COPY --from=binary /orgwarden /usr/local/bin/orgwarden
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["orgwarden"]
