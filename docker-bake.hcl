# docker buildx bake                       all images, tagged dev, for this machine
# TAG=1.4.0 REVISION=$(git rev-parse HEAD) NODE_DIGEST=@sha256:… PLATFORMS=linux/amd64,linux/arm64 docker buildx bake --push
# Several platforms need a builder that can hold them: docker buildx create --driver docker-container.

variable "REGISTRY" { default = "emporium" }
variable "TAG" { default = "dev" }
variable "REVISION" { default = "unknown" }
variable "NODE_TAG" { default = "24-bookworm-slim" }
variable "NODE_DIGEST" { default = "" }
variable "SOURCE_DATE_EPOCH" { default = "0" }
# Of several, separated by commas; empty: the one of this machine.
variable "PLATFORMS" { default = "" }

group "default" {
  targets = ["services", "stripe-simulator"]
}

target "image" {
  context    = "."
  dockerfile = "deploy/docker/service.Dockerfile"
  platforms  = PLATFORMS == "" ? null : split(",", PLATFORMS)
  args = {
    NODE_TAG          = NODE_TAG
    NODE_DIGEST       = NODE_DIGEST
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
    VERSION           = TAG
    REVISION          = REVISION
  }
}

target "services" {
  name     = service.name
  inherits = ["image"]
  target   = "service"
  matrix = {
    service = [
      { name = "gateway", port = "8080", managementPort = "9001" },
      { name = "user", port = "3002", managementPort = "9002" },
      { name = "product", port = "3003", managementPort = "9003" },
      { name = "order", port = "3004", managementPort = "9004" },
      { name = "payment", port = "3005", managementPort = "9005" },
    ]
  }
  args = {
    SERVICE         = service.name
    PORT            = service.port
    MANAGEMENT_PORT = service.managementPort
  }
  tags = ["${REGISTRY}/${service.name}:${TAG}"]
}

target "stripe-simulator" {
  inherits = ["image"]
  target   = "simulator"
  args = {
    FOLDER  = "tools"
    SERVICE = "stripe-simulator"
    PORT    = "3006"
  }
  tags = ["${REGISTRY}/stripe-simulator:${TAG}"]
}
