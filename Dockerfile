# The image has the program and nothing else: no shell, no root. Build it with make image.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /runner ./cmd/runner

# For jobs of a CI that runs shell scripts in the image, as GitLab does: make image TARGET=ci.
FROM debian:bookworm-slim AS ci
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl jq && rm -rf /var/lib/apt/lists/*
COPY --from=build /runner /usr/local/bin/runner
RUN useradd --create-home runner
USER runner
WORKDIR /home/runner

FROM gcr.io/distroless/static-debian12:nonroot AS runner
COPY --from=build /runner /usr/local/bin/runner
WORKDIR /plans
USER nonroot:nonroot
ENTRYPOINT ["/usr/local/bin/runner"]
