using System.Globalization;

namespace CertOperator.Web;

/// <summary>
/// Where and how traces are exported: by an option, or by the standard variables of OpenTelemetry. Pure. Headers, time limit, compression and
/// certificates are read from their variables by the exporter itself.
/// </summary>
/// <param name="Endpoint">Whole, with the path.</param>
/// <param name="IsGrpc">OTLP over gRPC; else over HTTP.</param>
/// <param name="Ratio">The share of attempts that is traced.</param>
internal sealed record TraceSettings(Uri Endpoint, bool IsGrpc, double Ratio)
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Own = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    /// <param name="option">The endpoint that was asked for by option; null if none was.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>Null if nobody asked for traces.</returns>
    /// <exception cref="FormatException">Something of it cannot be; the message names it.</exception>
    public static TraceSettings? Read(string? option, Func<string, string?> variable)
    {
        if (Is("OTEL_SDK_DISABLED", "true") || Is("OTEL_TRACES_EXPORTER", "none") || Is("OTEL_TRACES_SAMPLER", "always_off") || Is("OTEL_TRACES_SAMPLER", "parentbased_always_off"))
            return null;
        var (name, value) = option is not null ? ("--otlp-endpoint", option) : Find(Own) is not null ? (Own, Find(Own)) : (EndpointVariable, Find(EndpointVariable));
        if (string.IsNullOrEmpty(value))
            return null;
        if (!Uri.TryCreate(value, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new FormatException($"{name} is no http: or https: URL, for example http://collector.monitoring:4318.");
        if (endpoint.UserInfo.Length > 0)
            throw new FormatException($"{name} holds a user's name or a password, which would come into logs: put credentials into OTEL_EXPORTER_OTLP_HEADERS.");
        bool isGrpc = (Find("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? Find("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/protobuf") switch
        {
            "grpc" => true,
            "http/protobuf" => false,
            _ => throw new FormatException("OTEL_EXPORTER_OTLP_PROTOCOL is neither http/protobuf nor grpc, and the operator knows no other."),
        };
        return new TraceSettings(isGrpc || name == Own ? endpoint : WithPath(endpoint), isGrpc, Ratio());

        string? Find(string key) => variable(key) is { Length: > 0 } text ? text : null;

        bool Is(string key, string text) => string.Equals(Find(key), text, StringComparison.OrdinalIgnoreCase);

        double Ratio()
        {
            if (!Is("OTEL_TRACES_SAMPLER", "traceidratio") && !Is("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"))
                return 1;
            return double.TryParse(Find("OTEL_TRACES_SAMPLER_ARG") ?? "1", NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1
                ? ratio
                : throw new FormatException("OTEL_TRACES_SAMPLER_ARG is no number from 0 to 1.");
        }
    }

    /// <summary>The base of all signals, with the path of this one.</summary>
    private static Uri WithPath(Uri endpoint) => new($"{endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/traces");
}
