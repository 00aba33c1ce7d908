# The app as a container, for Elastic Premium or Container Apps (Flex Consumption takes packages only).
#   docker build -t funcaisecure .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 8080:8080 --env-file app.env funcaisecure
# Both images can be pinned by digest: --build-arg SDK_IMAGE=…@sha256:… --build-arg FUNCTIONS_IMAGE=…@sha256:…
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
# A glibc image: ONNX Runtime's native library needs it. "-chiseled" tags have no shell and no package manager where they exist for
# this version; "-slim" and "-azurelinux3.0" are the smaller ones that do.
ARG FUNCTIONS_IMAGE=mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0-slim

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY . .
# With its runtime, compiled ahead as one image: the shortest start. It is the image's own runtime: a patch of .NET needs a new image.
RUN dotnet publish src/FuncAiSecure/FuncAiSecure.csproj --configuration Release --runtime linux-x64 --self-contained true --output /app

FROM ${FUNCTIONS_IMAGE}
ENV AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    AzureFunctionsJobHost__logging__fileLoggingMode=never \
    AzureWebJobsDisableHomepage=true \
    FUNCTIONS_WORKER_RUNTIME=dotnet-isolated \
    ASPNETCORE_URLS=http://+:8080 \
    DOTNET_EnableDiagnostics=0 \
    ORT_DISABLE_TELEMETRY=1 \
    HOME=/tmp \
    TMPDIR=/tmp
# Owned by root and not writable by the app's user: the app cannot change itself or its models.
COPY --from=build /app /home/site/wwwroot
EXPOSE 8080
USER 1654
