# Built with the whole toolchain, run without it: the Swift runtime is linked into the program.
FROM swift:6.3.1-bookworm AS build
RUN apt-get -q update \
 && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends libsqlite3-dev libxml2-dev zlib1g-dev nettle-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Package.swift ./
COPY Sources Sources
COPY migrations migrations
COPY pages pages
COPY Tests Tests
RUN swift build -c release --product rostrum --static-swift-stdlib \
 && install -D "$(swift build -c release --static-swift-stdlib --show-bin-path)/rostrum" /out/rostrum \
 && strip /out/rostrum && cp Package.resolved /out/

FROM debian:bookworm-slim
RUN apt-get -q update \
 && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends libsqlite3-0 libxml2 zlib1g libnettle8 tzdata \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && groupadd --system --gid 65532 rostrum \
 && useradd --system --uid 65532 --gid rostrum --home-dir /data --no-create-home --shell /usr/sbin/nologin rostrum \
 && install -d -o rostrum -g rostrum /data /run/rostrum
COPY --from=build /out/rostrum /usr/local/bin/rostrum
COPY --from=build /out/Package.resolved /usr/share/rostrum/
COPY scripts/sbom /usr/share/rostrum/
RUN sh /usr/share/rostrum/sbom /usr/share/rostrum/Package.resolved > /usr/share/rostrum/sbom.cdx.json
COPY config /etc/rostrum
COPY samples /usr/share/rostrum/samples
COPY share /usr/local/share/rostrum
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENV ROSTRUM_CONFIG=/etc/rostrum/rostrum.yaml \
    ROSTRUM_DATABASE=/data/rostrum.sqlite \
    ROSTRUM_HOST=0.0.0.0 \
    ROSTRUM_PORT=8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["rostrum", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["rostrum"]
CMD ["serve"]
