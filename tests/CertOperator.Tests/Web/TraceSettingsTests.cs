namespace CertOperator.Web;

public sealed class TraceSettingsTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318";

    /// <summary>The option, the variables, and the endpoint, the protocol and the share; nothing for no traces.</summary>
    [Theory]
    [InlineData(null, "", "")]
    [InlineData(null, "OTEL_EXPORTER_OTLP_ENDPOINT=", "")]
    [InlineData(null, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "")]
    [InlineData(null, Endpoint, "http://collector:4318/v1/traces http 1")]
    [InlineData(null, "OTEL_EXPORTER_OTLP_ENDPOINT=https://collector/otlp/", "https://collector/otlp/v1/traces http 1")]
    [InlineData(null, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://traces:4318/mine", "http://traces:4318/mine http 1")]
    [InlineData(null, Endpoint + " OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://traces:4318/mine", "http://traces:4318/mine http 1")]
    [InlineData(null, Endpoint + " OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "http://collector:4318/ grpc 1")]
    [InlineData(null, Endpoint + " OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "http://collector:4318/v1/traces http 1")]
    [InlineData("http://asked:4318", Endpoint, "http://asked:4318/v1/traces http 1")]
    [InlineData(null, Endpoint + " OTEL_TRACES_SAMPLER=traceidratio OTEL_TRACES_SAMPLER_ARG=0.25", "http://collector:4318/v1/traces http 0.25")]
    [InlineData(null, Endpoint + " OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.25", "http://collector:4318/v1/traces http 0.25")]
    [InlineData(null, Endpoint + " OTEL_TRACES_SAMPLER=always_on OTEL_TRACES_SAMPLER_ARG=0.25", "http://collector:4318/v1/traces http 1")]
    [InlineData(null, Endpoint + " OTEL_TRACES_SAMPLER=always_off", "")]
    [InlineData(null, Endpoint + " OTEL_SDK_DISABLED=true", "")]
    [InlineData(null, Endpoint + " OTEL_TRACES_EXPORTER=none", "")]
    public void Traces_are_exported_as_the_variables_of_OpenTelemetry_say(string? option, string variables, string expected)
    {
        TraceSettings? settings = Read(option, variables);
        Assert.Equal(expected, settings is null ? "" : FormattableString.Invariant($"{settings.Endpoint} {(settings.IsGrpc ? "grpc" : "http")} {settings.Ratio}"));
    }

    [Theory]
    [InlineData("collector:4318", "", "--otlp-endpoint")]
    [InlineData(null, "OTEL_EXPORTER_OTLP_ENDPOINT=collector", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("https://user:password@collector", "", "--otlp-endpoint holds a user's name or a password")]
    [InlineData(null, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=unix:/run/collector", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")]
    [InlineData(null, Endpoint + " OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    [InlineData(null, Endpoint + " OTEL_TRACES_SAMPLER=traceidratio OTEL_TRACES_SAMPLER_ARG=2", "OTEL_TRACES_SAMPLER_ARG")]
    public void What_cannot_be_is_named(string? option, string variables, string named)
    {
        string message = Assert.Throws<FormatException>(() => Read(option, variables)).Message;
        Assert.StartsWith(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("user:password", message, StringComparison.Ordinal);
    }

    private static TraceSettings? Read(string? option, string variables)
    {
        Dictionary<string, string> all = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return TraceSettings.Read(option, all.GetValueOrDefault);
    }
}
