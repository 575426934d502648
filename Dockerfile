# The operator as an image: one Native AOT binary on a base without a shell.
#
#   docker build --build-arg SDK_IMAGE=… --build-arg BASE_IMAGE=… --build-arg REVISION=$(git rev-parse HEAD) -t REGISTRY/cert-operator:0.1.0 .
#
# The defaults are the names of Microsoft's images without their registry: which registry or mirror they come from is said
# with the two arguments, best with a digest (NAME@sha256:…), for only then do two builds start from the same files.
# What the base must hold: a C library no older than the SDK image's, libssl and libcrypto 3, and CA certificates.
ARG SDK_IMAGE=dotnet/sdk:10.0-noble
ARG BASE_IMAGE=dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends clang zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# CI maps the paths in the binary to fixed ones, so that it depends on the sources and the SDK only.
RUN CI=true DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    dotnet publish src/CertOperator -c Release --use-current-runtime -o /publish

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="cert-operator" \
      org.opencontainers.image.description="Keeps the TLS certificates of a Kubernetes cluster." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /publish/cert-operator /cert-operator
# A number, so that the kubelet can see that it is not root.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/cert-operator"]
CMD ["run"]
