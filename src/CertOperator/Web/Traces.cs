using CertOperator.Acme;
using CertOperator.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CertOperator.Web;

/// <summary>Exports the traces of issuances, if somebody asked for that; else nothing of it is made.</summary>
internal static class Traces
{
    /// <summary>Exports until it is disposed, which sends what is left.</summary>
    public static IDisposable Start(TraceSettings settings, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("CertOperator.Traces");
        // It reads its other variables itself.
        var options = new OtlpExporterOptions
        {
            Endpoint = settings.Endpoint,
            Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        };
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_TRACES_HEADERS") is { Length: > 0 } headers)
            options.Headers = headers;
        var batches = new BatchExportActivityProcessorOptions();
        TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .SetSampler(new IssuanceSampler(settings.Ratio))
            .AddSource(IssuanceTrace.SourceName, AcmeMetrics.ActivitySourceName)
            .AddProcessor(new BatchActivityExportProcessor(
                new SpanExporter(options, logger), batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds, batches.MaxExportBatchSize))
            .Build();
        OperatorLog.TracesStarted(logger, settings.Endpoint);
        return provider;
    }

    /// <summary>Who exports; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(Product.Name, serviceVersion: Product.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: Environment.MachineName)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
