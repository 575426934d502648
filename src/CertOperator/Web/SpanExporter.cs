using System.Diagnostics;
using CertOperator.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace CertOperator.Web;

/// <summary>Exports by OTLP, and logs when that begins to fail and when it works again: the exporter tells nobody.</summary>
internal sealed class SpanExporter(OtlpExporterOptions options, ILogger logger) : OtlpTraceExporter(options)
{
    private readonly Uri _endpoint = options.Endpoint;
    private bool _fails;

    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        ExportResult result = base.Export(activityBatch);
        bool fails = result is ExportResult.Failure;
        if (fails && !_fails)
            OperatorLog.TracesLost(logger, _endpoint);
        else if (_fails && !fails)
            OperatorLog.TracesBack(logger, _endpoint);
        _fails = fails;
        return result;
    }
}
