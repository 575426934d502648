using System.Net;
using CertOperator.Controllers;
using CertOperator.Runtime.Controllers;
using OpenTelemetry.Metrics;

namespace CertOperator.Web;

/// <summary>The HTTP face of a running operator: probes and metrics.</summary>
internal static class OperatorServer
{
    public static WebApplication Create(Operator certOperator, IPEndPoint endpoint, Action<ILoggingBuilder> logging)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        logging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(endpoint);
        });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("CertOperator.Runtime")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());

        WebApplication app = builder.Build();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapGet("/healthz", () => Answer(certOperator.Manager.Health.Live));
        app.MapGet("/readyz", () => Answer(certOperator.Manager.Health.Ready));
        return app;
    }

    private static IResult Answer(HealthReport report)
        => Results.Text(report.Reason + "\n", statusCode: report.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
