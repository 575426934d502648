# The operator as an image: one Native AOT binary on a base without a shell, and beside it the bill of materials.
#
#   docker build -t REGISTRY/cert-operator:0.1.0 --build-arg SDK_IMAGE=… --build-arg BASE_IMAGE=… \
#     --build-arg SOURCE=URL-OF-THIS-REPOSITORY --build-arg REVISION=$(git rev-parse HEAD) \
#     --build-arg CREATED=$(git log -1 --format=%cI) --build-arg SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) \
#     --output type=image,rewrite-timestamp=true .
#
# The defaults are the names of Microsoft's images without their registry: which registry or mirror they come from is said
# with the two arguments, best with a digest (NAME@sha256:…), for only then do two builds start from the same files.
# What the base must hold: a C library no older than the SDK image's, libssl and libcrypto 3, and CA certificates.
ARG SDK_IMAGE=dotnet/sdk:10.0-noble-aot
ARG BASE_IMAGE=dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY . .
ARG REVISION=
ARG TARGETARCH
RUN DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    dotnet publish src/CertOperator -c Release -a ${TARGETARCH} -p:SourceRevisionId="${REVISION}" -o /publish

FROM ${BASE_IMAGE}
ARG BASE_IMAGE
ARG VERSION=0.1.0
ARG SOURCE=
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="cert-operator" \
      org.opencontainers.image.description="Keeps the TLS certificates of a Kubernetes cluster." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
COPY --from=build /publish/cert-operator /source/src/CertOperator/sbom.cdx.json /
# A number, so that the kubelet can see that it is not root.
USER 65532:65532
EXPOSE 8080 8089 8443
ENTRYPOINT ["/cert-operator"]
CMD ["run"]
