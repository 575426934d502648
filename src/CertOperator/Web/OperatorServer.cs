using System.Net;
using CertOperator.Acme;
using CertOperator.Controllers;
using CertOperator.Runtime;
using CertOperator.Runtime.Controllers;
using CertOperator.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CertOperator.Web;

/// <summary>The HTTP face of a running operator: probes and metrics.</summary>
internal static class OperatorServer
{
    // Memory is reserved for all of them when an instrument is made; labels are few (controllers, results, kinds).
    private const int SeriesPerInstrument = 200;

    public static WebApplication Create(Operator certOperator, IPEndPoint endpoint, ILoggerFactory loggers)
    {
        // Without the usual sources of configuration: the command line says all, and nothing is to be watched for changes.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(endpoint);
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(Product.Name, serviceVersion: Product.Version, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics
                .AddMeter(OperatorMetrics.MeterName, RuntimeMetrics.MeterName, AcmeMetrics.MeterName)
                .AddView("*", new MetricStreamConfiguration { CardinalityLimit = SeriesPerInstrument })
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());

        WebApplication app = builder.Build();
        app.MapPrometheusScrapingEndpoint("/metrics", meterProvider: null, branch => branch.Use((context, next) => ScrapeAsync(certOperator, context, next)), optionsName: null);
        app.MapGet("/healthz", () => Answer(certOperator.Manager.Health.Live));
        app.MapGet("/readyz", () => Answer(certOperator.Manager.Health.Ready));
        return app;
    }

    /// <summary>What the exporter writes, and after it what is read from the caches.</summary>
    private static async Task ScrapeAsync(Operator certOperator, HttpContext context, RequestDelegate next)
    {
        // OpenMetrics would end with a mark that nothing may follow, as would what the exporter compresses.
        context.Request.Headers.Accept = "text/plain; version=0.0.4";
        context.Request.Headers.Remove("Accept-Encoding");
        await next(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
            return;
        ObjectMetrics.Write(certOperator, context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static IResult Answer(HealthReport report)
        => Results.Text(report.Reason + "\n", statusCode: report.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
